"""Links to street imagery and maps of the place where a photo was taken.

Other websites learn nothing until a visitor follows a link.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.catalogue import Photo

# Each website's documented address of a place; positions are WGS 84 degrees.
# Google's: developers.google.com/maps/documentation/urls, "Get started with Maps URLs".
# OpenStreetMap's: wiki.openstreetmap.org/wiki/Browsing. The others use their own permanent links.
WEBSITES = {
    "street-view": (
        "Google Street View",
        "https://www.google.com/maps/@?api=1&map_action=pano&viewpoint={latitude}%2C{longitude}",
    ),
    "google-maps": (
        "Google Maps",
        "https://www.google.com/maps/search/?api=1&query={latitude}%2C{longitude}",
    ),
    "mapillary": (
        "Mapillary",
        "https://www.mapillary.com/app/?lat={latitude}&lng={longitude}&z=17",
    ),
    "kartaview": ("KartaView", "https://kartaview.org/map/@{latitude},{longitude},17z"),
    "panoramax": (
        "Panoramax",
        "https://api.panoramax.xyz/#focus=map&map=17/{latitude}/{longitude}",
    ),
    "openstreetmap": (
        "OpenStreetMap",
        "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}"
        "#map=18/{latitude}/{longitude}",
    ),
}


@dataclass(frozen=True)
class PlaceLink:
    """A place on another website."""

    website: str
    address: str


def place_links(photo: Photo, websites: Iterable[str]) -> list[PlaceLink]:
    """Links to where a photo was taken; none if its position is not published.

    Args:
        photo: with its position in degrees.
        websites: keys of `WEBSITES`, in the order in which they are shown.
    """
    if photo.latitude is None or photo.longitude is None:
        return []
    # Six decimals are 11 cm at the equator; str() would give exponents near zero.
    position = {"latitude": f"{photo.latitude:.6f}", "longitude": f"{photo.longitude:.6f}"}
    return [
        PlaceLink(name, address.format(**position))
        for name, address in (WEBSITES[website] for website in websites)
    ]
