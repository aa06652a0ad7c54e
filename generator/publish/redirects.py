"""`_redirects`: where addresses of types that are gone lead, for the hosts that read it.

Cloudflare Pages follows the rules before it looks for a file; GitLab Pages and Netlify look for a
file first, and find the page that leads on. So do all other hosts.
https://developers.cloudflare.com/pages/configuration/redirects/
"""

from urllib.parse import urlsplit

from generator.catalogue import Catalogue
from generator.output import Output


def write_redirects(catalogue: Catalogue, out: Output) -> None:
    """Write `_redirects` into `out`; without a type that is gone there is none."""
    if not catalogue.moved:
        return
    # Rules are about whole paths on the host, where the site may stand below a folder.
    root = urlsplit(catalogue.site.base_url).path or "/"
    lines = [f"{root}types/{moved.id}/ {root}{moved.address} 301" for moved in catalogue.moved]
    out.write("_redirects", "\n".join(lines) + "\n")
