"""Writes `_redirects`: the redirects of retired types, for the hosts that read this file.

Cloudflare Pages applies the rules before it looks for a file. GitLab Pages and Netlify look for a
file first, and find the page that redirects; so do all other hosts.
https://developers.cloudflare.com/pages/configuration/redirects/
"""

from urllib.parse import urlsplit

from generator.catalogue import Catalogue
from generator.output import Output


def write_redirects(catalogue: Catalogue, out: Output) -> None:
    """Write `_redirects` into `out`, unless no type has retired."""
    if not catalogue.moved:
        return
    # Rules match whole paths on the host, and the site may be in a folder of it.
    root = urlsplit(catalogue.site.base_url).path or "/"
    lines = [f"{root}types/{moved.id}/ {root}{moved.address} 301" for moved in catalogue.moved]
    out.write("_redirects", "\n".join(lines) + "\n")
