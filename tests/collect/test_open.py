"""Whatever kind of picture goes in, an upright 8-bit sRGB picture comes out, or a clear reason."""

import struct
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from generator.catalogue import Box
from generator.collect.open import Limits, PhotoError, decoded
from tests.collect.pictures import (
    LIMIT,
    SEEN,
    as_heic,
    encoded,
    is_close,
    open_photo,
    opened,
    quarters,
)

# Pillow tells of damage by warnings too; the program silences them where pytest does not.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

TURNS = {  # EXIF Orientation -> how to store a picture so that it must be turned back
    1: [],
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_90],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_270],
}


def with_exif(orientation: int = 1, taken: str | None = None) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Camera"
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (48.0, 12.0, 30.0)
    return exif


class TestKinds:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
    def test_every_common_format_opens(self, tmp_path: Path, kind: str) -> None:
        found = opened(tmp_path, encoded(quarters(), kind), f"x.{kind.lower()}")
        assert found.image.mode == "RGB"
        assert found.image.size == (found.width, found.height) == (64, 96)
        assert is_close(found.image, SEEN)

    def test_heic_opens(self, tmp_path: Path) -> None:
        assert is_close(opened(tmp_path, as_heic(quarters()), "x.heic").image, SEEN)

    def test_heic_opens_in_a_fresh_process(self, tmp_path: Path) -> None:
        (tmp_path / "x.heic").write_bytes(as_heic(quarters()))
        code = (
            "import sys, pathlib; from tests.collect.pictures import open_photo;"
            "assert 'pillow_heif' not in sys.modules;"
            f"print(open_photo(pathlib.Path({str(tmp_path / 'x.heic')!r}), 100).image.size)"
        )
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert run.stdout == "(64, 96)\n", run.stderr

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
    def test_the_format_is_recognised_by_the_content_and_not_by_the_name(
        self, tmp_path: Path, kind: str
    ) -> None:
        assert is_close(opened(tmp_path, encoded(quarters(), kind), "x.jpg").image, SEEN)

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
    def test_the_first_of_several_frames_is_used(self, tmp_path: Path, kind: str) -> None:
        others = [Image.new("RGB", (64, 96), colour) for colour in ("black", "yellow")]
        content = encoded(quarters(), kind, save_all=True, append_images=others)
        assert is_close(opened(tmp_path, content).image, SEEN)


class TestUpright:
    @pytest.mark.parametrize("orientation", list(TURNS))
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
    def test_pictures_are_turned_upright_by_their_exif_orientation(
        self, tmp_path: Path, kind: str, orientation: int
    ) -> None:
        stored = quarters()
        for turn in TURNS[orientation]:
            stored = stored.transpose(turn)
        found = opened(tmp_path, encoded(stored, kind, exif=with_exif(orientation)))
        assert found.image.size == (found.width, found.height) == (64, 96)
        assert is_close(found.image, SEEN)

    @pytest.mark.parametrize("orientation", [3, 6])
    def test_heic_is_turned_once(self, tmp_path: Path, orientation: int) -> None:
        stored = quarters()
        for turn in TURNS[orientation]:
            stored = stored.transpose(turn)
        content = as_heic(stored, exif=with_exif(orientation).tobytes())
        found = opened(tmp_path, content)
        assert found.image.size == (found.width, found.height) == (64, 96)
        assert is_close(found.image, SEEN)

    @pytest.mark.parametrize("orientation", list(TURNS))
    def test_a_heic_that_only_exif_describes_as_rotated_is_turned_upright(
        self, tmp_path: Path, orientation: int
    ) -> None:
        stored = quarters()
        for turn in TURNS[orientation]:
            stored = stored.transpose(turn)
        # The encoder would write any other orientation into the container.
        content = as_heic(stored, exif=with_exif(1).tobytes())
        upright, turned = (
            struct.pack(">HHIHH", ExifTags.Base.Orientation, 3, 1, value, 0)
            for value in (1, orientation)
        )
        assert content.count(upright) == 1
        found = opened(tmp_path, content.replace(upright, turned), "x.heic")
        assert found.image.size == (found.width, found.height) == (64, 96)
        assert is_close(found.image, SEEN)

    @pytest.mark.parametrize("orientation", [0, 9, 77])
    def test_an_orientation_that_does_not_exist_is_ignored(
        self, tmp_path: Path, orientation: int
    ) -> None:
        content = encoded(quarters(), "JPEG", exif=with_exif(orientation))
        assert is_close(opened(tmp_path, content).image, SEEN)

    @hypothesis_settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        orientation=st.sampled_from(list(TURNS)),
        width=st.integers(1, 40),
        height=st.integers(1, 40),
        seed=st.integers(0, 99),
    )
    def test_a_turned_picture_opens_upright(
        self, tmp_path: Path, orientation: int, width: int, height: int, seed: int
    ) -> None:
        pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
        stored = Image.fromarray(pixels)
        for turn in TURNS[orientation]:
            stored = stored.transpose(turn)
        found = opened(tmp_path, encoded(stored, "PNG", exif=with_exif(orientation)))
        assert (found.width, found.height) == (width, height)
        assert (np.asarray(found.image) == pixels).all()


