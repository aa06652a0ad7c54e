"""What a site must survive: kills, full disks, power cuts, damaged files, clients at once.

`python -m tests.torture` (or `make torture`) tries each as often as is asked for and prints a table
of tries and failures. `test_torture.py` runs a few tries of each part.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.torture.sites import Sites

Part = Callable[[Path, int, int], Iterator[str]]


def _of_sites(module: str, name: str) -> Part:
    def part(folder: Path, tries: int, seed: int) -> Iterator[str]:
        found = import_module(f"tests.torture.{module}")
        yield from getattr(found, name)(made_sites(folder.parent), folder, tries, seed)

    return part


def _others(module: str, name: str) -> Part:
    def part(folder: Path, tries: int, seed: int) -> Iterator[str]:
        found = import_module(f"tests.torture.{module}")
        yield from getattr(found, name)(folder, tries, seed)

    return part


@cache
def made_sites(scratch: Path) -> "Sites":
    """The sites that parts work on copies of, built once."""
    from tests.torture.sites import make_sites

    preloaded()
    return make_sites(scratch / "sites")


def preloaded() -> None:
    """Import what every build needs, once for all forks. Nothing starts a thread."""
    import hdbscan  # noqa: F401
    import onnxruntime  # noqa: F401

    import generator.build.pipeline
    import generator.recogniser.model  # noqa: F401
    from generator.collect.countries import country_codes, country_names, resolve

    resolve("Ruritania")
    for code in country_codes():
        country_names(code, ("en",))


@dataclass(frozen=True, slots=True)
class Tries:
    """A part, and how often it is tried: by `make torture`, and by `make test`."""

    part: Part
    full: int
    short: int


PARTS = {
    "kills": Tries(_of_sites("builds", "kills"), 1000, 4),
    "full-disk": Tries(_of_sites("builds", "full_disk"), 1000, 3),
    "power-cuts": Tries(_of_sites("builds", "losses"), 1000, 4),
    "pictures": Tries(_of_sites("damage", "pictures"), 2000, 50),
    "texts": Tries(_of_sites("damage", "texts"), 1000, 12),
    "caches": Tries(_of_sites("damage", "caches"), 1000, 4),
    "reviews": Tries(_of_sites("reviews", "two_windows"), 2000, 100),
    "deploys-folder": Tries(_others("deploys", "folders"), 200, 4),
    "deploys-branch": Tries(_others("deploys", "branches"), 150, 4),
    "deploys-bucket": Tries(_others("deploys", "buckets"), 150, 3),
}


def run(name: str, scratch: Path, tries: int, seed: int) -> tuple[int, list[str]]:
    """Run one part. Returns how often something was tried, and what went wrong."""
    folder = scratch / name
    folder.mkdir()
    outcomes = list(PARTS[name].part(folder, tries, seed))
    return len(outcomes), [wrong for wrong in outcomes if wrong]
