"""stores: takes the vectors of a built site, writes them into a vector store for other programs.

Each file beside this one writes one kind of store and imports its package; they are found by the
entry points `bollards.stores` (see `generator.plugins`). Only what the site publishes is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from generator import plugins
from generator.errors import BollardsError
from generator.keep import DamagedError
from generator.project import Project
from generator.published import CATALOGUE, Published, PublishedPhoto, read_published
from generator.vectors import load_vectors

FloatArray = NDArray[np.float32]

NAME = "bollards"
"""The collection or table of a store that has several."""

# A file in folders that an export made.
_MARK = "bollards-export"
# The first bytes of a file tell its kind.
_SIGN = 4

COLUMNS = (
    "file",
    "bollard",
    "type",
    "type_name",
    "country",
    "country_name",
    "region",
    "taken",
    "credit",
    "licence",
    "picture",
)
"""The metadata of a vector; each is a text, and "" if unknown."""


@dataclass(frozen=True)
class Records:
    """The vectors and what is known of them.

    Attributes:
        ids: of photos, one a row.
        vectors: float32 [n, d], rows of unit length, so that inner products are cosine
            similarities.
        metadata: for each row a text for each of `COLUMNS`.
        embedder: the name of the embedder that made the vectors.
        fingerprint: vectors of another fingerprint cannot be compared with these.
    """

    ids: tuple[str, ...]
    vectors: FloatArray
    metadata: tuple[dict[str, str], ...]
    embedder: str
    fingerprint: str

    @property
    def dimensions(self) -> int:
        return int(self.vectors.shape[1])


class Writer(Protocol):
    """What an entry point of `bollards.stores` names."""

    def __call__(self, records: Records, path: Path) -> None:
        """Write the records into a file or folder that is not there yet.

        Its parent exists. What the function leaves behind when it fails is removed.
        """


def records_of(project: Project) -> Records:
    """The vectors of a project's published photos.

    Raises:
        BollardsError: it has not been built, or not to the end.
    """
    try:
        site = read_published(project.public)
        kept = load_vectors(project.index)
    except (OSError, ValueError, KeyError, DamagedError):
        raise BollardsError(
            f"{project.root}: there is no built site here. Go to your site project, or name it with"
            " --site DIR, and run `bollards build`."
        ) from None
    if set(kept.ids) != set(site.photos):
        raise BollardsError(
            f"{project.public / CATALOGUE}: not of the same build as the vectors. Run"
            f" `bollards build {project.root}`."
        )
    metadata = tuple(_metadata(site.photos[key], site) for key in kept.ids)
    return Records(tuple(kept.ids), kept.embeddings, metadata, site.embedder, kept.fingerprint)


def export(records: Records, target: str, *, replace: bool) -> Path:
    """Write records to "KIND:PLACE", such as "faiss:bollards.index".

    Args:
        records: what is written.
        target: the kind of store, and a file or folder.
        replace: whether what is there is replaced, once the new store is whole.

    Returns:
        The file or folder.

    Raises:
        BollardsError: there is no such kind, its package is not installed, the place is taken, or
            the store cannot be written.
    """
    kind, colon, rest = target.partition(":")
    if not colon or not rest:
        raise BollardsError(
            f'--to: expected KIND:PLACE, such as "faiss:bollards.index"; found "{target}".'
        )
    write: Writer = plugins.load(plugins.STORES, kind)
    path = Path(rest)
    if path.name in ("", ".."):
        # The store is written beside its place under this name, and "." is there already.
        raise BollardsError(f'--to: expected a name for the file or folder; found "{rest}".')
    if path.exists() and not replace:
        raise BollardsError(f"{path}: is there already. --replace writes a new one in its place.")
    if not path.parent.is_dir():
        raise BollardsError(f"{path.parent}: there is no such folder. Make it, or name another.")
    _written(records, kind, path, write)
    return path


def _written(records: Records, kind: str, path: Path, write: Writer) -> None:
    """Write beside the place, then put it there: a store that fails leaves the old one whole."""
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        # Some packages tell files from folders by the ending.
        made = Path(folder) / path.name
        try:
            write(records, made)
        except BollardsError:
            raise
        except Exception as error:  # each package has its own
            message = " ".join(str(error).split())[:300]
            raise BollardsError(f"{path}: {kind} cannot write it: {message}") from error
        if made.is_dir():
            (made / _MARK).touch()
        news = sorted(Path(folder).iterdir())
        for new in news:
            _refuse_another(path.parent / new.name, new)
        for new in news:
            old = path.parent / new.name
            if old.is_dir():
                shutil.rmtree(old)
            new.replace(old)


def _refuse_another(old: Path, new: Path) -> None:
    """Nothing but an export of the same kind is replaced: a slip must cost nobody a folder."""
    if not old.exists():
        return
    if old.is_symlink() or old.is_dir() != new.is_dir():
        is_same = False
    elif new.is_dir():
        is_same = (old / _MARK).is_file()
    else:
        with old.open("rb") as one, new.open("rb") as other:
            is_same = one.read(_SIGN) == other.read(_SIGN)
    if not is_same:
        raise BollardsError(
            f"{old}: not an export of this kind, so it is not replaced. Name another."
        )


def _metadata(photo: PublishedPhoto, site: Published) -> dict[str, str]:
    type_ = site.types.get(photo.type or "")
    picture = max(photo.pictures, key=lambda one: one.width, default=None)
    values: Sequence[str | None] = (
        photo.file,
        photo.bollard,
        photo.type,
        type_.name if type_ else None,
        photo.country,
        site.countries.get(photo.country) if photo.country else None,
        photo.region,
        photo.taken,
        photo.credit,
        photo.licence,
        picture.path if picture else None,
    )
    return {column: value or "" for column, value in zip(COLUMNS, values, strict=True)}
