"""Recognises photos by their extensions, and other files in a photos folder."""
# ruff: noqa: SIM905

import re
import stat

EXTENSIONS = frozenset(
    ".jpg .jpeg .jpe .jfif .jif .pjpeg .pjp .mpo .png .apng .webp .avif .avifs .heic .heif .hif "
    ".heics .heifs .tif .tiff .gif .bmp .dib".split()
)
"""Endings of the files that are taken for photos, in lower case."""

SIDECARS = frozenset(
    ".txt .md .markdown .rst .csv .tsv .json .jsonl .geojson .xmp .xml .yml .yaml .toml .ini .db "
    ".html .htm .url .webloc .log .aae .thm .pp3 .dop .bak .tmp .part .crdownload .lnk .py "
    ".sha256 .md5".split()
)
"""Endings of files that lie beside photos in good order: texts, and what programs leave there."""

SIDECAR_NAMES = frozenset("readme license licence copying credits authors makefile icon".split())
"""The same by their names without an ending, in lower case."""

_SYSTEM_FOLDERS = re.compile(
    # Recycle bins of Windows, Synology, QNAP, Samba, Netatalk, Buffalo and freedesktop.org.
    r"[$#@.]recycle([ _.-]?bin)?|recycle[ _.-]?bin|\$?recycler|recycled"
    r"|[#@.]?trash(-\d+|es|box|can|ed)?|\.trash.*"
    r"|network trash folder|[#@.]deleted"
    # Thumbnails, indexes, snapshots and rescued pieces.
    r"|[@.]+(eadir|__thumb|tmp|upload_cache|transcode|syno.*|qsync|streams|sharebin|appstore)"
    r"|[#@~.]snapshots?|@recently-snapshot|lost\+found|lost\.dir|found\.\d{3}|__macosx"
    r"|system volume information|temporary items|\.appledouble"
)


def is_system_folder(name: str) -> bool:
    """Whether a folder is one that systems put among photos: thumbnails, deleted files, pieces."""
    return _SYSTEM_FOLDERS.fullmatch(name.casefold()) is not None


_SPECIAL_FILES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def special_file(mode: int) -> str | None:
    """The name of a special file's type, such as "a named pipe"; `mode` is its `st_mode`."""
    return next((name for is_kind, name in _SPECIAL_FILES if is_kind(mode)), None)
