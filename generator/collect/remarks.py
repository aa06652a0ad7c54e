"""Words in the names of folders that do not name a place. Data, no logic."""
# ruff: noqa: SIM905

from collections.abc import Mapping

ABBREVIATIONS: Mapping[str, tuple[str, ...]] = {
    "am": ("american",),
    "amer": ("american",),
    "ant": ("antarctic",),
    "aut": ("autonomous",),
    "barb": ("barbuda",),
    "br": ("british",),
    "brit": ("british",),
    "c": ("central",),
    "cen": ("central",),
    "dem": ("democratic",),
    "dom": ("dominican",),
    "dpr": ("democratic peoples republic",),
    "e": ("east", "eastern"),
    "eq": ("equatorial",),
    "equat": ("equatorial",),
    "fed": ("federated", "federal", "federation"),
    "fr": ("french",),
    "geo": ("georgia",),
    "gren": ("grenadines",),
    "herz": ("herzegovina",),
    "hzgv": ("herzegovina",),
    "i": ("island", "islands", "isle"),
    "is": ("islands", "island", "isles"),
    "isl": ("islands", "island"),
    "isls": ("islands",),
    "isle": ("island",),
    "isles": ("islands",),
    "island": ("islands",),
    "islands": ("island",),
    "isld": ("island",),
    "islds": ("islands",),
    "islm": ("islamic",),
    "king": ("kingdom",),
    "mt": ("mount",),
    "n": ("north", "northern"),
    "ne": ("northeast",),
    "neth": ("netherlands",),
    "no": ("northern",),
    "nw": ("northwest",),
    "pac": ("pacific",),
    "pdr": ("peoples democratic republic",),
    "peo": ("peoples",),
    "pr": ("peoples republic of",),
    "prov": ("province",),
    "rb": ("bolivarian republic of",),
    "repub": ("republic",),
    "s": ("south", "southern", "san", "saint", "sao"),
    "sar": ("special administrative region",),
    "se": ("southeast",),
    "so": ("southern",),
    "sta": ("santa",),
    "sto": ("santo",),
    "sts": ("states",),
    "sw": ("southwest",),
    "ter": ("territory", "territories"),
    "terr": ("territory", "territories"),
    "u": ("united",),
    "utd": ("united",),
    "vin": ("vincent",),
    "w": ("west", "western"),
}
"""Abbreviations of words in atlases and statistics (Natural Earth, World Bank) -> the words."""

TURNED: Mapping[str, str] = {
    "northern": "north",
    "southern": "south",
    "eastern": "east",
    "western": "west",
    "islands": "island",
    "isles": "island",
    "isle": "island",
}
"""Words that are interchangeable when the order of words is reversed: "Ireland, North"."""

KINDS = frozenset(
    "state states province county region department district canton prefecture governorate land "
    "bundesland kanton provinz provincia estado departamento departement territory".split()
)
"""Words that mark a name beside them as that of a part of a country."""

COUNTRY_WORDS = frozenset("country nation pays land pais".split())
"""Words that mark a name beside them as that of a country: "Georgia (country)"."""

NOT_PLACES = frozenset(
    "photo photos picture pictures pic pics image images img bollard bollards view views front "
    "back rear left right side new old misc miscellaneous other others various unsorted todo done "
    "test batch set part copy edited original originals crop crops cropped final good bad raw "
    "streetview gsv road roads street highway motorway autobahn autoroute autopista carretera "
    "landstrasse bundesstrasse strassen".split()
)
"""Words beside a country's name that do not name a part of it."""

REMARKS = NOT_PLACES | frozenset(
    # What people do there, in the site's four languages, and when.
    "trip trips roadtrip roadtrips travel travels traveling travelling holiday holidays vacation "
    "vacations tour tours touring visit visits journey journeys excursion drive drives driving "
    "cycling bike biking hike hiking walk walking cruise camping honeymoon album albums gallery "
    "collection archive export dcim camera phone gopro dashcam drone folder best our my from in "
    "to at on around across through via for with day days week weeks weekend month year spring "
    "summer autumn fall winter easter christmas january february march april may june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
    "urlaub reise reisen rundreise ferien ausflug roadtour fahrt radtour wanderung bilder bild "
    "foto fotos poller tag tage woche wochen fruhling fruhjahr sommer herbst ostern weihnachten "
    "januar februar marz mai juni juli oktober dezember okt dez aus nach im am und mit unsere "
    "voyage voyages vacances sejour a circuit balade bornes borne photographies printemps ete "
    "automne hiver noel paques janvier fevrier mars avril juin juillet aout septembre octobre "
    "novembre decembre avec notre nos mes en au aux dans "
    "viaje viajes vacaciones ruta gira excursiones bolardos bolardo imagenes primavera verano "
    "otono invierno navidad enero febrero marzo abril mayo junio julio agosto septiembre octubre "
    "noviembre diciembre con nuestro nuestros mis por para "
    # Words about a place that do not name one.
    "pt vol no nr number country nation sar".split()
)
"""Words beside a country's name that do not change its meaning."""

