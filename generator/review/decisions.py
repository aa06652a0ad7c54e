"""The owner's decisions on the page, and how each is written into curation.toml."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from tomlkit import TOMLDocument

from generator.curation import Curation, edit
from generator.curation.slugs import free_address
from generator.errors import BollardsError
from generator.group.ledger import slugify
from generator.review.built import Built
from generator.vocabulary import Frequency

_Key = Annotated[str, Field(min_length=1, max_length=400)]
_Keys = Annotated[tuple[_Key, ...], Field(min_length=1, max_length=5000)]
_Name = Annotated[str, Field(max_length=200)]
_Text = Annotated[str, Field(max_length=4000)]


class _Action(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NameType(_Action):
    """Name a type; an empty name leaves it to the program."""

    do: Literal["name"]
    type: _Key
    name: _Name


class DescribeType(_Action):
    do: Literal["describe"]
    type: _Key
    description: _Text


class ChooseAddress(_Action):
    """Choose the address of a type from the next build on; an empty one leaves it where it is."""

    do: Literal["slug"]
    type: _Key
    slug: Annotated[str, Field(max_length=100)]


class MergeTypes(_Action):
    """Make one type part of another, which gets the name unless it is empty."""

    do: Literal["merge"]
    gone: _Key
    kept: _Key
    name: _Name = ""


class SplitType(_Action):
    """Make bollards a new type."""

    do: Literal["split"]
    bollards: _Keys
    name: _Name = ""


class MoveBollards(_Action):
    """Pin bollards to a type."""

    do: Literal["move"]
    bollards: _Keys
    type: _Key


class BollardsAction(_Action):
    """Leave bollards unsorted, or leave their type to the program again."""

    do: Literal["one-off", "unpin"]
    bollards: _Keys


class KeepOut(_Action):
    """Keep bollards out of a type, or undo that."""

    do: Literal["keep-out", "let-in"]
    bollards: _Keys
    type: _Key


class HidePhotos(_Action):
    """Hide photos, show them again, or publish photos that were held back."""

    do: Literal["hide", "show", "publish"]
    photos: _Keys


class DrawBox(_Action):
    """Set the box of the bollard in a photo; null leaves it to the program.

    `box` is left, top, right, bottom in px of the upright photo.
    """

    do: Literal["box"]
    photo: _Key
    box: tuple[int, int, int, int] | None


class ChoosePicture(_Action):
    """Choose the representative photo of a type; an empty one leaves it to the program."""

    do: Literal["picture"]
    type: _Key
    photo: str


class NoteLookalike(_Action):
    """Note how to tell a type from another."""

    do: Literal["lookalike"]
    type: _Key
    other: _Key
    text: _Text


class KnowInCountry(_Action):
    """Say how often a type is seen in a country and what it looks like there.

    An empty frequency or note removes what was said before.
    """

    do: Literal["known"]
    type: _Key
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")]
    frequency: Frequency | Literal[""]
    note: _Text


class CorrectCountry(_Action):
    """Correct the country of bollards: "" is unknown, null as the photos have it."""

    do: Literal["country"]
    bollards: _Keys
    country: str | None


class PutInFamily(_Action):
    """Put a type into the family of this name; an empty name removes it from its family."""

    do: Literal["family"]
    type: _Key
    name: _Name


class Settle(_Action):
    """Dismiss a suggestion for good; this is kept beside the cache, not in curation.toml."""

    do: Literal["settle"]
    key: _Key


Action = Annotated[
    NameType
    | DescribeType
    | ChooseAddress
    | MergeTypes
    | SplitType
    | MoveBollards
    | BollardsAction
    | KeepOut
    | HidePhotos
    | DrawBox
    | ChoosePicture
    | NoteLookalike
    | KnowInCountry
    | CorrectCountry
    | PutInFamily
    | Settle,
    Field(discriminator="do"),
]


class Request(_Action):
    """A decision as a window sends it.

    Attributes:
        id: chosen by the window; a decision that arrives twice is made once.
        version: of the curation.toml that the window shows.
        anyway: make it even if it overwrites a change made since.
    """

    id: Annotated[str, Field(min_length=8, max_length=64)]
    version: str
    action: Action
    anyway: bool = False


@dataclass(frozen=True)
class Ground:
    """The state that decisions are based on.

    Attributes:
        built: the results of the last build.
        curation: the decisions so far.
        names: the name of each type as the page shows it.
        type_of: the present type of each bollard, None for an unsorted one.
        nearest: the type that a bollard is nearest to.
    """

    built: Built
    curation: Curation
    names: Mapping[str, str]
    type_of: Mapping[str, str | None]
    nearest: Callable[[str], str | None]


def carry_out(action: Action, document: TOMLDocument, ground: Ground) -> tuple[TOMLDocument, str]:
    """Write a decision into a document.

    Returns:
        the new document, and the decision in a few words.

    Raises:
        BollardsError: it names something that does not exist, or contradicts itself.
    """
    match action:
        case NameType(type=key, name=name):
            _check_types(ground, key)
            told = f"named “{name.strip()}”" if name.strip() else "left unnamed"
            return edit.name_type(document, key, name), f"{_name(ground, key)}: {told}"
        case DescribeType(type=key, description=text):
            _check_types(ground, key)
            return edit.describe_type(document, key, text), f"{_name(ground, key)}: described"
        case ChooseAddress(type=key, slug=slug):
            _check_types(ground, key)
            others = {one.slug for other, one in ground.curation.types.items() if other != key}
            address = free_address(slug.strip(), key, ground.built.addresses | others)
            before = address or ground.built.slugs.get(key) or key
            told = f"address types/{before}/" if before != key else "address left as it is"
            return edit.address_type(document, key, address), f"{_name(ground, key)}: {told}"
        case MergeTypes(gone=gone, kept=kept, name=name):
            _check_types(ground, gone, kept)
            done = edit.merge_types(document, gone, kept)
            if name.strip():
                done = edit.name_type(done, kept, name)
            return done, f"Merged “{_name(ground, gone)}” into “{_name(ground, kept)}”"
        case SplitType():
            return _split(action, document, ground)
        case MoveBollards(bollards=keys, type=key):
            _check_types(ground, key)
            done = edit.pin_all(document, _bollards(ground, keys), key)
            return done, f"{_count(ground, keys)} to “{_name(ground, key)}”"
        case BollardsAction(do=verb, bollards=keys):
            bollards = _bollards(ground, keys)
            if verb == "one-off":
                done, told = edit.pin_all(document, bollards, ""), "unsorted"
            else:
                done, told = edit.unpin_all(document, bollards), "left to the program"
            return done, f"{_count(ground, keys)}: {told}"
        case KeepOut(do=verb, bollards=keys, type=key):
            _check_types(ground, key)
            bollards = _bollards(ground, keys)
            if verb == "keep-out":
                done, told = edit.keep_out_all(document, bollards, key), "kept out of"
            else:
                done, told = edit.let_in_all(document, bollards, key), "let into"
            return done, f"{_count(ground, keys)} {told} “{_name(ground, key)}”"
        case HidePhotos(do=verb, photos=photos):
            for photo in photos:
                entry, file = _written(ground, photo), _file(ground, photo)
                if verb == "publish":
                    document = edit.publish(document, entry, file)
                else:
                    document = edit.hide(document, entry, verb == "hide", file)
            told = {"hide": "hidden", "show": "shown again", "publish": "published"}[verb]
            return document, f"{len(photos)} photo{'s' * (len(photos) > 1)} {told}"
        case DrawBox(photo=photo, box=box):
            entry, file = _written(ground, photo), _file(ground, photo)
            if not file:
                raise BollardsError(f'There is no photo "{photo}" any more.')
            told = "box drawn" if box else "box removed"
            return edit.draw_box(document, entry, box, file), f"{file}: {told}"
        case ChoosePicture(type=key, photo=photo):
            _check_types(ground, key)
            file = _file(ground, photo) if photo else ""
            return edit.choose_picture(document, key, photo, file), (
                f"{_name(ground, key)}: picture chosen"
            )
        case NoteLookalike(type=key, other=other, text=text):
            _check_types(ground, key, other)
            told = f"{_name(ground, key)}: how to tell it from “{_name(ground, other)}”"
            return edit.note_lookalike(document, key, other, text), told
        case KnowInCountry(type=key, country=code, frequency=often, note=text):
            _check_types(ground, key)
            told = f"{_name(ground, key)}: what you know of it in {code}"
            return edit.know_in_country(document, key, code, often, text), told
        case CorrectCountry(bollards=keys, country=code):
            done = edit.locate_all(document, _bollards(ground, keys), code)
            return done, f"{_count(ground, keys)}: country {code or 'unknown'}"
        case PutInFamily(type=key, name=name):
            _check_types(ground, key)
            family = _family(ground.curation, name)
            told = f"into the family “{name.strip()}”" if family else "out of its family"
            done = edit.put_in_family(document, family, name if family else "", key)
            return done, f"{_name(ground, key)}: {told}"
        case _:
            return document, "Suggestion turned down"


def _bollards(ground: Ground, keys: Iterable[str]) -> list[edit.Reference]:
    """The references that curation.toml already uses, or else the bollards' first photos."""
    built = ground.built
    found = []
    for key in dict.fromkeys(keys):
        views = built.bollards.get(key)
        if views is None:
            raise BollardsError(f'There is no photo of "{key}" any more.')
        known = (
            key,
            *views,
            *(built.file[one] for one in views if built.photos[one].picture == one),
        )
        written = [one for one in ground.curation.bollards if _plain(one) in known]
        first = written[0] if written else views[0]
        file = built.file[views[0]]
        also = tuple(dict.fromkeys([*written, *known]))
        also = tuple(one for one in also if one != first)
        found.append(edit.Reference(first, file, also))
    return found


