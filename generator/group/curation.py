"""curation.toml: what a person decided about types. The program reads it and never rewrites it."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from generator.config import explained, read_toml
from generator.errors import BollardsError, Problem


class TypeCuration(BaseModel):
    """What a person said of one type; an empty value leaves it to the program."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str = ""
    description: str = ""


class Curation(BaseModel):
    """All of curation.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    types: Mapping[str, TypeCuration] = {}


def load_curation(path: Path) -> Curation:
    """Read curation.toml; a missing file decides nothing.

    Raises:
        BollardsError: it is not TOML, or has a key that means nothing (all are listed).
    """
    try:
        return Curation.model_validate(read_toml(path))
    except FileNotFoundError:
        return Curation()
    except ValidationError as error:
        lines = [
            f"  {line} Valid under [types.ID]: name, description."
            for line in explained(error, Curation)
        ]
        raise BollardsError(f"{path}:\n" + "\n".join(lines)) from None


def unknown_types(curation: Curation, known: Iterable[str]) -> list[Problem]:
    """A warning for every type id that does not exist, with the nearest one that does."""
    ids = sorted(known)
    problems = []
    for wrong in sorted(set(curation.types) - set(ids)):
        nearest = difflib.get_close_matches(wrong, ids, n=1, cutoff=0.4)
        hint = f" Did you mean {nearest[0]}?" if nearest else ""
        problems.append(
            Problem(
                "curation.toml", f"[types.{wrong}]: there is no such type.{hint}", skipped=False
            )
        )
    return problems
