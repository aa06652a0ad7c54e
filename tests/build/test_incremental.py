"""A build that uses pages of the last one publishes the same bytes as one from nothing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from generator.build import build
from generator.keep import kept_at, read_checked
from generator.progress import Progress
from generator.project import Project
from generator.resources import TEMPLATES
from tests.build.built import catalogue_of, digest_of
from tests.sites import copied

Edit = Callable[[Project], object]


def _first_type(project: Project) -> str:
    return str(catalogue_of(project)["types"][0]["id"])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _set(project: Project, section: str, line: str) -> None:
    """Set one key, and leave the others of site.toml as they are."""
    key = line.split(" = ")[0]
    kept = [
        known
        for known in project.settings.read_text(encoding="utf-8").splitlines()
        if not known.startswith(f"{section}.{key} = ")
    ]
    _write(project.settings, "\n".join([*kept, f"{section}.{line}"]) + "\n")


def _toggled(path: Path, text: str) -> None:
    """Write a file, or remove it if it is there."""
    if path.exists():
        path.unlink()
    else:
        _write(path, text)


def add_photo(project: Project) -> None:
    source = min(project.photos.rglob("*.jpg"))
    with Image.open(source) as opened:
        mirrored = opened.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    mirrored.save(source.with_name(f"new{len(list(project.photos.rglob('*')))}.jpg"))


def remove_photo(project: Project) -> None:
    max(project.photos.rglob("*.jpg")).unlink()


def hide_photo(project: Project) -> None:
    photos = sorted(project.photos.rglob("*.jpg"))
    name = photos[len(photos) // 2].relative_to(project.photos).as_posix()
    _curate(project, f'[photos."{name}"]\nhidden = true\n')


def _curate(project: Project, text: str) -> None:
    _write(project.curation, text)


EDITS: dict[str, Edit] = {
    "the note of a type": lambda project: _toggled(
        project.notes / "types" / f"{_first_type(project)}.md", "A note with a [link](../../map/)."
    ),
    "the about page": lambda project: _toggled(project.notes / "about.md", "About *us*."),
    "the name of a type": lambda project: _curate(
        project, f'[types."{_first_type(project)}"]\nname = "Poller & <b>Co</b>"\n'
    ),
    "a photo is added": add_photo,
    "a photo is removed": remove_photo,
    "a photo is hidden": hide_photo,
    "the title": lambda project: _set(project, "site", 'title = "Another title"'),
    "the colour": lambda project: _set(project, "theme", 'accent = "#225522"'),
    "the site has an address": lambda project: _set(
        project, "site", 'base_url = "https://example.org/posts/"'
    ),
    "a language is added": lambda project: _set(project, "site", 'languages = ["de"]'),
    "the words of a language": lambda project: _toggled(
        project.root / "locale" / "en.po",
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Courses"\nmsgstr "Lessons"\n',
    ),
    "an own page": lambda project: _toggled(
        project.root / "pages" / "visit.md", "---\ntitle: Visit\n---\nCome [here](/about/).\n"
    ),
    "the credit and place of a photo": lambda project: _toggled(
        project.root / "photos.csv",
        "file,credit,latitude,longitude\n"
        f"{min(project.photos.rglob('*.jpg')).relative_to(project.photos).as_posix()},Jane,1,2\n",
    ),
    "a template is replaced": lambda project: _toggled(
        project.root / "templates" / "panel.html",
        (TEMPLATES / "panel.html").read_text(encoding="utf-8").replace("</ol>", "<li></li></ol>"),
    ),
    "a slot with all types": lambda project: _toggled(
        project.root / "slots" / "photo-below.html",
        "{% for type in catalogue.types %}<p>{{ type.name }}</p>{% endfor %}"
        "{{ catalogue.country[photo.country].photos|length }}",
    ),
}


def from_nothing(project: Project, folder: Path) -> dict[str, str]:
    """What a build of the same photos, words and decisions publishes that knows no page yet."""
    shutil.rmtree(folder, ignore_errors=True)
    ignored = shutil.ignore_patterns("public", "staging", "rendered", "state.json")
    fresh = Project(shutil.copytree(project.root, folder, ignore=ignored))
    build(fresh, Progress(quiet=True))
    return digest_of(fresh.public)


@settings(
    max_examples=2,
    # Whole builds: a failure is told as it is, without a search for a smaller one.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(names=st.lists(st.sampled_from(sorted(EDITS)), min_size=3, max_size=3, unique=True))
def test_after_any_edits_the_site_is_that_of_a_build_from_nothing(
    built_site: Path, tmp_path: Path, quiet: Progress, names: list[str]
) -> None:
    shutil.rmtree(tmp_path / "site", ignore_errors=True)
    project = copied(built_site, tmp_path / "site")
    for name in names:
        EDITS[name](project)
        whole = from_nothing(project, tmp_path / "whole")

        build(project, quiet)

        assert digest_of(project.public) == whole, name


def times(project: Project) -> dict[str, int]:
    return {
        path.relative_to(project.public).as_posix(): path.stat().st_mtime_ns
        for path in project.public.rglob("*.html")
    }


def test_a_changed_note_makes_its_own_page_again_and_no_photo(
    built_project: Project, quiet: Progress
) -> None:
    build(built_project, quiet, force=True)
    before = times(built_project)
    key = _first_type(built_project)
    _write(built_project.notes / "types" / f"{key}.md", "A note.")

    build(built_project, quiet)

    after = times(built_project)
    changed = {path for path, time in after.items() if time != before[path]}
    assert f"types/{key}/index.html" in changed
    assert "countries/index.html" not in changed


def keys(project: Project) -> dict[str, str]:
    """The digests of what the comparisons of countries were made from."""
    content = read_checked(kept_at(project.rendered / "pages.json"))
    pages = json.loads(content)["pages"]
    return {path: fields[0] for path, fields in pages.items() if path.startswith("compare/")}


def test_other_neighbours_of_photos_make_no_comparison_of_countries_again(
    built_project: Project, quiet: Progress
) -> None:
    build(built_project, quiet, force=True)
    before = keys(built_project)
    photo = min(built_project.public.glob("photos/*/index.html"))
    shown = photo.read_text(encoding="utf-8")
    _set(built_project, "relate", "neighbours = 13")

    build(built_project, quiet)

    assert photo.read_text(encoding="utf-8") != shown
    assert keys(built_project) == before


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_damaged_page_of_the_last_build_is_not_published(
    built_project: Project, quiet: Progress, everywhere: bool
) -> None:
    build(built_project, quiet, force=True)
    good = digest_of(built_project.public)
    for root in [built_project.public, *([built_project.staging] if everywhere else [])]:
        # One page by itself, and one of a group that is taken over as a whole.
        for page in (root / "about" / "index.html", min(root.glob("photos/*/index.html"))):
            content = page.read_bytes()
            page.write_bytes(content.replace(b"<main", b"<nain"))

    build(built_project, quiet, force=True)

    assert digest_of(built_project.public) == good


def test_a_photo_page_that_reads_a_note_by_a_slot_changes_with_it(
    built_project: Project, quiet: Progress, tmp_path: Path
) -> None:
    _write(
        built_project.root / "slots" / "photo-below.html",
        "{% for type in catalogue.types %}{{ type.note }}{% endfor %}",
    )
    build(built_project, quiet)
    note = built_project.notes / "types" / f"{_first_type(built_project)}.md"
    _write(note, "Nobody has written this before.")
    whole = from_nothing(built_project, tmp_path / "whole")

    build(built_project, quiet)

    assert digest_of(built_project.public) == whole
    page = min(built_project.public.glob("photos/*/index.html"))
    assert "Nobody has written this before." in page.read_text(encoding="utf-8")
