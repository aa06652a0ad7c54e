"""The feed of new photos, for feed readers (Atom, RFC 4287)."""

import uuid

from jinja2 import Environment

from generator.catalogue import Catalogue, Photo
from generator.output import Output

FEED_LENGTH = 40
# Entries keep their id when the site moves to another address.
_NAMESPACE = uuid.UUID("5b0ff0a4-6f3b-5a2c-9a43-0c2b4dbf6c11")


def newest(catalogue: Catalogue) -> tuple[Photo, ...]:
    """The newest photos; those of the same day by file name. Several bollards are one photo."""
    dated = [photo for photo in catalogue.photos if photo.added and photo.picture == photo.id]
    dated.sort(key=lambda photo: photo.file)
    dated.sort(key=lambda photo: photo.added or "", reverse=True)
    return tuple(dated[:FEED_LENGTH])


def entry_id(name: str) -> str:
    """A permanent id for an entry or a feed."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, name)}"


def write_feed(catalogue: Catalogue, environment: Environment, out: Output) -> None:
    """Write the feed.xml of one language."""
    site = catalogue.site
    feed = environment.get_template("feed.xml").render(
        site=site,
        photos=newest(catalogue),
        types=catalogue.type,
        entry_id=entry_id,
        root="../" * site.prefix.count("/"),
    )
    out.write(f"{site.prefix}feed.xml", feed)
