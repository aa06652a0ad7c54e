"""Makes the site installable as an app: the web app manifest, and the icon as PNG.

https://www.w3.org/TR/appmanifest/
"""

import hashlib
import io
import json
from functools import partial
from pathlib import Path

from PIL import Image

from generator.catalogue import Catalogue
from generator.keep import kept, kept_at
from generator.output import Output
from generator.render.identify import ADDRESS as IDENTIFY
from generator.render.lettering import raster

# Launchers crop a maskable icon to any shape that contains the middle 80%.
_SAFE = 0.8
# Raise this when the code below gives other pixels or bytes for the same icon.
_RECIPE = 1


def write_icons(drawing: str, paper: str, out: Output, cache: Path | None = None) -> dict[str, str]:
    """Publish the icon as PNG; paths by use: "192", "512", "maskable", "apple".

    Args:
        drawing: the icon as SVG.
        paper: the colour behind it, if it needs one.
        out: the site's root.
        cache: folder that keeps the pictures between builds, or None.
    """
    sizes = {
        "192": (192, 0.86),
        "512": (512, 0.86),
        "maskable": (512, 0.7 * _SAFE),
        "apple": (180, 0.7),
    }
    published, used = {}, set()
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
    for name, (size, share) in sizes.items():
        ground = None if name in ("192", "512") else paper
        recipe = [_RECIPE, drawing, size, share, ground]
        key = hashlib.sha256(repr(recipe).encode()).hexdigest()[:16]
        file = cache / f"{key}.png" if cache else None
        used.add(kept_at(file) if file else None)
        content = kept(file, partial(_png, drawing, size, share, ground))
        published[name] = out.write_lasting(f"assets/icon-{name}.png", content)
    for path in cache.iterdir() if cache else ():
        if path not in used:
            path.unlink()
    return published


def write_manifest(
    catalogue: Catalogue, icons: dict[str, str], paper: str, has_identify: bool, out: Output
) -> None:
    """Write `manifest.webmanifest`, in the site's first language.

    Args:
        catalogue: for the title and the description.
        icons: as `write_icons` published them.
        paper: the colour of light pages.
        has_identify: whether pictures can be shared with the site for identification.
        out: the site's root.
    """
    site = catalogue.site
    content: dict[str, object] = {
        "name": site.title,
        "short_name": site.title,
        "description": site.description,
        "lang": site.language,
        "dir": site.direction,
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": paper,
        "theme_color": paper,
        "icons": [
            {"src": icons["192"], "sizes": "192x192", "type": "image/png"},
            {"src": icons["512"], "sizes": "512x512", "type": "image/png"},
            {
                "src": icons["maskable"],
                "sizes": "512x512",
                "type": "image/png",
                "purpose": "maskable",
            },
        ],
    }
    if has_identify:
        # The service worker handles this: the picture goes nowhere else.
        content["share_target"] = {
            "action": f"{IDENTIFY}?share",
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "picture", "accept": ["image/*"]}]},
        }
    out.write("manifest.webmanifest", json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _png(drawing: str, size: int, share: float, ground: str | None) -> bytes:
    content = io.BytesIO()
    _drawn(drawing, size, share, ground).save(content, "PNG", optimize=True)
    return content.getvalue()


def _drawn(drawing: str, size: int, share: float, ground: str | None) -> Image.Image:
    """The drawing, centred in a square, with this share of its height."""
    canvas = Image.new("RGBA", (size, size), ground or (0, 0, 0, 0))
    drawn = raster(drawing, height=round(size * share))
    if drawn.width > size * share:
        drawn = raster(drawing, width=round(size * share))
    canvas.alpha_composite(drawn, ((size - drawn.width) // 2, (size - drawn.height) // 2))
    return canvas
