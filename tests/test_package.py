"""The wheel carries everything: installed into an empty environment, it builds a site."""

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    # Through the source distribution, as a release goes: what that lacks the wheel lacks too.
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr
    return next(out.glob("*.whl"))


def test_the_wheel_contains_what_a_site_needs_and_nothing_for_development(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {
        "generator/recogniser/bollards.onnx",
        "generator/bundled/templates/home.html",
        "generator/bundled/static/vendor/flags/DE.svg",
        "generator/bundled/static/vendor/world/countries-50m.json",
        "generator/starter/project/site.toml",
        "generator/starter/project/gitignore",
    } <= names
    assert not [name for name in names if "node_modules" in name or name.startswith("tests/")]


def test_an_installed_wheel_builds_a_site_from_another_folder(
    wheel: Path, tmp_path: Path, drawn_photos: Path
) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False)
    site_packages = next(environment.glob("lib/python*/site-packages"))
    # The program itself comes from the wheel; what it depends on from the environment of the
    # tests, since fetching a gigabyte once more would show nothing.
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--quiet"]
    subprocess.run([*install, "--target", str(site_packages), str(wheel)], check=True, timeout=120)
    own = next(path for path in map(Path, sys.path) if (path / "numpy").is_dir())
    (site_packages / "shared.pth").write_text(
        "\n".join(str(path) for path in (own,) if path != ROOT), encoding="utf-8"
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    python = environment / "bin" / "python"
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}

    def bollards(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(python), "-m", "generator", *arguments]
        return subprocess.run(
            command, cwd=elsewhere, env=clean, capture_output=True, text=True, timeout=180
        )

    where = subprocess.run(
        [str(python), "-c", "import generator; print(generator.__file__)"],
        cwd=elsewhere,
        env=clean,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(site_packages) in where.stdout

    made = bollards("init", "mine", "--empty")
    assert made.returncode == 0, made.stderr
    shutil.copytree(drawn_photos, elsewhere / "mine" / "photos", dirs_exist_ok=True)
    built = bollards("build", "mine")

    assert built.returncode == 0, built.stderr
    catalogue = json.loads((elsewhere / "mine/public/data/catalogue.json").read_text())
    assert len(catalogue["photos"]) == 18


def test_a_new_project_can_be_built_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "generator"]
    subprocess.run([*command, "init", "mine"], cwd=tmp_path, check=True, capture_output=True)
    built = subprocess.run(
        [*command, "build", "mine"], cwd=tmp_path, capture_output=True, text=True
    )

    assert built.returncode == 0, built.stderr
    assert (tmp_path / "mine" / "public" / "index.html").is_file()
