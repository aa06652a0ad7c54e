"""What a site must survive: kills, full disks, power cuts, damaged files, clients at once.

`python -m tests.torture` (or `make torture`) tries each as often as is asked for and prints a table
of tries and failures. `test_torture.py` runs a few tries of each part.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.torture.sites import Sites

Part = Callable[[Path, int, int], Iterator[str]]


def _builds(name: str) -> Part:
    def part(folder: Path, tries: int, seed: int) -> Iterator[str]:
        from tests.torture import builds

        yield from getattr(builds, name)(made_sites(folder.parent), folder, tries, seed)

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


PARTS: dict[str, tuple[Part, int]] = {
    "kills": (_builds("kills"), 1000),
    "full-disk": (_builds("full_disk"), 1000),
    "power-cuts": (_builds("losses"), 1000),
}
"""Each part and how many tries it has by default."""


def run(name: str, scratch: Path, tries: int | None, seed: int) -> tuple[int, list[str]]:
    """Run one part. Returns how often something was tried, and what went wrong."""
    part, usual = PARTS[name]
    folder = scratch / name
    folder.mkdir()
    outcomes = list(part(folder, tries or usual, seed))
    return len(outcomes), [wrong for wrong in outcomes if wrong]
