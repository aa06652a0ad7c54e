"""The files of named encoders: fetched once from the hub, checked, kept in its local cache."""

import difflib
import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from generator.embed import encoders
from generator.embed.encoders import Encoder, HubFile, encoder_names, variants
from generator.embed.huggingface import HubUnreachableError, cached_file, hub_file
from generator.errors import BollardsError


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether an encoder is on this machine.

    Attributes:
        encoder: its row.
        files: where its files for pictures are; None for one that is missing.
        text_files: the same of its text tower; empty without one.
    """

    encoder: Encoder
    files: tuple[Path | None, ...]
    text_files: tuple[Path | None, ...]

    @property
    def complete(self) -> bool:
        """Whether pictures can be embedded."""
        return all(self.files)

    @property
    def text(self) -> Literal["yes", "no", "none"]:
        """Whether texts can be embedded; "none" without a text tower."""
        if not self.text_files:
            return "none"
        return "yes" if all(self.text_files) else "no"


def find_encoder(name: str, variant: str) -> Encoder:
    """The row of an encoder; `variant` "" is the default of its name.

    Raises:
        BollardsError: there is no such variant; the message says the nearest.
    """
    rows = list(variants(name))
    for row in rows:
        if variant in ("", row.variant):
            return row
    known = [row.variant for row in rows]
    near = difflib.get_close_matches(variant, known, n=1, cutoff=0.4)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    listed = ", ".join(f'"{one}"' for one in known)
    raise BollardsError(
        f'The embedder "{name}" has no model "{variant}": expected one of {listed}, or a folder of'
        f" this project that holds its files.{hint}"
    )


def chosen_encoders(words: Sequence[str]) -> list[Encoder]:
    """The rows that "NAME" or "NAME:VARIANT" mean; all for no words.

    Raises:
        BollardsError: a word means none.
    """
    found = []
    for word in words:
        name, _, variant = word.partition(":")
        if name not in encoder_names():
            near = difflib.get_close_matches(name, encoder_names(), n=1, cutoff=0.5)
            hint = f' Did you mean "{near[0]}"?' if near else ""
            raise BollardsError(
                f'There is no encoder "{name}": expected one of {", ".join(encoder_names())}.{hint}'
            )
        found.append(find_encoder(name, variant))
    return found or list(encoders.ENCODERS)


def kept(encoder: Encoder) -> Kept:
    """The files of an encoder in the local cache; neither the hub nor their content is checked."""

    def places(files: Sequence[HubFile]) -> tuple[Path | None, ...]:
        return tuple(cached_file(encoder.repository, one.path, encoder.revision) for one in files)

    return Kept(encoder, places(encoder.files), places(encoder.text_files))


def fetch(
    encoder: Encoder, project: Path, told: Callable[[str], object] = lambda text: None
) -> list[Path]:
    """The files for pictures, from the local cache or else from the hub; checked.

    Args:
        encoder: its row.
        project: the folder for files that the owner downloads, for messages.
        told: is called with a line about each file before its turn; the hub's own library shows
            how far a download is.

    Raises:
        BollardsError: a file cannot be found or downloaded, or has another digest than the row.
    """
    return _all_fetched(encoder, encoder.files, project, told)


def fetch_text(
    encoder: Encoder, project: Path, told: Callable[[str], object] = lambda text: None
) -> list[Path]:
    """The same as `fetch` for the text tower: its graph and its tokenizer."""
    return _all_fetched(encoder, encoder.text_files, project, told)


def _all_fetched(
    encoder: Encoder, files: Sequence[HubFile], project: Path, told: Callable[[str], object]
) -> list[Path]:
    try:
        found = []
        for number, file in enumerate(files, 1):
            told(f"{number} of {len(files)}: {file.path}")
            found.append(_fetched(encoder, file))
        return found
    except HubUnreachableError as error:
        raise BollardsError(_how_to_get_it(encoder, files, str(error), project)) from error


def in_folder(encoder: Encoder, folder: Path) -> list[Path]:
    """The files for pictures in a folder that the owner filled, flat or as in the repository.

    Raises:
        BollardsError: a file is missing or is another one.
    """
    return _in_folder(encoder, encoder.files, folder)


def text_in_folder(encoder: Encoder, folder: Path) -> list[Path]:
    """The same as `in_folder` for the text tower: its graph and its tokenizer."""
    return _in_folder(encoder, encoder.text_files, folder)


def _in_folder(encoder: Encoder, files: Sequence[HubFile], folder: Path) -> list[Path]:
    found = []
    for file in files:
        places = (folder / file.path, folder / Path(file.path).name)
        where = next((path for path in places if path.is_file()), None)
        if where is None:
            raise BollardsError(
                f"{places[1]}: there is no such file. {_addresses(encoder, files)}\n"
                f"  Put it there, or take the model from the hub: remove `model` under [embed]."
            )
        if file.sha256 and _digest(where) != file.sha256:
            raise BollardsError(
                f'{where}: not the file that the embedder "{encoder.name}" expects: its SHA-256'
                f" digest is not {file.sha256}.\n  {_addresses(encoder, files)}\n"
                '  For a model of your own set embedder = "onnx" under [embed].'
            )
        found.append(where)
    return found


def remove(encoder: Encoder) -> int:
    """Take an encoder out of the local cache.

    Returns:
        How many bytes that freed; 0 if there was nothing.
    """
    from huggingface_hub import CacheNotFound, scan_cache_dir

    if not any(_places(encoder)):
        return 0
    try:
        cache = scan_cache_dir()
    except CacheNotFound:
        return 0
    # Variants may share a repository: only this one's files go, and the repository with the last.
    others = [
        row
        for row in encoders.ENCODERS
        if row.repository == encoder.repository and row != encoder and any(_places(row))
    ]
    for repository in cache.repos:
        if repository.repo_id == encoder.repository and repository.repo_type == "model":
            if not others:
                shutil.rmtree(repository.repo_path)
                return repository.size_on_disk
            freed = 0
            shared = {path for row in others for path in _places(row)}
            for path in set(_places(encoder)) - shared:
                freed += path.stat().st_size
                path.resolve().unlink()
                path.unlink(missing_ok=True)
            return freed
    return 0


def _places(encoder: Encoder) -> list[Path]:
    """Where those files of an encoder are that are kept."""
    here = kept(encoder)
    return [path for path in (*here.files, *here.text_files) if path]


def table(found: Sequence[Kept], *, as_json: bool) -> list[str]:
    """One line an encoder, as `bollards models` prints it; with a title unless as JSON."""
    if as_json:
        return [json.dumps(_facts(one)) for one in found]
    title = ("NAME", "DIMENSIONS", "SIZE", "HERE", "TEXT", "PINNED", "LICENCE", "FROM")
    rows = [title] + [
        (
            facts["name"],
            str(facts["dimensions"]),
            f"{facts['bytes'] / 1e6:,.0f} MB" if facts["bytes"] else "?",
            "yes" if facts["here"] else "no",
            "-" if facts["text"] == "none" else facts["text"],
            "yes" if facts["pinned"] else "no",
            facts["licence"],
            f"{facts['repository']}@{facts['revision'][:8]}",
        )
        for facts in map(_facts, found)
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(title))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _facts(one: Kept) -> dict[str, Any]:
    encoder = one.encoder
    return {
        "name": f"{encoder.name}:{encoder.variant}",
        "dimensions": encoder.dimensions,
        "bytes": encoder.size,
        "here": one.complete,
        "text": one.text,
        "pinned": encoder.pinned,
        "licence": encoder.licence,
        "repository": encoder.repository,
        "revision": encoder.revision,
        "files": [file.path for file in encoder.files],
        "textFiles": [file.path for file in encoder.text_files],
    }


def _fetched(encoder: Encoder, file: HubFile) -> Path:
    for fresh in (False, True):
        path = hub_file(encoder.repository, file.path, encoder.revision, fresh=fresh)
        if path is None:
            raise BollardsError(
                f"The model {encoder.repository} on the Hugging Face hub has no {file.path} at"
                f" revision {encoder.revision}. {_alternatives(encoder)}"
            )
        # Half of a file, or another one: once more, from the hub.
        if not file.sha256 or _digest(path) == file.sha256:
            return path
    raise BollardsError(
        f"{path}: the hub's file is not the one that this program expects: its SHA-256 digest is"
        f" not {file.sha256}. It is not used. {_alternatives(encoder)}"
    )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _how_to_get_it(encoder: Encoder, files: Sequence[HubFile], reason: str, project: Path) -> str:
    folder = f"models/{encoder.name}-{encoder.variant}"
    return (
        f'embedder = "{encoder.name}" needs a model from the Hugging Face hub, and it cannot be'
        f" had: {reason}\n  {_addresses(encoder, files)}\n"
        f"  Download on a machine with network, put into {project / folder}\n"
        f'  and set model = "{folder}" under [embed] in site.toml.\n'
        f"  {_alternatives(encoder)}"
    )


def _addresses(encoder: Encoder, files: Sequence[HubFile]) -> str:
    hub = f"https://huggingface.co/{encoder.repository}/resolve/{encoder.revision}"
    return "Files: " + "\n         ".join(f"{hub}/{file.path}" for file in files)


def _alternatives(encoder: Encoder) -> str:
    return 'Or set embedder = "builtin", which needs no download and goes on working.'
