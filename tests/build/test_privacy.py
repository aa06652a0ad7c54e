"""Private details are in no byte of the built site."""

import hashlib
import json
import shutil

import pytest
from PIL import ExifTags, Image

from generator.build import build
from generator.collect import photo_id
from generator.group.ledger_file import load_ledger
from generator.progress import Progress
from generator.project import Project
from tests.build.test_hidden import texts, told
from tests.sites import ProjectAt

PRIVATE = '[privacy]\nfile_names = false\ntaken = "{taken}"\nsalt = "{salt}"\n'
TABLE = "file,bollard,taken\ngermany/00a.jpg,my-secret-key,2019-03-07\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, project_at: ProjectAt) -> Project:
    """A site that was built with everything private, after one build with nothing private."""
    project = project_at(tmp_path_factory.mktemp("private") / "site")
    project.photo_table.write_text(TABLE, encoding="utf-8")
    dated = project.photos / "germany" / "00b.jpg"
    with Image.open(dated) as photo:
        ahead = Image.Exif()
        ahead.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2987:06:05 04:03:02"
        photo.save(dated, exif=ahead)
    build(project, Progress(quiet=True))
    shutil.copy(project.ledger, project.root / "before.json")
    project.settings.write_text(PRIVATE.format(taken="month", salt="pepper"), encoding="utf-8")
    build(project, Progress(quiet=True))
    return project


def test_names_of_files_and_keys_of_bollards_are_nowhere(site: Project) -> None:
    names = [path.stem for path in site.photos.rglob("*.jpg")]
    published = (site.public / "data" / "catalogue.json").read_text(encoding="utf-8")

    assert told(site, "my-secret-key", "germany/0", "france/0", "isle-of-man-uk/") == []
    assert not [name for name in names if f'"{name}' in published or f"/{name}." in published]


def test_a_date_is_published_with_the_precision_that_the_owner_wants(site: Project) -> None:
    assert told(site, "2019-03-07") == []
    assert told(site, "2019-03")


def test_a_date_of_a_camera_whose_clock_is_ahead_is_not_published(site: Project) -> None:
    assert told(site, "2987") == []


def test_ids_reveal_nothing_about_the_original_files(site: Project) -> None:
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in site.photos.rglob("*.jpg")]
    everything = b"\n".join(name.encode() + b"\n" + data for name, data in texts(site))

    assert not [one for one in digests if one[:12].encode() in everything]
    assert all(photo_id(one, "pepper").encode() in everything for one in digests)


def test_types_and_their_photos_survive_a_new_salt(site: Project) -> None:
    before, after = load_ledger(site.root / "before.json"), load_ledger(site.ledger)
    new_of = {
        photo_id(digest): photo_id(digest, "pepper")
        for path in site.photos.rglob("*.jpg")
        for digest in [hashlib.sha256(path.read_bytes()).hexdigest()]
    }

    assert before.types
    assert after.types == {
        key: frozenset(new_of[photo] for photo in photos) for key, photos in before.types.items()
    }
    assert after.salts == ("pepper",)
    catalogue = json.loads((site.public / "data" / "catalogue.json").read_text(encoding="utf-8"))
    assert {kind["id"] for kind in catalogue["types"]} == set(before.types)
