"""Whatever kind of picture goes in, an upright 8-bit sRGB picture comes out, or a clear reason."""

import os
import struct
import subprocess
import sys
import threading
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
from generator.collect.open import Limits, Opened, PhotoError, decoded, open_photo
from tests.collect.pictures import QUARTERS, corners, encoded, png, quarters

# Pillow tells of damage by warnings too; the program silences them where pytest does not.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

LIMIT = 120
SEEN = [*QUARTERS.values(), (255, 255, 255)]
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


def is_close(picture: Image.Image, colours: list[tuple[int, int, int]], by: int = 12) -> bool:
    return bool((np.abs(np.subtract(corners(picture), colours)) <= by).all())


def opened(tmp_path: Path, content: bytes, name: str = "x.jpg", **options: int) -> Opened:
    path = tmp_path / name
    path.write_bytes(content)
    return open_photo(path, LIMIT, **options)


def reason(tmp_path: Path, content: bytes, name: str = "x.jpg") -> str:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(PhotoError) as raised:
        open_photo(path, LIMIT)
    assert raised.value.path == path
    assert str(raised.value) == f"{path}: {raised.value.reason}"
    return raised.value.reason


def as_heic(picture: Image.Image, **options: object) -> bytes:
    pillow_heif = pytest.importorskip("pillow_heif")
    pillow_heif.register_heif_opener()
    return encoded(picture, "HEIF", quality=95, **options)


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
    def test_every_usual_kind_opens(self, tmp_path: Path, kind: str) -> None:
        found = opened(tmp_path, encoded(quarters(), kind), f"x.{kind.lower()}")
        assert found.image.mode == "RGB"
        assert found.image.size == (found.width, found.height) == (64, 96)
        assert is_close(found.image, SEEN)

    def test_heic_opens(self, tmp_path: Path) -> None:
        assert is_close(opened(tmp_path, as_heic(quarters()), "x.heic").image, SEEN)

    def test_heic_opens_in_a_fresh_process(self, tmp_path: Path) -> None:
        (tmp_path / "x.heic").write_bytes(as_heic(quarters()))
        code = (
            "import sys, pathlib; from generator.collect.open import open_photo;"
            "assert 'pillow_heif' not in sys.modules;"
            f"print(open_photo(pathlib.Path({str(tmp_path / 'x.heic')!r}), 100).image.size)"
        )
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert run.stdout == "(64, 96)\n", run.stderr

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
    def test_the_kind_follows_from_the_content_not_from_the_name(
        self, tmp_path: Path, kind: str
    ) -> None:
        assert is_close(opened(tmp_path, encoded(quarters(), kind), "x.jpg").image, SEEN)

    @pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF"])
    def test_of_several_frames_the_first_is_used(self, tmp_path: Path, kind: str) -> None:
        others = [Image.new("RGB", (64, 96), colour) for colour in ("black", "yellow")]
        content = encoded(quarters(), kind, save_all=True, append_images=others)
        assert is_close(opened(tmp_path, content).image, SEEN)


