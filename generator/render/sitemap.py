"""sitemap.xml: every page in every language with its pictures, and robots.txt.

https://www.sitemaps.org/protocol.html,
https://developers.google.com/search/docs/crawling-indexing/sitemaps/image-sitemaps,
https://developers.google.com/search/docs/specialty/international/localized-versions#sitemap
"""

from collections.abc import Iterator, Sequence
from html import escape
from urllib.parse import urlsplit

from generator.catalogue import Catalogue
from generator.output import Output

# The protocol's limits for one file.
MOST_URLS = 50_000
MOST_BYTES = 50_000_000
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
_TAIL = "</urlset>\n"


def write_sitemap(
    catalogue: Catalogue,
    pages: Sequence[str],
    out: Output,
    most_urls: int = MOST_URLS,
    most_bytes: int = MOST_BYTES,
) -> None:
    """Write sitemap.xml, in several files if necessary, if the site's own address is known.

    A sitemap needs absolute addresses, so there is none without a base URL. A robots.txt is read at
    the root of a host only, so there is none for a site in a folder.

    Args:
        catalogue: the site in the language of its root.
        pages: the addresses of all pages of all languages, below the site's root.
        out: the site's root.
        most_urls, most_bytes: the limits of one file.
    """
    base = catalogue.site.base_url
    if not base:
        return
    files = list(_files(_entries(catalogue, pages), most_urls, most_bytes - len(_HEAD + _TAIL)))
    if len(files) == 1:
        out.write("sitemap.xml", _HEAD + files[0] + _TAIL)
    else:
        for number, body in enumerate(files, 1):
            out.write(f"sitemap-{number}.xml", _HEAD + body + _TAIL)
        parts = "".join(
            f"<sitemap><loc>{escape(base)}sitemap-{number}.xml</loc></sitemap>\n"
            for number in range(1, len(files) + 1)
        )
        out.write(
            "sitemap.xml",
            '<?xml version="1.0" encoding="utf-8"?>\n'
            '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{parts}</sitemapindex>\n",
        )
    if urlsplit(base).path == "/":
        out.write("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base}sitemap.xml\n")


def _entries(catalogue: Catalogue, pages: Sequence[str]) -> Iterator[str]:
    """One `url` element a page."""
    site = catalogue.site
    base = escape(site.base_url)
    known = set(pages)
    for address in pages:
        edition = next(
            (one for one in site.editions if one.prefix and address.startswith(one.prefix)), None
        )
        own = address.removeprefix(edition.prefix) if edition else address
        parts = [f"<url><loc>{base}{escape(address)}</loc>"]
        if len(site.editions) > 1:
            parts += [
                f'<xhtml:link rel="alternate" hreflang="{one.language}"'
                f' href="{base}{escape(one.prefix + own)}"/>'
                for one in site.editions
                if one.prefix + own in known
            ]
        pictures = (site.picture(path, site.base_url) for path in _pictures(catalogue, own))
        parts += [
            f"<image:image><image:loc>{escape(picture)}</image:loc></image:image>"
            for picture in pictures
        ]
        yield "".join([*parts, "</url>\n"])


def _pictures(catalogue: Catalogue, address: str) -> list[str]:
    """The main pictures of a page: a photo's own, and a type's most typical one."""
    kind, _, key = address.rstrip("/").partition("/")
    if kind == "photos" and key in catalogue.photo:
        return [catalogue.photo[key].pictures.photo[-1].path]
    if kind == "types" and key in catalogue.type:
        return [catalogue.photo[catalogue.type[key].representative].pictures.card[-1].path]
    return []


def _files(entries: Iterator[str], most_urls: int, most_bytes: int) -> Iterator[str]:
    """Entries combined into as many texts as the limits require."""
    held: list[str] = []
    size = 0
    for entry in entries:
        length = len(entry.encode())
        if held and (len(held) == most_urls or size + length > most_bytes):
            yield "".join(held)
            held, size = [], 0
        held.append(entry)
        size += length
    yield "".join(held)