def _plain(reference: str) -> str:
    return reference.replace("\\", "/").removeprefix("./").removeprefix("photos/")


def _split(action: SplitType, document: TOMLDocument, ground: Ground) -> tuple[TOMLDocument, str]:
    built = ground.built
    bollards = _bollards(ground, action.bollards)
    origins = [ground.type_of.get(key) for key in action.bollards]
    origin = max(set(filter(None, origins)), key=origins.count, default=None)
    if origin is None:
        # Unsorted bollards that become a type: their nearest type is their origin.
        origin = ground.nearest(action.bollards[0])
    if origin is None:
        raise BollardsError("There is no type yet that these could be split from.")
    whole = {key for key, type_ in ground.type_of.items() if type_ == origin}
    if whole and whole <= set(action.bollards):
        raise BollardsError(
            f"These are all that “{_name(ground, origin)}” has. Leave some of them in it."
        )
    photos = [photo for key in action.bollards for photo in built.bollards[key]]
    new = _new_id(action.name.strip(), photos, ground)
    done = edit.split_type(
        document, new, origin, [one.photo for one in bollards], [one.file for one in bollards]
    )
    if action.name.strip():
        done = edit.name_type(done, new, action.name)
    told = f"{_count(ground, action.bollards)} split off “{_name(ground, origin)}”"
    return done, told


