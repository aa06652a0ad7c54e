"""Long lists of bollards, dealt out over pages, so that no page is too large to load.

The first of them stand on the page of the country or type itself; all of them, from the first,
stand on sheets of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.render.views import Group

SHEET = 150
"""Bollards on a sheet; with two views each that is about 100 KB of HTML, 10 KB compressed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a long list.

    Attributes:
        address: of this page, below the site's root.
        number: its place among its like, from 1.
        addresses: of all of them, in order.
        first: the place of its first bollard in the whole list, from 1.
        total: bollards in the whole list.
    """

    address: str
    number: int
    addresses: tuple[str, ...]
    groups: tuple[Group, ...]
    first: int
    total: int

    @property
    def last(self) -> int:
        return self.first + len(self.groups) - 1

    @property
    def before(self) -> str | None:
        """The address of the sheet before this one."""
        return self.addresses[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> str | None:
        """The address of the sheet after this one."""
        return self.addresses[self.number] if self.number < len(self.addresses) else None


def sheets(address: str, groups: Sequence[Group], size: int = SHEET) -> tuple[Sheet, ...]:
    """Deal bollards out over pages: `address`, `address/2/`, `address/3/`, …"""
    starts = range(0, len(groups), size)
    addresses = tuple(
        address if number == 1 else f"{address}{number}/" for number in range(1, len(starts) + 1)
    )
    return tuple(
        Sheet(
            address=addresses[number - 1],
            number=number,
            addresses=addresses,
            groups=tuple(groups[start : start + size]),
            first=start + 1,
            total=len(groups),
        )
        for number, start in enumerate(starts, start=1)
    )
