"""The owner's drawings of attributes, reduced to plain shapes.

Nothing in them can run, load or refer to anything: only elements and attributes that draw survive.
"""

import re
from xml.etree import ElementTree

from generator.config import Settings
from generator.errors import BollardsError, Problem
from generator.own.files import own_file
from generator.own_files import read_own
from generator.project import Project

_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset({"g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"})
# What editors add, and what nobody misses.
_SILENT = frozenset({"title", "desc", "metadata", "defs", "namedview"})
_PLACE = frozenset(
    {
        *("d", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "y1", "x2", "y2"),
        *("width", "height", "points", "transform", "pathLength"),
    }
)
_PAINT = frozenset(
    {
        *("fill", "fill-opacity", "fill-rule", "opacity", "color", "stroke", "stroke-dasharray"),
        *("stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity"),
        "stroke-width",
    }
)
# Numbers, letters of paths, names of colours and functions such as rotate(); no url().
_PLAIN = re.compile(r"[\w\s.,#()+%-]*", re.ASCII)
_MOST_BYTES = 100_000


def read_emblems(project: Project, settings: Settings) -> tuple[dict[str, str], list[Problem]]:
    """The drawings that site.toml names, by their path, and the problems with them.

    Each is an `<svg>` element with a `viewBox` and without a namespace. What its shapes draw in
    `currentColor` takes the colour of the type.
    """
    drawings: dict[str, str] = {}
    problems: list[Problem] = []
    for number, attribute in enumerate(settings.collection.attributes):
        for place, value in enumerate(attribute.values):
            name = value.emblem
            if not name or name in drawings:
                continue
            inner = ("collection", "attributes", str(number), "values")
            # A list of values has one line; tables have one each.
            found = own_file(project, (*inner, str(place), "emblem"), name, (".svg",))
            if isinstance(found, Problem):
                problems.append(found)
                continue
            try:
                drawings[name], left_out = sanitised(read_own(found))
            except (BollardsError, OSError) as error:
                problems.append(Problem(name, str(error), skipped=True))
                continue
            if left_out:
                reason = f"left out of the drawing: {', '.join(left_out)}. Only plain shapes stay."
                problems.append(Problem(name, reason, skipped=False))
    return drawings, problems


def sanitised(content: bytes) -> tuple[str, list[str]]:
    """A drawing as one `<svg>` element of plain shapes, and what was left out.

    Raises:
        BollardsError: it is not SVG, too large, or has no size.
    """
    if len(content) > _MOST_BYTES:
        raise BollardsError(
            f"is too large for an emblem: {len(content):,} bytes, at most {_MOST_BYTES:,}."
        )
    if b"<!ENTITY" in content or any(
        "<!ENTITY".encode(form) in content for form in ("utf-16-le", "utf-16-be")
    ):
        raise BollardsError("declares entities, which a drawing does not need. Remove them.")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314  no entities, and small
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise BollardsError(f"is not a readable SVG: {error}.") from None
    if root.tag != f"{_SVG}svg":
        raise BollardsError(f"is not an SVG: its first element is <{_local(root.tag)}>.")
    left_out: dict[str, None] = {}
    drawn = ElementTree.Element("svg", {"viewBox": _view_box(root)})
    _take(root, drawn, left_out, 0)
    if not len(drawn):
        raise BollardsError("draws nothing: it has no paths, circles or other plain shapes.")
    return ElementTree.tostring(drawn, encoding="unicode"), list(left_out)


def _take(
    source: ElementTree.Element,
    target: ElementTree.Element,
    left_out: dict[str, None],
    depth: int,
) -> None:
    for name, text in _painted(source).items():
        if name in _PAINT or (depth and name in _PLACE):
            if len(text) <= _MOST_BYTES and _PLAIN.fullmatch(text) and "url" not in text.lower():
                target.set(name, text)
            else:
                left_out[f'{name}="{text[:30]}"'] = None
        elif name.lower().startswith("on") or name.rpartition("}")[2] == "href":
            left_out[name.rpartition("}")[2]] = None
    for child in source:
        name = _local(child.tag)
        if name in _SHAPES and str(child.tag).startswith(_SVG) and depth < 40:
            _take(child, ElementTree.SubElement(target, name), left_out, depth + 1)
        elif name not in _SILENT:
            left_out[f"<{name}>"] = None


def _painted(element: ElementTree.Element) -> dict[str, str]:
    """The attributes of an element; those in `style`, as editors write them, come first."""
    said = [one.partition(":") for one in element.get("style", "").split(";")]
    style = {name.strip(): text.strip() for name, _, text in said if name.strip() in _PAINT}
    return {**element.attrib, **style}


def _view_box(root: ElementTree.Element) -> str:
    numbers = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    if len(numbers) != 4:
        sides = [re.sub(r"px$", "", root.get(side, "")) for side in ("width", "height")]
        numbers = ["0", "0", *sides]
    if not all(re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", one) for one in numbers):
        raise BollardsError('has no size. Give its <svg> a viewBox, such as "0 0 100 100".')
    if float(numbers[2]) <= 0 or float(numbers[3]) <= 0:
        raise BollardsError("has no area: its viewBox has no width or no height.")
    return " ".join(numbers)


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2] if isinstance(tag, str) else "comment"
