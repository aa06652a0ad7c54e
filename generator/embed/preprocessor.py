"""Checks a `preprocessor_config.json` before any picture is prepared by it."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator.errors import BollardsError

_LARGEST_FILE = 1_000_000
# The largest vision encoders take about 1,000 px; a square of this side takes 50 MB as float32.
_LARGEST_SIDE = 2048
_SIDES = ("size", "crop_size", "pad_size", "input_size", "image_size")
_STATISTICS = ("image_mean", "image_std")
_NUMBERS = ("rescale_factor", "crop_pct")
# Pillow's resampling filters: https://pillow.readthedocs.io/en/stable/reference/Image.html
_FILTERS = range(6)


def check_preparation(path: Path) -> None:
    """Make sure that sizes, shapes and types of a preparation are those of a vision encoder's.

    Args:
        path: the file, as transformers writes it; keys that are not known here are left to it.

    Raises:
        BollardsError: it is not a JSON object, or a value has a wrong type, a wrong number of
        entries
            or an absurd size; all problems are listed.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise BollardsError(
                f"{path}: expected at most 1 MB; found {path.stat().st_size / 1e6:.1f} MB. Take the"
                " file that belongs to the model."
            )
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BollardsError(f"{path}: cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise BollardsError(f"{path}: not valid JSON: {str(error)[:200]}.") from None
    if not isinstance(config, dict):
        raise BollardsError(f"{path}: expected a JSON object; found {_shown(config)}.")
    problems = list(_problems(config))
    if problems:
        raise BollardsError(
            f"{path}: pictures cannot be prepared by it. Take the file that belongs to the model.\n"
            + "\n".join(f"  {problem}" for problem in problems[:10])
        )


def _problems(config: dict[str, Any]) -> Iterator[str]:
    for key, value in config.items():
        if value is None:
            continue
        if key in _SIDES and not _is_size(value):
            expected = f"sides from 1 to {_LARGEST_SIDE} px"
        elif key in _STATISTICS and not _is_statistics(value, positive=key == "image_std"):
            expected = "one or three numbers, for deviations above 0"
        elif key in _NUMBERS and not (_is_number(value) and 0 < value <= _LARGEST_SIDE):
            expected = "a number above 0"
        elif key == "resample" and not (type(value) is int and value in _FILTERS):
            expected = "the number of a filter, 0 to 5"
        elif key.startswith("do_") and not isinstance(value, bool):
            expected = "true or false"
        else:
            continue
        yield f"{key}: expected {expected}; found {_shown(value)}"


def _is_size(value: Any) -> bool:
    """A side, a list of two or three, or sides by name ("height", "shortest_edge")."""
    if isinstance(value, dict):
        sides = [side for side in value.values() if side is not None]
        return bool(sides) and all(_is_side(side) for side in sides)
    if isinstance(value, list):
        return 1 <= len(value) <= 3 and all(_is_side(side) for side in value)
    return _is_side(value)


def _is_side(value: Any) -> bool:
    return type(value) is int and 1 <= value <= _LARGEST_SIDE


def _is_statistics(value: Any, *, positive: bool) -> bool:
    listed = value if isinstance(value, list) else [value]
    return len(listed) in (1, 3) and all(
        _is_number(number) and abs(number) <= 1000 and not (positive and number <= 0)
        for number in listed
    )


def _is_number(value: Any) -> bool:
    # A whole number is finite; isfinite cannot take one that is too large for a float.
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _shown(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
