"""Designs drawn after the ones that really stand at the roads of the example site's countries.

Measures are rounded and details simplified; what matters to a traveller is kept: form, section,
top, the marking and the reflectors of both sides.
"""

from dataclasses import dataclass

from generator.recogniser.scenes.designs import Design, Mark, Part, Rgb, Section, Side, Top
from generator.recogniser.scenes.scenery import guard_rail

WHITE: Rgb = (0.90, 0.90, 0.88)
CONCRETE: Rgb = (0.82, 0.80, 0.75)
BLACK: Rgb = (0.10, 0.10, 0.11)
GREY: Rgb = (0.55, 0.56, 0.56)
STEEL: Rgb = (0.60, 0.61, 0.62)
RED: Rgb = (0.76, 0.12, 0.12)
ORANGE: Rgb = (0.93, 0.55, 0.10)
YELLOW: Rgb = (0.92, 0.72, 0.14)
GREEN: Rgb = (0.08, 0.45, 0.28)
BLUE: Rgb = (0.09, 0.28, 0.66)
BROWN: Rgb = (0.40, 0.29, 0.20)
FOILS: dict[str, Rgb] = {
    "white": (0.84, 0.86, 0.87),
    "grey": (0.60, 0.62, 0.63),
    "red": (0.80, 0.10, 0.13),
    "orange": (0.97, 0.58, 0.10),
    "blue": (0.12, 0.34, 0.82),
}


@dataclass(frozen=True)
class National:
    """A design and where its bollards stand in the example site: a folder for each bollard."""

    name: str
    design: Design
    folders: tuple[str, ...]


def shine(word: str, low: float, high: float, width: float, side: Side = "front") -> Mark:
    """Returns an upright reflector plate."""
    return Mark(
        "panel", FOILS[word], low, high, width=width, side=side, reflective=True, rounded=0.006
    )


def dots(word: str, low: float, radius: float, side: Side = "back") -> tuple[Mark, Mark]:
    """Returns two round reflectors, one above the other."""
    gap = radius * 2.5
    first = Mark("disc", FOILS[word], low, low + 2 * radius, side=side, reflective=True)
    second = Mark(
        "disc", FOILS[word], low + gap, low + gap + 2 * radius, side=side, reflective=True
    )
    return first, second


def slant(colour: Rgb, middle: float, tall: float, slope: float) -> Mark:
    """Returns a slanted band round the whole post."""
    return Mark("band", colour, middle - tall / 2, middle + tall / 2, slope=slope)


def ring(colour: Rgb, low: float, high: float, *, foil: bool = False) -> Mark:
    """Returns a level band round the whole post."""
    return Mark("band", colour, low, high, reflective=foil)


def cap(colour: Rgb, low: float) -> Mark:
    """Returns paint from `low` to the top, the top face included."""
    return Mark("cap", colour, low, 9.0)


def rings(colour: Rgb, height: float, count: int, first: int = 1) -> tuple[Mark, ...]:
    """Returns every other of `count` equal fields of the height, `first` 0 for the lowest."""
    size = height / count
    return tuple(
        Mark(
            "cap" if i == count - 1 else "band", colour, i * size, (i + 1) * size + (i == count - 1)
        )
        for i in range(first, count, 2)
    )


def _post(
    section: Section,
    width: float,
    depth: float,
    height: float,
    colour: Rgb,
    *marks: Mark,
    top: Top = "flat",
    drop: float = 0.0,
    profile: tuple[tuple[float, float], ...] | None = None,
) -> tuple[Part, ...]:
    return (
        Part(
            section,
            width,
            depth,
            height,
            colour,
            top=top,
            drop=drop,
            marks=marks,
            profile=profile or ((0.0, 1.0), (1.0, 1.0)),
        ),
    )


def _design(words: str, parts: tuple[Part, ...], rough: float = 0.25) -> Design:
    form, body, pattern, accent, front, back = words.split()
    return Design(form, body, pattern, accent, front, back, parts, rough)


DOME = ((0.0, 1.0), (0.93, 1.0), (0.95, 0.96), (0.97, 0.84), (0.985, 0.65), (1.0, 0.2))
CONE = ((0.0, 1.0), (0.88, 0.82), (1.0, 0.18))


def _face(middle: float, radius: float, turn: float) -> tuple[Mark, ...]:
    low, high = middle - radius, middle + radius
    return (
        Mark("disc", WHITE, low, high, side="front", reflective=True),
        Mark("disc", (0.07, 0.27, 0.68), low + 0.012, high - 0.012, side="front", reflective=True),
        Mark(
            "arrow",
            WHITE,
            low + radius * 0.2,
            high - radius * 0.2,
            side="front",
            turn=turn,
            reflective=True,
        ),
    )


