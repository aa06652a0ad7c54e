"""Pictograms: a post drawn from its attributes, small enough for a line of text.

An upright SVG of 24 by 40 units: a silhouette for the form, filled with the body's colour, the
marking over it, a reflector, and a thin outline. The outline's grey has a contrast of three to one
against white and against near black, so that the same drawing serves light and dark pages.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.catalogue import Trait
from generator.vocabulary import SURE

WIDTH, HEIGHT = 24, 40

# An uncertain marking is left out, as in a type's name. Form and body are always drawn, since there
# must be something to draw it on.

COLOURS: Mapping[str, str] = {
    "white": "#ffffff",
    "grey": "#a3a9ad",
    "black": "#22262a",
    "orange": "#f2a31b",
    "red": "#d2281e",
    "green": "#2b8a4a",
    "blue": "#2763bd",
    "brown": "#835a3a",
}
"""Colours by the recogniser's words; orange also represents yellow and is between the two."""

# The colour of a marking that has the body's own colour.
_SECOND: Mapping[str, str] = {
    "white": "#d3d7d9",
    "grey": "#7a8186",
    "black": "#575e64",
    "orange": "#e0700f",
    "red": "#8f140d",
    "green": "#17592c",
    "blue": "#143c7a",
    "brown": "#573821",
}
_NEUTRAL = "#c3c8cb"
_UNSURE = "#858c91"
_LINE = "#687077"
_SEVERAL = (COLOURS["red"], COLOURS["orange"], COLOURS["blue"])


@dataclass(frozen=True, slots=True)
class _Form:
    """A silhouette.

    Attributes:
        outline: path of the area with the body's colour and the marking.
        left, top, right, bottom: the area of that path that markings fill.
        behind: path of the part behind it, in the body's colour.
        shade: path of its shaded side.
        before: (path, colour) of the part in front of it.
        slope: how far edges of bands rise from left to right, for a post with a slanted top.
    """

    outline: str
    left: float
    top: float
    right: float
    bottom: float
    behind: str = ""
    shade: str = ""
    before: tuple[tuple[str, str], ...] = ()
    slope: float = 0.0


_FORMS: Mapping[str, _Form] = {
    "flat": _Form("M8.5 5 15.5 2.5V38.5H8.5Z", 8.5, 2.5, 15.5, 38.5, slope=2.5),
    "round": _Form(
        "M7.5 5.5C7.5 1 16.5 1 16.5 5.5V37C16.5 39 7.5 39 7.5 37Z",
        7.5, 2, 16.5, 38.5, shade="M13.7 2V39H16.5V4Z",
    ),
    "drum": _Form(
        "M4 10C4 7 20 7 20 10V36C20 39.2 4 39.2 4 36Z", 4, 7.8, 20, 38.4,
        shade="M15.5 8V39H20V8.5Z",
    ),
    "pole": _Form("M10.2 2.5Q12 .4 13.8 2.5V38.5H10.2Z", 10.2, 1.5, 13.8, 38.5),
    "polepost": _Form(
        "M8 18.5H16V38.5H8Z", 8, 18.5, 16, 38.5, behind="M11 1.5H13V18.5H11Z"
    ),
    "paddle": _Form(
        "M7.5 3.5Q7.5 2 9 2H15Q16.5 2 16.5 3.5V16Q16.5 17.5 15 17.5H9Q7.5 17.5 "
        "7.5 16Z",
        7.5, 2, 16.5, 17.5, behind="M11 17H13V38.5H11Z",
    ),
    "square": _Form(
        "M6.5 6 9.5 3H14.5L17.5 6V38.5H6.5Z", 6.5, 3, 17.5, 38.5,
        shade="M13.3 6 14.5 3 17.5 6V38.5H13.3Z",
    ),
    "block": _Form(
        "M6 20.5Q6.2 19 7.5 19H16.5Q17.8 19 18 20.5L21.5 38.5H2.5Z", 2.5, 19, 21.5, 38.5,
        shade="M15.5 19H18L21.5 38.5H17.3Z",
    ),
    "sign": _Form(
        "M5 4Q5 2 7 2H17Q19 2 19 4V35.5H5Z", 5, 2, 19, 35.5,
        before=(("M3.5 35.5H20.5V38.5H3.5Z", "#474d52"),),
    ),
    "ornament": _Form(
        "M12 1.5A2.6 2.6 0 0 1 13.7 6L15.5 7.5V10H14.7L15.8 31H17.5V34.5H18.5V38.5"
        "H5.5V34.5H6.5V31H8.2L9.3 10H8.5V7.5L10.3 6A2.6 2.6 0 0 1 12 1.5Z",
        5.5, 1.5, 18.5, 38.5, shade="M13.3 10 14.2 38.5H18.5V31H15.8L14.7 10Z",
    ),
    "rail": _Form(
        "M8.5 3H15.5V30H8.5Z", 8.5, 3, 15.5, 27,
        before=(
            ("M1 26.5H23V29.3L22.3 30.3 23 31.3V34H1V31.3L1.7 30.3 1 29.3Z", "#b4babe"),
        ),
        behind="M10.5 34H13.5V38.5H10.5Z",
    ),
    "arm": _Form(
        "M6 1.5H20.5V4.5H9V38.5H6Z", 6, 1.5, 9, 38.5,
    ),
}  # fmt: skip


