"""Which continent a country or territory belongs to."""

from collections.abc import Mapping

# Regions of the United Nations' M49 standard (https://unstats.un.org/unsd/methodology/m49/), except
# that the Americas are divided at the Darien Gap, as in atlases, with the Caribbean in the north.
# Taiwan and Kosovo, which M49 does not list, are added where they are.
_COUNTRIES: Mapping[str, str] = {
    "AF": """AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY
        MA MG ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM
        ZW""",
    "AN": "AQ",
    "AS": """AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM
        MN MO MV MY NP OM PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE""",
    "EU": """AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI
        LT LU LV MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK""",
    "NA": """AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX
        NI PA PM PR SV SX TC TT US VC VG VI""",
    "OC": """AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF
        WS""",
    "SA": "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE",
}
_CONTINENT = {code: name for name, codes in _COUNTRIES.items() for code in codes.split()}

CONTINENTS: Mapping[str, str] = {
    "AF": "002",
    "AN": "AQ",
    "AS": "142",
    "EU": "150",
    "NA": "003",
    "OC": "009",
    "SA": "005",
}
"""Each continent's two letters, and the code under which CLDR has its name in every language."""


def continent_of(code: str | None) -> str | None:
    """The continent (a key of `CONTINENTS`) of an ISO 3166-1 alpha-2 code, or None."""
    return _CONTINENT.get(code or "")
