"""Questions about photos: which type, which country, how similar are two?"""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generator.calibration import measured
from generator.identify.lookup import pairs
from generator.look import Viewer
from generator.progress import Progress
from generator.project import Project
from generator.published import read_published
from generator.training.scenes import random_design, random_surroundings, render_scene
from generator.vectors import keep_vectors, load_vectors
from tests.command import bollards

MakeProject = Callable[..., Project]


@pytest.fixture
def built(built_project: Project) -> Project:
    return built_project


@pytest.fixture
def stranger(built: Project, tmp_path: Path) -> Path:
    """A photo of the collection, saved again: other bytes, almost the same picture."""
    path = tmp_path / "stranger.png"
    Image.open(next(built.photos.glob("germany/*a.jpg"))).save(path)
    return path


def catalogue_of(project: Project) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((project.public / "data" / "catalogue.json").read_text())
    return loaded


def test_identify_prints_one_json_object_a_line_best_first(built: Project, stranger: Path) -> None:
    result = bollards("identify", stranger, stranger, "--site", built.root, "--json")

    assert result.returncode == 0, result.stderr
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(answers) == 2
    answer = answers[0]
    assert set(answer) == {
        *("file", "doubt", "answer", "types", "countries", "neighbours", "boxes")
    }
    assert set(answer["boxes"][0]) == {"left", "top", "right", "bottom", "confidence"}
    confidences = [box["confidence"] for box in answer["boxes"]]
    assert confidences == sorted(confidences, reverse=True)
    assert answer["file"] == str(stranger)
    for key in ("types", "countries", "neighbours"):
        scores = [one["score"] for one in answer[key]]
        assert scores == sorted(scores, reverse=True)
    assert len(answer["neighbours"]) >= 12


def test_identify_finds_a_known_photo_in_other_bytes(built: Project, stranger: Path) -> None:
    original = next(p for p in catalogue_of(built)["photos"] if p["file"].startswith("germany/"))

    result = bollards("identify", stranger, "--site", built.root, "--json")

    answer = json.loads(result.stdout)
    assert answer["neighbours"][0]["photo"] == original["id"]
    assert answer["countries"][0]["code"] == "DE"
    if original["type"]:
        assert answer["types"][0]["type"] == original["type"]


def test_identify_prints_names_instead_of_codes(built: Project, stranger: Path) -> None:
    result = bollards("identify", stranger, "--site", built.root)

    assert result.returncode == 0
    assert "Germany" in result.stdout


def test_photos_of_the_same_bollard_get_one_answer(built: Project) -> None:
    files = sorted(built.photos.glob("germany/*"))[:2]

    result = bollards("identify", *files, "--same", "--site", built.root, "--json")

    assert result.returncode == 0, result.stderr
    (answer,) = map(json.loads, result.stdout.splitlines())
    assert answer["file"] == str(files[0])
    assert answer["files"] == [str(file) for file in files]
    assert {box["file"] for box in answer["boxes"]} <= set(answer["files"])
    assert {one["photo"] for one in answer["neighbours"][:2]} == {
        photo["id"]
        for photo in catalogue_of(built)["photos"]
        if photo["file"] in {f"germany/{file.name}" for file in files}
    }
    assert sum(one["score"] for one in answer["countries"]) == pytest.approx(1, abs=0.001)


def test_identify_reports_a_picture_without_a_bollard(built: Project, tmp_path: Path) -> None:
    path = tmp_path / "meadow.png"
    Image.new("RGB", (400, 500), "#77dd99").save(path)

    result = bollards("identify", path, "--site", built.root)

    assert "No bollard is clearly visible" in result.stdout
    assert "%" not in result.stdout
    assert "possible" not in result.stdout


