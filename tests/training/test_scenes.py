"""Properties of the drawn scenes, for training and for the example site."""

import csv
import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.training.scenes import (
    ACCENTS,
    COLOURS,
    FORMS,
    PATTERNS,
    REFLECTORS,
    Design,
    Scene,
    View,
    random_design,
    random_surroundings,
    render_scene,
)
from generator.training.scenes.atlas import HOMES
from generator.training.scenes.example import draw_photo, encode
from generator.training.scenes.nations import NATIONALS

SMALL = (80, 100)
SITE = Path(__file__).parents[2] / "site"


def small_scene(design: Design, seed: int, view: View = "front") -> Scene:
    return render_scene(design, np.random.default_rng(seed), size=SMALL, view=view, framing="close")


def test_the_same_seed_gives_the_same_pixels_and_another_seed_others() -> None:
    design = random_design(np.random.default_rng(1))
    first, again, other = small_scene(design, 7), small_scene(design, 7), small_scene(design, 8)
    assert first.image.tobytes() == again.image.tobytes()
    assert np.array_equal(first.mask, again.mask)
    assert first.image.tobytes() != other.image.tobytes()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("view", ["front", "back"])
def test_every_form_is_drawn_from_both_sides_with_a_mask_that_fills_its_box(
    form: str, view: View
) -> None:
    rng = np.random.default_rng(FORMS.index(form))
    for _ in range(3):
        scene = render_scene(random_design(rng, form), rng, size=SMALL, view=view)
        assert scene.image.size == SMALL and scene.image.mode == "RGB"
        assert scene.mask.shape == SMALL[::-1] and scene.mask.dtype == np.uint8
        assert set(np.unique(scene.mask)) == {0, 255}
        left, top, right, bottom = scene.box
        rows, columns = np.nonzero(scene.mask)
        assert (left, top) == (columns.min(), rows.min())
        assert (right, bottom) == (columns.max() + 1, rows.max() + 1)


def test_attributes_use_the_vocabulary_only() -> None:
    rng = np.random.default_rng(3)
    for form in FORMS:
        for _ in range(25):
            words = random_design(rng, form).attributes()
            assert words.form == form
            assert words.body in COLOURS
            assert words.pattern in PATTERNS
            assert words.accent in ACCENTS
            assert words.reflector in REFLECTORS
            assert (words.accent == "none") == (words.pattern == "plain")


def test_front_and_back_of_a_design_agree_in_all_but_the_reflector() -> None:
    rng = np.random.default_rng(4)
    for _ in range(40):
        design = random_design(rng)
        front, back = design.attributes("front"), design.attributes("back")
        assert dataclasses.replace(back, reflector=front.reflector) == front


def test_a_scene_has_the_labels_of_its_design_from_either_side() -> None:
    design = random_design(np.random.default_rng(5))
    assert small_scene(design, 1).attributes == design.attributes()
    assert small_scene(design, 1, "back").attributes == design.attributes()


def test_random_designs_cover_all_forms_patterns_and_colours() -> None:
    rng = np.random.default_rng(6)
    seen = [random_design(rng).attributes() for _ in range(1500)]
    assert {words.form for words in seen} == set(FORMS)
    assert {words.body for words in seen} == set(COLOURS)
    assert {words.pattern for words in seen} == set(PATTERNS)
    assert sum(words.body == "white" for words in seen) > 0.4 * len(seen)


def test_close_framing_fills_the_height_and_wide_framing_does_not() -> None:
    rng = np.random.default_rng(8)
    design = random_design(rng, "flat")
    for _ in range(5):
        for framing, low, high in (("close", 0.45, 0.97), ("wide", 0.04, 0.5)):
            scene = render_scene(design, rng, size=SMALL, framing=framing)  # type: ignore[arg-type]
            share = (scene.box[3] - scene.box[1]) / SMALL[1]
            assert low < share < high


def test_a_bollard_on_a_rail_fills_more_of_a_close_picture_than_rail_and_ground_do() -> None:
    rng = np.random.default_rng(3)
    heights = []
    for seed in range(12):
        design = random_design(rng, "rail")
        _, top, _, bottom = small_scene(design, seed).box
        heights.append((bottom - top) / SMALL[1])
    assert np.median(heights) > 0.5


