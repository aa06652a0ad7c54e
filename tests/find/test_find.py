"""bollards find on a built site."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from generator.cli import cli
from generator.errors import BollardsError
from generator.find import search
from generator.find.fetch import FetchLimits
from generator.find.query import Picture, Query
from generator.find.search import Results, find
from generator.project import Project
from generator.published import read_published

LIMITS = FetchLimits()


def run(site: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["find", "--site", str(site), *arguments])


def files(found: Results) -> list[str]:
    return [hit.photo.file for hit in found.hits]


def test_a_picture_of_the_collection_finds_itself_first(built_site: Path) -> None:
    (one, *_) = sorted((built_site / "photos").rglob("*.jpg"))
    found = find(Query(like=(Picture(str(one)),)), Project(built_site), 5, LIMITS)
    assert files(found)[0] == one.relative_to(built_site / "photos").as_posix()
    assert found.hits[0].score == pytest.approx(1) and found.compared == 18


def test_words_find_photos_that_surely_show_them(built_site: Path) -> None:
    found = find(Query(words="white post"), Project(built_site), 18, LIMITS)
    best, worst = found.hits[0].photo.attributes, found.hits[-1].photo.attributes
    assert best["body"].value == "white" and found.hits[0].score > found.hits[-1].score
    assert best["body"] != worst["body"]


def test_what_is_not_wanted_comes_last(built_site: Path) -> None:
    project = Project(built_site)
    (one, *_) = sorted((built_site / "photos").rglob("*.jpg"))
    liked = find(Query(like=(Picture(str(one)),)), project, 18, LIMITS)
    unlike = find(Query(unlike=(Picture(str(one)),)), project, 18, LIMITS)
    assert files(unlike)[-1] == files(liked)[0]
    with_words = find(Query(words="white", without=("white",)), project, 18, LIMITS)
    assert all(hit.score == 0 for hit in with_words.hits)


def test_weights_decide_between_two_pictures(built_site: Path) -> None:
    photos = sorted((built_site / "photos").rglob("0*.jpg"))
    other = sorted((built_site / "photos").rglob("2*.jpg"))
    for heavy, light in ((photos[0], other[0]), (other[0], photos[0])):
        asked = Query(like=(Picture(str(heavy), 9), Picture(str(light), 1)))
        (first, *_) = find(asked, Project(built_site), 1, LIMITS).hits
        assert first.photo.file == heavy.relative_to(built_site / "photos").as_posix()
        assert [part.weight for part in first.parts] == [9, 1]


def test_filters_take_names_as_folders_have_them(built_site: Path) -> None:
    for name in ("germany", "DE", "Deutschland"):
        printed = run(built_site, "--country", name, "--json", "--top", "99").output
        rows = [json.loads(line) for line in printed.splitlines()]
        assert rows and {row["country"] for row in rows} == {"DE"}
    printed = run(built_site, "--region", "alberta", "--json").output
    assert {json.loads(line)["region"] for line in printed.splitlines()} == {"Alberta"}
    kind = next(iter(read_published(built_site / "public").types.values()))
    for name in (kind.id, kind.name.upper()):
        printed = run(built_site, "--type", name, "--json", "--top", "99").output
        assert len(printed.splitlines()) == len(kind.photos)


def test_a_place_is_found_by_the_positions_of_photos_csv(built_project: Project) -> None:
    (one, *_) = read_published(built_project.public).photos.values()
    table = built_project.root / "photos.csv"
    table.write_text(f"file,latitude,longitude\n{one.file},48.2,16.4\n")
    printed = run(built_project.root, "--near", "48.1,16.3,30", "--json").output
    assert [json.loads(line)["file"] for line in printed.splitlines()] == [one.file]

    table.unlink()
    failed = run(built_project.root, "--near", "48.1,16.3,30")
    assert isinstance(failed.exception, BollardsError)
    assert "columns latitude and longitude" in str(failed.exception)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--country", "Narnia"), 'no country is called "Narnia"'),
        (("--country", "Japan"), "no photos from Japan"),
        (("--country", "Germny"), "Did you mean Germany"),
        (("--region", "Albertha"), 'Did you mean "Alberta"'),
        (("--type", "no such type"), 'no type "no such type"'),
        (("unicorns",), "knows none of these words"),
        # No photo fits them better than another.
        (("?!",), "knows none of these words"),
        (("post", "--not", "without"), "knows none of these words"),
        (("--like", "missing.jpg"), "missing.jpg: cannot be read"),
        (("--like", "http://127.0.0.1:1/a.jpg"), "--private-hosts allows that"),
    ],
)
def test_what_cannot_be_found_is_explained(
    built_site: Path, arguments: Sequence[str], reason: str
) -> None:
    failed = run(built_site, *arguments)
    assert isinstance(failed.exception, BollardsError) and reason in str(failed.exception)


def test_a_name_of_no_country_is_not_taken_for_photos_without_a_country(built_site: Path) -> None:
    site = read_published(Project(built_site).public)
    unknown = replace(site, countries={**site.countries, None: "Unknown country"})
    with pytest.raises(BollardsError, match='no country is called "Narnia"'):
        search.named_filters(unknown, ["Narnia"], [], [])


def test_nothing_asked_and_nothing_built_are_told(built_site: Path, tmp_path: Path) -> None:
    nothing = run(built_site)
    assert nothing.exit_code == 2 and "say what to find" in nothing.output
    failed = run(tmp_path, "post")
    assert "there is no built site here" in str(failed.exception)


def test_an_address_is_searched_like_a_file(
    built_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one, *_) = sorted((built_site / "photos").rglob("*.jpg"))
    monkeypatch.setattr(search, "fetch", lambda address, limits: one.read_bytes())
    asked = Query(like=(Picture("https://example.org/a.jpg"),))
    found = find(asked, Project(built_site), 3, LIMITS)
    assert one.relative_to(built_site / "photos").as_posix() in files(found)

    monkeypatch.setattr(search, "fetch", lambda address, limits: b"<html>")
    with pytest.raises(BollardsError, match=r"https://example\.org/a\.jpg: "):
        find(asked, Project(built_site), 3, LIMITS)


class _Texts:
    """An embedder with a text tower, in which "target" is the vector of the third photo."""

    name, has_text, has_words = "texts", True, False

    def __init__(self, rows: np.ndarray) -> None:
        self._rows = rows

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._rows[2] if text == "target" else -self._rows[2] for text in texts])


def test_an_embedder_with_a_text_tower_compares_texts_with_photos(
    built_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = search.load_index(Project(built_site))
    viewer = replace(index.viewer, embedder=_Texts(index.embeddings))  # type: ignore[arg-type]
    monkeypatch.setattr(search, "load_index", lambda project: replace(index, viewer=viewer))
    found = find(Query(words="target"), Project(built_site), 1, LIMITS)
    assert found.hits[0].photo.id == index.ids[2] and found.unknown == ()
    found = find(Query(without=("target",)), Project(built_site), 18, LIMITS)
    assert found.hits[-1].photo.id == index.ids[2]


def test_the_page_holds_its_pictures_and_replaces_only_its_own_kind(
    built_site: Path, tmp_path: Path
) -> None:
    page = tmp_path / "new folder" / "found.html"
    for _ in range(2):
        done = run(built_site, "white <post>", "--top", "3", "--sheet", str(page))
        assert done.exit_code == 0, done.output
    html = page.read_text()
    assert html.count('src="data:image/') == 3 and "white &lt;post&gt;" in html
    assert "http" not in html.replace("http-equiv", "")

    page.write_text("mine")
    failed = run(built_site, "white", "--sheet", str(page))
    assert "another file has this name" in str(failed.exception) and page.read_text() == "mine"
    shutil.rmtree(page.parent)


def test_unknown_words_beside_known_ones_are_left_out_and_told(built_site: Path) -> None:
    done = run(built_site, "white", "unicorn")
    assert done.exit_code == 0 and '"unicorn" means nothing' in done.stderr
