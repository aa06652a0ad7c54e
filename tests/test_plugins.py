"""Embedders, isolators and describers are found by name in any installed package."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from generator import plugins
from generator.build.freshness import is_fresh
from generator.config import EmbedSettings, load_settings
from generator.embed import load_embedder
from generator.errors import BollardsError
from generator.project import Project

ROOT = Path(__file__).resolve().parents[1]
PLUGIN = Path(__file__).parent / "plugin"
Install = Callable[..., None]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which pip has installed the package in tests/plugin."""
    folder = tmp_path_factory.mktemp("packages")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--target", str(folder), str(PLUGIN)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def declare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Simulates an installed package that has only metadata."""

    def declare(package: str, entry_points: str) -> None:
        folder = tmp_path / f"packages-{package}"
        metadata = folder / f"{package}-1.0.dist-info"
        metadata.mkdir(parents=True)
        text = f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"
        (metadata / "METADATA").write_text(text, encoding="utf-8")
        (metadata / "entry_points.txt").write_text(entry_points, encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))

    return declare


def run(packages: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(packages)])}
    command = [sys.executable, "-m", "generator", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def settings_error(folder: Path, text: str) -> str:
    path = folder / "site.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BollardsError) as raised:
        load_settings(path)
    return str(raised.value)


def test_a_site_is_built_with_the_embedder_and_isolator_of_an_installed_package(
    installed: Path, make_project: Callable[..., Project]
) -> None:
    project = make_project(
        settings='[embed]\nembedder = "mean-colours"\n[isolate]\ncrop = "middle"\n'
    )
    run(installed, "build", str(project.root))

    catalogue = json.loads((project.public / "data/catalogue.json").read_text("utf-8"))
    assert catalogue["embedder"] == "mean-colours"
    assert len(catalogue["photos"]) == 18
    for photo in catalogue["photos"]:
        with Image.open(project.photos / photo["file"]) as image:
            assert photo["crop"] == [image.width // 4, 0, 3 * image.width // 4, image.height]
    # It has no words and does not run in browsers: the site goes without, and is whole.
    assert not (project.public / "assets/recogniser").exists()

    # A build with nothing to do stays one, until the package changes.
    assert is_fresh(project)
    with (installed / "mean_colours.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert not is_fresh(project)


def test_a_photo_is_described_by_an_installed_package(installed: Path, tmp_path: Path) -> None:
    Image.new("RGB", (40, 60), (255, 255, 255)).save(tmp_path / "white.png")

    printed = run(
        installed, "describe", str(tmp_path / "white.png"), "--with", "brightness", "--json"
    )

    assert json.loads(printed) == {
        "file": str(tmp_path / "white.png"),
        "caption": "A bright picture.",
        "labels": [{"name": "light", "score": 1.0}],
    }


def test_the_built_in_describer_names_what_the_recogniser_sees(
    tmp_path: Path, drawn_photos: Path
) -> None:
    photo = sorted(drawn_photos.rglob("*.jpg"))[0]
    answer = json.loads(run(tmp_path, "describe", str(photo), "--json"))
    assert answer["caption"]
    scores = [label["score"] for label in answer["labels"]]
    assert scores == sorted(scores, reverse=True) and scores[0] > 0


@pytest.mark.parametrize(
    ("text", "key", "suggestion"),
    [
        ('[embed]\nembedder = "imgbedings"', "embed.embedder", '"imgbeddings"'),
        ('[isolate]\ncrop = "hole"', "isolate.crop", '"whole"'),
        ('[describe]\nwith = "buildin"', "describe.with", '"builtin"'),
    ],
)
def test_a_misspelt_name_gets_the_nearest_installed_one_as_a_suggestion(
    tmp_path: Path, text: str, key: str, suggestion: str
) -> None:
    message = settings_error(tmp_path, text)
    assert f"{key}: expected an installed" in message
    assert f"Did you mean {suggestion}?" in message


def test_an_unknown_name_gets_instructions_for_installing_a_package(
    tmp_path: Path, declare: Install
) -> None:
    declare("other", "[bollards.embedders]\nwavelets = other:load\n")
    message = settings_error(tmp_path, '[embed]\nembedder = "perceptron"\n[relate]\nx = 1')
    for name in ("builtin", "imgbeddings", "onnx", "wavelets"):
        assert f'"{name}"' in message
    assert "-m pip install PACKAGE" in message
    assert "relate.x: no such key" in message, "all problems are told at once"


def test_a_name_that_two_packages_provide_is_refused(declare: Install) -> None:
    declare("one", "[bollards.embedders]\nsame = one:load\n")
    declare("two", "[bollards.embedders]\nsame = two:load\n")
    with pytest.raises(BollardsError, match="provided by one and two"):
        plugins.load(plugins.EMBEDDERS, "same")


def test_a_package_cannot_take_the_place_of_a_built_in_choice(
    declare: Install, tmp_path: Path
) -> None:
    declare("impostor", "[bollards.embedders]\nbuiltin = impostor:load\n")
    assert load_embedder(EmbedSettings(), tmp_path).has_words


def test_a_choice_whose_package_is_missing_explains_what_to_install(
    declare: Install, tmp_path: Path
) -> None:
    declare("other", "[bollards.embedders]\nwavelets = no_such_module:load [fast]\n")
    with pytest.raises(BollardsError) as raised:
        load_embedder(EmbedSettings(embedder="wavelets"), tmp_path)
    assert "no_such_module" in str(raised.value)
    assert 'pip install "other[fast]"' in str(raised.value)


def test_a_factory_that_returns_the_wrong_thing_is_refused(
    declare: Install, tmp_path: Path
) -> None:
    declare("other", "[bollards.embedders]\nnonsense = builtins:print\n")
    with pytest.raises(BollardsError) as raised:
        load_embedder(EmbedSettings(embedder="nonsense"), tmp_path)
    assert "other" in str(raised.value) and "generator.embed.Embedder" in str(raised.value)


def test_outdated_package_metadata_is_reported_and_never_worked_around(
    declare: Install, tmp_path: Path
) -> None:
    declare("bollards", "[console_scripts]\nbollards = generator.cli:main\n")
    with pytest.raises(BollardsError) as raised:
        load_embedder(EmbedSettings(), tmp_path)
    assert "older than its source code" in str(raised.value)
    assert f"--editable {ROOT}" in str(raised.value)


def test_looking_for_a_built_in_choice_reads_no_other_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import metadata

    def read_all(**_: object) -> None:
        pytest.fail("the metadata of every installed package was read")

    monkeypatch.setattr(metadata, "entry_points", read_all)
    (tmp_path / "site.toml").write_text('[embed]\nembedder = "builtin"\n[isolate]\ncrop = "auto"\n')
    settings = load_settings(tmp_path / "site.toml")
    assert load_embedder(settings.embed, tmp_path).name == "builtin"
