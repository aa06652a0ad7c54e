"""Names in any script, on the pictures for links."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.errors import BollardsError
from generator.output import Output
from generator.render import render
from generator.render.lettering import Lettering, from_right, raster
from generator.resources import FONTS
from tests.render import sample

NAMES = (
    "Weißer Pfosten, größer",
    "Λευκός πάσσαλος",
    "Білий стовпчик",
    "Cột trắng",
    "عمود أبيض مسطح",
    "עמוד לבן",
    "หลักนำทาง",
    "सफेद खंभा",
    "თეთრი ბოძი",
    "Սպիտակ սյուն",
)


@pytest.fixture(scope="module")
def lettering() -> Lettering:
    return Lettering(FONTS, FONTS / "scripts")


def ink(lettering: Lettering, text: str) -> np.ndarray:
    line = lettering.text(text, 20, 80, 40, "#000")
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="800" height="120">{line}</svg>'
    return np.asarray(raster(svg, lettering.files))[:, :, 3]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_of_these_scripts_is_written_whole(lettering: Lettering, name: str) -> None:
    assert lettering.writable(name) == name
    drawn = ink(lettering, name)
    assert drawn.any()
    # Nothing of it is a box: what no font has gives the same box for every letter.
    for letter in {*name} - {" "}:
        if letter.isalpha():
            assert not np.array_equal(ink(lettering, letter), ink(lettering, "\U0010fffd"))


def test_a_name_that_no_font_can_draw_is_left_out(lettering: Lettering) -> None:
    assert lettering.writable("白い角柱 white") == ""


def test_symbols_that_no_font_has_are_left_out_of_a_name(lettering: Lettering) -> None:
    assert lettering.writable("🚧 Bollards\n of\x07 Europe") == "Bollards of Europe"


def test_a_long_name_is_broken_into_lines_that_fit(lettering: Lettering) -> None:
    name = "White flat post with a slanted black band and an orange reflector"
    lines, size = lettering.fit(name, ((60, 2), (40, 3)), 500, bold=True)
    assert len(lines) == 3 and size == 40 and " ".join(lines) == name
    for line in lines:
        drawn = lettering.text(line, 0, 50, size, "#000", bold=True)
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="80">{drawn}</svg>'
        box = raster(svg, lettering.files).getbbox()
        assert box is not None and box[2] <= 500


def test_an_endless_name_is_cut_with_an_ellipsis(lettering: Lettering) -> None:
    lines, _ = lettering.fit("post " * 50, ((30, 2),), 300)
    assert len(lines) == 2 and lines[-1].endswith("post…")
    lines, _ = lettering.fit("x" * 500, ((30, 1),), 300)
    assert len(lines) == 1 and lines[0].endswith("x…")


def test_hebrew_with_a_latin_word_begins_at_the_right(lettering: Lettering) -> None:
    assert from_right("12 עמוד WHITE") and not from_right("WHITE עמוד") and not from_right("12")
    both, first = _inked(ink(lettering, "עמוד WWW")), _inked(ink(lettering, "עמוד"))
    at_right, at_left = both[:, -first.shape[1] :], both[:, : first.shape[1]]
    assert np.abs(at_right - first).mean() * 3 < np.abs(at_left - first).mean()


def _inked(drawn: np.ndarray) -> np.ndarray:
    columns = drawn.any(axis=0).nonzero()[0]
    return drawn[:, columns[0] : columns[-1] + 1].astype(int)


def test_markup_in_a_name_is_shown_as_text(lettering: Lettering) -> None:
    name = '<tspan fill="#f00">&amp;</tspan>'
    assert lettering.writable(name) == name
    assert ink(lettering, name).sum() > ink(lettering, "&").sum() * 5


def test_a_font_of_the_owner_draws_the_letters_that_the_fonts_of_the_program_lack(
    tmp_path: Path,
) -> None:
    chosen = sample.settings(base_url="https://example.org/")
    made = sample.with_type(sample.catalogue(chosen), "type-0", name="Λευκός")
    own = tmp_path / "fonts"
    own.mkdir()
    latin = Lettering(tmp_path / "none")
    assert latin.writable("Λευκός") == ""
    shutil.copy(next(FONTS.glob("*Bold.ttf")), own / "mine.ttf")
    assert Lettering(own).writable("Λευκός") == "Λευκός"
    sample.draw(made, chosen, tmp_path / "out")
    render(made, chosen, Output(tmp_path / "out"), fonts=own)
    with Image.open(tmp_path / "out/og/types/type-0.jpg") as picture:
        assert picture.size == (1200, 630)


def test_a_broken_font_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(BollardsError, match=r"broken\.ttf: this font cannot be used"):
        Lettering(tmp_path).writable("a")
