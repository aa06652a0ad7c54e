"""One decision written into curation.toml changes that decision and nothing else."""

import difflib
import json
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.characters import without_forbidden
from generator.curation import edit, parse_curation
from generator.curation.document import copied

HERE = Path("curation.toml")
Tables = dict[str, Any]

_ids = st.sampled_from(["white-flat", "white-round", "red-pole", "a", "b-2"])
_photos = st.sampled_from(["3fa9c2d81b04", "123456789012", "no/12a.jpg", 'it\'s "1".png', "no/12"])
_words = st.one_of(
    st.sampled_from(
        ["Leitpfosten", 'say "post"', "back\\slash", "two\nlines", "# no comment", "é"]
    ),
    st.text(max_size=12).map(without_forbidden),
).map(str.strip)
_files = st.one_of(st.sampled_from(["no/12a.jpg", "a\nb.jpg", "[x] = 1"]), st.text(max_size=8))


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A curation.toml as an owner may have written it: any order, comments, several styles."""
    one_type = st.fixed_dictionaries(
        {}, optional={"name": _words, "description": _words, "lookalikes": st.just({"x-1": "big"})}
    )
    bollard = st.fixed_dictionaries(
        {}, optional={"type": _ids, "not": st.just(["old-1", "old-2"]), "country": st.just("NO")}
    )
    families = st.lists(_ids, unique=True, max_size=3)
    blocks: list[tuple[str, Tables]] = []
    for key, said in draw(st.dictionaries(_ids, one_type, max_size=4)).items():
        blocks.append((f"types.{json.dumps(key)}", said))
        for code in draw(st.lists(st.sampled_from(["SI", "at"]), unique=True)):
            known = {"frequency": "common", "notes": {"de": "Rot."}}
            blocks.append((f"types.{json.dumps(key)}.countries.{code}", known))
    for key, said in draw(st.dictionaries(_photos, bollard, max_size=3)).items():
        if said.get("type") not in said.get("not", ()):
            blocks.append((f"bollards.{json.dumps(key)}", said))
    if draw(st.booleans()):
        blocks.append(("families.f", {"name": "F", "types": draw(families)}))
    if draw(st.booleans()):
        blocks.append(("merges", {"gone-1": "red-pole", "gone-2": "gone-1"}))
    hidden = draw(st.lists(_photos, unique=True, max_size=2))
    blocks += [(f"photos.{json.dumps(key)}", {"hidden": True}) for key in hidden]
    above = st.sampled_from(["", "\n", "\n# Mine.\n", "\n\n# One.\n# Two.\n\n", "# close\n"])
    right = st.sampled_from(["", "  # why", " #"])
    below = st.sampled_from(["", "# below\n", "\n# far below\n"])
    text = draw(st.sampled_from(["", "# Head\n", "\n"]))
    for header, said in draw(st.permutations(blocks)):
        text += f"{draw(above)}[{header}]{draw(right)}\n"
        for key, value in said.items():
            text += f"{key} = {_toml(value)}{draw(right)}\n"
        text += draw(below)
    return text if draw(st.booleans()) else text.rstrip("\n")


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    return tomlkit.item(value).as_string()


Edit = tuple[Callable[[Any], Any], Callable[[Tables], None]]


def _entry(data: Tables, *path: str) -> Tables:
    for part in path:
        data = data.setdefault(part, {})
    return data


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """An edit, and the same done to plain dictionaries."""
    kind, other = draw(_ids), draw(_ids)
    photo, file, words = draw(_photos), draw(_files), draw(_words.filter(bool))

    def pinned(data: Tables) -> None:
        entry = _entry(data, "bollards", photo)
        if kind in entry.get("not", ()):
            entry["not"].remove(kind)
            if not entry["not"]:
                del entry["not"]
        entry["type"] = kind

    def kept_out(data: Tables) -> None:
        entry = _entry(data, "bollards", photo)
        if entry.get("type") == kind:
            del entry["type"]
        entry["not"] = [*dict.fromkeys([*entry.get("not", []), kind])]

    def in_family(data: Tables) -> None:
        for said in data.get("families", {}).values():
            if kind in said["types"] and said is not data["families"].get("g"):
                said["types"].remove(kind)
        _entry(data, "families", "g")["name"] = words
        types = data["families"]["g"].setdefault("types", [])
        types.append(kind)

    return draw(
        st.sampled_from(
            [
                (
                    lambda d: edit.name_type(d, kind, words),
                    lambda t: _entry(t, "types", kind).update(name=words),
                ),
                (
                    lambda d: edit.describe_type(d, kind, words),
                    lambda t: _entry(t, "types", kind).update(description=words),
                ),
                (
                    lambda d: edit.choose_picture(d, kind, photo, file),
                    lambda t: _entry(t, "types", kind).update(picture=photo),
                ),
                (
                    lambda d: edit.note_lookalike(d, kind, other, words),
                    lambda t: _entry(t, "types", kind, "lookalikes").update({other: words}),
                ),
                (
                    lambda d: edit.know_in_country(d, kind, "SI", "rare", words),
                    lambda t: _entry(t, "types", kind, "countries", "SI").update(
                        frequency="rare", note=words
                    ),
                ),
                (lambda d: edit.pin_all(d, [edit.Reference(photo, file)], kind), pinned),
                (lambda d: edit.keep_out_all(d, [edit.Reference(photo, file)], kind), kept_out),
                (
                    lambda d: edit.hide(d, photo, True, file),
                    lambda t: _entry(t, "photos", photo).update(hidden=True),
                ),
                (
                    lambda d: edit.locate_all(d, [edit.Reference(photo, file)], "SE"),
                    lambda t: _entry(t, "bollards", photo).update(country="SE"),
                ),
                (
                    lambda d: edit.merge_types(d, "gone-3", kind),
                    lambda t: _entry(t, "merges").update({"gone-3": kind}),
                ),
                (lambda d: edit.put_in_family(d, "g", words, kind), in_family),
            ]
        )
    )


@given(documents(), edits())
@settings(max_examples=200, deadline=None)
def test_an_edit_changes_its_own_key_and_nothing_else(text: str, change: Edit) -> None:
    edited, expected = change
    wanted = tomllib.loads(text)
    expected(wanted)

    after = tomlkit.dumps(edited(tomlkit.parse(text)))

    assert tomllib.loads(after) == wanted
    parse_curation(after, HERE)
    # Comments and headers are all still there, in their order; of the rest one decision's lines.
    lines = iter(after.splitlines())
    marks = [line for line in text.splitlines() if line.startswith(("#", "["))]
    assert all(any(mark == line for line in lines) for mark in marks)
    difference = difflib.ndiff(text.splitlines(), after.splitlines())
    assert sum(line.startswith("- ") for line in difference) <= 3


@given(documents())
@settings(deadline=None)
def test_a_document_without_edits_keeps_every_byte(text: str) -> None:
    assert tomlkit.dumps(tomlkit.parse(text)) == text
    assert tomlkit.dumps(copied(tomlkit.parse(text))) == text


_references = st.builds(
    edit.Reference, _photos, _files, st.lists(_photos, unique=True, max_size=2).map(tuple)
)


@pytest.mark.slow
@given(documents(), st.lists(_references, max_size=4, unique_by=lambda one: one.photo), _ids)
@settings(deadline=None)
def test_many_bollards_at_once_are_the_same_as_one_by_one(
    text: str, bollards: list[edit.Reference], kind: str
) -> None:
    # What one bollard is called is never a name of another.
    named = [one.photo for one in bollards]
    bollards = [
        edit.Reference(one.photo, one.file, tuple(set(one.also) - set(named))) for one in bollards
    ]
    ways: list[Callable[[Any, list[edit.Reference]], Any]] = [
        lambda d, some: edit.pin_all(d, some, kind),
        lambda d, some: edit.unpin_all(d, some),
        lambda d, some: edit.keep_out_all(d, some, kind),
        lambda d, some: edit.let_in_all(d, some, kind),
        lambda d, some: edit.locate_all(d, some, "SE"),
        lambda d, some: edit.locate_all(d, some, None),
    ]
    for way in ways:
        document = tomlkit.parse(text)
        one_by_one = document
        for one in bollards:
            one_by_one = way(one_by_one, [one])

        together = tomlkit.dumps(way(document, bollards))

        assert tomllib.loads(together) == tomllib.loads(tomlkit.dumps(one_by_one))
        assert document.as_string() == text
        parse_curation(together, HERE)
        lines = iter(together.splitlines())
        comments = [line for line in text.splitlines() if line.startswith("#")]
        assert all(any(comment == line for line in lines) for comment in comments)


@pytest.mark.slow
def test_a_thousand_bollards_move_within_moments() -> None:
    bollards = [edit.Reference(f"{number:012x}", f"no/{number}.jpg") for number in range(1000)]

    start = time.process_time()
    document = edit.pin_all(tomlkit.document(), bollards, "white-flat")
    document = edit.unpin_all(document, bollards[:500])

    assert len(tomllib.loads(tomlkit.dumps(document))["bollards"]) == 500
    assert time.process_time() - start < 30
