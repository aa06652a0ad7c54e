"""One page of each kind of a built site, found by a search, so that no new kind is forgotten."""

from pathlib import Path

# Pages below these folders are of one kind; the last ones come in a page for each item.
_ITEMS = ("types", "photos", "countries", "compare", "learn")
# Below these each step down is a kind, whatever it is called.
_STEPS = ("looks",)


def one_of_each_kind(public: Path) -> list[str]:
    """Addresses relative to the site's root, one for each kind of page, in a fixed order.

    If there is a page for each item, the longest represents all: it has the most to go wrong.
    """
    found: dict[tuple[str, ...], tuple[int, str]] = {}
    for path in sorted(public.rglob("*.html")):
        address = path.relative_to(public).as_posix().removesuffix("index.html")
        parts = tuple(part for part in address.split("/") if part)
        kind = tuple(
            "*"
            if (position and parts[position - 1] in _ITEMS)
            or any(step in _STEPS for step in parts[:position])
            else part
            for position, part in enumerate(parts)
        )
        if leads_on(path):
            kind = ("moved",)
        size = path.stat().st_size
        if kind not in found or size > found[kind][0]:
            found[kind] = (size, address)
    return [address for _, (_, address) in sorted(found.items())]


def leads_on(path: Path) -> bool:
    """Whether a page only redirects."""
    if path.is_dir():
        path /= "index.html"
    with path.open(encoding="utf-8") as file:
        return 'http-equiv="refresh"' in file.read(4096)