class TestMetadata:
    @pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF", "PNG", "TIFF"])
    def test_the_date_comes_from_exif(self, tmp_path: Path, kind: str) -> None:
        content = encoded(quarters(), kind, exif=with_exif(taken="2024:05:01 18:30:00").tobytes())
        assert opened(tmp_path, content).taken == "2024-05-01"

    def test_heic_tells_its_date(self, tmp_path: Path) -> None:
        content = as_heic(quarters(), exif=with_exif(taken="2024:05:01 18:30:00").tobytes())
        assert opened(tmp_path, content).taken == "2024-05-01"

    @pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "    :  :     :  :  ", "yesterday"])
    def test_an_invalid_date_is_ignored(self, tmp_path: Path, taken: str) -> None:
        content = encoded(quarters(), "JPEG", exif=with_exif(taken=taken).tobytes())
        assert opened(tmp_path, content).taken is None

    @pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b"E"])
    def test_broken_metadata_do_not_cost_the_photo(self, tmp_path: Path, exif: bytes) -> None:
        with warnings.catch_warnings(record=True):
            found = opened(tmp_path, encoded(quarters(), "JPEG", exif=exif))
        assert is_close(found.image, SEEN)

    @pytest.mark.parametrize("orientation", [1, 6])
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
    def test_none_of_it_is_left_in_the_picture(
        self, tmp_path: Path, kind: str, orientation: int
    ) -> None:
        exif = with_exif(orientation, taken="2024:05:01 18:30:00")
        image = opened(tmp_path, encoded(quarters(), kind, exif=exif)).image
        assert image.info == {}
        assert not image.getexif()
        for target in ("JPEG", "WEBP", "AVIF", "PNG"):
            assert b"Camera" not in encoded(image, target)


@pytest.mark.slow
class TestLargePictures:
    def test_a_large_jpeg_may_be_decoded_smaller(self, tmp_path: Path) -> None:
        content = encoded(quarters((1600, 2400)), "JPEG", exif=with_exif(6))
        found = opened(tmp_path, content, at_least=600)
        assert (found.width, found.height) == (2400, 1600)
        assert found.image.size == (600, 400)

    @pytest.mark.parametrize("at_least", [1, 100, 500, 1199, 1200, 1201, 5000])
    def test_the_larger_side_stays_large_enough(self, tmp_path: Path, at_least: int) -> None:
        found = opened(tmp_path, encoded(quarters((1001, 2399)), "JPEG"), at_least=at_least)
        assert (found.width, found.height) == (1001, 2399)
        assert max(found.image.size) >= min(at_least, 2399)
        assert is_close(found.image, SEEN)

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
    def test_other_formats_are_reduced_after_decoding(self, tmp_path: Path, kind: str) -> None:
        found = opened(tmp_path, encoded(quarters((800, 1200)), kind), at_least=300)
        assert (found.width, found.height) == (800, 1200)
        assert found.image.size == (200, 300)
        assert is_close(found.image, SEEN)

    @pytest.mark.parametrize("orientation", list(TURNS))
    @pytest.mark.parametrize("by", [1, 2])
    def test_a_part_equals_the_same_part_cut_out_of_the_whole(
        self, tmp_path: Path, orientation: int, by: int
    ) -> None:
        pixels = np.random.default_rng(1).integers(0, 256, (3000, 2000, 3), np.uint8)
        stored = Image.fromarray(pixels)
        for turn in TURNS[orientation]:
            stored = stored.transpose(turn)
        path = tmp_path / "x.png"
        path.write_bytes(encoded(stored, "PNG", exif=with_exif(orientation), compress_level=0))
        box = Box(200, 400, 1800, 2800)
        with decoded(path, Limits(LIMIT)) as photo:
            part = photo.picture(box, at_least=2400 // by)
        whole = Image.fromarray(pixels).crop((200, 400, 1800, 2800))
        assert (np.asarray(part) == np.asarray(whole.reduce(by))).all()

    def test_a_narrow_picture_keeps_its_width(self, tmp_path: Path) -> None:
        for kind in ("JPEG", "PNG", "WEBP"):
            found = opened(tmp_path, encoded(quarters((40, 8000)), kind), at_least=400)
            assert found.image.size == (40, 8000)


def test_many_threads_may_open_pictures_at_once(tmp_path: Path) -> None:
    contents = {
        "a.jpg": encoded(quarters(), "JPEG", exif=with_exif(1)),
        "b.webp": encoded(quarters(), "WEBP"),
        "c.png": encoded(quarters().quantize(8), "PNG"),
        "d.heic": as_heic(quarters()),
        "e.jpg": b"no picture",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)

    def attempt(name: str) -> bool:
        try:
            return is_close(open_photo(tmp_path / name, LIMIT).image, SEEN)
        except PhotoError:
            return name == "e.jpg"

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(attempt, list(contents) * 20))