class TestUpright:
    @pytest.mark.parametrize("orientation", list(TURNS))
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
    def test_pictures_are_turned_as_exif_says(
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
    def test_turning_a_picture_and_opening_it_gives_it_back(
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
    def test_a_date_that_is_none_is_ignored(self, tmp_path: Path, taken: str) -> None:
        content = encoded(quarters(), "JPEG", exif=with_exif(taken=taken).tobytes())
        assert opened(tmp_path, content).taken is None

    @pytest.mark.parametrize("exif", [b"Exif\0\0nonsense", b"Exif\0\0II*\0\xff\xff\xff\xff", b"E"])
    def test_broken_metadata_do_not_cost_the_photo(self, tmp_path: Path, exif: bytes) -> None:
        with warnings.catch_warnings(record=True):
            found = opened(tmp_path, encoded(quarters(), "JPEG", exif=exif))
        assert is_close(found.image, SEEN)

    @pytest.mark.parametrize("orientation", [1, 6])
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
    def test_nothing_of_it_is_left_in_the_picture(
        self, tmp_path: Path, kind: str, orientation: int
    ) -> None:
        exif = with_exif(orientation, taken="2024:05:01 18:30:00")
        image = opened(tmp_path, encoded(quarters(), kind, exif=exif)).image
        assert image.info == {}
        assert not image.getexif()
        for target in ("JPEG", "WEBP", "AVIF", "PNG"):
            assert b"Camera" not in encoded(image, target)


class TestLargePictures:
    def test_a_large_jpeg_may_be_decoded_smaller(self, tmp_path: Path) -> None:
        content = encoded(quarters((1600, 2400)), "JPEG", exif=with_exif(6))
        found = opened(tmp_path, content, at_least=600)
        assert (found.width, found.height) == (2400, 1600)
        assert found.image.size == (600, 400)

    @pytest.mark.parametrize("at_least", [1, 100, 500, 1199, 1200, 1201, 5000])
    def test_its_larger_side_stays_large_enough(self, tmp_path: Path, at_least: int) -> None:
        found = opened(tmp_path, encoded(quarters((1001, 2399)), "JPEG"), at_least=at_least)
        assert (found.width, found.height) == (1001, 2399)
        assert max(found.image.size) >= min(at_least, 2399)
        assert is_close(found.image, SEEN)

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
    def test_other_kinds_are_made_smaller_once_they_are_decoded(
        self, tmp_path: Path, kind: str
    ) -> None:
        found = opened(tmp_path, encoded(quarters((800, 1200)), kind), at_least=300)
        assert (found.width, found.height) == (800, 1200)
        assert found.image.size == (200, 300)
        assert is_close(found.image, SEEN)

    @pytest.mark.parametrize("orientation", list(TURNS))
    @pytest.mark.parametrize("by", [1, 2])
    def test_a_part_is_the_same_as_cut_out_of_the_whole(
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


class TestBadFiles:
    def bomb(self, kind: str) -> bytes:
        if kind == "png":
            return png(struct.pack(">IIBBBBB", 60000, 60000, 1, 0, 0, 0, 0), bytes(100))
        if kind == "gif":
            return b"GIF89a" + struct.pack("<HHBBB", 60000, 60000, 0, 0, 0) + b"," + bytes(20)
        if kind == "bmp":
            head = struct.pack("<IiiHHIIiiII", 40, 60000, 60000, 1, 24, 0, 0, 0, 0, 0, 0)
            return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + head
        jpeg = bytearray(encoded(quarters(), "JPEG"))
        frame = jpeg.index(b"\xff\xc0")
        jpeg[frame + 5 : frame + 9] = struct.pack(">HH", 60000, 60000)
        return bytes(jpeg)

    @pytest.mark.parametrize("kind", ["png", "jpeg", "gif", "bmp"])
    def test_an_image_bomb_is_refused_before_it_is_decoded(self, tmp_path: Path, kind: str) -> None:
        text = reason(tmp_path, self.bomb(kind))
        assert "60000 x 60000 px are 3,600 megapixels" in text
        assert "allows 120" in text
        assert "photos.max_megapixels" in text

    def test_the_limit_is_the_one_of_the_settings(self, tmp_path: Path) -> None:
        (tmp_path / "x.png").write_bytes(encoded(Image.new("L", (1001, 1000)), "PNG"))
        with pytest.raises(PhotoError, match="allows 1\\."):
            open_photo(tmp_path / "x.png", 1)
        assert open_photo(tmp_path / "x.png", 2).width == 1001

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
    @pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
    def test_a_truncated_file_is_refused(self, tmp_path: Path, kind: str, share: float) -> None:
        noise = np.random.default_rng(1).integers(0, 256, (120, 80, 3), np.uint8)
        content = encoded(Image.fromarray(noise), kind)
        assert reason(tmp_path, content[: int(len(content) * share)]).startswith(
            ("is truncated", "is damaged")
        )

    def test_a_truncated_heic_is_refused(self, tmp_path: Path) -> None:
        content = as_heic(quarters())
        assert reason(tmp_path, content[: len(content) * 2 // 3]).startswith("is ")

    def test_a_truncated_jpeg_is_called_so(self, tmp_path: Path) -> None:
        content = encoded(quarters((400, 400)), "JPEG")
        assert reason(tmp_path, content[:-200]) == (
            "is truncated: the file ends before the picture does. Copy it again."
        )

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
    def test_damage_never_shows_as_anything_but_a_reason(self, tmp_path: Path, kind: str) -> None:
        content = bytearray(encoded(quarters(), kind))
        random = np.random.default_rng(7)
        for _ in range(40):
            damaged = bytearray(content)
            for place in random.integers(4, len(damaged), 6):
                damaged[place] = random.integers(256)
            try:
                assert opened(tmp_path, bytes(damaged)).image.mode == "RGB"
            except PhotoError as error:
                assert error.reason.endswith(".")

    @pytest.mark.parametrize(
        ("content", "found"),
        [
            (b"", "empty (0 bytes)"),
            (b"Just a line of text.\n", "a text file"),
            (("ä" * 400).encode(), "a text file"),
            (b"<!DOCTYPE html><html><body>Please log in</body></html>", "a web page"),
            (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "an SVG drawing"),
            (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
            (b"PK\x03\x04\x14\0", "a ZIP archive"),
            (b"8BPS\0\x01", "a Photoshop document"),
            (bytes(2000), "filled with zeros"),
            (bytes(range(128, 256)) * 4, "data of an unknown kind"),
            (b"\x01\x02\x03", "data of an unknown kind"),
        ],
    )
    def test_a_file_that_is_no_picture_is_called_what_it_is(
        self, tmp_path: Path, content: bytes, found: str
    ) -> None:
        assert reason(tmp_path, content).startswith(f"is not a picture: it is {found}")

    @pytest.mark.parametrize(
        ("name", "setup", "way_out"),
        [
            ("x.heic", "sys.modules['pillow_heif'] = None", "pip install pillow-heif"),
            ("x.avif", "features.check = lambda name: False", "pip install --force-reinstall"),
        ],
    )
    def test_a_missing_decoder_is_named_with_the_way_out(
        self, tmp_path: Path, name: str, setup: str, way_out: str
    ) -> None:
        content = as_heic(quarters()) if name == "x.heic" else encoded(quarters(), "AVIF")
        (tmp_path / name).write_bytes(content)
        code = (
            f"import sys, pathlib; from PIL import features; {setup};"
            "from generator.collect.open import open_photo, PhotoError\n"
            f"try: open_photo(pathlib.Path({str(tmp_path / name)!r}), 100)\n"
            "except PhotoError as error: print(error.reason)"
        )
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert way_out in run.stdout, run.stderr
        assert "save the photo as JPEG" in run.stdout

    def test_a_video_is_called_so(self, tmp_path: Path) -> None:
        assert "video" in reason(tmp_path, b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41")

    def test_only_pictures_of_the_usual_kinds_are_decoded(self, tmp_path: Path) -> None:
        for kind in ("PPM", "ICO", "TGA", "EPS", "PCX"):
            assert reason(tmp_path, encoded(quarters(), kind)).startswith("is not a picture")

    def test_a_missing_file_is_called_so(self, tmp_path: Path) -> None:
        with pytest.raises(PhotoError, match=r"gone\.jpg: cannot be read: No such file"):
            open_photo(tmp_path / "gone.jpg", LIMIT)

    def test_a_folder_is_called_so(self, tmp_path: Path) -> None:
        with pytest.raises(PhotoError, match="is a folder, not a picture file"):
            open_photo(tmp_path, LIMIT)

    def test_a_named_pipe_is_not_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.jpg")
        found: list[BaseException] = []

        def attempt() -> None:
            try:
                open_photo(tmp_path / "pipe.jpg", LIMIT)
            except PhotoError as error:
                found.append(error)

        thread = threading.Thread(target=attempt, daemon=True)
        thread.start()
        thread.join(timeout=5)
        assert "is a named pipe" in str(found[0])


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
