"""publish: checks a finished folder, then puts it in the place of the live site in one step."""

from pathlib import Path

from generator.errors import BollardsError
from generator.publish.headers import write_host_files
from generator.publish.links import broken_links, describe
from generator.publish.offline import write_service_worker
from generator.publish.redirects import write_redirects
from generator.publish.swap import make_live

__all__ = ["check", "make_live", "write_host_files", "write_redirects", "write_service_worker"]


def check(staging: Path, base_url: str) -> None:
    """Refuse a site with a broken link, picture or anchor.

    Raises:
        BollardsError: names the first broken links; the live site has not been touched.
    """
    broken = broken_links(staging, base_url)
    if broken:
        raise BollardsError(
            f"The new site has {len(broken)} broken links, so the old one stays:\n"
            f"{describe(broken)}\n"
            "  Links in notes/ are relative to the page they appear on, such as ../../countries/."
        )