def pictogram(attributes: Mapping[str, Trait]) -> str:
    """Draw a post.

    Args:
        attributes: what is known about it: form, body, pattern, accent and reflector, in the words
            of the recogniser's vocabulary. Missing or unknown values are drawn plainly.

    Returns:
        A whole SVG document of 24 by 40 units, the same for the same attributes. It can also be
        inlined in a page: its ids are unique to it.
    """

    def told(name: str, least: float = SURE) -> str:
        trait = attributes.get(name)
        return trait.value if trait is not None and trait.confidence >= least else ""

    name = told("form", 0.0)
    form = _FORMS.get(name, _FORMS["flat"])
    body = told("body", 0.0)
    paint = COLOURS.get(body, _NEUTRAL)
    pattern = told("pattern")
    accents = _accents(told("accent"), body)
    over = ""
    stick = paint
    if name == "paddle":
        # The word "paddle" names the stick; the plate carries the marking.
        plate = {"plate": accents[0], "chevron": COLOURS["white"], "face": accents[0]}
        paint = plate.get(pattern, paint)
        pattern = "" if pattern in ("plate", "face") else pattern
    drawn = "".join(_marking(pattern, form, accents))
    if pattern == "plate" and name != "paddle":
        over += _plate(form, accents[0])
    if pattern == "face":
        over += _face(name, form, accents[0])
    over += _reflector(told("reflector"), name, pattern, form)
    return _document(form, paint, stick, drawn, over)


def _document(form: _Form, paint: str, stick: str, marking: str, over: str) -> str:
    clipped = marking
    if form.shade:
        clipped += f'<path fill="#000" fill-opacity=".14" d="{form.shade}"/>'
    if clipped:
        looks = "".join((form.outline, paint, stick, clipped, over))
        own = f"c{hashlib.sha256(looks.encode()).hexdigest()[:6]}"
        clipped = (
            f'<clipPath id="{own}"><path d="{form.outline}"/></clipPath>'
            f'<g clip-path="url(#{own})">{clipped}</g>'
        )
    line = f'stroke="{_LINE}" stroke-width="1.1" stroke-linejoin="round"'
    behind = f'<path fill="{stick}" {line} d="{form.behind}"/>' if form.behind else ""
    before = "".join(f'<path fill="{fill}" {line} d="{d}"/>' for d, fill in form.before)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}">{behind}'
        f'<path fill="{paint}" d="{form.outline}"/>{clipped}'
        f'<path fill="none" {line} d="{form.outline}"/>{over}{before}</svg>\n'
    )


def _accents(accent: str, body: str) -> tuple[str, ...]:
    """The colours of a marking: one, or three if it has several."""
    if accent == "multi":
        return tuple(colour for colour in _SEVERAL if colour != COLOURS.get(body))
    if accent == body and accent in _SECOND:
        return (_SECOND[accent],)
    return (COLOURS.get(accent, _UNSURE),)