def _new_id(name: str, photos: Sequence[str], ground: Ground) -> str:
    """An id that no type has or had, from its name or else from its looks."""
    from generator.language.naming import short_name

    look = ground.built.look(photos)
    seen = short_name(look) if "body" in look and "form" in look else ""
    stem = slugify(name or seen) or "type"
    taken = ground.built.addresses | set(ground.curation.types) | set(ground.curation.merges)
    if stem not in taken:
        return stem
    return next(one for number in count(2) if (one := f"{stem}-{number}") not in taken)


def _family(curation: Curation, name: str) -> str:
    """The key of the family with this name, or one for a new family; "" for no name."""
    wanted = name.strip()
    if not wanted:
        return ""
    for key, family in curation.families.items():
        if family.name.casefold() == wanted.casefold():
            return key
    stem = slugify(wanted) or "family"
    if stem not in curation.families:
        return stem
    return next(one for n in count(2) if (one := f"{stem}-{n}") not in curation.families)


def _check_types(ground: Ground, *keys: str) -> None:
    for key in keys:
        if key not in ground.names:
            raise BollardsError(f'There is no type "{key}" any more. It may have been merged.')


def _name(ground: Ground, key: str) -> str:
    return ground.names.get(key, key)


def _file(ground: Ground, photo: str) -> str:
    """The photo's file; "" if it does not exist."""
    aside = ground.built.aside.get(photo)
    return aside.file if aside else ground.built.file.get(photo, "")


def _written(ground: Ground, photo: str) -> str:
    """How curation.toml refers to a photo."""
    file = _file(ground, photo)
    return file if file and file in ground.curation.photos else photo


def _count(ground: Ground, keys: Sequence[str]) -> str:
    one, many = ground.built.things.called("en")
    return f"1 {one}" if len(keys) == 1 else f"{len(keys)} {many}"
