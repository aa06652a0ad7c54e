"""What kinds of files there are: endings of photos, files beside them, files that are no files."""
# ruff: noqa: SIM905

import stat

EXTENSIONS = frozenset(".jpg .jpeg .jpe .png .webp .avif .heic .heif .tif .tiff .gif .bmp".split())
"""Endings of the files that are taken for photos, in lower case."""

SIDECARS = frozenset(
    ".txt .md .markdown .rst .csv .tsv .json .jsonl .geojson .xmp .xml .yml .yaml .toml .ini .db "
    ".html .htm .url .webloc .log .aae .thm .pp3 .dop .bak .tmp .part .crdownload .lnk .py "
    ".sha256 .md5".split()
)
"""Endings of files that lie beside photos in good order: texts, and what programs leave there."""

SIDECAR_NAMES = frozenset("readme license licence copying credits authors makefile icon".split())
"""The same by their names without an ending, in lower case."""

SYSTEM_FOLDERS = frozenset({"@eadir", "__macosx", "$recycle.bin", "system volume information"})
"""Folders that systems put among photos, in lower case."""

_SPECIAL_FILES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def special_file(mode: int) -> str | None:
    """What a file is, in words, when it is not a regular one; `mode` is its `st_mode`."""
    return next((name for is_kind, name in _SPECIAL_FILES if is_kind(mode)), None)