def _marking(pattern: str, form: _Form, accents: tuple[str, ...]) -> Iterator[str]:
    """The markings on the body, as areas that the silhouette clips."""
    height = form.bottom - form.top

    def field(start: float, end: float, position: int = 0, rise: float = form.slope) -> str:
        """A band across the body between two shares of its height."""
        upper, lower = form.top + rise / 2 + start * height, form.top + rise / 2 + end * height
        half = rise / 2
        left, right = form.left - 1, form.right + 1
        return (
            f'<path fill="{accents[position % len(accents)]}" d="M{_n(left)} {_n(upper + half)} '
            f"{_n(right)} {_n(upper - half)}V{_n(lower - half)}L{_n(left)} {_n(lower + half)}Z"
            '"/>'
        )

    if pattern == "cap":
        yield field(-0.2, 0.24 if height > 25 else 0.3)
    elif pattern == "band":
        yield field(0.2, 0.4)
    elif pattern == "bands":
        yield field(0.13, 0.24, 0)
        yield field(0.36, 0.47, 1)
    elif pattern == "stripes":
        count = 7 if height > 25 else 5
        for number in range(0, count, 2):
            start = -0.2 if number == 0 else number / count
            yield field(start, (number + 1) / count, number // 2)
    elif pattern == "diagonal":
        rise = 1.25 * (form.right - form.left + 2)
        yield field(0.2, 0.44, rise=min(rise, height * 0.6))
    elif pattern == "chevron":
        width = form.right - form.left
        middle = (form.left + form.right) / 2
        rise = min(width * 0.55, 5.0)
        thick = max(2.3, height * 0.085)
        top = form.top + height * 0.06
        for number in range(3):
            y = top + number * thick * 2
            yield (
                f'<path fill="{accents[number % len(accents)]}" d="M{_n(form.left - 1)} '
                f"{_n(y + rise)} {_n(middle)} {_n(y)} {_n(form.right + 1)} {_n(y + rise)}"
                f"v{_n(thick)}L{_n(middle)} {_n(y + thick)} "
                f'{_n(form.left - 1)} {_n(y + rise + thick)}Z"/>'
            )


def _plate(form: _Form, colour: str) -> str:
    """A small plate, wider than the post, fixed near its top."""
    middle = (form.left + form.right) / 2
    half = max((form.right - form.left) / 2 + 1.5, 4.0)
    top = form.top + (form.bottom - form.top) * 0.1
    return _rectangle(middle - half, top, 2 * half, 8.5, colour, 1.0)


def _face(name: str, form: _Form, colour: str) -> str:
    """The round sign of a sign bollard, with its arrow; on other forms a panel with lettering."""
    middle = (form.left + form.right) / 2
    if name == "sign":
        y = form.top + 8
        return (
            f'<circle cx="{_n(middle)}" cy="{_n(y)}" r="5.4" fill="{colour}" stroke="#fff" '
            f'stroke-width="1.2"/><path fill="none" stroke="#fff" stroke-width="1.7" '
            f'd="M{_n(middle + 2.4)} {_n(y - 2.4)}l-4.6 4.6m0-3.7v3.7h3.7"/>'
        )
    if name == "paddle":
        y = (form.top + form.bottom) / 2
        return f'<circle cx="{_n(middle)}" cy="{_n(y)}" r="2.6" fill="#fff"/>'
    y = form.top + (form.bottom - form.top) * 0.2
    return "".join(
        f'<path stroke="{colour}" stroke-width="1.6" '
        f'd="M{_n(middle - 1.7)} {_n(y + 3.2 * row)}h3.4"/>'
        for row in range(4)
    )


def _reflector(colour: str, name: str, pattern: str, form: _Form) -> str:
    if colour != "multi" and colour not in COLOURS:
        return ""
    middle = (form.left + form.right) / 2
    width = form.right - form.left
    height = form.bottom - form.top
    first, second = (
        (COLOURS["red"], COLOURS["white"]) if colour == "multi" else (COLOURS[colour], "")
    )
    if name == "paddle":
        y = (form.top + form.bottom) / 2
        if second:
            return _disc(middle, y - 3.2, 2.2, first) + _disc(middle, y + 3.2, 2.2, second)
        return _disc(middle, y, 2.7, first)
    if name == "sign":
        return _rectangle(middle - 4, form.top + 17, 8, 11, first, 0.8)
    if pattern in ("band", "diagonal"):
        share = 0.3 if pattern == "band" else 0.32
    else:
        share = {"cap": 0.37, "bands": 0.3, "stripes": 0.5, "chevron": 0.66, "face": 0.68}.get(
            pattern, 0.22
        )
    across = max(1.7, min(3.4, width * 0.38))
    tall = max(4.2, min(6.2, height * 0.16))
    y = form.top + form.slope / 2 + share * height
    if pattern == "plate":
        y = form.top + height * 0.1 + 4.25
        across = 3.0
    if second:
        return _rectangle(middle - across / 2, y - tall, across, tall, first) + _rectangle(
            middle - across / 2, y + 0.6, across, tall, second
        )
    return _rectangle(middle - across / 2, y - tall / 2, across, tall, first)


def _rectangle(
    x: float, y: float, width: float, height: float, fill: str, line: float = 0.7
) -> str:
    return (
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx=".5" '
        f'fill="{fill}" stroke="{_LINE}" stroke-width="{line:g}"/>'
    )


def _disc(x: float, y: float, radius: float, fill: str) -> str:
    return (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{_LINE}" '
        'stroke-width=".7"/>'
    )


def _n(value: float) -> str:
    """A coordinate with at most two decimals and no trailing zeros."""
    return f"{round(value, 2):g}"
