"""The drawn examples of `bollards init` leave no trace once their photos are gone.

Their types would otherwise keep their ids, and their addresses would lead on, on a site that nobody
has seen. After a deploy from this machine they are types like all others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from generator.catalogue import Source
from generator.collect import photo_id
from generator.group.ledger import Ledger
from generator.project import Project
from generator.starter import example_digests


def without_examples(
    ledger: Ledger, sources: Sequence[Source], project: Project, salt: str
) -> Ledger:
    """The ledger without the example photos and their types, if none of the photos is there.

    Args:
        ledger: the record of earlier builds.
        sources: the photos of this build.
        project: the paths of the site project.
        salt: `privacy.salt`.
    """
    if project.deployed.exists():
        return ledger
    digests = example_digests(ledger.files.keys())
    ids = {photo_id(digest, one) for digest in digests for one in ("", salt, *ledger.salts)}
    gone = frozenset(ids.intersection(ledger.added))
    if not gone or any(source.id in ids for source in sources):
        return ledger

    def own(table: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        left = {key: photos - gone for key, photos in table.items()}
        return {key: photos for key, photos in left.items() if photos}

    types, retired = own(ledger.types), own(ledger.retired)
    return replace(
        ledger,
        types=types,
        retired=retired,
        undecided=own(ledger.undecided),
        added={photo: day for photo, day in ledger.added.items() if photo not in gone},
        moved={key: to for key, to in ledger.moved.items() if key in retired},
        places={key: place for key, place in ledger.places.items() if key in types},
        files={file: photo for file, photo in ledger.files.items() if photo not in gone},
        whole=None if ledger.whole is None else ledger.whole - gone,
    )
