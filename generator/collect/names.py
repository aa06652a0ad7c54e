"""Names of places that people use and that neither CLDR nor ISO 3166 lists. Data, no logic.

Everything here is in addition to the names that babel (CLDR) and pycountry (ISO 3166-1 and -2)
know. A name that rolls up to a larger country, such as one of its islands, keeps itself as region.
"""
# ruff: noqa: SIM905

from collections.abc import Mapping

EVERYDAY: Mapping[str, tuple[str, ...]] = {
    "AE": ("UAE", "Emirates"),
    "AX": ("Åland",),
    "BA": ("Bosnia",),
    "CC": ("Keeling Islands",),
    "CD": ("DR Congo", "DRC", "D.R. Congo", "Congo DR", "Congo-Kinshasa", "Congo (DRC)", "Zaire"),
    "CG": ("Congo-Brazzaville", "Republic of Congo"),
    "CI": ("Ivory Coast", "Elfenbeinküste"),
    "CZ": ("Czech Rep.",),
    "FK": ("Falklands", "Islas Malvinas"),
    "FM": ("FSM",),
    "FO": ("Faroes", "Faeroe Islands", "Faeroes"),
    "GB": (
        "UK",
        "U.K.",
        "Britain",
        "Great Britain",
        "Großbritannien",
        "Grande-Bretagne",
        "Gran Bretaña",
    ),
    "IE": ("Republic of Ireland", "Eire", "Éire"),
    "KN": ("St Kitts",),
    "KP": ("DPRK",),
    "KR": ("Korea", "Republic of Korea"),
    "LK": ("Ceylon",),
    "MF": ("Saint Martin",),
    "MK": ("Macedonia", "FYROM", "FYR Macedonia", "Former Yugoslav Republic of Macedonia"),
    "MM": ("Burma", "Myanmar"),
    "MO": ("Macau",),
    "NL": ("Holland", "Hollande", "Holanda"),
    "NZ": ("Aotearoa",),
    "PN": ("Pitcairn Island",),
    "PS": ("Palestine", "West Bank", "Gaza", "Gaza Strip"),
    "RE": ("Reunion Island", "La Réunion"),
    "SH": ("Saint Helena",),
    "SX": ("Saint Maarten", "Saint Martin (Dutch part)"),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "TW": ("Republic of China", "Chinese Taipei", "Formosa"),
    "US": ("USA", "U.S.A.", "U.S.", "America", "United States of America"),
    "VA": ("Vatican", "Holy See"),
    "VI": ("US Virgin Islands",),
    "WS": ("Western Samoa",),
}
"""ISO 3166-1 alpha-2 code -> names in everyday use, and former ones."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "CL": ("Easter Island", "Rapa Nui"),
    "CN": ("Inner Mongolia", "Tibet", "Xinjiang"),
    "CY": ("Northern Cyprus",),
    "EC": ("Galápagos", "Galápagos Islands"),
    "ES": ("Canary Islands", "Balearic Islands", "Ceuta", "Melilla", "Mallorca", "Tenerife"),
    "FR": ("Corsica", "Clipperton Island"),
    "GB": ("England", "Scotland", "Wales", "Northern Ireland"),
    "GG": ("Alderney", "Sark", "Herm"),
    "GR": ("Crete", "Rhodes"),
    "ID": ("West Papua", "Java", "Sumatra"),
    "IO": ("Diego Garcia",),
    "IT": ("Sicily", "Sardinia"),
    "PT": ("Azores", "Açores", "Madeira"),
    "SH": ("Ascension Island", "Tristan da Cunha"),
    "TZ": ("Zanzibar",),
    "UA": ("Crimea",),
}
"""ISO 3166-1 alpha-2 code -> parts of it that folders are named after without their country."""

PARENTS: Mapping[str, str] = {
    **dict.fromkeys("AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG".split(), "GB"),
    **dict.fromkeys("BL GF GP MF MQ NC PF PM RE TF WF YT".split(), "FR"),
    **dict.fromkeys("AS GU MP PR UM VI".split(), "US"),
    **dict.fromkeys("AW BQ CW SX".split(), "NL"),
    **dict.fromkeys("CC CX HM NF".split(), "AU"),
    **dict.fromkeys("CK NU TK".split(), "NZ"),
    **dict.fromkeys("BV SJ".split(), "NO"),
    **dict.fromkeys("FO GL".split(), "DK"),
    **dict.fromkeys("HK MO TW".split(), "CN"),
    "AX": "FI",
    "PS": "IL",
    "XK": "RS",
}
"""Places with a code of their own -> the country that people write after their name.

It says how names such as "isle-of-man-uk" are written, and nothing about whose the place is.
"""

SHORTER: Mapping[str, str] = {
    "HK": "Hong Kong",
    "MO": "Macao",
    "MM": "Myanmar",
    "PS": "Palestine",
}
"""CLDR's short English names, where its ordinary ones are longer; babel carries only those."""

NOT_PLACES = frozenset(
    "photo photos picture pictures pic pics image images img bollard bollards view views front "
    "back rear left right side new old misc miscellaneous other others various unsorted todo done "
    "test batch set part copy edited original originals crop crops cropped final good bad raw "
    "streetview gsv road roads street highway motorway".split()
)
"""Words beside a country's name that are no name of a part of it."""

DIRECTIONS = frozenset(
    "north south east west northern southern eastern western northeast northwest southeast "
    "southwest central centre center upper lower inner outer greater mainland rural urban city "
    "island islands state province region county coast coastal mountains".split()
)
"""Words that name a part of a country only together with its name: "Northern Cyprus"."""

SMALL_WORDS = frozenset("of and the de la le les du des del der die das y e et in on".split())
"""Words that stay small within a name in title case."""
