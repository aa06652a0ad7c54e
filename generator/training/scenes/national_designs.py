"""The shapes and markings of real designs, as parts.

Measures are rounded and details simplified. Kept are the details that travellers notice: form,
section, top, marking and the reflectors of both sides. The file is long because it is only data.
"""

from generator.training.scenes.designs import Mark, Part
from generator.training.scenes.drawing_kit import (
    BLACK,
    CONCRETE,
    DOME,
    FOILS,
    GREEN,
    GREY,
    ORANGE,
    RED,
    STEEL,
    WHITE,
    YELLOW,
    cap,
    dots,
    face,
    post,
    ring,
    rings,
    shine,
    slant,
)
from generator.training.scenes.scenery import guard_rail

GERMAN = post(
    "vee",
    0.12,
    0.10,
    1.05,
    WHITE,
    slant(BLACK, 0.80, 0.26, 0.9),
    shine("white", 0.71, 0.89, 0.045),
    *dots("white", 0.73, 0.028),
    top="slant",
    drop=0.05,
)
SWISS = post(
    "box",
    0.12,
    0.07,
    1.0,
    WHITE,
    slant(BLACK, 0.82, 0.25, -0.55),
    shine("white", 0.735, 0.905, 0.05),
    shine("white", 0.78, 0.86, 0.05, "back"),
    top="slant",
    drop=0.035,
)
AUSTRIAN = post(
    "wedge",
    0.13,
    0.08,
    1.0,
    WHITE,
    cap(BLACK, 0.80),
    shine("red", 0.60, 0.76, 0.05),
    shine("white", 0.60, 0.76, 0.05, "back"),
)
ITALIAN = post(
    "wedge",
    0.11,
    0.09,
    1.0,
    WHITE,
    Mark("cap", BLACK, 0.74, 9.0, slope=0.5),
    shine("red", 0.80, 0.92, 0.05),
    shine("white", 0.80, 0.92, 0.05, "back"),
    top="slant",
    drop=0.04,
)
J1 = post(
    "round", 0.16, 0.16, 1.0, WHITE, ring((0.78, 0.10, 0.12), 0.72, 0.86, foil=True), profile=DOME
)
J6 = post(
    "round",
    0.14,
    0.14,
    1.0,
    WHITE,
    ring(FOILS["grey"], 0.78, 0.84, foil=True),
    ring(FOILS["grey"], 0.68, 0.74, foil=True),
    profile=DOME,
)
DUTCH = post(
    "vee",
    0.12,
    0.06,
    0.95,
    WHITE,
    shine("red", 0.66, 0.84, 0.045),
    shine("white", 0.66, 0.84, 0.045, "back"),
    top="arch",
    drop=0.05,
)
SPANISH = post(
    "wedge",
    0.13,
    0.08,
    1.05,
    WHITE,
    slant(BLACK, 0.82, 0.28, -0.8),
    shine("orange", 0.73, 0.91, 0.05),
    *dots("orange", 0.74, 0.03),
    top="slant",
    drop=0.06,
)
POLISH = post(
    "box",
    0.12,
    0.05,
    1.0,
    WHITE,
    slant(RED, 0.80, 0.22, 1.0),
    shine("red", 0.86, 0.93, 0.06),
    shine("white", 0.86, 0.93, 0.06, "back"),
    top="slant",
    drop=0.04,
)
CZECH = post(
    "vee",
    0.12,
    0.09,
    1.05,
    WHITE,
    slant(BLACK, 0.79, 0.20, 0.25),
    shine("red", 0.725, 0.855, 0.05),
    *dots("white", 0.73, 0.028),
    top="arch",
    drop=0.06,
)
RUSSIAN = post(
    "box",
    0.15,
    0.10,
    0.85,
    CONCRETE,
    slant(BLACK, 0.66, 0.15, 0.45),
    shine("red", 0.72, 0.80, 0.055),
    shine("white", 0.72, 0.80, 0.055, "back"),
)
NORDIC = post(
    "box",
    0.10,
    0.035,
    1.0,
    WHITE,
    ring(BLACK, 0.78, 0.96),
    shine("white", 0.81, 0.93, 0.055),
    shine("white", 0.81, 0.93, 0.055, "back"),
    top="arch",
    drop=0.05,
)
NORWAY_POLE = post("round", 0.05, 0.05, 2.2, BLACK, ring(FOILS["white"], 1.75, 1.9, foil=True))
ICELAND = post(
    "wedge",
    0.09,
    0.06,
    1.0,
    YELLOW,
    ring(FOILS["grey"], 0.86, 0.91, foil=True),
    ring(FOILS["grey"], 0.76, 0.81, foil=True),
    top="gable",
    drop=0.03,
)
FAROE = post(
    "box", 0.09, 0.04, 1.05, (0.93, 0.60, 0.12), cap(RED, 0.88), shine("orange", 0.76, 0.84, 0.05)
)
DANISH = post(
    "round",
    0.11,
    0.11,
    1.0,
    WHITE,
    slant(RED, 0.78, 0.14, 0.7),
    shine("orange", 0.89, 0.95, 0.05),
    profile=DOME,
)
BANDED = post(
    "round", 0.14, 0.14, 0.95, WHITE, *rings(RED, 0.95, 6), profile=((0.0, 1.0), (1.0, 1.0))
)
BRITISH = post(
    "round",
    0.15,
    0.15,
    1.0,
    BLACK,
    ring(FOILS["white"], 0.78, 0.84, foil=True),
    ring(FOILS["white"], 0.68, 0.74, foil=True),
    profile=DOME,
)
KEEP_LEFT = (
    Part("box", 0.46, 0.34, 0.09, GREY, profile=((0.0, 1.06), (1.0, 0.96))),
    Part(
        "box",
        0.40,
        0.28,
        0.95,
        WHITE,
        foot=0.09,
        profile=((0.0, 1.0), (0.94, 0.84), (1.0, 0.78)),
        marks=(
            *face(0.75, 0.14, -135.0),
            Mark("panel", FOILS["orange"], 0.16, 0.52, width=0.24, side="both", reflective=True),
        ),
    ),
)
KEEP_YELLOW = (
    Part("round", 0.30, 0.30, 0.04, BLACK),
    Part("round", 0.10, 0.10, 0.20, BLACK),
    Part(
        "box",
        0.34,
        0.12,
        0.95,
        (0.93, 0.60, 0.10),
        foot=0.15,
        top="arch",
        drop=0.13,
        marks=face(0.70, 0.14, -135.0),
        profile=((0.0, 0.3), (0.12, 0.85), (0.2, 1.0), (1.0, 1.0)),
    ),
)
AUSSIE = post(
    "box",
    0.10,
    0.03,
    1.05,
    WHITE,
    shine("red", 0.80, 0.92, 0.045),
    shine("white", 0.80, 0.92, 0.045, "back"),
)
KIWI = post(
    "box",
    0.10,
    0.04,
    1.0,
    WHITE,
    ring((0.82, 0.20, 0.12), 0.72, 0.82),
    shine("orange", 0.86, 0.94, 0.05),
    shine("white", 0.86, 0.94, 0.05, "back"),
    top="arch",
    drop=0.04,
)
SNOWPOLE = post("round", 0.06, 0.06, 2.3, WHITE, *rings(RED, 2.3, 8))
ALPINE = post("round", 0.05, 0.05, 2.0, ORANGE, *rings(BLACK, 2.0, 8, 0))
YABANE = (
    Part("round", 0.11, 0.11, 4.6, STEEL),
    Part("box", 1.3, 0.06, 0.06, STEEL, x=0.65, foot=4.45),
    Part(
        "box",
        0.42,
        0.02,
        0.75,
        WHITE,
        x=1.12,
        foot=3.70,
        marks=(
            Mark("panel", RED, 0.04, 0.71, width=0.36, side="both"),
            Mark("arrow", WHITE, 0.07, 0.67, side="both", turn=-90.0),
        ),
    ),
)
GUARD_STONE = post(
    "box",
    0.20,
    0.18,
    0.85,
    WHITE,
    *rings(BLACK, 0.85, 5, 0),
    profile=((0.0, 1.0), (0.93, 0.9), (1.0, 0.55)),
)
RED_HEAD = post(
    "box",
    0.19,
    0.17,
    0.80,
    CONCRETE,
    cap(RED, 0.62),
    profile=((0.0, 1.0), (0.93, 0.92), (1.0, 0.5)),
)
CAPE = post(
    "box", 0.18, 0.14, 0.80, WHITE, shine("red", 0.60, 0.72, 0.06), profile=((0.0, 1.0), (1.0, 0.9))
)
FANTASMA = post(
    "round",
    0.15,
    0.15,
    0.85,
    WHITE,
    ring(BLACK, 0.60, 0.70),
    shine("orange", 0.72, 0.78, 0.07),
    profile=DOME,
)
CHEVRON = (
    Part("round", 0.06, 0.06, 1.25, STEEL),
    Part(
        "box",
        0.24,
        0.012,
        0.6,
        GREY,
        foot=0.66,
        d=-0.04,
        marks=(
            Mark("panel", FOILS["white"], -1, 2, side="front", reflective=True),
            Mark(
                "stripes",
                FOILS["red"],
                0.0,
                0.6,
                width=0.24,
                side="front",
                turn=45.0,
                period=0.26,
                reflective=True,
            ),
        ),
    ),
)
GREEN_DRUM = post(
    "round",
    0.32,
    0.32,
    0.75,
    GREEN,
    ring(FOILS["white"], 0.18, 0.30, foil=True),
    ring(FOILS["white"], 0.44, 0.56, foil=True),
    profile=((0.0, 1.0), (0.92, 0.96), (0.97, 0.88), (1.0, 0.7)),
)
AUSTRIAN_WINTER = (
    Part("round", 0.035, 0.035, 1.3, (0.90, 0.42, 0.14), foot=0.95, d=0.02),
    *AUSTRIAN,
)
HUNGARIAN = post(
    "vee",
    0.12,
    0.09,
    1.0,
    WHITE,
    slant(BLACK, 0.79, 0.26, 0.7),
    shine("blue", 0.71, 0.87, 0.05),
    shine("white", 0.71, 0.87, 0.05, "back"),
    top="slant",
    drop=0.05,
)
BRAZILIAN = post(
    "round", 0.12, 0.12, 0.95, WHITE, cap(BLACK, 0.74), ring(FOILS["red"], 0.79, 0.86, foil=True)
)
KOREAN = post(
    "round",
    0.09,
    0.09,
    0.85,
    (0.88, 0.24, 0.14),
    ring(FOILS["grey"], 0.68, 0.77, foil=True),
    ring(FOILS["grey"], 0.50, 0.59, foil=True),
    profile=((0.0, 2.3), (0.03, 2.3), (0.06, 1.4), (0.1, 1.0), (1.0, 1.0)),
)
ON_RAIL = (
    *guard_rail(8.0, x=0.4, d=0.14),
    Part(
        "wedge",
        0.12,
        0.08,
        0.62,
        WHITE,
        foot=0.45,
        top="slant",
        drop=0.05,
        marks=(
            slant(BLACK, 0.38, 0.24, -0.8),
            shine("white", 0.30, 0.46, 0.05),
            shine("white", 0.30, 0.46, 0.05, "back"),
        ),
    ),
)
KILOMETRE = post(
    "box",
    0.13,
    0.05,
    0.95,
    WHITE,
    Mark("digits", RED, 0.62, 0.82, width=0.10, side="both", text="14"),
    top="arch",
    drop=0.05,
)
SRI_LANKAN = post(
    "box", 0.36, 0.28, 0.45, WHITE, ring(BLACK, 0.0, 0.16), profile=((0.0, 1.0), (1.0, 0.7))
)
BHUTAN = post(
    "rock",
    0.55,
    0.4,
    0.42,
    (0.55, 0.54, 0.51),
    profile=((0.0, 1.0), (0.4, 0.95), (0.8, 0.7), (1.0, 0.4)),
)
TURNED = (
    (0.0, 1.0),
    (0.05, 1.0),
    (0.07, 0.85),
    (0.13, 0.85),
    (0.2, 0.6),
    (0.5, 0.5),
    (0.52, 0.66),
    (0.55, 0.66),
    (0.57, 0.48),
    (0.8, 0.44),
    (0.82, 0.6),
    (0.85, 0.6),
    (0.87, 0.36),
    (0.9, 0.62),
    (0.94, 0.72),
    (0.98, 0.5),
    (1.0, 0.1),
)
MANX = post("round", 0.2, 0.2, 0.95, (0.11, 0.26, 0.58), profile=TURNED)
ALAND = post(
    "box",
    0.10,
    0.035,
    1.0,
    (0.84, 0.84, 0.80),
    ring(BLACK, 0.70, 0.80),
    shine("orange", 0.84, 0.92, 0.05),
    top="gable",
    drop=0.04,
)
