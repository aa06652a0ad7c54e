"""What installs the site as an app: the web app manifest, and the icon as PNG.

https://www.w3.org/TR/appmanifest/
"""

import io
import json
import re
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageDraw

from generator.catalogue import Catalogue
from generator.output import Output
from generator.render.identify import ADDRESS as IDENTIFY

PAPER = "#f6f6f2"
# Launchers cut a maskable icon to any shape that holds the middle 80%.
_SAFE = 0.8
_FINE = 4
_STEP = re.compile(r"([MLHVZmlhvz])|(-?\d*\.?\d+)")


def write_icons(icon: Path, out: Output) -> dict[str, str]:
    """Publish the emblem as PNG; paths by use: "192", "512", "maskable", "apple"."""
    drawing = ElementTree.parse(icon).getroot()  # noqa: S314 - the program's own file
    sizes = {
        "192": (192, 0.86),
        "512": (512, 0.86),
        "maskable": (512, 0.7 * _SAFE),
        "apple": (180, 0.7),
    }
    published = {}
    for name, (size, share) in sizes.items():
        ground = None if name in ("192", "512") else PAPER
        content = io.BytesIO()
        _drawn(drawing, size, share, ground).save(content, "PNG", optimize=True)
        published[name] = out.write_lasting(f"assets/icon-{name}.png", content.getvalue())
    return published


def write_manifest(
    catalogue: Catalogue, icons: dict[str, str], has_identify: bool, out: Output
) -> None:
    """Write `manifest.webmanifest`, in the site's first language.

    Args:
        catalogue: whose title and description it bears.
        icons: as `write_icons` published them.
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
        "background_color": PAPER,
        "theme_color": PAPER,
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
        # Answered by the service worker: the picture goes nowhere else.
        content["share_target"] = {
            "action": f"{IDENTIFY}?share",
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "picture", "accept": ["image/*"]}]},
        }
    out.write("manifest.webmanifest", json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _drawn(
    drawing: ElementTree.Element, size: int, share: float, ground: str | None
) -> Image.Image:
    """The drawing, as high as this share of a square, in its middle."""
    left, top, width, height = map(float, drawing.attrib["viewBox"].split())
    fine = size * _FINE
    scale = fine * share / max(width, height)
    x0 = (fine - width * scale) / 2 - left * scale
    y0 = (fine - height * scale) / 2 - top * scale
    canvas = Image.new("RGBA", (fine, fine), ground or (0, 0, 0, 0))
    draw = ImageDraw.Draw(canvas)
    for path in drawing.iter("{http://www.w3.org/2000/svg}path"):
        for outline in _outlines(path.attrib["d"]):
            points = [(x0 + x * scale, y0 + y * scale) for x, y in outline]
            draw.polygon(points, fill=path.get("fill", "#000"))
            if stroke := path.get("stroke"):
                wide = round(float(path.get("stroke-width", "1")) * scale)
                # Once around and one side further, so that every corner is round.
                draw.line([*points, *points[:2]], fill=stroke, width=wide, joint="curve")
    return canvas.reduce(_FINE)


def _outlines(text: str) -> list[list[tuple[float, float]]]:
    """The closed outlines of a path of straight lines (SVG 2, 9.3): M, L, H, V and Z.

    Raises:
        ValueError: there is something else in it.
    """
    if _STEP.sub("", text).strip(" ,\n"):
        raise ValueError(f"only straight lines can be drawn: {text!r}")
    outlines: list[list[tuple[float, float]]] = []
    x = y = 0.0
    command, numbers = (
        "",
        [float(found[2]) if found[2] else found[1] for found in _STEP.finditer(text)],
    )
    place = 0
    while place < len(numbers):
        found = numbers[place]
        if isinstance(found, str):
            command, place = found, place + 1
            if command in "Zz":
                x, y = outlines[-1][0]
            continue
        base_x, base_y = (x, y) if command.islower() else (0.0, 0.0)
        if command in "Hh":
            x = base_x + found
        elif command in "Vv":
            y = base_y + found
        else:
            x, y = base_x + found, base_y + float(numbers[place + 1])
            place += 1
        place += 1
        if command in "Mm":
            outlines.append([])
            # Further pairs after a "move to" are lines.
            command = "l" if command == "m" else "L"
        outlines[-1].append((x, y))
    return outlines
