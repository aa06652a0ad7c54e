"""Random designs for streets and squares: sign bollards, ornaments, stones."""

from generator.training.scenes.designs import Design, Mark, Part, Rgb
from generator.training.scenes.families import Rng
from generator.training.scenes.markings import reflectors
from generator.training.scenes.paints import paint, pick

_SIGN_BLUE: Rgb = (0.07, 0.27, 0.68)
_SIGN_WHITE: Rgb = (0.93, 0.93, 0.93)


def block(rng: Rng) -> Design:
    """A stone, rock, pyramid or kerb, low and wide."""
    height = float(rng.uniform(0.25, 0.6))
    width = height * float(rng.uniform(0.7, 1.9))
    body = pick(rng, {"white": 3, "grey": 4, "brown": 1, "orange": 0.6})
    kind = pick(rng, {"rock": 2, "pyramid": 2, "kerb": 2})
    colour = paint(body, rng)
    pattern, accent = "plain", "none"
    marks: tuple[Mark, ...] = ()
    if rng.uniform() < 0.4 and kind != "rock":
        pattern, accent = "band", "black" if body == "white" else "white"
        low = 0.0 if rng.uniform() < 0.5 else height * 0.45
        marks = (Mark("band", paint(accent, rng), low, low + height * 0.28),)
    if kind == "rock":
        taper = float(rng.uniform(0.3, 0.6))
        part = Part(
            "rock",
            width,
            width * 0.7,
            height,
            colour,
            marks=marks,
            profile=((0.0, 1.0), (0.4, 0.95), (0.8, 0.7), (1.0, taper)),
        )
    elif kind == "pyramid":
        part = Part(
            "box",
            width,
            width * 0.9,
            height,
            colour,
            marks=marks,
            profile=((0.0, 1.0), (1.0, float(rng.uniform(0.3, 0.7)))),
        )
    else:
        part = Part(
            "box",
            width,
            width * 0.35,
            height,
            colour,
            marks=marks,
            top="arch",
            drop=height * float(rng.uniform(0.05, 0.4)),
        )
    return Design(
        "block", body, pattern, accent, "none", "none", (part,), float(rng.uniform(0.4, 1.0))
    )


def _arrow_face(rng: Rng, middle: float, radius: float) -> tuple[Mark, ...]:
    turn = float(rng.choice((-45.0, -135.0, 0.0, 180.0, 90.0)))
    low, high = middle - radius, middle + radius
    return (
        Mark("disc", _SIGN_WHITE, low, high, side="front", reflective=True),
        Mark(
            "disc",
            _SIGN_BLUE,
            low + radius * 0.08,
            high - radius * 0.08,
            side="front",
            reflective=True,
        ),
        Mark(
            "arrow",
            _SIGN_WHITE,
            low + radius * 0.22,
            high - radius * 0.22,
            side="front",
            turn=turn,
            reflective=True,
        ),
    )


