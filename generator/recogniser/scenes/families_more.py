"""Random designs of the rarer forms: paddles, stones, sign bollards, street furniture, arms."""

import numpy as np

from generator.recogniser.scenes.designs import Design, Mark, Part, Rgb, Top
from generator.recogniser.scenes.families import (
    Family,
    Rng,
    _dressed,
    drum,
    flat,
    pick,
    pole,
    polepost,
    reflectors,
    round_post,
)
from generator.recogniser.scenes.paints import paint
from generator.recogniser.scenes.scenery import guard_rail

_SIGN_BLUE: Rgb = (0.07, 0.27, 0.68)
_SIGN_WHITE: Rgb = (0.93, 0.93, 0.93)


def paddle(rng: Rng) -> Design:
    """A reflector or plate on a thin stick."""
    height = float(rng.uniform(0.9, 1.5))
    stick = float(rng.uniform(0.028, 0.065))
    body = pick(rng, {"grey": 5, "brown": 2, "black": 1.5, "white": 1.5, "green": 0.8, "orange": 0.5})
    steel = paint(body, rng)
    section = "round" if rng.uniform() < 0.4 else "box"
    post = Part(section, stick, stick * 0.6 if section == "box" else stick, height * 0.98, steel)
    if rng.uniform() < 0.22:
        wide, tall = float(rng.uniform(0.14, 0.3)), float(rng.uniform(0.3, 0.65))
        ground, ink = pick(rng, {"white": 1, "orange": 1.2}), pick(rng, {"red": 1, "black": 1.2})
        kind = pick(rng, {"stripes": 3, "chevrons": 1})
        plate_marks = (
            Mark("panel", paint(ground, rng, foil=True), 0.0, tall, side="front"),
            Mark("stripes" if kind == "stripes" else "chevrons", paint(ink, rng, foil=ink == "red"),
                 0.0, tall, width=wide, side="front", period=tall / float(rng.uniform(1.5, 3.5)),
                 turn=float(rng.choice((-45.0, 45.0)))),
        )  # fmt: skip
        plate = Part("box", wide, 0.012, tall, steel, foot=height - tall, d=-stick * 0.5, marks=plate_marks)
        accent = ink if ground == "white" else ("orange" if ink == "black" else "multi")
        shine = "red" if ink == "red" else "orange"
        return Design("paddle", body, "chevron", accent, shine, "none", (post, plate), 0.3)
    word = pick(rng, {"orange": 5, "white": 3, "red": 1.6, "blue": 1, "green": 0.4})
    outline = pick(rng, {"prism": 4, "disc": 4, "diamond": 1.2, "pill": 1})
    wide = float(rng.uniform(0.06, 0.16)) if outline == "prism" else float(rng.uniform(0.08, 0.14))
    tall = wide if outline in ("disc", "diamond") else wide * float(rng.uniform(1.0, 2.4))
    count = int(rng.choice((1, 2, 3), p=(0.72, 0.16, 0.12)))
    colour = paint(word, rng, foil=True)
    behind = word if rng.uniform() < 0.35 else "none"
    faces = (Mark("panel", colour, -1, 3, side="front", reflective=True),)
    if behind != "none":
        faces = (*faces, Mark("panel", colour, -1, 3, side="back", reflective=True))
    if rng.uniform() < 0.25 and outline == "prism":
        rim = Mark("panel", (0.12, 0.12, 0.12), -1, 3, side="front")
        inner = Mark("panel", colour, tall * 0.1, tall * 0.9, width=wide * 0.8, side="front", reflective=True)
        faces = (rim, inner)
        behind = "none"
    shapes = {"prism": "prism", "disc": "disc", "diamond": "diamond", "pill": "pill"}
    plates = tuple(
        Part("box", wide, 0.014, tall, paint("grey", rng), foot=height - tall * (1 + 1.12 * i),
             d=-stick * 0.45, marks=faces, outline=shapes[outline])  # type: ignore[arg-type]
        for i in range(count)
    )  # fmt: skip
    return Design("paddle", body, "plate", word, word, behind, (post, *plates), 0.3)


