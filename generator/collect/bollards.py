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

    Args:
        files: paths below photos/. Equal names in two folders are two bollards.
        rows: the rows of photos.csv by file.
        pattern: `photos.bollard_pattern` of site.toml, "" for none.
    """
    keys: dict[str, str] = {}
    alone: dict[str, str] = {}
    for file in files:
        folder, _, name = file.rpartition("/")
        stem = name.rpartition(".")[0]
        match = re.fullmatch(pattern, stem) if pattern else None
        group = match["bollard"] if match else None
        if said := rows[file]["bollard"] if file in rows else "":
            keys[file] = said
        elif group:
            keys[file] = f"{folder}/{group}" if folder else group
        else:
            alone[file] = f"{folder}/{stem}" if folder else stem
    count = Counter(alone.values())
    whole = {file for file, stem in alone.items() if count[stem] > 1}
    # A stem can equal the whole name of another file: a.jpg beside a.png and a.jpg.png.
    whole |= {file for file, stem in alone.items() if stem in whole}
    return keys | {file: file if file in whole else stem for file, stem in alone.items()}
