"""Colours, fonts and pictures of the owner's: what is taken, and what is told."""

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from generator.colours import contrast, readable, text_on
from generator.resources import FONTS
from tests.own.conftest import Reading

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height)).save(made, kind)
    return made.getvalue()


class TestContrast:
    def test_ratios_are_those_of_wcag(self) -> None:
        assert contrast("#000000", "#ffffff") == pytest.approx(21)
        assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)

    @given(COLOURS)
    def test_text_on_a_colour_is_always_readable(self, colour: str) -> None:
        assert contrast(text_on(colour), colour) >= 4.5

    @given(COLOURS, COLOURS)
    def test_a_readable_colour_has_the_contrast_that_was_asked_for(
        self, colour: str, ground: str
    ) -> None:
        found = readable(colour, [ground], 4.5)

        assert found is not None and contrast(found, ground) >= 4.5

    def test_the_colours_of_the_program_have_enough(self, own: Reading) -> None:
        _, problems = own({}, '[theme]\naccent = "#b3261e"\n')

        assert problems == []

    @pytest.mark.parametrize(
        ("key", "value", "told"),
        [
            ("soft", "#999999", "theme.soft on theme.faint: the contrast on light pages is 2"),
            ("ink_dark", "#444444", "theme.ink_dark on theme.faint_dark: the contrast on dark"),
            ("accent", "#ffd166", "expected at least 3 (WCAG 2.2)"),
            ("paper_dark", "#505050", "theme.soft_dark on theme.paper_dark"),
        ],
    )
    def test_low_contrast_is_reported_with_its_line_and_a_colour_that_has_enough(
        self, own: Reading, key: str, value: str, told: str
    ) -> None:
        _, problems = own({}, f'[theme]\n\n{key} = "{value}"\n')

        (one,) = (text for text in problems if told in text)
        assert one.startswith("site.toml: line 3: ")
        assert re.search(r'= "#[0-9a-f]{6}" would have enough', one)


class TestFonts:
    def test_weights_come_from_the_files(self, own: Reading) -> None:
        fonts = {path.stem: path.read_bytes() for path in FONTS.glob("*.ttf")}
        files = {f"fonts/{name}.ttf": content for name, content in fonts.items()}
        names = ", ".join(f'"{name}"' for name in sorted(files))
        site, problems = own(files, f"[theme]\nfont = [{names}]\n")

        assert problems == []
        for font in site.fonts:
            expected = "700" if "Bold" in font.path.stem else "400"
            assert font.weight == expected or " " in font.weight

    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("fonts/mime.woff2", "there is no such file. Did you mean fonts/mine.woff2?"),
            ("fonts/mine.woff2", "is not a readable font"),
            ("../mine.woff2", "outside of the site project"),
            ("fonts/mine.txt", "expected a file that ends in .woff2"),
        ],
    )
    def test_a_file_that_is_not_a_font_is_reported(
        self, own: Reading, name: str, told: str
    ) -> None:
        files = {"fonts/mine.woff2": "no font", "fonts/mine.txt": ""}
        site, problems = own(files, f'[theme]\nfont = "{name}"\n')

        assert site.fonts == ()
        assert len(problems) == 1 and told in problems[0]


class TestPictures:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "ICO"])
    def test_a_picture_becomes_a_png_of_a_useful_size(self, own: Reading, kind: str) -> None:
        name = f"icon.{kind.lower()}"
        site, problems = own({name: picture(256, 256, kind)}, f'[site]\nfavicon = "{name}"\n')

        assert site.icon is not None and site.icon.suffix == "png"
        assert site.icon.content.startswith(b"\x89PNG")
        assert problems == []

    @pytest.mark.parametrize(
        ("key", "name", "content", "told"),
        [
            ("logo", "logo.svg", "<svg", "is not a readable image"),
            ("logo", "logo.png", "text", "is not a readable image"),
            ("logo", "lego.svg", "<svg", "there is no such file. Did you mean lego.svg?"),
            ("favicon", "icon.png", picture(200, 100), "icons are square"),
            ("favicon", "icon.png", picture(32, 32), "blurred on home screens"),
        ],
    )
    def test_a_picture_with_a_fault_is_reported(
        self, own: Reading, key: str, name: str, content: str | bytes, told: str
    ) -> None:
        named = name.replace("lego", "logo")
        _, problems = own({name: content}, f'[site]\n{key} = "{named}"\n')

        assert len(problems) == 1 and told in problems[0]
