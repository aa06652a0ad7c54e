"""A new project is ready to build; existing files are never changed."""

from pathlib import Path

import pytest

from generator.config import Settings, load_settings
from generator.errors import BollardsError
from generator.project import Project
from generator.starter import clean_project, start_project


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_new_project_has_what_its_owner_edits(tmp_path: Path) -> None:
    start_project(tmp_path / "new" / "site", with_examples=False)

    project = Project(tmp_path / "new" / "site")
    assert load_settings(project.settings) == Settings()
    assert project.curation.is_file()
    assert (project.notes / "about.md").is_file()
    assert list(project.photos.iterdir()) == []


def test_version_control_ignores_generated_files(tmp_path: Path) -> None:
    start_project(tmp_path, with_examples=True)

    lines = (tmp_path / ".gitignore").read_text().splitlines()
    assert "/public/" in lines
    assert "/.bollards/" in lines
    assert not any("ledger.json" in line for line in lines if not line.startswith("#"))
    assert not (tmp_path / "gitignore").exists()


def test_existing_photos_and_notes_stay_unchanged(tmp_path: Path) -> None:
    (tmp_path / "photos" / "france").mkdir(parents=True)
    (tmp_path / "photos" / "france" / "1a.jpg").write_text("mine")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "about.md").write_text("mine")
    before = contents(tmp_path)

    lines = start_project(tmp_path, with_examples=True)

    after = contents(tmp_path)
    assert {name: after[name] for name in before} == before
    assert [name for name in after if name.startswith("photos/")] == ["photos/france/1a.jpg"]
    assert lines[1] == f"The photos in {tmp_path / 'photos'} are used; they stay as they are."


def test_a_project_is_not_created_twice(tmp_path: Path) -> None:
    start_project(tmp_path, with_examples=False)
    (tmp_path / "site.toml").write_text("mine")

    with pytest.raises(BollardsError, match="there is a site project here already"):
        start_project(tmp_path, with_examples=False)

    assert (tmp_path / "site.toml").read_text() == "mine"


def test_suggestions_can_be_typed_on(tmp_path: Path) -> None:
    lines = start_project(tmp_path / "my posts", with_examples=False)

    assert f"Next: bollards studio '{tmp_path / 'my posts'}'" in lines


def test_a_target_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BollardsError, match="file"):
        start_project(tmp_path / "file" / "site", with_examples=False)


@pytest.fixture
def built(tmp_path: Path) -> Project:
    start_project(tmp_path, with_examples=False)
    project = Project(tmp_path)
    (project.public / "data").mkdir(parents=True)
    (project.public / "data" / "catalogue.json").write_text("{}")
    (project.pictures).mkdir(parents=True)
    project.ledger.write_text("{}")
    return project


def test_clean_deletes_generated_files_and_nothing_else(built: Project) -> None:
    before = set(contents(built.root))

    lines = clean_project(built)

    assert lines == [f"Deleted {built.public}", f"Deleted {built.work}"]
    left = set(contents(built.root))
    assert before - left == {"public/data/catalogue.json"}
    assert not built.work.exists()
    assert built.ledger.exists()


def test_clean_keeps_a_public_folder_that_the_program_did_not_make(built: Project) -> None:
    (built.public / "data" / "catalogue.json").unlink()
    (built.public / "thesis.txt").write_text("years of work")

    lines = clean_project(built)

    assert (built.public / "thesis.txt").exists()
    assert any("files that bollards did not make" in line for line in lines)


def test_clean_follows_no_links(built: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "precious").touch()
    built.pictures.rmdir()
    built.pictures.symlink_to(elsewhere)

    clean_project(built)

    assert (elsewhere / "precious").exists()


def test_clean_refuses_a_folder_that_is_no_project(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()

    with pytest.raises(BollardsError, match=r"no site\.toml here, so nothing was deleted"):
        clean_project(Project(tmp_path))

    assert (tmp_path / "public").exists()
    assert not (tmp_path / ".bollards").exists()
