"""curation.toml: what a person decided about types. The program reads it and never rewrites it."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from generator.config import explained, read_toml
from generator.errors import BollardsError, Problem
from generator.group.ledger import Ledger


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


def unknown_types(curation: Curation, known: Iterable[str], ledger: Ledger) -> list[Problem]:
    """A warning for every type id that does not exist: where the type went, or what was meant."""
    ids = sorted(known)
    problems = []
    for wrong in sorted(set(curation.types) - set(ids)):
        nearest = difflib.get_close_matches(wrong, ids, n=1, cutoff=0.4)
        if wrong in ledger.moved:
            reason = f"this type is gone; most of its photos are now in {ledger.moved[wrong]}."
        elif wrong in ledger.retired:
            reason = "this type is gone, since none of its photos are in a type any more."
        else:
            hint = f" Did you mean {nearest[0]}?" if nearest else ""
            reason = f"there is no such type.{hint}"
        problems.append(Problem("curation.toml", f"[types.{wrong}]: {reason}", skipped=False))
    return problems
