"""What a site must survive: kills, full disks, power cuts, damaged files, clients at once.

`python -m tests.torture` (or `make torture`) tries each as often as requested and prints a table of
tries and failures. `test_torture.py` runs a few tries of each part.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.torture.sites import Sites

# So many seeds share one of a site with a `base_url`.
_WITH_ADDRESS = 4

Part = Callable[[Path, int, int], Iterator[str]]


def _of_sites(module: str, name: str) -> Part:
    def part(folder: Path, tries: int, seed: int) -> Iterator[str]:
        found = import_module(f"tests.torture.{module}")
        sites = made_sites(folder.parent, address=seed % _WITH_ADDRESS == 0)
        yield from getattr(found, name)(sites, folder, tries, seed)

    return part


def _others(module: str, name: str) -> Part:
    def part(folder: Path, tries: int, seed: int) -> Iterator[str]:
        found = import_module(f"tests.torture.{module}")
        yield from getattr(found, name)(folder, tries, seed)

    return part


@cache
def made_sites(scratch: Path, *, address: bool) -> "Sites":
    """The sites that parts work on copies of, built once."""
    from tests.torture.sites import make_sites

    preloaded()
    return make_sites(scratch / f"sites-{address}", address=address)


def preloaded() -> None:
    """Import what every build needs, once for all forks. Nothing starts a thread."""
    import hdbscan  # noqa: F401
    import onnxruntime  # noqa: F401

    import generator.build.pipeline
    import generator.recogniser.model  # noqa: F401
    from generator.collect.countries import country_codes, country_names, resolve

    resolve("Ruritania")
    for code in country_codes():
        country_names(code, ("en", "en", "de", "fr", "es"))


@dataclass(frozen=True, slots=True)
class Tries:
    """A part, and how often it is tried: by `make torture`, and by `make test`."""

    part: Part
    full: int
    short: int


PARTS = {
    "kills": Tries(_of_sites("builds", "kills"), 1000, 4),
    "full-disk": Tries(_of_sites("builds", "full_disk"), 1000, 3),
    "small-disk": Tries(_of_sites("builds", "small_disk"), 200, 1),
    "power-cuts": Tries(_of_sites("builds", "losses"), 1000, 4),
    "pictures": Tries(_of_sites("damage", "pictures"), 2000, 50),
    "texts": Tries(_of_sites("damage", "texts"), 1000, 12),
    "caches": Tries(_of_sites("damage", "caches"), 1000, 4),
    "models": Tries(_others("models", "models"), 1000, 8),
    "machines": Tries(_of_sites("machines", "machines"), 20, 1),
    "reviews": Tries(_of_sites("reviews", "two_windows"), 2000, 100),
    "deploys-folder": Tries(_others("deploys", "folders"), 200, 4),
    "deploys-branch": Tries(_others("deploys", "branches"), 150, 4),
    "deploys-bucket": Tries(_others("deploys", "buckets"), 150, 3),
}


@dataclass(frozen=True, slots=True)
class Count:
    """How often a part was tried with a seed, and what went wrong."""

    part: str
    seed: int
    tries: int
    failures: tuple[str, ...]
    seconds: float


def run(name: str, scratch: Path, tries: int, seed: int) -> Count:
    """Run one part. The tries of an interrupted run count too."""
    folder = scratch / f"{name}-{seed}"
    folder.mkdir()
    begun, made, failures = time.monotonic(), 0, []
    try:
        for outcome in PARTS[name].part(folder, tries, seed):
            made += 1
            failures += [outcome] if outcome else []
    except KeyboardInterrupt:
        pass
    if not failures:
        shutil.rmtree(folder, ignore_errors=True)
    return Count(name, seed, made, tuple(failures), time.monotonic() - begun)