def test_the_clearest_of_several_bollards_is_identified(built: Project) -> None:
    from generator.look import viewer_of

    rng = np.random.default_rng(3)
    street = Image.new("RGB", (1200, 500))
    for place in range(2):
        scene = render_scene(
            random_design(rng), rng, size=(600, 500), framing="close",
            surroundings=random_surroundings(rng),
        )  # fmt: skip
        street.paste(scene.image, (600 * place, 0))
    street.save(built.root / "street.png")

    look = viewer_of(built, for_strangers=True).look(built.root / "street.png")

    assert look.compared.width < 600


def test_identify_goes_on_after_a_photo_that_cannot_be_opened(
    built: Project, stranger: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_text("no picture")

    result = bollards("identify", broken, stranger, "--site", built.root, "--json")

    assert result.returncode == 1
    assert str(broken) in result.stderr
    assert "Traceback" not in result.stderr
    assert [json.loads(line)["file"] for line in result.stdout.splitlines()] == [str(stranger)]


def test_identify_asks_for_a_build_first(make_project: MakeProject, stranger: Path) -> None:
    project = make_project("unbuilt")

    result = bollards("identify", stranger, "--site", project.root)

    assert result.returncode == 1
    assert f"bollards build {project.root}" in result.stderr


def test_identify_notices_settings_that_changed_after_the_build(
    built: Project, stranger: Path
) -> None:
    keep_vectors(built.index, replace(load_vectors(built.index), fingerprint="another model"))

    result = bollards("identify", stranger, "--site", built.root)

    assert result.returncode == 1
    assert "again" in result.stderr


def test_compare_is_symmetric_and_finds_a_photo_like_itself(built: Project, stranger: Path) -> None:
    other = next(built.photos.glob("france/*a.jpg"))

    def score(a: Path, b: Path) -> float:
        result = bollards("compare", a, b, "--site", built.root, "--json")
        assert result.returncode == 0, result.stderr
        return float(json.loads(result.stdout)["score"])

    assert score(stranger, stranger) == pytest.approx(1.0, abs=1e-3)
    assert score(stranger, other) == score(other, stranger)


def test_every_command_shows_the_same_type_probability_that_pages_show(built: Project) -> None:
    site = read_published(built.public)
    curve = measured(site.photos, site.embedder)
    a, b = (built.photos / one.file for one in list(site.photos.values())[:2])

    data = json.loads(bollards("compare", a, b, "--site", built.root, "--json").stdout)
    said = bollards("compare", a, b, "--site", built.root).stdout
    assert data["chance"] == pytest.approx(curve(data["score"]), abs=1e-4)
    assert f"Likely the same type: {data['chance']:.0%}" in said

    answer = json.loads(bollards("identify", a, "--site", built.root, "--json").stdout)
    said = bollards("identify", a, "--site", built.root).stdout
    nearest = answer["neighbours"][1]
    assert f"{site.photos[nearest['photo']].file} ({curve(nearest['score']):.0%})" in said

    data = json.loads(bollards("pairs", built.root, "--top", "1", "--json").stdout)
    said = bollards("pairs", built.root, "--top", "1").stdout
    assert said.startswith(f"{curve(data['score']):4.0%}  {data['a']}")


def test_pairs_of_a_built_site_open_no_photo(
    built: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _, _ = pairs(built, 5, Progress(quiet=True))
    monkeypatch.setattr(Viewer, "vector", None)
    assert pairs(built, 5, Progress(quiet=True))[0] == first


def test_pairs_lists_the_most_similar_pairs_of_any_folder(
    drawn_photos: Path, tmp_path: Path
) -> None:
    result = bollards("pairs", drawn_photos, "--top", "5", "--json")

    assert result.returncode == 0, result.stderr
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(told) == 5
    assert all((drawn_photos / pair[side]).is_file() for pair in told for side in ("a", "b"))
    assert [pair["score"] for pair in told] == sorted((p["score"] for p in told), reverse=True)


def test_pairs_with_a_single_photo_is_explained(tmp_path: Path) -> None:
    Image.new("RGB", (100, 200)).save(tmp_path / "one.png")

    result = bollards("pairs", tmp_path)

    assert result.returncode == 1
    assert "two photos" in result.stderr
