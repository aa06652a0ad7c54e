"""The world map and the comparison: interactive pages that read the index of types."""

from collections.abc import Iterator

from generator.catalogue import Catalogue
from generator.render.maps import regions, world_map
from generator.render.page_maker import Maker, Page
from generator.render.pairs import FOLDER as COUNTRY_LOOKS
from generator.render.shards import FOLDER, prefix_length
from generator.render.world import World


def map_pages(maker: Maker, catalogue: Catalogue, world: World) -> Iterator[Page]:
    """`map/` and `compare/`."""
    known = [country for country in catalogue.countries if country.code]
    names = {country.code or "": country.name for country in known}
    types = {country.code or "": len(country.types) for country in known}
    bollards = dict.fromkeys(types, 0)
    for bollard in catalogue.bollards:
        if bollard.country:
            bollards[bollard.country] += 1
    map = world_map(world, types, names)
    yield maker.page(
        "map.html",
        "map/",
        map=map,
        regions=regions(),
        types=types,
        bollards=bollards,
    )
    yield maker.page(
        "compare.html",
        "compare/",
        map=map,
        shards=FOLDER,
        digits=prefix_length(len(catalogue.photos)),
        country_looks=COUNTRY_LOOKS,
    )
