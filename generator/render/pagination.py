"""Pagination: long lists of bollards, spread over pages that are small enough to load.

The page of the country or type shows the first bollards; the list's own pages show all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from generator.render.views import Group

PAGE_SIZE = 150
"""Bollards on a page; with two views each that is about 100 KB of HTML, 10 KB compressed."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a long list.

    Attributes:
        address: of this page, below the site's root.
        number: the page's number, from 1.
        addresses: of all pages of the list, in order.
        first: the position of its first bollard in the whole list, from 1.
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
        """The address of the previous page."""
        return self.addresses[self.number - 2] if self.number > 1 else None

    @property
    def after(self) -> str | None:
        """The address of the next page."""
        return self.addresses[self.number] if self.number < len(self.addresses) else None


def paginated(address: str, groups: Sequence[Group], size: int = PAGE_SIZE) -> tuple[ListPage, ...]:
    """Spread bollards over pages: `address`, `address/2/`, `address/3/`, …"""
    starts = range(0, len(groups), size)
    addresses = tuple(
        address if number == 1 else f"{address}{number}/" for number in range(1, len(starts) + 1)
    )
    return tuple(
        ListPage(
            address=addresses[number - 1],
            number=number,
            addresses=addresses,
            groups=tuple(groups[start : start + size]),
            first=start + 1,
            total=len(groups),
        )
        for number, start in enumerate(starts, start=1)
    )
