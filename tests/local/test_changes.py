"""Which files have changed since the last look."""

from pathlib import Path

from generator.local.changes import Changes


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


def test_new_changed_and_removed_files_are_named_and_the_same_bytes_are_no_change(
    tmp_path: Path,
) -> None:
    for name in ("index.html", "a/index.html", "b/index.html", "assets/x.css"):
        write(tmp_path / name, name)
    changes = Changes(tmp_path)
    assert changes.since() == []

    write(tmp_path / "index.html", "other words")
    write(tmp_path / "a/index.html", "a/index.html")
    (tmp_path / "b/index.html").unlink()
    write(tmp_path / "c.json", "{}")
    write(tmp_path / "assets/y.css", "")

    assert changes.since() == ["b/index.html", "c.json", "index.html"]
    assert changes.since() == []


def test_a_folder_that_is_replaced_as_a_whole_is_compared(tmp_path: Path) -> None:
    write(tmp_path / "public" / "index.html", "one")
    write(tmp_path / "new" / "index.html", "two")
    changes = Changes(tmp_path / "public")

    (tmp_path / "public").replace(tmp_path / "old")
    (tmp_path / "new").replace(tmp_path / "public")

    assert changes.since() == ["index.html"]
