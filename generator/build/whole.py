"""Which photos stay whole, or keep the bars at their edges, where crops are the default.

Crops came to be the default after the first sites were built. A photo of such a site keeps the
picture by which its type was found and named, until the owner chooses a crop in site.toml: types
keep their ids and names. Photos that are new since then are cropped.
"""

from collections.abc import Sequence
from dataclasses import replace

from generator import plugins
from generator.catalogue import Source
from generator.config import IsolateSettings
from generator.errors import Problem
from generator.group.ledger import Ledger


def keep_whole(
    sources: Sequence[Source], settings: IsolateSettings, ledger: Ledger
) -> tuple[tuple[Source, ...], Ledger, tuple[Problem, ...]]:
    """Mark the photos that stay whole, and record them.

    Args:
        sources: all photos.
        settings: the section [isolate] of site.toml.
        ledger: the record of earlier builds; `Ledger.whole` is None until crops come to be.

    Returns:
        the photos, the ledger, and in the build in which crops come to be a message about it.
    """
    if settings.crop in plugins.ISOLATORS.always:
        return tuple(sources), replace(ledger, whole=None, bars=None), ()
    if settings.is_chosen:
        trimmed = tuple(replace(source, trimmed=True) for source in sources)
        return trimmed, replace(ledger, whole=frozenset(), bars=frozenset()), ()
    sources, ledger = _trimmed(sources, ledger)
    began = ledger.whole is None
    known = frozenset(ledger.added) if ledger.whole is None else ledger.whole
    own = _among(known, sources, ledger)
    marked = tuple(
        replace(source, whole=True) if source.id in own else source for source in sources
    )
    told = (_message(len(own)),) if began and own else ()
    return marked, replace(ledger, whole=known | own), told


def _trimmed(sources: Sequence[Source], ledger: Ledger) -> tuple[tuple[Source, ...], Ledger]:
    """Mark the photos whose bars are cut off: those that are new since bars are found."""
    known = frozenset(ledger.added) if ledger.bars is None else ledger.bars
    own = _among(known, sources, ledger)
    marked = tuple(replace(source, trimmed=source.id not in own) for source in sources)
    return marked, replace(ledger, bars=known | own)


def _among(known: frozenset[str], sources: Sequence[Source], ledger: Ledger) -> set[str]:
    return {
        source.id
        for source in sources
        # A photo that was saved again has another id, and its file's name.
        if source.picture in known or ledger.files.get(source.file) in known
    }


def _message(number: int) -> Problem:
    photos = "The photo" if number == 1 else f"The {number} photos"
    stay, them = ("stays", "it") if number == 1 else ("stay", "them")
    return Problem(
        "site.toml",
        "[isolate] crop: from now on the detector crops new photos in which the bollard is small."
        f" {photos} that this site has {stay} whole, so that types keep their names. Write"
        f' crop = "auto" to crop {them}, too, or crop = "given" to crop none.',
        skipped=False,
    )
