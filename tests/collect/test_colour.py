"""Colours of any depth and profile are converted to those meant for a screen."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from tests.collect.pictures import (
    cmyk_profile,
    corners,
    encoded,
    open_photo,
    png_16_bits,
    quarters,
    swapping_profile,
)

WHITE = (255, 255, 255)
GREY_119 = (119, 119, 119)  # L* = 50 in sRGB (IEC 61966-2-1)


def look(tmp_path: Path, content: bytes) -> list[tuple[int, int, int]]:
    """The colours of the quarters of a picture, opened as a photo."""
    path = tmp_path / "x"
    path.write_bytes(content)
    picture = open_photo(path, 100).image
    assert picture.mode == "RGB"
    return corners(picture)


def shade(tmp_path: Path, picture: Image.Image, kind: str, **options: object) -> tuple[int, ...]:
    """The one colour of a picture of one colour, stored as `kind`."""
    colours = set(look(tmp_path, encoded(picture, kind, **options)))
    assert len(colours) == 1
    return colours.pop()


def near(found: tuple[int, ...], expected: tuple[int, ...], by: int = 3) -> bool:
    return max(abs(a - b) for a, b in zip(found, expected, strict=True)) <= by


class TestProfiles:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
    def test_colours_follow_their_profile(self, tmp_path: Path, kind: str) -> None:
        red = Image.new("RGB", (16, 16), (200, 30, 40))
        found = shade(tmp_path, red, kind, icc_profile=swapping_profile())
        assert near(found, (40, 30, 200), by=6)

    def test_an_srgb_profile_changes_nothing(self, tmp_path: Path) -> None:
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        plain = look(tmp_path, encoded(quarters(), "PNG"))
        assert look(tmp_path, encoded(quarters(), "PNG", icc_profile=profile)) == plain

    @pytest.mark.parametrize("profile", [b"nonsense", b"\0" * 200, swapping_profile()[:300]])
    def test_a_broken_profile_is_ignored(self, tmp_path: Path, profile: bytes) -> None:
        plain = look(tmp_path, encoded(quarters(), "PNG"))
        assert look(tmp_path, encoded(quarters(), "PNG", icc_profile=profile)) == plain

    def test_a_profile_for_other_colours_is_ignored(self, tmp_path: Path) -> None:
        plain = look(tmp_path, encoded(quarters(), "PNG"))
        assert look(tmp_path, encoded(quarters(), "PNG", icc_profile=cmyk_profile())) == plain

    def test_transparent_pictures_keep_to_their_profile_too(self, tmp_path: Path) -> None:
        picture = Image.new("RGBA", (16, 16), (200, 30, 40, 255))
        picture.putpixel((0, 0), (0, 0, 0, 0))
        found = shade(tmp_path, picture, "PNG", icc_profile=swapping_profile())
        assert near(found, (40, 30, 200))


class TestCmyk:
    @pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
    @pytest.mark.parametrize(
        ("inks", "seen"),
        [
            ((0, 0, 0, 0), WHITE),
            ((0, 0, 0, 255), (0, 0, 0)),
            ((0, 255, 255, 0), (255, 0, 0)),
            ((255, 0, 0, 0), (0, 255, 255)),
        ],
    )
    def test_cmyk_colours_without_a_profile_are_not_inverted(
        self, tmp_path: Path, kind: str, inks: tuple[int, ...], seen: tuple[int, ...]
    ) -> None:
        assert near(shade(tmp_path, Image.new("CMYK", (16, 16), inks), kind), seen)

    @pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
    def test_cmyk_colours_follow_their_profile(self, tmp_path: Path, kind: str) -> None:
        blank, cyan = Image.new("CMYK", (16, 16)), Image.new("CMYK", (16, 16), (255, 0, 0, 0))
        assert near(shade(tmp_path, blank, kind, icc_profile=cmyk_profile()), WHITE)
        found = shade(tmp_path, cyan, kind, icc_profile=cmyk_profile())
        assert near(found, (found[0],) * 3), "grey, where without the profile it would be cyan"
        assert 0 < found[0] < 255


class TestDepth:
    def test_16_bit_grey_is_scaled_and_not_clipped(self, tmp_path: Path) -> None:
        values = np.zeros((8, 8), np.uint16)
        values[:4, :4], values[:4, 4:], values[4:, :4], values[4:, 4:] = 0, 257 * 64, 32768, 65535
        expected = [(0, 0, 0), (64, 64, 64), (128, 128, 128), WHITE]
        assert look(tmp_path, png_16_bits(values)) == expected
        assert look(tmp_path, encoded(Image.fromarray(values), "TIFF")) == expected

    def test_16_bit_grey_of_either_byte_order_and_polarity(self, tmp_path: Path) -> None:
        values = np.full((8, 8), 257 * 200, np.uint16)
        big = Image.frombytes("I;16B", (8, 8), values.astype(">u2").tobytes())
        assert shade(tmp_path, big, "TIFF") == (200, 200, 200)
        negative = encoded(Image.fromarray(values), "TIFF", tiffinfo={262: 0})
        assert set(look(tmp_path, negative)) == {(55, 55, 55)}

    def test_a_transparent_shade_of_16_bit_grey_is_white(self, tmp_path: Path) -> None:
        values = np.full((8, 8), 1000, np.uint16)
        values[4:] = 257 * 90
        content = png_16_bits(values, (b"tRNS", (1000).to_bytes(2, "big")))
        assert look(tmp_path, content) == [WHITE, WHITE, (90, 90, 90), (90, 90, 90)]

    def test_16_bit_colours_are_scaled(self, tmp_path: Path) -> None:
        values = np.empty((8, 8, 3), np.uint16)
        values[:] = (257 * 250, 257 * 128, 257 * 3)
        assert set(look(tmp_path, png_16_bits(values))) == {(250, 128, 3)}

    @pytest.mark.parametrize(
        ("value", "seen"), [(0.0, 0), (0.5, 128), (1.0, 255), (float("nan"), 0)]
    )
    def test_floating_point_grey_is_a_share_of_white(
        self, tmp_path: Path, value: float, seen: int
    ) -> None:
        picture = Image.fromarray(np.full((8, 8), value, np.float32))
        assert shade(tmp_path, picture, "TIFF") == (seen,) * 3

    def test_32_bit_grey_is_as_bright_as_its_brightest(self, tmp_path: Path) -> None:
        values = np.full((8, 8), 100_000, np.int32)
        values[4:] = 50_000
        found = look(tmp_path, encoded(Image.fromarray(values), "TIFF"))
        assert found == [WHITE, WHITE, (128, 128, 128), (128, 128, 128)]


class TestModes:
    @pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA"])
    def test_all_modes_of_png_come_out_as_rgb(self, tmp_path: Path, mode: str) -> None:
        picture = Image.new("RGB", (16, 16), "white").convert(mode)
        assert shade(tmp_path, picture, "PNG") == WHITE

    def test_a_palette_keeps_its_colours(self, tmp_path: Path) -> None:
        assert look(tmp_path, encoded(quarters().quantize(4), "PNG")) == corners(quarters())

    def test_lab_gives_its_colours(self, tmp_path: Path) -> None:
        lab = Image.frombytes("LAB", (8, 8), bytes((128, 0, 0)) * 64)  # a* and b* are signed
        assert near(shade(tmp_path, lab, "TIFF"), GREY_119)

    @pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
    def test_transparent_pixels_are_shown_on_white(self, tmp_path: Path, kind: str) -> None:
        clear = Image.new("RGBA", (16, 16), (10, 20, 30, 0))
        half = Image.new("RGBA", (16, 16), (0, 0, 0, 128))
        assert near(shade(tmp_path, clear, kind), WHITE, by=1)
        assert near(shade(tmp_path, half, kind), (127, 127, 127), by=2)

    def test_transparent_grey_is_shown_on_white(self, tmp_path: Path) -> None:
        assert shade(tmp_path, Image.new("LA", (16, 16), (0, 0)), "PNG") == WHITE

    @pytest.mark.parametrize("kind", ["PNG", "GIF"])
    def test_a_transparent_palette_entry_is_shown_on_white(self, tmp_path: Path, kind: str) -> None:
        picture = Image.new("P", (16, 16), 0)
        picture.putpalette([200, 0, 0, 0, 200, 0])
        assert shade(tmp_path, picture, kind, transparency=0) == WHITE

    @pytest.mark.parametrize(("mode", "colour"), [("L", 30), ("RGB", (10, 20, 30))])
    def test_a_transparent_colour_of_a_png_is_shown_on_white(
        self, tmp_path: Path, mode: str, colour: int | tuple[int, int, int]
    ) -> None:
        picture = Image.new(mode, (16, 16), colour)
        assert shade(tmp_path, picture, "PNG", transparency=colour) == WHITE
