"""Which photos are views of one bollard, according to their names and photos.csv."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from generator.collect.table import Row


def bollard_keys(files: Iterable[str], rows: Mapping[str, Row], pattern: str) -> dict[str, str]:
    """The key of each file's bollard, which its views share.

    The column `bollard` of photos.csv comes first, then the pattern. A photo that neither mentions
    is a bollard of its own. Its key is its path without the extension, or the whole path if several
    files share that (`IMG_8234.jpg` and `IMG_8234.png` are two pictures).

    If the pattern matches names that differ only in their endings, one file is a view: that with
    the ending of most of the bollard's files. The others are bollards of their own: of `2a.jpg`,
    `2a.png` and `2b.jpg`, `2a.png` is.

    Args:
        files: paths below photos/. Equal names in two folders are two bollards.
        rows: the rows of photos.csv by file.
        pattern: `photos.bollard_pattern` of site.toml, "" for none.
    """
    keys: dict[str, str] = {}
    alone: dict[str, str] = {}
    views: dict[str, list[str]] = {}
    for file in files:
        folder, _, name = file.rpartition("/")
        stem = name.rpartition(".")[0]
        match = re.fullmatch(pattern, stem) if pattern else None
        group = match["bollard"] if match else None
        if said := rows[file]["bollard"] if file in rows else "":
            keys[file] = said
        elif group:
            key = f"{folder}/{group}" if folder else group
            keys[file] = key
            views.setdefault(key, []).append(file)
        else:
            alone[file] = f"{folder}/{stem}" if folder else stem
    apart = {file for own in views.values() for file in _other_endings(own)}
    keys |= {file: file for file in apart}
    count = Counter(alone.values())
    whole = apart | {file for file, stem in alone.items() if count[stem] > 1}
    # A stem can equal the whole name of another file: a.jpg beside a.png and a.jpg.png.
    whole |= {file for file, stem in alone.items() if stem in whole}
    return keys | {file: file if file in whole else stem for file, stem in alone.items()}


def _other_endings(files: list[str]) -> list[str]:
    """Those of a bollard's files whose names others have with a better ending.

    The best ending is that of most of the files, then the first in the alphabet.
    """
    ending = {file: file.rpartition(".")[2] for file in files}
    count = Counter(ending.values())
    best: dict[str, str] = {}
    for file in sorted(files, key=lambda file: (-count[ending[file]], ending[file])):
        best.setdefault(file.rpartition(".")[0], file)
    return [file for file in files if best[file.rpartition(".")[0]] != file]