def _paddle(
    plate: Rgb, word: str, outline: str, wide: float, tall: float, stick: Rgb, body: str
) -> Design:
    marks = (shine(word, -1, 2, 1.0), shine(word, -1, 2, 1.0, "back"))
    parts = (
        Part("box", 0.045, 0.02, 1.15, stick),
        Part(
            "box",
            wide,
            0.014,
            tall,
            plate,
            foot=1.18 - tall,
            d=-0.018,
            marks=marks,
            outline="disc" if outline == "disc" else "prism",
        ),
    )
    return _design(f"paddle {body} plate {word} {word} {word}", parts)


_GERMAN = _post(
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
_SWISS = _post(
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
_AUSTRIAN = _post(
    "wedge",
    0.13,
    0.08,
    1.0,
    WHITE,
    cap(BLACK, 0.80),
    shine("red", 0.60, 0.76, 0.05),
    shine("white", 0.60, 0.76, 0.05, "back"),
)
_ITALIAN = _post(
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
_J1 = _post(
    "round", 0.16, 0.16, 1.0, WHITE, ring((0.78, 0.10, 0.12), 0.72, 0.86, foil=True), profile=DOME
)
_J6 = _post(
    "round",
    0.14,
    0.14,
    1.0,
    WHITE,
    ring(FOILS["grey"], 0.78, 0.84, foil=True),
    ring(FOILS["grey"], 0.68, 0.74, foil=True),
    profile=DOME,
)
_DUTCH = _post(
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
_SPANISH = _post(
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
_POLISH = _post(
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
_CZECH = _post(
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
_RUSSIAN = _post(
    "box",
    0.15,
    0.10,
    0.85,
    CONCRETE,
    slant(BLACK, 0.66, 0.15, 0.45),
    shine("red", 0.72, 0.80, 0.055),
    shine("white", 0.72, 0.80, 0.055, "back"),
)
_NORDIC = _post(
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
_NORWAY_POLE = _post("round", 0.05, 0.05, 2.2, BLACK, ring(FOILS["white"], 1.75, 1.9, foil=True))
_ICELAND = _post(
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
_FAROE = _post(
    "box", 0.09, 0.04, 1.05, (0.93, 0.60, 0.12), cap(RED, 0.88), shine("orange", 0.76, 0.84, 0.05)
)
_DANISH = _post(
    "round",
    0.11,
    0.11,
    1.0,
    WHITE,
    slant(RED, 0.78, 0.14, 0.7),
    shine("orange", 0.89, 0.95, 0.05),
    profile=DOME,
)
_BANDED = _post(
    "round", 0.14, 0.14, 0.95, WHITE, *rings(RED, 0.95, 6), profile=((0.0, 1.0), (1.0, 1.0))
)
_BRITISH = _post(
    "round",
    0.15,
    0.15,
    1.0,
    BLACK,
    ring(FOILS["white"], 0.78, 0.84, foil=True),
    ring(FOILS["white"], 0.68, 0.74, foil=True),
    profile=DOME,
)
_KEEP_LEFT = (
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
            *_face(0.75, 0.14, -135.0),
            Mark("panel", FOILS["orange"], 0.16, 0.52, width=0.24, side="both", reflective=True),
        ),
    ),
)
_KEEP_YELLOW = (
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
        marks=_face(0.70, 0.14, -135.0),
        profile=((0.0, 0.3), (0.12, 0.85), (0.2, 1.0), (1.0, 1.0)),
    ),
)
_AUSSIE = _post(
    "box",
    0.10,
    0.03,
    1.05,
    WHITE,
    shine("red", 0.80, 0.92, 0.045),
    shine("white", 0.80, 0.92, 0.045, "back"),
)
_KIWI = _post(
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
_SNOWPOLE = _post("round", 0.06, 0.06, 2.3, WHITE, *rings(RED, 2.3, 8))
_ALPINE = _post("round", 0.05, 0.05, 2.0, ORANGE, *rings(BLACK, 2.0, 8, 0))
_YABANE = (
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
_GUARD_STONE = _post(
    "box",
    0.20,
    0.18,
    0.85,
    WHITE,
    *rings(BLACK, 0.85, 5, 0),
    profile=((0.0, 1.0), (0.93, 0.9), (1.0, 0.55)),
)
_RED_HEAD = _post(
    "box",
    0.19,
    0.17,
    0.80,
    CONCRETE,
    cap(RED, 0.62),
    profile=((0.0, 1.0), (0.93, 0.92), (1.0, 0.5)),
)
_CAPE = _post(
    "box", 0.18, 0.14, 0.80, WHITE, shine("red", 0.60, 0.72, 0.06), profile=((0.0, 1.0), (1.0, 0.9))
)
_FANTASMA = _post(
    "round",
    0.15,
    0.15,
    0.85,
    WHITE,
    ring(BLACK, 0.60, 0.70),
    shine("orange", 0.72, 0.78, 0.07),
    profile=DOME,
)
_CHEVRON = (
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
_GREEN_DRUM = _post(
    "round",
    0.32,
    0.32,
    0.75,
    GREEN,
    ring(FOILS["white"], 0.18, 0.30, foil=True),
    ring(FOILS["white"], 0.44, 0.56, foil=True),
    profile=((0.0, 1.0), (0.92, 0.96), (0.97, 0.88), (1.0, 0.7)),
)
_AUSTRIAN_WINTER = (
    Part("round", 0.035, 0.035, 1.3, (0.90, 0.42, 0.14), foot=0.95, d=0.02),
    *_AUSTRIAN,
)
_HUNGARIAN = _post(
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
_BRAZILIAN = _post(
    "round", 0.12, 0.12, 0.95, WHITE, cap(BLACK, 0.74), ring(FOILS["red"], 0.79, 0.86, foil=True)
)
_KOREAN = _post(
    "round",
    0.09,
    0.09,
    0.85,
    (0.88, 0.24, 0.14),
    ring(FOILS["grey"], 0.68, 0.77, foil=True),
    ring(FOILS["grey"], 0.50, 0.59, foil=True),
    profile=((0.0, 2.3), (0.03, 2.3), (0.06, 1.4), (0.1, 1.0), (1.0, 1.0)),
)
_ON_RAIL = (
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
_KILOMETRE = _post(
    "box",
    0.13,
    0.05,
    0.95,
    WHITE,
    Mark("digits", RED, 0.62, 0.82, width=0.10, side="both", text="14"),
    top="arch",
    drop=0.05,
)
_SRI_LANKAN = _post(
    "box", 0.36, 0.28, 0.45, WHITE, ring(BLACK, 0.0, 0.16), profile=((0.0, 1.0), (1.0, 0.7))
)
_BHUTAN = _post(
    "rock",
    0.55,
    0.4,
    0.42,
    (0.55, 0.54, 0.51),
    profile=((0.0, 1.0), (0.4, 0.95), (0.8, 0.7), (1.0, 0.4)),
)
_TURNED = (
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
_MANX = _post("round", 0.2, 0.2, 0.95, (0.11, 0.26, 0.58), profile=_TURNED)
_ALAND = _post(
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

NATIONALS: tuple[National, ...] = (
    National(
        "german",
        _design("flat white diagonal black white white", _GERMAN),
        ("germany", "germany", "luxembourg", "estonia"),
    ),
    National(
        "swiss",
        _design("flat white diagonal black white white", _SWISS),
        ("switzerland", "switzerland", "liechtenstein"),
    ),
    National(
        "austrian",
        _design("flat white cap black red white", _AUSTRIAN),
        ("austria", "austria", "slovenia", "montenegro"),
    ),
    National(
        "italian",
        _design("flat white cap black red white", _ITALIAN),
        ("italy", "italy", "albania", "malta"),
    ),
    National(
        "french bend",
        _design("round white band red red red", _J1),
        ("france", "france", "reunion-france", "tunisia", "senegal"),
    ),
    National(
        "french junction",
        _design("round white bands grey grey grey", _J6),
        ("france", "guadeloupe-france", "reunion-france"),
    ),
    National(
        "dutch",
        _design("flat white plain none red white", _DUTCH),
        ("netherlands", "netherlands", "ireland"),
    ),
    National(
        "spanish",
        _design("flat white diagonal black orange orange", _SPANISH),
        ("spain", "portugal", "andorra", "chile", "colombia"),
    ),
    National(
        "polish",
        _design("flat white diagonal red red white", _POLISH),
        ("poland", "poland", "ukraine"),
    ),
    National(
        "czech",
        _design("flat white band black red white", _CZECH),
        ("czech-republic", "slovakia", "slovakia"),
    ),
    National(
        "russian",
        _design("flat white diagonal black red white", _RUSSIAN, 0.5),
        ("russia", "kazakhstan", "kyrgyzstan"),
    ),
    National(
        "nordic",
        _design("flat white band black white white", _NORDIC),
        ("sweden", "sweden", "finland", "norway"),
    ),
    National(
        "norwegian pole",
        _design("pole black band white white white", _NORWAY_POLE),
        ("norway", "norway", "sweden"),
    ),
    National(
        "icelandic",
        _design("flat orange bands grey grey grey", _ICELAND),
        ("iceland", "iceland", "iceland"),
    ),
    National(
        "faroese",
        _design("flat orange cap red orange none", _FAROE),
        ("faroe-islands", "faroe-islands"),
    ),
    National(
        "danish", _design("round white diagonal red orange none", _DANISH), ("denmark", "denmark")
    ),
    National(
        "red and white",
        _design("round white stripes red none none", _BANDED, 0.6),
        ("ghana", "ghana", "rwanda", "bangladesh", "greenland"),
    ),
    National(
        "british",
        _design("round black bands white white white", _BRITISH),
        ("england-uk", "scotland-uk", "ireland"),
    ),
    National(
        "keep left",
        _design("sign white face blue orange orange", _KEEP_LEFT),
        ("england-uk", "jersey-uk", "bermuda"),
    ),
    National(
        "keep left, yellow",
        _design("sign orange face blue none none", _KEEP_YELLOW),
        ("hong-kong", "gibraltar", "ireland"),
    ),
    National(
        "australian",
        _design("flat white plain none red white", _AUSSIE),
        ("australia", "australia", "norfolk-island-australia"),
    ),
    National(
        "new zealand",
        _design("flat white band red orange white", _KIWI),
        ("new-zealand", "new-zealand", "new-zealand"),
    ),
    National(
        "disc",
        _paddle(GREY, "orange", "disc", 0.12, 0.12, WHITE, "white"),
        ("japan", "japan", "south-korea", "taiwan"),
    ),
    National(
        "snow pole",
        _design("pole white stripes red none none", _SNOWPOLE),
        ("japan", "japan", "spain"),
    ),
    National("arrow arm", _design("arm grey face red red red", _YABANE), ("japan", "japan")),
    National(
        "american",
        _paddle(STEEL, "white", "prism", 0.09, 0.13, STEEL, "grey"),
        ("united-states", "united-states", "canada"),
    ),
    National(
        "american, yellow",
        _paddle(STEEL, "orange", "prism", 0.10, 0.20, BROWN, "brown"),
        ("united-states", "alberta-canada", "canada"),
    ),
    National(
        "alpine pole",
        _design("pole orange stripes black none none", _ALPINE),
        ("italy", "san-marino", "romania", "greece", "turkey"),
    ),
    National(
        "guard stone",
        _design("square white stripes black none none", _GUARD_STONE, 0.7),
        ("india", "indonesia", "laos", "thailand", "malaysia"),
    ),
    National(
        "red head",
        _design("square white cap red none none", _RED_HEAD, 0.7),
        ("cambodia", "cambodia"),
    ),
    National(
        "cape",
        _design("square white plain none red none", _CAPE, 0.4),
        ("south-africa", "botswana", "peru"),
    ),
    National(
        "fantasma",
        _design("round white band black orange none", _FANTASMA, 0.5),
        ("mexico", "mexico", "nigeria"),
    ),
    National(
        "chevron",
        _design("paddle grey chevron red red none", _CHEVRON),
        ("botswana", "rwanda", "south-africa"),
    ),
    National(
        "green drum",
        _design("drum green bands white white white", _GREEN_DRUM),
        ("czech-republic", "united-states", "france"),
    ),
    National(
        "winter post",
        _design("polepost white cap black red white", _AUSTRIAN_WINTER),
        ("austria", "slovenia", "croatia"),
    ),
    National(
        "hungarian",
        _design("flat white diagonal black blue white", _HUNGARIAN),
        ("hungary", "hungary"),
    ),
    National(
        "brazilian", _design("round white cap black red red", _BRAZILIAN), ("brazil", "brazil")
    ),
    National(
        "korean",
        _design("round red bands grey grey grey", _KOREAN),
        ("south-korea", "south-korea", "spain"),
    ),
    National(
        "on the rail",
        _design("rail white diagonal black white white", _ON_RAIL),
        ("france", "slovakia"),
    ),
    National(
        "kilometre",
        _design("flat white face red none none", _KILOMETRE),
        ("christmas-island-australia",),
    ),
    National(
        "kerb block", _design("block white band black none none", _SRI_LANKAN, 0.6), ("sri-lanka",)
    ),
    National("boulder", _design("block grey plain none none none", _BHUTAN, 0.6), ("bhutan",)),
    National("manx", _design("ornament blue plain none none none", _MANX), ("isle-of-man-uk",)),
    National("aland", _design("flat white band black orange none", _ALAND), ("aland-finland",)),
)
