"""Reads the owner's TOML files, and explains their mistakes."""

import difflib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from generator.characters import forbidden_in
from generator.errors import BollardsError
from generator.own_files import read_own_text


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of one of the owner's TOML files.

    Raises:
        FileNotFoundError: there is no such file.
        BollardsError: it cannot be read, is not UTF-8 or is not TOML; the message gives the line.
    """
    try:
        # Editors on Windows put a byte order mark first, which TOML does not allow.
        text = read_own_text(path)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BollardsError(f"{path}: cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError as error:
        raise BollardsError(
            f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8."
        ) from None
    return parse_toml(text, path)


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """The tables of a TOML text; messages call it `path`.

    Raises:
        BollardsError: it is not TOML (the message gives the line), or a text contains characters
            that no page, feed or file may contain.
    """
    try:
        return _printable(tomllib.loads(text), path)
    except tomllib.TOMLDecodeError as error:
        raise BollardsError(
            f"{path}: not valid TOML: {error}{_where_it_began(text, str(error))}."
            " A table may contain each key once, the file each table once; text needs quotes."
        ) from None
    except RecursionError:
        raise BollardsError(f"{path}: not valid TOML: nested too deeply.") from None
    except ValueError:  # Python's limit for the digits of an integer
        raise BollardsError(f"{path}: not valid TOML: a number has too many digits.") from None


_TOKEN = re.compile(
    r"""(?P<long>\"{3}|'{3})|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*|(?P<bracket>[\[\]{}])"""
)


def _where_it_began(text: str, error: str) -> str:
    """For an error at the end of the document, the line of what is still open there, or of its
    last value."""
    if "at end of document" not in error:
        return ""
    opened: list[tuple[int, str]] = []
    at = 0
    while found := _TOKEN.search(text, at):
        at = found.end()
        if quotes := found["long"]:
            end = text.find(quotes, at)
            if end < 0:
                opened.append((found.start(), quotes))
                break
            at = end + len(quotes)
        elif found["bracket"] in ("[", "{"):
            opened.append((found.start(), found["bracket"]))
        elif found["bracket"] and opened:
            opened.pop()
    if opened:
        start, what = opened[-1]
        return f"; the {what} of line {text.count(chr(10), 0, start) + 1} is not closed"
    return f"; look at line {text.rstrip().count(chr(10)) + 1}"


# File names may contain any character; they are only compared.
_NAMES_OF_FILES = ("photos", "files", "bollards")


def _printable(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """The same tables, if all texts can be displayed. The schema checks the keys."""
    found: list[str] = []

    def look(value: Any, location: tuple[str | int, ...]) -> None:
        if isinstance(value, str) and (character := forbidden_in(value)):
            found.append(f"{_dotted(location)}: expected a text without control characters;")
            found[-1] += f" found {character}. Remove it."
        elif isinstance(value, list) and location[-1] not in _NAMES_OF_FILES:
            for index, item in enumerate(value):
                look(item, (*location, index))
        elif isinstance(value, dict):
            for key, item in value.items():
                look(item, (*location, key))

    look(data, ())
    if found:
        raise BollardsError("\n  ".join([f"{path}: texts that cannot be shown.", *found]))
    return data


def explained(error: ValidationError, model: type[BaseModel], text: str | None = None) -> list[str]:
    """One line for each problem found by `model`: the key, what was expected, what was found.

    With the `text` of the file, each ends with the line of its key.
    """
    said = [_explain(detail, model) for detail in error.errors()]
    if text is None:
        return said
    return [f"{one}{line}" for one, line in zip(said, lines_in(error, text), strict=True)]


def lines_in(error: ValidationError, text: str) -> list[str]:
    """For each problem " (line 3)", by its key in the text of the file, or ""."""
    lines = [line_of(text, [str(part) for part in _at(detail)]) for detail in error.errors()]
    return [f" (line {line})" if line else "" for line in lines]


def _at(detail: ErrorDetails) -> tuple[str | int, ...]:
    """The key of a problem. One that two tables make together may name the key to change."""
    return tuple(detail.get("ctx", {}).get("at", detail["loc"]))


_ASSIGNED = re.compile(
    r"""\s*(?P<key>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*[=:]"""
)
_HEADING = re.compile(r"\s*(?P<opening>\[\[?)\s*(?P<key>[^\]]+?)\s*\]")
_PART = re.compile(r"""([\w-]+)|"([^"]*)"|'([^']*)'""")


def line_of(text: str, key: Sequence[str]) -> int:
    """The line, from 1, on which a TOML text gives a key, or its table; 0 if none does.

    A key inside of a value, such as that of an inline table, has the line of the value. The tables
    of an array, `[[menu.main]]`, are numbered from 0: the key continues with the number.
    """
    best, length = 0, 0
    table: list[str] = []
    counts: Counter[tuple[str, ...]] = Counter()
    for number, line in enumerate(text.split("\n"), 1):
        if heading := _HEADING.match(line):
            table = _numbered(_parts(heading["key"]), counts, begins=heading["opening"] == "[[")
            path = table
        elif assigned := _ASSIGNED.match(line):
            path = [*table, *_parts(assigned["key"])]
        else:
            continue
        shared = len(path) if list(key[: len(path)]) == path else 0
        if shared > length:
            best, length = number, shared
    return best


def _numbered(key: Sequence[str], counts: Counter[tuple[str, ...]], *, begins: bool) -> list[str]:
    """The key of a heading, with the number of the present table after the name of each array.

    Args:
        key: the names in the heading.
        counts: how many tables of each array there were so far; `begins` adds one.
        begins: whether the heading begins a table of an array.
    """
    path: list[str] = []
    for position, name in enumerate(key, 1):
        path.append(name)
        if begins and position == len(key):
            counts[tuple(path)] += 1
        if number := counts[tuple(path)]:
            path.append(str(number - 1))
    return path


def _parts(dotted: str) -> list[str]:
    return ["".join(part) for part in _PART.findall(dotted)]


def _explain(detail: ErrorDetails, model: type[BaseModel]) -> str:
    location = _at(detail)
    key = _dotted(location)
    kind = detail["type"]
    if kind == "extra_forbidden":
        return f"{key}: no such key.{_nearest(location, model)}"
    if kind == "missing":
        return f"{key}: missing, and needed."
    context = detail.get("ctx", {})
    found = context.get("found", detail["input"])
    nearest = ""
    if kind == "literal_error":
        valid = re.findall(r"'([^']+)'", context["expected"])
        expected = "one of " + ", ".join(f'"{value}"' for value in valid)
        if isinstance(found, str):
            nearest = _did_you_mean(found, valid, '"')
    elif kind == "hinted":
        expected, nearest = context["expected"], context["hint"]
    elif kind == "value_error":
        expected = str(context["error"])
    elif kind == "string_pattern_mismatch":
        expected = 'a language tag such as "en" or "pt-BR"'
        nearest = _language(str(found))
    elif kind == "greater_than":
        expected = f"more than {context['gt']:g}"
    elif kind == "greater_than_equal":
        expected = f"at least {context['ge']:g}"
    elif kind == "less_than_equal":
        expected = f"at most {context['le']:g}"
    elif kind == "string_too_short":
        expected = "a text that is not empty"
    elif kind in ("model_type", "dict_type", "mapping_type"):
        expected = f"a table: [{key}]"
    else:
        expected = _EXPECTED.get(kind) or re.sub(r"^Input should be (a valid )?", "", detail["msg"])
    return f"{key}: expected {expected}; found {_shown(found)}.{nearest}"


_EXPECTED = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
}