OFFICIAL = frozenset("republic kingdom state principality commonwealth duchy union".split())
"""What a country is, before "of" and its name."""

CONNECTING = frozenset("of de del du des von di da do van near".split())
"""Words after which a name is part of a longer one: "Gulf of Mexico"."""

BEFORE = frozenset(
    "new little nueva nuevo nouvelle nova novo neu port puerto fort lake mount river cape wild "
    "villa ciudad colonia calle avenida avda plaza paseo rue boulevard place pont parque".split()
)
"""Words that make another name of the one that follows: "New England", "Calle México"."""

FEATURES = frozenset(
    "creek brook branch run hill hills hollow ridge knob gap gulch canyon gorge swamp marsh "
    "slough bayou pond falls rapids spring springs well wells cove inlet harbor harbour beach "
    "shore shores spit neck point landing ferry bay basin strait reef rock rocks valley meadow "
    "meadows prairie plain plains grove groves wood woods pines field fields farm farms ranch "
    "acres gardens heights hundred island islands isle isles key keys cay cays city town "
    "township village borough parish county junction crossing corner corners mill mills mines "
    "camp depot street st road rd avenue ave av lane ln way drive dr court ct boulevard blvd "
    "parkway pkwy terrace circle alley square trail turnpike yard tech university college "
    "academy strasse platz weg allee gasse estates estate manor plaza mall crescent pike".split()
)
"""Words that make another name of the one before: "Turkey Creek", "Lebanon County"."""

FEATURES_BEFORE = frozenset(
    "park lake river mountain mount mt fort port cape saint station house church school".split()
)
"""The same, unless the name of a place follows: "Greece Park", not "Italy Lake Como"."""

MODIFIERS = frozenset("state national regional provincial memorial big old great".split())
"""Words that may be between: "Turkey Run State Park"."""

WORDS_BEFORE = frozenset("in on or me hi ok la de al co ma mi oh id nu".split())
"""Words that stand before names, and are short forms of states only after them."""

STREET_REMARKS = frozenset("view views trip trips tour photo photos".split())
"""Words after "street" and "road" that make a remark of them: "Japan street view"."""

ISLANDS = frozenset(
    "aruba bahrain barbados bermuda cuba curacao cyprus dominica grenada greenland guam iceland "
    "ireland jamaica madagascar malta mauritius montserrat nauru niue singapore taiwan "
    "saintlucia srilanka".split()
)
"""Keys of countries that are one island: "Malta Island" is Malta."""

CODE_WORDS = frozenset(
    "ad ag al am an and are as at be bi by can cd ch com cub da de del der do el en er es et fin "
    "fm gp gps hm id il im in io is it jam la las les li lo los lu ma mar me mil mr ms mu mv my ne "
    "new ni no nor nu om pa pan per pl pm pn pr ps re sa se si so sr st su sun sur ta td the tn to "
    "ton tv um un us va van vi we ye".split()
)
"""Words and common short forms that are also codes of ISO 3166-1: codes only if written alone."""

ENGLISH = frozenset(
    "am an as at be by do he hi id if in is it ma me my no of oh ok on or pa so to up us we".split()
)
"""English words of two letters: "it-is" is no code of ISO 3166-2 unless in capitals."""

DIRECTIONS = frozenset(
    "north south east west northern southern eastern western northeast northwest southeast "
    "southwest central centre center upper lower inner outer greater mainland rural urban city "
    "island islands state province region county coast coastal mountains".split()
)
"""Words that name a part of a country only together with its name: "Northern Cyprus"."""

COMPASS: Mapping[str, str] = {
    **dict.fromkeys("north northern nord norte norden noord septentrional".split(), "north"),
    **dict.fromkeys("south southern sud sur suden zuid meridional".split(), "south"),
}
"""Words for north and south in the languages whose names of countries are known."""

SMALL_WORDS = frozenset("of and the de la le les du des del der die das y e et in on".split())
"""Words that stay small within a name in title case."""