def square(rng: Rng) -> Design:
    """A thick post of square or polygonal section: concrete, stone, timber."""
    height = float(rng.uniform(0.5, 1.05))
    width = float(height / rng.uniform(3.2, 5.8))
    taper = float(rng.uniform(0.75, 1.0))
    end = rng.uniform()
    profile: tuple[tuple[float, float], ...] = ((0.0, 1.0), (1.0, taper))
    if end < 0.25:
        profile = ((0.0, 1.0), (0.9, taper), (1.0, taper * 0.25))
    elif end < 0.45:
        profile = ((0.0, 1.0), (0.88, taper), (0.94, taper * 0.85), (0.98, taper * 0.55), (1.0, taper * 0.2))
    patterns = {"stripes": 5.0, "plain": 4.0, "cap": 2.0, "band": 3.0, "bands": 1.0, "face": 1.0, "chevron": 0.4}
    bodies = {"white": 8.0, "brown": 1.2, "grey": 1.2, "orange": 0.8, "black": 0.5}
    section = "box" if rng.uniform() < 0.85 else "hexagon"
    top: Top = "arch" if section == "box" and end > 0.85 else "flat"
    return _dressed(
        rng, "square", section, width, width * float(rng.uniform(0.6, 1.0)), height, patterns, bodies,
        top, width * 0.3, profile, 0.5,
    )  # fmt: skip


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
        part = Part("rock", width, width * 0.7, height, colour, marks=marks,
                    profile=((0.0, 1.0), (0.4, 0.95), (0.8, 0.7), (1.0, taper)))  # fmt: skip
    elif kind == "pyramid":
        part = Part("box", width, width * 0.9, height, colour, marks=marks,
                    profile=((0.0, 1.0), (1.0, float(rng.uniform(0.3, 0.7)))))  # fmt: skip
    else:
        part = Part("box", width, width * 0.35, height, colour, marks=marks, top="arch",
                    drop=height * float(rng.uniform(0.05, 0.4)))  # fmt: skip
    return Design("block", body, pattern, accent, "none", "none", (part,), float(rng.uniform(0.4, 1.0)))


def _arrow_face(rng: Rng, middle: float, radius: float) -> tuple[Mark, ...]:
    turn = float(rng.choice((-45.0, -135.0, 0.0, 180.0, 90.0)))
    low, high = middle - radius, middle + radius
    return (
        Mark("disc", _SIGN_WHITE, low, high, side="front", reflective=True),
        Mark("disc", _SIGN_BLUE, low + radius * 0.08, high - radius * 0.08, side="front", reflective=True),
        Mark("arrow", _SIGN_WHITE, low + radius * 0.22, high - radius * 0.22, side="front", turn=turn,
             reflective=True),
    )  # fmt: skip


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
            face = (*face, Mark("panel", paint("orange", rng, foil=True), height * 0.16, height * 0.52,
                                width=width * 0.6, side="both", reflective=True))  # fmt: skip
        foot = Part("box", width * 1.2, width * 0.95, height * 0.08, paint("grey", rng),
                    profile=((0.0, 1.05), (1.0, 0.95)))  # fmt: skip
        shell = Part("box", width, width * 0.7, height * 0.92, colour, foot=height * 0.08, marks=face,
                     profile=((0.0, 1.0), (0.95, 0.84), (1.0, 0.78)))  # fmt: skip
        return Design("sign", body, "face", accent, word, "none", (foot, shell), 0.4)
    if kind == "board":
        width = height * float(rng.uniform(0.26, 0.38))
        face = _arrow_face(rng, height * 0.66, width * 0.4)
        if rng.uniform() < 0.3:
            accent = "multi"
            face = (
                Mark("triangle", (0.75, 0.1, 0.1), height * 0.55, height * 0.55 + width * 0.8, width=width * 0.9,
                     side="front"),
                Mark("triangle", _SIGN_WHITE, height * 0.55 + width * 0.12, height * 0.55 + width * 0.6,
                     width=width * 0.5, side="front"),
                Mark("digits", dark, height * 0.2, height * 0.42, width=width * 0.6, side="front", text="50"),
            )  # fmt: skip
        board = Part("box", width, width * 0.3, height * 0.86, colour, foot=height * 0.14, marks=face,
                     top="arch", drop=width * float(rng.uniform(0.1, 0.5)),
                     profile=((0.0, 0.3), (0.12, 0.85), (0.2, 1.0), (1.0, 1.0)))  # fmt: skip
        stem = Part("round", width * 0.3, width * 0.3, height * 0.2, dark)
        foot = Part("round", width * 0.9, width * 0.9, height * 0.04, dark)
        return Design("sign", body, "face", accent, word, "none", (foot, stem, board), 0.25)
    width = height * float(rng.uniform(0.32, 0.44))
    face = _arrow_face(rng, height * 0.41, width * 0.38)
    head = Part("box", width, width * 0.4, height * 0.66, colour, foot=height * 0.34, marks=face, top="arch",
                drop=width * 0.45, profile=((0.0, 0.42), (0.16, 0.55), (0.4, 0.95), (0.6, 1.0), (1.0, 0.95)))  # fmt: skip
    base = paint(pick(rng, {"orange": 2, "grey": 1, "black": 1}), rng)
    stem = Part("round", width * 0.42, width * 0.42, height * 0.36, base,
                profile=((0.0, 2.0), (0.1, 1.9), (0.14, 1.5), (0.22, 1.4), (0.25, 1.0), (1.0, 1.0)))  # fmt: skip
    return Design("sign", body, "face", accent, word, "none", (stem, head), 0.25)