def sign(rng: Rng) -> Design:
    """A bollard body with a sign face, as on traffic islands."""
    body = pick(rng, {"orange": 5, "white": 4, "black": 1.2, "grey": 1})
    colour = paint(body, rng)
    kind = pick(rng, {"box": 3, "board": 3, "bulb": 2})
    height = float(rng.uniform(0.8, 1.25))
    word = "none"
    dark = paint("black", rng)
    accent = "blue"
    if kind == "box":
        width = height * float(rng.uniform(0.36, 0.5))
        radius = width * 0.36
        face = _arrow_face(rng, height * 0.78, radius)
        if rng.uniform() < 0.6 and body != "orange":
            word = "orange"
            face = (
                *face,
                Mark(
                    "panel",
                    paint("orange", rng, foil=True),
                    height * 0.16,
                    height * 0.52,
                    width=width * 0.6,
                    side="both",
                    reflective=True,
                ),
            )
        foot = Part(
            "box",
            width * 1.2,
            width * 0.95,
            height * 0.08,
            paint("grey", rng),
            profile=((0.0, 1.05), (1.0, 0.95)),
        )
        shell = Part(
            "box",
            width,
            width * 0.7,
            height * 0.92,
            colour,
            foot=height * 0.08,
            marks=face,
            profile=((0.0, 1.0), (0.95, 0.84), (1.0, 0.78)),
        )
        return Design("sign", body, "face", accent, word, "none", (foot, shell), 0.4)
    if kind == "board":
        width = height * float(rng.uniform(0.26, 0.38))
        face = _arrow_face(rng, height * 0.66, width * 0.4)
        if rng.uniform() < 0.3:
            accent = "multi"
            face = (
                Mark(
                    "triangle",
                    (0.75, 0.1, 0.1),
                    height * 0.55,
                    height * 0.55 + width * 0.8,
                    width=width * 0.9,
                    side="front",
                ),
                Mark(
                    "triangle",
                    _SIGN_WHITE,
                    height * 0.55 + width * 0.12,
                    height * 0.55 + width * 0.6,
                    width=width * 0.5,
                    side="front",
                ),
                Mark(
                    "digits",
                    dark,
                    height * 0.2,
                    height * 0.42,
                    width=width * 0.6,
                    side="front",
                    text="50",
                ),
            )
        board = Part(
            "box",
            width,
            width * 0.3,
            height * 0.86,
            colour,
            foot=height * 0.14,
            marks=face,
            top="arch",
            drop=width * float(rng.uniform(0.1, 0.5)),
            profile=((0.0, 0.3), (0.12, 0.85), (0.2, 1.0), (1.0, 1.0)),
        )
        stem = Part("round", width * 0.3, width * 0.3, height * 0.2, dark)
        foot = Part("round", width * 0.9, width * 0.9, height * 0.04, dark)
        return Design("sign", body, "face", accent, word, "none", (foot, stem, board), 0.25)
    width = height * float(rng.uniform(0.32, 0.44))
    face = _arrow_face(rng, height * 0.41, width * 0.38)
    head = Part(
        "box",
        width,
        width * 0.4,
        height * 0.66,
        colour,
        foot=height * 0.34,
        marks=face,
        top="arch",
        drop=width * 0.45,
        profile=((0.0, 0.42), (0.16, 0.55), (0.4, 0.95), (0.6, 1.0), (1.0, 0.95)),
    )
    base = paint(pick(rng, {"orange": 2, "grey": 1, "black": 1}), rng)
    stem = Part(
        "round",
        width * 0.42,
        width * 0.42,
        height * 0.36,
        base,
        profile=((0.0, 2.0), (0.1, 1.9), (0.14, 1.5), (0.22, 1.4), (0.25, 1.0), (1.0, 1.0)),
    )
    return Design("sign", body, "face", accent, word, "none", (stem, head), 0.25)


def ornament(rng: Rng) -> Design:
    """Street furniture: turned cast iron with rings and a knob."""
    height = float(rng.uniform(0.75, 1.1))
    width = height * float(rng.uniform(0.15, 0.22))
    body = pick(rng, {"black": 5, "green": 1.5, "blue": 1, "grey": 1, "brown": 1, "white": 0.6})
    knob = float(rng.uniform(0.6, 0.85))
    profile = (
        (0.0, 1.0),
        (0.04, 1.0),
        (0.06, 0.85),
        (0.12, 0.85),
        (0.2, 0.6),
        (0.5, 0.5),
        (0.52, 0.66),
        (0.55, 0.66),
        (0.57, 0.48),
        (0.8, 0.44),
        (0.82, 0.6),
        (0.85, 0.6),
        (0.86, 0.35),
        (0.9, knob * 0.9),
        (0.94, knob),
        (0.98, knob * 0.7),
        (1.0, 0.15),
    )
    marks: tuple[Mark, ...] = ()
    pattern, accent = "plain", "none"
    if rng.uniform() < 0.35:
        pattern, accent = "band", pick(rng, {"white": 2, "red": 1, "orange": 1})
        marks = (Mark("band", paint(accent, rng), height * 0.68, height * 0.76),)
    words = reflectors(rng, bare=0.85) if pattern == "plain" else ("none", "none")
    if words[0] != "none":
        marks = (
            Mark(
                "band",
                paint(words[0], rng, foil=True),
                height * 0.7,
                height * 0.74,
                reflective=True,
            ),
        )
        words = (words[0], words[0])
    part = Part(
        "round", width, width, height, paint(body, rng), marks=marks, profile=profile, gloss=0.4
    )
    return Design("ornament", body, pattern, accent, words[0], words[1], (part,), 0.25)
