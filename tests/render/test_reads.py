"""What a page looks up besides its values decides whether it is made again."""

from typing import cast

from generator.render.assets import Assets
from generator.render.fingerprint import Fingerprints
from generator.render.reads import CatalogueView, Reads
from tests.render import sample


def test_a_page_that_asks_whether_there_are_photos_does_not_depend_on_their_number() -> None:
    small, large = sample.catalogue(), sample.catalogue(times=2)
    notes = Reads(small, cast("Assets", None), Fingerprints())
    view = CatalogueView(small, notes)
    assert view.photos
    asked = list(notes.noted)
    assert len(view.photos) < len(large.photos)
    counted = list(notes.noted)

    def states(names: list[str]) -> set[str]:
        every = (Reads(one, cast("Assets", None), Fingerprints()) for one in (small, large))
        return {one.state(names, {}, {}) for one in every}

    assert len(states(asked)) == 1
    assert len(states(counted)) == 2
