"""Damaged files, and files that are no pictures, are refused with a clear reason."""

import os
import struct
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.collect.open import Limits, PhotoError, decoded
from tests.collect.pictures import (
    LIMIT,
    SEEN,
    as_heic,
    encoded,
    is_close,
    open_photo,
    opened,
    png,
    quarters,
)

# Pillow tells of damage by warnings too; the program silences them where pytest does not.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def reason(tmp_path: Path, content: bytes, name: str = "x.jpg") -> str:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(PhotoError) as raised:
        open_photo(path, LIMIT)
    assert raised.value.path == path
    assert str(raised.value) == f"{path}: {raised.value.reason}"
    return raised.value.reason


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
    def test_a_decompression_bomb_is_refused_before_it_is_decoded(
        self, tmp_path: Path, kind: str
    ) -> None:
        text = reason(tmp_path, self.bomb(kind))
        assert "60000 x 60000 px are 3,600 megapixels" in text
        assert "allows 120" in text
        assert "photos.max_megapixels" in text

    def test_the_limit_comes_from_the_settings(self, tmp_path: Path) -> None:
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

    @pytest.mark.parametrize("progressive", [False, True])
    def test_a_jpeg_that_lacks_only_its_end_mark_is_used_with_a_remark(
        self, tmp_path: Path, progressive: bool
    ) -> None:
        content = encoded(quarters(), "JPEG", progressive=progressive)
        assert content.endswith(b"\xff\xd9")
        path = tmp_path / "x.jpg"
        path.write_bytes(content[:-2])
        assert is_close(open_photo(path, LIMIT).image, SEEN)
        with decoded(path, Limits(LIMIT)) as photo:
            assert photo.remark
        path.write_bytes(content)
        with decoded(path, Limits(LIMIT)) as photo:
            assert photo.remark is None

    def test_a_truncated_jpeg_is_reported_as_truncated(self, tmp_path: Path) -> None:
        content = encoded(quarters((400, 400)), "JPEG")
        assert reason(tmp_path, content[:-200]) == (
            "is truncated: the file ends before the picture does. Copy it again."
        )

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF", "GIF", "BMP"])
    def test_damage_only_ever_gives_a_reason(self, tmp_path: Path, kind: str) -> None:
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
    def test_a_message_names_the_kind_of_a_file_that_is_not_a_picture(
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
    def test_a_missing_decoder_is_named_with_the_solution(
        self, tmp_path: Path, name: str, setup: str, way_out: str
    ) -> None:
        content = as_heic(quarters()) if name == "x.heic" else encoded(quarters(), "AVIF")
        (tmp_path / name).write_bytes(content)
        code = (
            f"import sys, pathlib; from PIL import features; {setup};"
            "from generator.collect.open import Limits, PhotoError, decoded\n"
            f"try:\n with decoded(pathlib.Path({str(tmp_path / name)!r}), Limits(100)): pass\n"
            "except PhotoError as error: print(error.reason)"
        )
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert way_out in run.stdout, run.stderr
        assert "save the photo as JPEG" in run.stdout

    def test_a_video_is_named_as_one_in_the_message(self, tmp_path: Path) -> None:
        assert "video" in reason(tmp_path, b"\0\0\0\x18ftypisom\0\0\2\0isomiso2mp41")

    def test_only_pictures_of_common_formats_are_decoded(self, tmp_path: Path) -> None:
        for kind in ("PPM", "ICO", "TGA", "EPS", "PCX"):
            assert reason(tmp_path, encoded(quarters(), kind)).startswith("is not a picture")

    def test_a_missing_file_is_reported_as_missing(self, tmp_path: Path) -> None:
        with pytest.raises(PhotoError, match=r"gone\.jpg: cannot be read: No such file"):
            open_photo(tmp_path / "gone.jpg", LIMIT)

    def test_a_folder_is_named_as_one_in_the_message(self, tmp_path: Path) -> None:
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
