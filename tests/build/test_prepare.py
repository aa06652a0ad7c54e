"""Every photo is decoded at most once, and results survive."""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from generator import look as module
from generator.build.prepare import Prepared, prepare
from generator.cache import Cache
from generator.catalogue import Box, Source
from generator.config import Settings
from generator.errors import Problem
from generator.isolate import Isolator
from generator.progress import Progress

SETTINGS = Settings.model_validate({"pictures": {"widths": (64, 96)}})


class MeanColour:
    """A real, tiny embedder: the mean colour of a crop. Counts its calls."""

    name = "mean-colour"

    def __init__(self, fingerprint: str = "1", fail_after: int = 10**9) -> None:
        self.fingerprint = fingerprint
        self.seen: list[tuple[int, int]] = []
        self._fail_after = fail_after
        self._lock = threading.Lock()

    def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        with self._lock:
            if len(self.seen) >= self._fail_after:
                raise KeyboardInterrupt
            self.seen += [image.size for image in images]
        rows = np.array([np.asarray(image).mean(axis=(0, 1)) + 1 for image in images])
        unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(
            np.float32
        )
        return unit


class Workshop:
    """A folder of photos with a cache and kept pictures, as a build has them."""

    def __init__(self, root: Path) -> None:
        self.photos = root / "photos"
        self.pictures = root / "work" / "pictures"
        self.cache = Cache.open(root / "work" / "cache.sqlite")
        self.photos.mkdir()

    def draw(
        self, name: str, colour: str, size: tuple[int, int] = (120, 160), crop: Box | None = None
    ) -> Source:
        path = self.photos / name
        picture = Image.new("RGB", size, "#6b8f4e")
        picture.paste(colour, (size[0] // 3, 0, 2 * size[0] // 3, size[1]))
        picture.save(path)
        return self.source(name, crop)

    def source(self, name: str, crop: Box | None = None) -> Source:
        digest = hashlib.sha256((self.photos / name).read_bytes()).hexdigest()
        return Source(digest[:12], name, digest, bollard=name, crop=crop)

    def prepare(
        self,
        sources: Sequence[Source],
        embedder: MeanColour,
        settings: Settings = SETTINGS,
        isolator: Isolator | None = None,
    ) -> tuple[list[Prepared], list[Problem]]:
        quiet = Progress(quiet=True)
        return prepare(
            sources, self.photos, self.pictures, settings, self.cache, embedder, isolator, quiet
        )


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    made = Workshop(tmp_path)
    yield made
    made.cache.close()


def many(workshop: Workshop, count: int) -> list[Source]:
    return [workshop.draw(f"{i:02}.png", f"#{i * 9:02x}20{255 - i * 9:02x}") for i in range(count)]


def test_photos_keep_their_order_and_have_size_pictures_and_vector(workshop: Workshop) -> None:
    sources = many(workshop, 20)

    ready, problems = workshop.prepare(sources, MeanColour())

    assert problems == []
    assert [one.source for one in ready] == sources
    for one in ready:
        assert (one.width, one.height) == (120, 160)
        assert one.crop == Box(0, 0, 120, 160)
        assert float(np.linalg.norm(one.embedding)) == pytest.approx(1, abs=1e-5)
        for picture in one.pictures.photo:
            with Image.open(workshop.pictures / Path(picture.path).name) as published:
                assert published.size == (picture.width, picture.height)


def test_the_second_time_nothing_is_opened(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = many(workshop, 5)
    first, _ = workshop.prepare(sources, MeanColour())
    monkeypatch.setattr(module, "decoded", None)
    embedder = MeanColour()

    again, _ = workshop.prepare(sources, embedder)

    assert embedder.seen == []
    for a, b in zip(first, again, strict=True):
        assert (a.source, a.crop, a.pictures, a.taken) == (b.source, b.crop, b.pictures, b.taken)
        np.testing.assert_array_equal(a.embedding, b.embedding)


def test_another_embedder_makes_its_own_vectors(workshop: Workshop) -> None:
    sources = many(workshop, 3)
    workshop.prepare(sources, MeanColour("1"))
    other = MeanColour("2")

    workshop.prepare(sources, other)

    assert len(other.seen) == 3


def test_a_lost_picture_is_made_again_without_embedding_again(workshop: Workshop) -> None:
    sources = many(workshop, 2)
    ready, _ = workshop.prepare(sources, MeanColour())
    lost = workshop.pictures / Path(ready[0].pictures.photo[0].path).name
    lost.unlink()
    embedder = MeanColour()

    workshop.prepare(sources, embedder)

    assert lost.exists()
    assert embedder.seen == []


def test_new_widths_need_new_pictures_only(workshop: Workshop) -> None:
    sources = many(workshop, 2)
    workshop.prepare(sources, MeanColour())
    embedder = MeanColour()

    ready, _ = workshop.prepare(
        sources, embedder, Settings.model_validate({"pictures": {"widths": (80,)}})
    )

    assert embedder.seen == []
    assert ready[0].pictures.photo[0].width == 80
    assert (workshop.pictures / Path(ready[0].pictures.photo[0].path).name).exists()


def test_only_the_given_box_is_embedded(workshop: Workshop) -> None:
    box = Box(40, 0, 80, 160)
    embedder = MeanColour()

    ready, _ = workshop.prepare([workshop.draw("red.png", "red", crop=box)], embedder)

    assert ready[0].crop == box
    assert embedder.seen == [(40, 160)]
    assert int(np.argmax(ready[0].embedding)) == 0
    # The owner may also decide to compare whole photos; that is another vector.
    whole = Settings.model_validate({"pictures": {"widths": (64,)}, "isolate": {"crop": "whole"}})
    ready, _ = workshop.prepare([ready[0].source], embedder, whole)
    assert ready[0].crop == Box(0, 0, 120, 160)
    assert embedder.seen[1:] == [(120, 160)]


def test_an_unusable_photo_costs_only_itself_and_is_reported_once(workshop: Workshop) -> None:
    good = many(workshop, 9)
    (workshop.photos / "broken.jpg").write_bytes(b"not a picture at all")

    ready, problems = workshop.prepare([*good, workshop.source("broken.jpg")], MeanColour())

    assert [one.source for one in ready] == good
    (problem,) = problems
    assert problem.file == "photos/broken.jpg"
    assert problem.skipped
    # The path is in `file`; the reason does not say it a second time.
    assert "broken.jpg" not in problem.reason


def test_an_interrupted_build_keeps_what_it_has_embedded(workshop: Workshop) -> None:
    sources = many(workshop, 28)

    with pytest.raises(KeyboardInterrupt):
        workshop.prepare(sources, MeanColour(fail_after=8))

    rest = MeanColour()
    ready, _ = workshop.prepare(sources, rest)
    assert len(ready) == 28
    assert len(rest.seen) <= 20


class LeftHalf(Isolator):
    """Finds everything in the left half of a photo."""

    def __init__(self, fingerprint: str = "left") -> None:
        self.name = "left"
        self.fingerprint = fingerprint

    def find(self, image: Image.Image) -> Box | None:
        return Box(0, 0, image.width // 2, image.height)


def test_the_detected_box_is_shown_and_embedded(workshop: Workshop) -> None:
    source = workshop.draw("a.png", "red", (120, 160))
    given = workshop.draw("b.png", "blue", (120, 160), crop=Box(40, 0, 80, 160))
    embedder = MeanColour()

    found, _ = workshop.prepare([source, given], embedder, isolator=LeftHalf())
    again, _ = workshop.prepare([source, given], embedder, isolator=LeftHalf())
    whole, _ = workshop.prepare([source, given], embedder)

    assert [one.crop for one in found] == [Box(0, 0, 60, 160), Box(40, 0, 80, 160)]
    assert [one.crop for one in again] == [one.crop for one in found]
    assert whole[0].crop == Box(0, 0, 120, 160)
    assert embedder.seen == [(60, 160), (40, 160), (120, 160)]
    assert found[0].pictures.crop


class FailsOver:
    """An embedder that fails on pictures of one width, as a model may."""

    name = "fails"
    fingerprint = "fails"

    def __init__(self, width: int) -> None:
        self.width = width

    def embed(self, images: Sequence[Image.Image]) -> NDArray[np.float32]:
        if any(image.width == self.width for image in images):
            raise RuntimeError("Non-zero status code returned\nwhile running Conv")
        return np.eye(3, dtype=np.float32)[np.zeros(len(images), int)]


def test_a_photo_on_which_the_embedder_fails_costs_only_itself(workshop: Workshop) -> None:
    good = many(workshop, 9)
    bad = workshop.draw("bad.png", "red", size=(77, 90))

    ready, problems = workshop.prepare([*good, bad], FailsOver(77))

    assert [one.source for one in ready] == good
    (problem,) = problems
    assert (problem.file, problem.skipped) == ("photos/bad.png", True)
    assert problem.reason == (
        "cannot be compared: Non-zero status code returned while running Conv."
    )


class FindsNothingBut(LeftHalf):
    """An isolator that fails on pictures of one width."""

    def find(self, image: Image.Image) -> Box | None:
        if image.width == 77:
            raise ValueError("empty mask")
        return super().find(image)


def test_a_photo_on_which_the_isolator_fails_costs_only_itself(workshop: Workshop) -> None:
    good = many(workshop, 3)
    bad = workshop.draw("bad.png", "red", size=(77, 90))

    ready, problems = workshop.prepare([*good, bad], MeanColour(), isolator=FindsNothingBut())

    assert [one.source for one in ready] == good
    assert [(one.file, one.skipped) for one in problems] == [("photos/bad.png", True)]


@pytest.mark.parametrize("size", [(20, 16400), (1, 20000), (16400, 20), (20000, 1), (1, 1)])
@pytest.mark.parametrize("format_", ["webp", "jpeg", "avif"])
def test_a_photo_of_any_shape_is_published_as_large_as_its_format_can(
    workshop: Workshop, size: tuple[int, int], format_: str
) -> None:
    picture = Image.new("RGB", size, "red")
    picture.save(workshop.photos / "odd.png")
    settings = Settings.model_validate({"pictures": {"format": format_}})

    (ready,), problems = workshop.prepare(
        [workshop.source("odd.png")], MeanColour(), settings=settings
    )

    assert problems == []
    assert (ready.width, ready.height) == size
    for planned in ready.pictures.photo:
        with Image.open(workshop.pictures / Path(planned.path).name) as published:
            assert published.size == (planned.width, planned.height)


def test_a_photo_that_was_replaced_after_it_was_read_is_left_out(workshop: Workshop) -> None:
    first, second = many(workshop, 2)
    old = (workshop.photos / first.file).read_bytes()
    (workshop.photos / first.file).write_bytes((workshop.photos / second.file).read_bytes())

    ready, problems = workshop.prepare([first, second], MeanColour())

    assert [one.source for one in ready] == [second]
    assert problems[0].reason == "was replaced while the site was built. Build again."
    # Put back, it has its own picture and vector.
    (workshop.photos / first.file).write_bytes(old)
    ready, problems = workshop.prepare([first, second], MeanColour())
    assert [one.source for one in ready] == [first, second]
    assert problems == []
    assert not np.allclose(ready[0].embedding, ready[1].embedding)


def test_a_photo_that_was_removed_after_it_was_read_is_left_out(workshop: Workshop) -> None:
    first, second = many(workshop, 2)
    (workshop.photos / first.file).unlink()

    ready, problems = workshop.prepare([first, second], MeanColour())

    assert [one.source for one in ready] == [second]
    assert problems[0].reason == "cannot be read: No such file or directory."


def test_a_full_disk_is_not_blamed_on_a_photo(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    sources = many(workshop, 1)
    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(OSError, match="No space left"):
        workshop.prepare(sources, MeanColour())
