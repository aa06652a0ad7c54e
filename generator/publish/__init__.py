"""publish: checks a finished folder, then puts it in the place of the live site in one step."""

from collections.abc import Sequence
from pathlib import Path

from generator.errors import BollardsError
from generator.publish.headers import write_host_files
from generator.publish.links import broken_links
from generator.publish.offline import write_service_worker
from generator.publish.redirects import write_redirects
from generator.publish.swap import make_live

__all__ = [
    "broken_links",
    "check",
    "make_live",
    "refuse",
    "write_host_files",
    "write_redirects",
    "write_service_worker",
]


def check(staging: Path, base_url: str) -> None:
    """Refuse a site with a broken link, picture or anchor.

    Raises:
        BollardsError: names the first broken links; the live site has not been touched.
    """
    refuse([f"{one.page}: {one.link}" for one in broken_links(staging, base_url)])


def refuse(broken: Sequence[str], limit: int = 10) -> None:
    """Refuse a site with broken links, one a line; see `check`."""
    if not broken:
        return
    rest = f"\n  … and {len(broken) - limit} more" if len(broken) > limit else ""
    shown = "\n".join(f"  {line}" for line in broken[:limit])
    count = "1 broken link" if len(broken) == 1 else f"{len(broken)} broken links"
    hint = (
        "\n  Links in notes/ are relative to the page they appear on, such as ../../countries/."
        if any(line.startswith("notes/") for line in broken)
        else ""
    )
    raise BollardsError(f"The new site has {count}, so the old one stays:\n{shown}{rest}{hint}")