def test_bands_in_two_colours_are_named_as_such() -> None:
    rng = np.random.default_rng(4)
    posts = [post for _ in range(900) if (post := random_design(rng)).pattern == "bands"]
    assert {post.accent for post in posts} > {"multi", "white", "black"}
    for post in posts:
        bands = [m for part in post.parts for m in part.marks if m.kind == "band" and m.low > 0]
        assert (len({band.colour for band in bands}) == 2) == (post.accent == "multi")


def test_two_scenes_may_share_their_surroundings() -> None:
    rng = np.random.default_rng(9)
    around = random_surroundings(rng, place="desert", weather="overcast")
    around = dataclasses.replace(around, neighbours=0, backdrop=None)
    one, two = (
        render_scene(
            random_design(rng, "flat"), rng, size=SMALL, framing="close", surroundings=around
        )
        for _ in range(2)
    )
    edges = [np.asarray(scene.image)[:, :15].astype(float).mean((0, 1)) for scene in (one, two)]
    assert np.abs(edges[0] - edges[1]).max() < 40


def test_the_mask_matches_the_bollard() -> None:
    rng = np.random.default_rng(10)
    around = random_surroundings(rng, place="verge", weather="overcast")
    design = NATIONALS[[n.name for n in NATIONALS].index("korean")].design
    scene = render_scene(design, rng, size=SMALL, framing="close", surroundings=around)
    pixels = np.asarray(scene.image).astype(float)
    redness = pixels[..., 0] - pixels[..., 1]
    assert redness[scene.mask > 0].mean() > redness[scene.mask == 0].mean() + 30


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": (8, 100)}, "at least 16"),
        ({"view": "side"}, "'front' or 'back'"),
        ({"framing": "far"}, "'close', 'wide' or 'any'"),
    ],
)
def test_a_wrong_argument_is_named(arguments: dict[str, object], message: str) -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=message):
        render_scene(random_design(rng), rng, **arguments)  # type: ignore[arg-type]


def test_unknown_places_and_weathers_are_named_in_the_message() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="found 'moon'"):
        random_surroundings(rng, place="moon")
    with pytest.raises(ValueError, match="found 'hail'"):
        random_surroundings(rng, weather="hail")


def test_national_designs_use_the_vocabulary_and_existing_countries() -> None:
    for national in NATIONALS:
        words = national.design.attributes()
        assert words.form in FORMS and words.body in COLOURS and words.pattern in PATTERNS
        assert words.accent in ACCENTS and words.reflector in REFLECTORS
        assert set(national.folders) <= set(HOMES)
    assert {folder for n in NATIONALS for folder in n.folders} == set(HOMES)


def test_an_example_photo_is_drawn_the_same_twice_and_fits_its_share_of_the_site() -> None:
    national = NATIONALS[0]
    home = HOMES[national.folders[0]]
    one = draw_photo(national.design, home, 0, "germany/001a", "front")
    two = draw_photo(national.design, home, 0, "germany/001a", "front")
    assert one.image.tobytes() == two.image.tobytes()
    assert len(encode(one.image.resize((200, 252)))) < 30_000


def test_the_example_site_has_enough_countries_and_photos_in_little_space() -> None:
    with (SITE / "photos.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    files = {row["file"] for row in rows}
    assert len(files) == len(rows) >= 150
    assert {
        path.relative_to(SITE / "photos").as_posix() for path in (SITE / "photos").rglob("*.jpg")
    } == files
    assert len({row["file"].split("/")[0] for row in rows}) >= 40
    assert all(row["licence"] == "CC0-1.0" and row["credit"] for row in rows)
    assert sum((SITE / "photos" / name).stat().st_size for name in files) < 6_000_000


def test_the_example_photos_open_and_their_positions_are_on_earth() -> None:
    with (SITE / "photos.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows[::9]:
        with Image.open(SITE / "photos" / row["file"]) as photo:
            assert photo.format == "JPEG"
            photo.load()
        if row["latitude"]:
            assert abs(float(row["latitude"])) <= 90 and abs(float(row["longitude"])) <= 180


def test_the_committed_example_photos_are_what_the_code_draws() -> None:
    national = NATIONALS[0]
    folder = national.folders[0]
    scene = draw_photo(national.design, HOMES[folder], 0, f"{folder}/001a", "front")
    with Image.open(SITE / "photos" / folder / "001a.jpg") as committed:
        drawn = scene.image.resize(committed.size, Image.Resampling.LANCZOS)
        apart = np.abs(np.asarray(committed.convert("RGB")).astype(float) - np.asarray(drawn))
    assert apart.mean() < 8
