"""The owner's TOML files as tables, and their mistakes in the owner's words."""

import difflib
import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from generator.characters import forbidden_in
from generator.errors import BollardsError


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of one of the owner's TOML files.

    Raises:
        FileNotFoundError: there is no such file.
        BollardsError: it cannot be read, is not UTF-8 or is not TOML; says in which line.
    """
    try:
        # Editors on Windows put a byte order mark first, which TOML knows nothing of.
        text = path.read_text(encoding="utf-8-sig")
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
    """The tables of a TOML text; `path` is what messages call it.

    Raises:
        BollardsError: it is not TOML, and says in which line; or a text holds characters that no
            page, feed or file may hold.
    """
    try:
        return _printable(tomllib.loads(text), path)
    except tomllib.TOMLDecodeError as error:
        raise BollardsError(
            f"{path}: not valid TOML: {error}."
            " A table may contain each key once, the file each table once; text needs quotes."
        ) from None
    except RecursionError:
        raise BollardsError(f"{path}: not valid TOML: nested too deeply.") from None


# Files may be called anything; what they are called is only compared.
_NAMES_OF_FILES = ("photos", "files", "bollards")


def _printable(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """The same, if all texts can be shown. Keys are held by their schema."""
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


def explained(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """One line for each problem that `model` found: the key, what was expected, what was found."""
    return [_explain(detail, model) for detail in error.errors()]


def _explain(detail: ErrorDetails, model: type[BaseModel]) -> str:
    location = detail["loc"]
    key = _dotted(location)
    kind = detail["type"]
    if kind == "extra_forbidden":
        return f"{key}: no such key.{_nearest(location, model)}"
    if kind == "missing":
        return f"{key}: missing, and needed."
    context = detail.get("ctx", {})
    found = detail["input"]
    nearest = ""
    if kind == "literal_error":
        valid = re.findall(r"'([^']+)'", context["expected"])
        expected = "one of " + ", ".join(f'"{value}"' for value in valid)
        if isinstance(found, str):
            nearest = _did_you_mean(found, valid, '"')
    elif kind == "not_installed":
        expected, nearest = context["expected"], f" {context['hint']}"
    elif kind == "value_error":
        expected = str(context["error"])
    elif kind == "string_pattern_mismatch":
        expected = {
            "language": 'a language tag such as "en" or "pt-BR"',
        }.get(str(location[-1]), 'a colour such as "#b3261e"')
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


# Below this likeness, a suggestion confuses more than it helps.
_ALIKE = 0.6


def _dotted(location: Sequence[str | int]) -> str:
    """("pictures", "widths", 0) as the owner would say it: pictures.widths[0]."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            # Keys that TOML itself would want in quotes are shown in quotes.
            word = part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else json.dumps(part)
            text += f".{word}" if text else word
    return text


def _shown(value: Any) -> str:
    """A value as TOML writes it, where it is simple, cut to a length that fits on a line."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = str(value)
    return text if len(text) <= 60 else text[:59] + "…"


def _nearest(location: Sequence[str | int], model: type[BaseModel]) -> str:
    """Suggest a valid key for a misspelt or misplaced one."""
    here = model
    for part in location[:-1]:
        inner = _section(here, str(part))
        if inner is None:
            # A table of many, such as [types.ID]: its entries have no nearest names to offer.
            return ""
        here = inner
    wrong = str(location[-1])
    own = _keys(here)
    # The names of this table come first, so that they win a tie.
    candidates: list[tuple[str, str]] = [(key, "") for key in own]
    for section in model.model_fields:
        inner = _section(model, section)
        if inner is not None and inner is not here:
            candidates += [(key, section) for key in _keys(inner)]

    def likeness(candidate: tuple[str, str]) -> float:
        return difflib.SequenceMatcher(None, wrong.lower(), candidate[0]).ratio()

    best, section = max(candidates, key=likeness)
    if likeness((best, section)) < _ALIKE:
        return f" Valid here: {', '.join(own)}."
    if best == wrong:
        return f" It belongs under [{section}]."
    if section:
        return f" Did you mean {best} under [{section}]?"
    return f" Did you mean {best if here is not model else f'[{best}]'}?"


def _keys(model: type[BaseModel]) -> list[str]:
    """The keys of a table, as the owner writes them."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _section(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    annotation = model.model_fields[name].annotation if name in model.model_fields else None
    return (
        annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    )


def _did_you_mean(wrong: str, valid: list[str], quote: str = "") -> str:
    match = difflib.get_close_matches(wrong.lower(), valid, n=1, cutoff=0.5)
    return f" Did you mean {quote}{match[0]}{quote}?" if match else ""
