"""bollards export: what is written, and what is refused. `heavy.py` asks the heavy stores."""

import json
import sys
from pathlib import Path

import faiss
import pytest
from click.testing import CliRunner

from generator import plugins
from generator.cli import cli
from generator.errors import BollardsError
from generator.project import Project
from generator.published import read_published
from generator.stores import COLUMNS, export, records_of
from tests.stores.asked import ask_faiss, asks_the_same, records


def test_faiss_finds_the_same_neighbours_as_exact_comparison(tmp_path: Path) -> None:
    asks_the_same("faiss", "bollards.index", ask_faiss, tmp_path)


def test_a_built_site_is_exported_with_what_it_publishes(built_site: Path, tmp_path: Path) -> None:
    place = tmp_path / "site.index"
    done = CliRunner().invoke(cli, ["export", "--site", str(built_site), "--to", f"faiss:{place}"])
    assert done.exit_code == 0 and "18 photos, 128 numbers each" in done.output, done.output
    head, *rows = [json.loads(line) for line in Path(f"{place}.jsonl").read_text().splitlines()]
    assert head["embedder"] == "builtin" and faiss.read_index(str(place)).ntotal == len(rows)
    photos = read_published(built_site / "public").photos
    for row in rows:
        assert set(row) == {"id", *COLUMNS}
        photo = photos[row["id"]]
        assert (row["file"], row["type"], row["country"]) == (
            photo.file,
            photo.type or "",
            photo.country or "",
        )
        assert (built_site / "public" / row["picture"]).is_file()


def test_nothing_but_an_earlier_export_is_replaced(tmp_path: Path) -> None:
    place = tmp_path / "a.index"
    export(records(), f"faiss:{place}", replace=False)
    with pytest.raises(BollardsError, match=r"is there already\. --replace"):
        export(records(), f"faiss:{place}", replace=False)
    for other in ("notes.txt", "photos"):
        taken = tmp_path / other
        taken.mkdir() if other == "photos" else taken.write_text("mine")
        with pytest.raises(BollardsError, match="not an export of this kind"):
            export(records(), f"faiss:{taken}", replace=True)
        assert taken.exists() and not Path(f"{taken}.jsonl").exists()


def test_an_export_that_fails_leaves_the_earlier_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "a.index"
    export(records(), f"faiss:{place}", replace=False)
    before = place.read_bytes()

    def full(index: object, path: str) -> None:
        Path(path).write_bytes(b"half")
        raise RuntimeError("No space\nleft on device")

    monkeypatch.setattr(faiss, "write_index", full)
    with pytest.raises(BollardsError, match="faiss cannot write it: No space left on device"):
        export(records(), f"faiss:{place}", replace=True)
    assert place.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.index", "a.index.jsonl"]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("faiss", "expected KIND:PLACE"),
        ("faiss:", "expected KIND:PLACE"),
        ("fais:a.index", 'Did you mean "faiss"'),
        ("faiss:no/such/folder/a.index", "there is no such folder"),
        # Their temporary folder has no such name: the store would land beside it.
        ("faiss:.", "expected a name for the file or folder"),
        ("faiss:stores/..", "expected a name for the file or folder"),
    ],
)
def test_a_wrong_target_is_explained(target: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(BollardsError, match=reason):
        export(records(), target, replace=False)


@pytest.mark.parametrize("kind", ["chroma", "faiss", "lancedb", "milvus", "parquet"])
def test_a_missing_package_is_named_with_the_extra_that_brings_it(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = plugins.entry_point(plugins.STORES, kind)
    monkeypatch.delitem(sys.modules, entry.module, raising=False)
    for name in ("chromadb", "faiss", "lancedb", "pymilvus", "pyarrow"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(BollardsError, match=rf'pip install "bollards\[{kind}\]"'):
        plugins.load(plugins.STORES, kind)


def test_a_site_that_is_not_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(BollardsError, match="there is no built site here"):
        records_of(Project(tmp_path))