# Less similar suggestions confuse more than they help.
_ALIKE = 0.6


def _dotted(location: Sequence[str | int]) -> str:
    """("pictures", "widths", 0) as the owner would write it: pictures.widths[0]."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            # Keys that need quotes in TOML are shown in quotes.
            word = part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else json.dumps(part)
            text += f".{word}" if text else word
    return text


def _shown(value: Any) -> str:
    """A simple value as TOML writes it, cut to a length that fits on a line."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _nearest(location: Sequence[str | int], model: type[BaseModel]) -> str:
    """Suggest a valid key for a misspelt or misplaced one."""
    here = model
    for part in location[:-1]:
        if isinstance(part, int):
            continue
        inner = _section(here, part)
        if inner is None:
            # The keys of a table such as [types.ID] are free, so there is no nearest valid key.
            return ""
        here = inner
    wrong = str(location[-1])
    own = _keys(here)
    # This table's keys come first, so that they win a tie.
    candidates: list[tuple[str, str]] = [(key, "") for key in own]
    for section in model.model_fields:
        inner = _section(model, section)
        if inner is not None and inner is not here:
            candidates += [(key, section) for key in _keys(inner)]

    def similarity(candidate: tuple[str, str]) -> float:
        return difflib.SequenceMatcher(None, wrong.lower(), candidate[0]).ratio()

    best, section = max(candidates, key=similarity)
    if similarity((best, section)) < _ALIKE:
        return f" Valid here: {', '.join(own)}."
    if best == wrong:
        return f" It belongs under [{section}]."
    if section:
        return f" Did you mean {best} under [{section}]?"
    is_table = _section(here, best) is not None or (here is model and _is_mapping(here, best))
    return f" Did you mean {f'[{best}]' if is_table else best}?"


def _keys(model: type[BaseModel]) -> list[str]:
    """The keys of a table, as the owner writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _section(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The model of a key's table, or of the tables in its array."""
    annotation = model.model_fields[name].annotation if name in model.model_fields else None
    while get_origin(annotation) in (tuple, Annotated):
        annotation = get_args(annotation)[0]
    return (
        annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    )


def _is_mapping(model: type[BaseModel], name: str) -> bool:
    origin = get_origin(model.model_fields[name].annotation)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _did_you_mean(wrong: str, valid: list[str], quote: str = "") -> str:
    match = difflib.get_close_matches(wrong.lower(), valid, n=1, cutoff=0.5)
    return f" Did you mean {quote}{match[0]}{quote}?" if match else ""


def _language(name: str) -> str:
    """The tag of a language by its name: "german", "Deutsch"."""
    from babel import Locale

    tags = {str(own).lower(): tag for tag, own in Locale("en").languages.items()}
    for tag in ("de", "fr", "es"):
        tags[str(Locale(tag).display_name).lower()] = tag
    match = difflib.get_close_matches(name.lower(), tags, n=1, cutoff=0.8)
    return f' Did you mean "{tags[match[0]]}"?' if match else ""
