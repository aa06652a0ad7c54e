"""Random designs of thin and tall forms, and the random choice among all forms."""

from dataclasses import replace

import numpy as np

from generator.training.scenes.designs import Design, Mark, Outline, Part, Rgb, Section
from generator.training.scenes.families import (
    Family,
    Rng,
    drum,
    flat,
    pole,
    polepost,
    round_post,
    square,
)
from generator.training.scenes.families_street import block, ornament, sign
from generator.training.scenes.paints import paint, pick
from generator.training.scenes.scenery import guard_rail, wire_ropes

_SIGN_WHITE: Rgb = (0.93, 0.93, 0.93)


def paddle(rng: Rng) -> Design:
    """A reflector or plate on a thin stick."""
    height = float(rng.uniform(0.9, 1.5))
    stick = float(rng.uniform(0.028, 0.065))
    body = pick(
        rng, {"grey": 5, "brown": 2, "black": 1.5, "white": 1.5, "green": 0.8, "orange": 0.5}
    )
    steel = paint(body, rng)
    section: Section = "round" if rng.uniform() < 0.4 else "box"
    post = Part(section, stick, stick * 0.6 if section == "box" else stick, height * 0.98, steel)
    if rng.uniform() < 0.22:
        wide, tall = float(rng.uniform(0.14, 0.3)), float(rng.uniform(0.3, 0.65))
        ground, ink = pick(rng, {"white": 1, "orange": 1.2}), pick(rng, {"red": 1, "black": 1.2})
        kind = pick(rng, {"stripes": 3, "chevrons": 1})
        plate_marks = (
            Mark("panel", paint(ground, rng, foil=True), 0.0, tall, side="front"),
            Mark(
                "stripes" if kind == "stripes" else "chevrons",
                paint(ink, rng, foil=ink == "red"),
                0.0,
                tall,
                width=wide,
                side="front",
                period=tall / float(rng.uniform(1.5, 3.5)),
                turn=float(rng.choice((-45.0, 45.0))),
            ),
        )
        plate = Part(
            "box", wide, 0.012, tall, steel, foot=height - tall, d=-stick * 0.5, marks=plate_marks
        )
        accent = ink if ground == "white" else ("orange" if ink == "black" else "multi")
        shine = "red" if ink == "red" else "orange"
        return Design("paddle", body, "chevron", accent, shine, "none", (post, plate), 0.3)
    word = pick(rng, {"orange": 5, "white": 3, "red": 1.6, "blue": 1, "green": 0.4})
    outlines: tuple[Outline, ...] = ("prism", "disc", "diamond", "pill")
    outline = outlines[int(rng.choice(4, p=(0.4, 0.38, 0.12, 0.1)))]
    wide = float(rng.uniform(0.06, 0.16)) if outline == "prism" else float(rng.uniform(0.08, 0.14))
    tall = wide if outline in ("disc", "diamond") else wide * float(rng.uniform(1.0, 2.4))
    count = int(rng.choice((1, 2, 3), p=(0.72, 0.16, 0.12)))
    colour = paint(word, rng, foil=True)
    behind = word if rng.uniform() < 0.35 else "none"
    faces: tuple[Mark, ...] = (Mark("panel", colour, -1, 3, side="front", reflective=True),)
    if behind != "none":
        faces = (*faces, Mark("panel", colour, -1, 3, side="back", reflective=True))
    if rng.uniform() < 0.25 and outline == "prism":
        rim = Mark("panel", (0.12, 0.12, 0.12), -1, 3, side="front")
        inner = Mark(
            "panel", colour, tall * 0.1, tall * 0.9, width=wide * 0.8, side="front", reflective=True
        )
        faces = (rim, inner)
        behind = "none"
    plates = tuple(
        Part(
            "box",
            wide,
            0.014,
            tall,
            paint("grey", rng),
            foot=height - tall * (1 + 1.12 * i),
            d=-stick * 0.45,
            marks=faces,
            outline=outline,
        )
        for i in range(count)
    )
    return Design("paddle", body, "plate", word, word, behind, (post, *plates), 0.3)


def rail(rng: Rng) -> Design:
    """A marker on a guard rail, or a post of a wire rope barrier."""
    base = flat(rng) if rng.uniform() < 0.55 else paddle(rng)
    own = base.parts
    roped = rng.uniform() < 0.2
    lift = 0.0 if roped else float(rng.uniform(0.35, 0.75))
    if base.form == "flat":
        shape = own[0]
        share = 0.62
        cut = shape.height * (1 - share)
        marks = tuple(_lowered(mark, cut) for mark in shape.marks)
        post = Part(
            shape.section,
            shape.width,
            shape.depth,
            shape.height * share,
            shape.colour,
            foot=lift,
            top=shape.top,
            drop=shape.drop,
            marks=marks,
            gloss=shape.gloss,
        )
        parts: tuple[Part, ...] = (post,)
    else:
        parts = tuple(
            Part(
                p.section,
                p.width,
                p.depth,
                min(p.height, 0.55),
                p.colour,
                x=p.x,
                d=p.d,
                foot=lift if i == 0 else p.foot - own[0].height + 0.55 + lift,
                marks=p.marks,
                outline=p.outline,
                gloss=p.gloss,
            )
            for i, p in enumerate(own)
        )
    before = -0.12 if rng.uniform() < 0.5 else 0.14
    steel = guard_rail(9.0, x=float(rng.uniform(-0.8, 0.8)), d=before)
    if roped:
        steel = wire_ropes(9.0, d=before / 4)
    parts = (*steel, *parts)
    return Design(
        "rail",
        base.body,
        base.pattern,
        base.accent,
        base.front_reflector,
        base.back_reflector,
        parts,
        base.rough,
    )


def _lowered(mark: Mark, by: float) -> Mark:
    return replace(mark, low=mark.low - by, high=mark.high - by)


def arm(rng: Rng) -> Design:
    """A mast with an overhead arm, as along snowy roads."""
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
        boom = Part(
            "box",
            length,
            0.04,
            thick,
            _SIGN_WHITE,
            x=side * length / 2,
            foot=height - thick * 1.2,
            marks=(
                Mark(
                    "chevrons",
                    ink,
                    -1,
                    9,
                    width=length * 1.1,
                    side="all",
                    period=length / 3,
                    turn=0.0,
                ),
            ),
        )
        return Design("arm", body, kind, accent, word, word, (mast, boom), 0.3)
    boom = Part("box", length, 0.05, 0.05, colour, x=side * length / 2, foot=height - 0.1)
    wide = float(rng.uniform(0.18, 0.4))
    tall = wide * float(rng.uniform(1.0, 2.2))
    foot = height - 0.12 - tall
    if kind == "plate":
        marks: tuple[Mark, ...] = (
            Mark("panel", ink, -1, 9, side="both", reflective=word != "none"),
        )
    else:
        marks = (
            Mark("panel", _SIGN_WHITE, -1, 9, side="both"),
            Mark(
                "arrow",
                ink,
                tall / 2 - wide * 0.45,
                tall / 2 + wide * 0.45,
                side="both",
                turn=-90.0,
            ),
        )
    plate = Part(
        "box", wide, 0.02, tall, _SIGN_WHITE, x=side * length * 0.85, foot=foot, marks=marks
    )
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
    """Returns a random design of the given form, or of any form with realistic frequencies.

    Raises KeyError for a form that is not in `designs.FORMS`.
    """
    if form is None:
        form = pick(rng, {name: weight for name, (_, weight) in FAMILIES.items()})
    return FAMILIES[form][0](rng)
