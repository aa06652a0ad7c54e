"""Keeps the names by which countries are searched, which depend on the program alone.

To look up those of 250 countries takes a tenth of a build in which only words have changed.
"""

import contextlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from generator.collect.countries import country_codes, country_names
from generator.keep import DamagedError, read_checked, write_checked
from generator.render.program_digest import program_digest


def kept_names(languages: tuple[str, ...], kept: Path) -> Mapping[str, tuple[str, ...]]:
    """The result of `country_names` for every country, by code.

    Args:
        languages: as `country_names` takes them.
        kept: a file in the cache folder; only a shortcut.
    """
    key = [program_digest(), version("pycountry"), *languages]
    with contextlib.suppress(OSError, DamagedError, ValueError, KeyError, TypeError):
        known = json.loads(read_checked(kept))
        if known["key"] == key:
            return {code: tuple(names) for code, names in known["names"].items()}
    found = {code: country_names(code, languages) for code in country_codes()}
    write_checked(kept, json.dumps({"key": key, "names": found}).encode())
    return found
