"""Addresses that the owner chose for types: `slug` in curation.toml.

A type's id is the last part of its address. A chosen address becomes the id; the former one leads
there, like that of a merged type. The owner may go on writing either of them. When the owner takes
`slug` back, the type returns to its former address, and the chosen one leads there: another machine
may have published it, so that it is never given up.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from generator.curation import BollardCuration, Curation, TypeCuration, is_type_id
from generator.curation.photo_names import FILE
from generator.errors import BollardsError, Problem
from generator.group.ledger import Ledger, slugify


def with_slugs(ledger: Ledger, curation: Curation) -> tuple[Ledger, tuple[Problem, ...]]:
    """The ledger with the types under their chosen addresses.

    Returns:
        the ledger, and a warning for each address that another type has or had.
    """
    problems = []
    ledger = _taken_back(ledger, curation)
    for key, slug in chosen(curation).items():
        there = {*ledger.types, *ledger.undecided}
        if key not in there or slug == key:
            continue
        if slug in there or (slug in ledger.retired and ledger.moved.get(slug) != key):
            reason = (
                f"[types.{key}] slug: expected an address that no other type has or had; found"
                f' "{slug}". The type stays at types/{key}/. Choose another one.'
            )
            problems.append(Problem(FILE, reason, skipped=False))
            continue
        ledger = _moved(ledger, key, slug)
    return ledger, tuple(problems)


def _taken_back(ledger: Ledger, curation: Curation) -> Ledger:
    """The ledger with the types whose chosen address the owner took back under the former one."""
    wanted = set(chosen(curation).values())
    # At most one step back for each address: only a hand-edited ledger goes round in circles.
    for _ in ledger.slugs:
        there = {*ledger.types, *ledger.undecided}
        for slug, former in ledger.slugs.items():
            if slug in there and slug not in wanted and ledger.moved.get(former) == slug:
                ledger = _moved(ledger, slug, former)
                break
        else:
            break
    return ledger


def free_address(slug: str, key: str, taken: Collection[str]) -> str:
    """The address that the owner wants for a type, which may be its present one.

    Args:
        slug: the last part of the address, as the owner wrote it; "" takes a choice back.
        key: the id of the type.
        taken: ids that types have, had or shall get.

    Raises:
        BollardsError: it is no address, or it is taken.
    """
    if slug in ("", key):
        return slug
    if not is_type_id(slug):
        meant = f" Did you mean {near}?" if (near := slugify(slug)) else ""
        raise BollardsError(
            f"“{slug}” cannot be an address: small letters, digits and hyphens can.{meant}"
        )
    if slug in taken:
        raise BollardsError(f"types/{slug}/ is or was the address of a type. Choose another one.")
    return slug


def chosen(curation: Curation) -> dict[str, str]:
    """The chosen address by the id under which the owner wrote it."""
    return {key: said.slug for key, said in curation.types.items() if said.slug}


def addressed(curation: Curation, living: Collection[str], slugs: Mapping[str, str]) -> Curation:
    """The decisions about types that have moved to their chosen address, or back, under that
    address.

    Args:
        curation: as it was written.
        living: ids of the existing types.
        slugs: see `Ledger.slugs`.
    """
    now = {
        key: slug
        for ways in (slugs, chosen(curation))
        for key in ways
        if key not in living and (slug := _last(key, ways, living)) in living
    }
    if not now:
        return curation

    def id_of(key: str) -> str:
        return now.get(key, key)

    types: dict[str, TypeCuration] = {}
    for key, said in curation.types.items():
        said = said.model_copy(
            update={
                "split_from": id_of(said.split_from),
                "lookalikes": _renamed(said.lookalikes, now),
                "lookalikes_in": {
                    tag: _renamed(texts, now) for tag, texts in said.lookalikes_in.items()
                },
            }
        )
        other = types.get(id_of(key))
        if other is not None:
            # Both addresses have a table: the words under the present one come first.
            first, second = (said, other) if id_of(key) == key else (other, said)
            values = {name: getattr(first, name) for name in first.model_fields_set}
            said = second.model_copy(update=values)
        types[id_of(key)] = said
    return curation.model_copy(
        update={
            "types": types,
            "families": {
                key: family.model_copy(update={"types": tuple(map(id_of, family.types))})
                for key, family in curation.families.items()
            },
            "merges": {id_of(key): id_of(kept) for key, kept in curation.merges.items()},
            "bollards": {key: _bollard(said, now) for key, said in curation.bollards.items()},
        }
    )


def _last(key: str, addresses: Mapping[str, str], living: Collection[str]) -> str:
    """Where a type is that moved once or several times."""
    for _ in addresses:
        key = addresses.get(key, key)
        if key in living:
            break
    return key


def _bollard(said: BollardCuration, now: Mapping[str, str]) -> BollardCuration:
    kept_out = tuple(now.get(key, key) for key in said.kept_out_of)
    type_ = said.type if said.type is None else now.get(said.type, said.type)
    return said.model_copy(update={"type": type_, "kept_out_of": kept_out})


def _renamed(texts: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    return {now.get(key, key): text for key, text in texts.items()}


def _moved(ledger: Ledger, key: str, slug: str) -> Ledger:
    """The ledger after a type moved from one address to another."""

    def renamed(table: Mapping[str, Any]) -> dict[str, Any]:
        return {slug if one == key else one: value for one, value in table.items()}

    photos = ledger.types.get(key) or ledger.undecided[key]
    retired = {one: own for one, own in ledger.retired.items() if one != slug}
    leads = {one: slug if to == key else to for one, to in ledger.moved.items() if one != slug}
    return replace(
        ledger,
        types=renamed(ledger.types),
        undecided=renamed(ledger.undecided),
        places=renamed(ledger.places),
        retired={**retired, key: photos},
        moved={**leads, key: slug},
        # The way back is no choice of its own.
        slugs=ledger.slugs if ledger.slugs.get(key) == slug else {**ledger.slugs, slug: key},
    )
