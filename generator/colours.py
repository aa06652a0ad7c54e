"""Colours as #rrggbb: their contrast by WCAG 2, and suggestions for other spellings."""

import difflib

from PIL import ImageColor


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two #rrggbb colours, 1 to 21.

    https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_on(colour: str) -> str:
    """Black or white, whichever has the higher contrast on a colour."""
    return max("#000000", "#ffffff", key=lambda text: contrast(text, colour))


def readable(colour: str, grounds: list[str], least: float) -> str | None:
    """The colour itself, or the nearest darker or lighter one with enough contrast.

    Args:
        colour: #rrggbb.
        grounds: the colours behind it.
        least: the contrast that it needs on all of them.

    Returns:
        None if neither black nor white has enough.
    """
    for step in range(101):
        for end in ("#000000", "#ffffff"):
            mixed = _mixed(colour, end, step / 100)
            if all(contrast(mixed, ground) >= least for ground in grounds):
                return mixed
    return None


def meant(text: str) -> str:
    """ " Did you mean "#ff0000"?" for a colour by name or in another form, or ""."""
    known = {**ImageColor.colormap}
    word = text.strip().lower()
    for form in (word, f"#{word}"):
        try:
            red, green, blue = ImageColor.getrgb(form)[:3]
        except ValueError:
            continue
        return f' Did you mean "#{red:02x}{green:02x}{blue:02x}"?'
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.75) if word.isalpha() else []
    return f"{meant(close[0])[:-1]}, which is {close[0]}?" if close else ""


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mixed(colour: str, end: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(end), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
