"""A site is updated with as few changes as possible."""

import os
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from generator.output import Output


def state(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


_sites = st.dictionaries(
    st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map("/".join),
    st.binary(max_size=3),
    max_size=6,
).map(
    # A name cannot be a file and a folder in one site; between two sites it may change.
    lambda site: {
        path: content
        for path, content in site.items()
        if not any(other.startswith(f"{path}/") for other in site)
    }
)


@given(_sites, _sites)
def test_only_the_new_site_is_left_whatever_was_there_before(
    old: dict[str, bytes], new: dict[str, bytes]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for site in (old, new):
            out = Output(Path(folder))
            for path, content in site.items():
                out.write(path, content)
            out.finish()
        assert state(Path(folder)) == new
        folders = {p.relative_to(folder).as_posix() for p in Path(folder).rglob("*") if p.is_dir()}
        assert folders == {path[:i] for path in new for i, c in enumerate(path) if c == "/"}


def test_unchanged_files_keep_their_time(tmp_path: Path) -> None:
    for content in ("one", "two"):
        out = Output(tmp_path)
        out.write("same.html", "same")
        out.write("changed.html", content)
        out.finish()
        if content == "one":
            for name in ("same.html", "changed.html"):
                os.utime(tmp_path / name, (1, 1))

    assert (tmp_path / "same.html").stat().st_mtime == 1
    assert (tmp_path / "changed.html").stat().st_mtime > 1
    assert (tmp_path / "changed.html").read_text() == "two"


def test_a_backup_made_of_links_keeps_the_old_text(tmp_path: Path) -> None:
    Output(tmp_path / "site").write("page.html", "old")
    os.link(tmp_path / "site" / "page.html", tmp_path / "backup.html")

    Output(tmp_path / "site").write("page.html", "new")

    assert (tmp_path / "backup.html").read_text() == "old"


def test_linked_files_follow_their_source(tmp_path: Path) -> None:
    source = tmp_path / "picture.webp"
    for content in (b"one", b"two"):
        source.unlink(missing_ok=True)
        source.write_bytes(content)
        out = Output(tmp_path / "site")
        out.link("pictures/picture.webp", source)
        out.finish()
        assert state(tmp_path / "site") == {"pictures/picture.webp": content}
