"""The real designs on the example site, and the countries of each."""

from dataclasses import dataclass

from generator.training.scenes import national_designs as drawn
from generator.training.scenes.designs import Design
from generator.training.scenes.drawing_kit import BROWN, GREY, STEEL, WHITE, design, paddle


@dataclass(frozen=True)
class National:
    """A design, and the folder of each of its bollards on the example site."""

    name: str
    design: Design
    folders: tuple[str, ...]


NATIONALS: tuple[National, ...] = (
    National(
        "german",
        design("flat white diagonal black white white", drawn.GERMAN),
        ("germany", "germany", "luxembourg", "estonia"),
    ),
    National(
        "swiss",
        design("flat white diagonal black white white", drawn.SWISS),
        ("switzerland", "switzerland", "liechtenstein"),
    ),
    National(
        "austrian",
        design("flat white cap black red white", drawn.AUSTRIAN),
        ("austria", "austria", "slovenia", "montenegro"),
    ),
    National(
        "italian",
        design("flat white cap black red white", drawn.ITALIAN),
        ("italy", "italy", "albania", "malta"),
    ),
    National(
        "french bend",
        design("round white band red red red", drawn.J1),
        ("france", "france", "reunion-france", "tunisia", "senegal"),
    ),
    National(
        "french junction",
        design("round white bands grey grey grey", drawn.J6),
        ("france", "guadeloupe-france", "reunion-france"),
    ),
    National(
        "dutch",
        design("flat white plain none red white", drawn.DUTCH),
        ("netherlands", "netherlands", "ireland"),
    ),
    National(
        "spanish",
        design("flat white diagonal black orange orange", drawn.SPANISH),
        ("spain", "portugal", "andorra", "chile", "colombia"),
    ),
    National(
        "polish",
        design("flat white diagonal red red white", drawn.POLISH),
        ("poland", "poland", "ukraine"),
    ),
    National(
        "czech",
        design("flat white band black red white", drawn.CZECH),
        ("czech-republic", "slovakia", "slovakia"),
    ),
    National(
        "russian",
        design("flat white diagonal black red white", drawn.RUSSIAN, 0.5),
        ("russia", "kazakhstan", "kyrgyzstan"),
    ),
    National(
        "nordic",
        design("flat white band black white white", drawn.NORDIC),
        ("sweden", "sweden", "finland", "norway"),
    ),
    National(
        "norwegian pole",
        design("pole black band white white white", drawn.NORWAY_POLE),
        ("norway", "norway", "sweden"),
    ),
    National(
        "icelandic",
        design("flat orange bands grey grey grey", drawn.ICELAND),
        ("iceland", "iceland", "iceland"),
    ),
    National(
        "faroese",
        design("flat orange cap red orange none", drawn.FAROE),
        ("faroe-islands", "faroe-islands"),
    ),
    National(
        "danish",
        design("round white diagonal red orange none", drawn.DANISH),
        ("denmark", "denmark"),
    ),
    National(
        "red and white",
        design("round white stripes red none none", drawn.BANDED, 0.6),
        ("ghana", "ghana", "rwanda", "bangladesh", "greenland"),
    ),
    National(
        "british",
        design("round black bands white white white", drawn.BRITISH),
        ("england-uk", "scotland-uk", "ireland"),
    ),
    National(
        "keep left",
        design("sign white face blue orange orange", drawn.KEEP_LEFT),
        ("england-uk", "jersey-uk", "bermuda"),
    ),
    National(
        "keep left, yellow",
        design("sign orange face blue none none", drawn.KEEP_YELLOW),
        ("hong-kong", "gibraltar", "ireland"),
    ),
    National(
        "australian",
        design("flat white plain none red white", drawn.AUSSIE),
        ("australia", "australia", "norfolk-island-australia"),
    ),
    National(
        "new zealand",
        design("flat white band red orange white", drawn.KIWI),
        ("new-zealand", "new-zealand", "new-zealand"),
    ),
    National(
        "disc",
        paddle(GREY, "orange", "disc", 0.12, 0.12, WHITE, "white"),
        ("japan", "japan", "south-korea", "taiwan"),
    ),
    National(
        "snow pole",
        design("pole white stripes red none none", drawn.SNOWPOLE),
        ("japan", "japan", "spain"),
    ),
    National("arrow arm", design("arm grey face red red red", drawn.YABANE), ("japan", "japan")),
    National(
        "american",
        paddle(STEEL, "white", "prism", 0.09, 0.13, STEEL, "grey"),
        ("united-states", "united-states", "canada"),
    ),
    National(
        "american, yellow",
        paddle(STEEL, "orange", "prism", 0.10, 0.20, BROWN, "brown"),
        ("united-states", "alberta-canada", "canada"),
    ),
    National(
        "alpine pole",
        design("pole orange stripes black none none", drawn.ALPINE),
        ("italy", "san-marino", "romania", "greece", "turkey"),
    ),
    National(
        "guard stone",
        design("square white stripes black none none", drawn.GUARD_STONE, 0.7),
        ("india", "indonesia", "laos", "thailand", "malaysia"),
    ),
    National(
        "red head",
        design("square white cap red none none", drawn.RED_HEAD, 0.7),
        ("cambodia", "cambodia"),
    ),
    National(
        "cape",
        design("square white plain none red none", drawn.CAPE, 0.4),
        ("south-africa", "botswana", "peru"),
    ),
    National(
        "fantasma",
        design("round white band black orange none", drawn.FANTASMA, 0.5),
        ("mexico", "mexico", "nigeria"),
    ),
    National(
        "chevron",
        design("paddle grey chevron red red none", drawn.CHEVRON),
        ("botswana", "rwanda", "south-africa"),
    ),
    National(
        "green drum",
        design("drum green bands white white white", drawn.GREEN_DRUM),
        ("czech-republic", "united-states", "france"),
    ),
    National(
        "winter post",
        design("polepost white cap black red white", drawn.AUSTRIAN_WINTER),
        ("austria", "slovenia", "croatia"),
    ),
    National(
        "hungarian",
        design("flat white diagonal black blue white", drawn.HUNGARIAN),
        ("hungary", "hungary"),
    ),
    National(
        "brazilian", design("round white cap black red red", drawn.BRAZILIAN), ("brazil", "brazil")
    ),
    National(
        "korean",
        design("round red bands grey grey grey", drawn.KOREAN),
        ("south-korea", "south-korea", "spain"),
    ),
    National(
        "on the rail",
        design("rail white diagonal black white white", drawn.ON_RAIL),
        ("france", "slovakia"),
    ),
    National(
        "kilometre",
        design("flat white face red none none", drawn.KILOMETRE),
        ("christmas-island-australia",),
    ),
    National(
        "kerb block",
        design("block white band black none none", drawn.SRI_LANKAN, 0.6),
        ("sri-lanka",),
    ),
    National("boulder", design("block grey plain none none none", drawn.BHUTAN, 0.6), ("bhutan",)),
    National("manx", design("ornament blue plain none none none", drawn.MANX), ("isle-of-man-uk",)),
    National("aland", design("flat white band black orange none", drawn.ALAND), ("aland-finland",)),
)