def ornament(rng: Rng) -> Design:
    """Street furniture: turned cast iron with rings and a knob."""
    height = float(rng.uniform(0.75, 1.1))
    width = height * float(rng.uniform(0.15, 0.22))
    body = pick(rng, {"black": 5, "green": 1.5, "blue": 1, "grey": 1, "brown": 1, "white": 0.6})
    knob = float(rng.uniform(0.6, 0.85))
    profile = (
        (0.0, 1.0), (0.04, 1.0), (0.06, 0.85), (0.12, 0.85), (0.2, 0.6), (0.5, 0.5), (0.52, 0.66),
        (0.55, 0.66), (0.57, 0.48), (0.8, 0.44), (0.82, 0.6), (0.85, 0.6), (0.86, 0.35), (0.9, knob * 0.9),
        (0.94, knob), (0.98, knob * 0.7), (1.0, 0.15),
    )  # fmt: skip
    marks: tuple[Mark, ...] = ()
    pattern, accent = "plain", "none"
    if rng.uniform() < 0.35:
        pattern, accent = "band", pick(rng, {"white": 2, "red": 1, "orange": 1})
        marks = (Mark("band", paint(accent, rng), height * 0.68, height * 0.76),)
    words = reflectors(rng, bare=0.85) if pattern == "plain" else ("none", "none")
    if words[0] != "none":
        marks = (Mark("band", paint(words[0], rng, foil=True), height * 0.7, height * 0.74, reflective=True),)
        words = (words[0], words[0])
    part = Part("round", width, width, height, paint(body, rng), marks=marks, profile=profile, gloss=0.4)
    return Design("ornament", body, pattern, accent, words[0], words[1], (part,), 0.25)


