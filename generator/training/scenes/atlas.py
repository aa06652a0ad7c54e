"""The countries of the example site: their roadside surroundings and rough positions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Home:
    """A folder of the example site. Without a `country`, the folder's name is the country.

    `places` and `weathers` are the names of possible surroundings. `latitude` and `longitude` are
    a point by a road there, in degrees; the pictures are scattered around it.
    """

    country: str
    region: str
    latitude: float
    longitude: float
    places: tuple[str, ...]
    weathers: tuple[str, ...] = ("clear", "clear", "hazy", "overcast")


_COOL = ("overcast", "hazy", "clear")
_SUNNY = ("clear", "clear", "hazy")
_WET = ("overcast", "rain", "hazy")

HOMES: dict[str, Home] = {
    "aland-finland": Home("", "", 60.22, 19.95, ("meadow",), _COOL),
    "albania": Home("Albania", "", 40.71, 19.94, ("dry", "gravel"), _SUNNY),
    "alberta-canada": Home("", "Alberta", 51.42, -113.9, ("dry",), _SUNNY),
    "andorra": Home("Andorra", "", 42.55, 1.58, ("mountain", "verge"), _SUNNY),
    "australia": Home("Australia", "", -33.42, 149.58, ("dry", "desert"), _SUNNY),
    "austria": Home("Austria", "", 47.26, 12.42, ("meadow", "verge", "snow")),
    "bangladesh": Home("Bangladesh", "", 24.1, 90.2, ("tropics",), _WET),
    "bermuda": Home("Bermuda", "", 32.31, -64.76, ("island",), _SUNNY),
    "bhutan": Home("Bhutan", "", 27.43, 89.62, ("mountain",), _COOL),
    "botswana": Home("Botswana", "", -24.1, 25.7, ("desert", "dry"), _SUNNY),
    "brazil": Home("Brazil", "", -22.3, -47.4, ("gravel", "tropics"), _SUNNY),
    "cambodia": Home("Cambodia", "", 12.6, 104.9, ("tropics", "desert"), _SUNNY),
    "canada": Home("Canada", "", 45.62, -75.1, ("autumn", "verge", "forest")),
    "chile": Home("Chile", "", -33.0, -70.9, ("dry", "mountain"), _SUNNY),
    "christmas-island-australia": Home("", "", -10.46, 105.66, ("tropics",), _SUNNY),
    "colombia": Home("Colombia", "", 5.5, -73.6, ("verge", "tropics")),
    "croatia": Home("Croatia", "", 44.85, 14.95, ("mountain", "autumn"), _SUNNY),
    "czech-republic": Home("Czech Republic", "", 49.62, 15.4, ("meadow", "verge", "autumn")),
    "denmark": Home("Denmark", "", 55.6, 9.3, ("verge", "meadow"), _COOL),
    "england-uk": Home("", "England", 52.3, -1.62, ("verge", "island"), _COOL),
    "estonia": Home("Estonia", "", 58.7, 25.6, ("meadow", "forest"), _COOL),
    "faroe-islands": Home("Faroe Islands", "", 62.08, -6.98, ("moor", "verge"), _WET),
    "finland": Home("Finland", "", 61.9, 25.9, ("forest", "snow"), _COOL),
    "france": Home("France", "", 46.4, 2.6, ("verge", "meadow", "gravel", "dry")),
    "germany": Home("Germany", "", 50.6, 9.4, ("meadow", "verge", "forest", "autumn")),
    "ghana": Home("Ghana", "", 6.3, -1.1, ("tropics", "desert"), _SUNNY),
    "gibraltar": Home("Gibraltar", "", 36.14, -5.35, ("town",), _SUNNY),
    "greece": Home("Greece", "", 39.7, 21.6, ("dry", "mountain"), _SUNNY),
    "greenland": Home("Greenland", "", 64.18, -51.71, ("mountain", "snow"), _COOL),
    "guadeloupe-france": Home("", "", 16.17, -61.6, ("tropics",), _SUNNY),
    "hong-kong": Home("Hong Kong", "", 22.41, 114.12, ("town", "island"), _COOL),
    "hungary": Home("Hungary", "", 47.1, 18.9, ("dry", "meadow"), _SUNNY),
    "iceland": Home("Iceland", "", 64.1, -19.2, ("lava", "moor", "lava"), _COOL),
    "india": Home("India", "", 15.4, 75.2, ("desert", "tropics"), _SUNNY),
    "indonesia": Home("Indonesia", "", -7.5, 110.6, ("tropics",), _WET),
    "ireland": Home("Ireland", "", 53.1, -8.2, ("verge", "island", "meadow"), _WET),
    "isle-of-man-uk": Home("", "", 54.18, -4.55, ("town",), _COOL),
    "italy": Home("Italy", "", 43.3, 11.6, ("dry", "verge", "mountain"), _SUNNY),
    "japan": Home("Japan", "", 43.2, 142.6, ("snow", "verge", "forest", "mountain")),
    "jersey-uk": Home("", "", 49.21, -2.12, ("island",), _COOL),
    "kazakhstan": Home("Kazakhstan", "", 43.6, 77.4, ("dry",), _SUNNY),
    "kyrgyzstan": Home("Kyrgyzstan", "", 42.2, 74.9, ("mountain", "dry"), _SUNNY),
    "laos": Home("Laos", "", 19.3, 102.3, ("tropics",), _COOL),
    "liechtenstein": Home("Liechtenstein", "", 47.15, 9.53, ("verge",)),
    "luxembourg": Home("Luxembourg", "", 49.8, 6.1, ("forest", "verge"), _COOL),
    "malaysia": Home("Malaysia", "", 3.8, 102.1, ("tropics", "verge"), _WET),
    "malta": Home("Malta", "", 35.9, 14.4, ("gravel",), _SUNNY),
    "mexico": Home("Mexico", "", 20.3, -102.0, ("desert", "gravel"), _SUNNY),
    "montenegro": Home("Montenegro", "", 42.8, 19.2, ("mountain",), _SUNNY),
    "netherlands": Home("Netherlands", "", 52.4, 5.8, ("meadow", "verge"), _COOL),
    "new-zealand": Home("New Zealand", "", -43.9, 170.4, ("verge", "dry", "moor")),
    "nigeria": Home("Nigeria", "", 7.6, 4.4, ("desert",), _SUNNY),
    "norfolk-island-australia": Home("", "", -29.03, 167.95, ("verge",), _SUNNY),
    "norway": Home("Norway", "", 61.5, 8.8, ("snow", "moor", "mountain"), _COOL),
    "peru": Home("Peru", "", -13.9, -71.7, ("mountain",), _SUNNY),
    "poland": Home("Poland", "", 52.1, 19.2, ("meadow", "verge", "autumn")),
    "portugal": Home("Portugal", "", 39.4, -8.1, ("dry",), _SUNNY),
    "reunion-france": Home("", "", -21.2, 55.6, ("tropics", "lava"), _SUNNY),
    "romania": Home("Romania", "", 45.6, 24.6, ("forest",), _COOL),
    "russia": Home("Russia", "", 57.2, 39.1, ("meadow", "snow"), _COOL),
    "rwanda": Home("Rwanda", "", -1.9, 29.9, ("tropics", "desert"), _COOL),
    "san-marino": Home("San Marino", "", 43.94, 12.45, ("verge",), _SUNNY),
    "scotland-uk": Home("", "Scotland", 56.9, -4.5, ("moor",), _WET),
    "senegal": Home("Senegal", "", 14.5, -16.6, ("desert",), _SUNNY),
    "slovakia": Home("Slovakia", "", 48.9, 19.6, ("verge", "forest", "meadow")),
    "slovenia": Home("Slovenia", "", 46.2, 14.5, ("verge", "snow")),
    "south-africa": Home("South Africa", "", -32.3, 24.6, ("dry", "desert"), _SUNNY),
    "south-korea": Home("South Korea", "", 36.6, 128.2, ("verge", "town", "island"), _COOL),
    "spain": Home("Spain", "", 40.6, -4.1, ("dry", "town", "mountain"), _SUNNY),
    "sri-lanka": Home("Sri Lanka", "", 7.1, 80.7, ("tropics",), _WET),
    "sweden": Home("Sweden", "", 60.9, 14.9, ("forest", "meadow", "snow"), _COOL),
    "switzerland": Home("Switzerland", "", 46.8, 8.2, ("meadow", "mountain")),
    "taiwan": Home("Taiwan", "", 23.9, 121.1, ("tropics",), _WET),
    "thailand": Home("Thailand", "", 17.2, 101.9, ("tropics", "verge"), _SUNNY),
    "tunisia": Home("Tunisia", "", 36.3, 9.4, ("desert",), _SUNNY),
    "turkey": Home("Turkey", "", 39.6, 36.1, ("dry",), _SUNNY),
    "ukraine": Home("Ukraine", "", 49.4, 27.3, ("autumn",), _COOL),
    "united-states": Home("United States", "", 39.3, -108.6, ("dry", "desert", "verge"), _SUNNY),
}
