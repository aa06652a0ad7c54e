"""Models of the owner's, for crops and masks, in whole builds."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.build.freshness import is_fresh
from generator.project import Project
from tests.command import bollards

TESTS = Path(__file__).parents[1]
SETTINGS = """
[isolate]
crop = "yolo:models/yolo.onnx"

[embed]
mask = "sam2:models/sam2"
"""


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    project = make_project(settings=SETTINGS)
    shutil.copytree(TESTS / "embed/tiny/sam2", project.root / "models/sam2")
    shutil.copy(TESTS / "isolate/tiny/yolov8n.onnx", project.root / "models/yolo.onnx")
    built = bollards("build", project.root)
    assert built.returncode == 0, built.stderr
    return project


def test_another_model_in_the_same_place_is_noticed(project: Project) -> None:
    assert is_fresh(project)
    for name in ("models/yolo.onnx", "models/sam2/vision_encoder.onnx"):
        path = project.root / name
        before = path.read_bytes()
        path.write_bytes(before + b"\0")
        assert not is_fresh(project), name
        path.write_bytes(before)
        assert bollards("build", project.root).returncode == 0
        assert is_fresh(project)


def test_a_model_that_is_gone_ends_the_build_with_one_message_and_the_site_stays(
    project: Project,
) -> None:
    pages = sorted(path.relative_to(project.public) for path in project.public.rglob("*.html"))
    (project.root / "models/sam2/vision_encoder.onnx").unlink()
    ended = bollards("build", project.root)
    assert ended.returncode == 1
    assert ended.stderr.count("Error:") == 1
    assert "models/sam2/vision_encoder.onnx: there is no such file" in ended.stderr
    assert pages == sorted(
        path.relative_to(project.public) for path in project.public.rglob("*.html")
    )