def rail(rng: Rng) -> Design:
    """A marker on a guard rail."""
    base = flat(rng) if rng.uniform() < 0.55 else paddle(rng)
    own = base.parts
    lift = 0.42
    if base.form == "flat":
        shape = own[0]
        share = 0.62
        cut = shape.height * (1 - share)
        marks = tuple(_lowered(mark, cut) for mark in shape.marks)
        post = Part(shape.section, shape.width, shape.depth, shape.height * share, shape.colour, foot=lift,
                    top=shape.top, drop=shape.drop, marks=marks, gloss=shape.gloss)  # fmt: skip
        parts: tuple[Part, ...] = (post,)
    else:
        parts = tuple(
            Part(p.section, p.width, p.depth, min(p.height, 0.55), p.colour, x=p.x, d=p.d,
                 foot=lift if i == 0 else p.foot - own[0].height + 0.55 + lift, marks=p.marks,
                 outline=p.outline, gloss=p.gloss)
            for i, p in enumerate(own)
        )  # fmt: skip
    before = -0.12 if rng.uniform() < 0.5 else 0.14
    parts = (*guard_rail(9.0, x=float(rng.uniform(-0.8, 0.8)), d=before), *parts)
    return Design("rail", base.body, base.pattern, base.accent, base.front_reflector, base.back_reflector,
                  parts, base.rough)  # fmt: skip


def _lowered(mark: Mark, by: float) -> Mark:
    from dataclasses import replace

    return replace(mark, low=mark.low - by, high=mark.high - by)


def arm(rng: Rng) -> Design:
    """A mast with an overhead arm, as along roads that snow covers."""
    height = float(rng.uniform(3.6, 5.5))
    mast_width = float(rng.uniform(0.07, 0.13))
    body = pick(rng, {"grey": 4, "white": 2.5, "brown": 0.8, "red": 0.8, "orange": 0.6})
    length = float(rng.uniform(0.9, 2.0))
    side = float(rng.choice((-1.0, 1.0)))
    colour = paint(body, rng)
    mast = Part("round", mast_width, mast_width, height, colour)
    accent = pick(rng, {"red": 4, "orange": 2, "green": 0.8, "black": 0.8})
    kind = pick(rng, {"stripes": 3, "plate": 2, "face": 2})
    word = accent if accent in ("red", "orange", "green") and kind != "stripes" else "none"
    ink = paint(accent, rng, foil=word != "none")
    thick = float(rng.uniform(0.08, 0.2))
    if kind == "stripes":
        boom = Part("box", length, 0.04, thick, _SIGN_WHITE, x=side * length / 2, foot=height - thick * 1.2, marks=(
            Mark("chevrons", ink, -1, 9, width=length * 1.1, side="all", period=length / 3, turn=0.0),
        ))  # fmt: skip
        return Design("arm", body, kind, accent, word, word, (mast, boom), 0.3)
    boom = Part("box", length, 0.05, 0.05, colour, x=side * length / 2, foot=height - 0.1)
    wide = float(rng.uniform(0.18, 0.4))
    tall = wide * float(rng.uniform(1.0, 2.2))
    foot = height - 0.12 - tall
    if kind == "plate":
        marks: tuple[Mark, ...] = (Mark("panel", ink, -1, 9, side="both", reflective=word != "none"),)
    else:
        marks = (
            Mark("panel", _SIGN_WHITE, -1, 9, side="both"),
            Mark("arrow", ink, tall / 2 - wide * 0.45, tall / 2 + wide * 0.45, side="both", turn=-90.0),
        )
    plate = Part("box", wide, 0.02, tall, _SIGN_WHITE, x=side * length * 0.85, foot=foot, marks=marks)
    return Design("arm", body, kind, accent, word, word, (mast, boom, plate), 0.3)


FAMILIES: dict[str, tuple[Family, float]] = {
    "flat": (flat, 0.30),
    "round": (round_post, 0.18),
    "pole": (pole, 0.09),
    "paddle": (paddle, 0.09),
    "square": (square, 0.09),
    "sign": (sign, 0.06),
    "polepost": (polepost, 0.055),
    "rail": (rail, 0.045),
    "drum": (drum, 0.035),
    "arm": (arm, 0.02),
    "block": (block, 0.02),
    "ornament": (ornament, 0.02),
}


def random_design(rng: np.random.Generator, form: str | None = None) -> Design:
    """Returns a random design: of the given form, or of any, about as often as in real life.

    Raises KeyError for a form that is not in `designs.FORMS`.
    """
    if form is None:
        form = pick(rng, {name: weight for name, (_, weight) in FAMILIES.items()})
    return FAMILIES[form][0](rng)
