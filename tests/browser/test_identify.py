"""A visitor shows a picture to the page that identifies bollards, in a real browser."""

import io
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

from generator.identify.lookup import Identification, Index, identify, load_index
from generator.identify.said import telltale_line
from generator.identify.views import view_photo
from generator.project import Project
from generator.training.scenes import random_design, random_surroundings, render_scene
from tests.browser.identifying import ask, show
from tests.recogniser.test_detector import a_street
from tests.sites import three_bollards

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def index(built: Project) -> Index:
    return load_index(built)


def vector_of(index: Index, file: Path) -> NDArray[np.float32]:
    return index.viewer.vector(file, index.viewer.look(file))


def test_the_page_and_the_command_give_the_same_answers(
    stage: Page, index: Index, strangers: list[Path]
) -> None:
    for file in strangers:
        there = ask(stage, lambda file=file: show(stage, file))  # type: ignore[misc]
        vector = vector_of(index, file)
        here = identify([view_photo(file, index.viewer)], index)

        assert float(vector @ np.array(there["embedding"], np.float32)) >= 0.999, file.name
        assert there["types"][0]["key"] == here.types[0].key
        assert there["countries"][0]["key"] == here.countries[0].key
        shares = {one["key"]: one["share"] for one in there["types"]}
        for one in here.types:
            assert shares[one.key] == pytest.approx(one.score, abs=0.02)
        assert there["doubt"] == here.doubt
        said = {one["code"]: one["sure"] for one in there["named"]}
        assert len(said) == len(here.named)
        # The browser's vectors have 8 bits, so that nearly equal countries may change places.
        clear = [one for one in here.named if one.code in said]
        assert clear[0] == here.named[0]
        assert all(said[one.code] == one.sureness for one in clear)
        if len(clear) < len(here.named):
            continue
        decides = stage.locator(".decides .telltale")
        if here.telltale:
            line = telltale_line(here.telltale, index.country_names)
            expect(decides).to_have_text(re.compile(re.escape(line.split(" (")[0])))
        else:
            expect(decides).to_have_count(0)


def test_photos_of_one_bollard_are_answered_together_as_on_the_command_line(
    stage: Page, index: Index, built: Project
) -> None:
    files = sorted(built.photos.glob("france/*"))[:3]
    shown = []
    for number, file in enumerate(files):
        if number:
            stage.get_by_role("button", name="Add another photo of this bollard").click()
        shown.append(ask(stage, lambda file=file: show(stage, file)))  # type: ignore[misc]
    views = [view_photo(file, index.viewer) for file in files]

    def agree(there: dict[str, Any], here: Identification) -> None:
        shares = {one["key"]: one["share"] for one in there["countries"]}
        for one in here.countries:
            assert shares[one.key] == pytest.approx(one.score, abs=0.02)
        nearest = here.neighbours[0].score
        assert there["neighbours"][0]["score"] == pytest.approx(nearest, abs=0.01)

    for number, there in enumerate(shown, 1):
        agree(there, identify(views[:number], index))
    earlier = stage.get_by_role("list", name="Other photos of this bollard")
    expect(earlier.locator("li")).to_have_count(2)

    agree(
        ask(stage, lambda: stage.get_by_role("button", name="Remove photo 1").click()),
        identify(views[1:], index),
    )
    alone = ask(stage, lambda: show(stage, files[0]))
    agree(alone, identify(views[:1], index))
    expect(earlier).to_be_hidden()


def test_all_bollards_of_a_picture_vote_on_its_country_on_the_page_as_on_the_command_line(
    stage: Page, index: Index, tmp_path: Path
) -> None:
    file = tmp_path / "street.png"
    # With a tall sky, so that no bollard fills the picture.
    ImageOps.expand(three_bollards(), (0, 400, 0, 0), fill=(150, 170, 190)).save(file)
    there = ask(stage, lambda: show(stage, file))
    view = view_photo(file, index.viewer)
    here = identify([view], index)
    alone = identify([replace(view, crops=view.crops[:1])], index)

    assert len(view.crops) == 3
    assert here.types == alone.types
    assert here.countries != alone.countries
    shares = {one["key"]: one["share"] for one in there["countries"]}
    for one in here.countries:
        assert shares[one.key] == pytest.approx(one.score, abs=0.02)


def test_a_visitor_sees_types_countries_and_the_nearest_photos(
    stage: Page, built: Project, index: Index
) -> None:
    known = next(built.photos.glob("germany/*a.jpg"))
    ask(stage, lambda: show(stage, known))

    expect(stage.get_by_role("heading", name="Which country?")).to_be_visible()
    expect(stage.locator(".candidate").first).to_contain_text("Germany")
    near = stage.locator(".near-photos [data-photo]")
    expect(near).to_have_count(min(12, len(index.ids)))
    # The number of pages and commands, also for a photo that the collection has.
    expect(near.first).to_contain_text(f"{index.calibration(1.0):.0%} likely the same type")
    photo = near.first.get_attribute("data-photo")
    assert index.files[index.ids.index(photo or "")].endswith(known.name)
    stage.wait_for_function(
        "() => [...document.querySelectorAll('.near-photos img')].every(i => i.naturalWidth)"
    )
    likely = stage.locator(".likely > li a").first
    likely.click()
    expect(stage).to_have_url(re.compile("/types/"))


def test_pasting_and_dropping_work_anywhere_on_the_page(stage: Page, strangers: list[Path]) -> None:
    content = strangers[0].read_bytes()
    give = """([kind, bytes]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(bytes)], "x.jpg", { type: "image/jpeg" }));
      const event = kind === "paste"
        ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
        : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
      document.querySelector("footer").dispatchEvent(event);
    }"""
    answers = [
        ask(stage, lambda kind=kind: stage.evaluate(give, [kind, list(content)]))  # type: ignore[misc]
        for kind in ("paste", "drop")
    ]
    assert answers[0]["types"] == answers[1]["types"]


def test_the_keyboard_moves_and_resizes_the_frame_and_the_answer_follows(
    stage: Page, strangers: list[Path]
) -> None:
    first = ask(stage, lambda: show(stage, strangers[0]))
    frame = stage.get_by_role("group", name="Frame 1")
    frame.focus()
    before = frame.bounding_box()

    def shrink() -> None:
        stage.keyboard.press("-")

    second = ask(stage, shrink)
    after = frame.bounding_box()
    assert before and after and after["width"] < before["width"]
    assert second["embedding"] != first["embedding"]
    stage.keyboard.press("ArrowRight")
    moved = frame.bounding_box()
    assert (
        moved and moved["x"] > after["x"] and moved["width"] == pytest.approx(after["width"], 0.02)
    )


def test_a_frame_is_drawn_with_the_mouse_and_a_second_one_added(
    stage: Page, strangers: list[Path]
) -> None:
    ask(stage, lambda: show(stage, strangers[0]))
    easel = stage.locator(".easel").bounding_box()
    assert easel

    def draw() -> None:
        stage.mouse.move(easel["x"] + 0.3 * easel["width"], easel["y"] + 0.2 * easel["height"])
        stage.mouse.down()
        stage.mouse.move(easel["x"] + 0.7 * easel["width"], easel["y"] + 0.9 * easel["height"])
        stage.mouse.up()

    ask(stage, draw)
    frame = stage.locator(".frame.chosen").bounding_box()
    assert frame
    assert frame["width"] == pytest.approx(0.4 * easel["width"], abs=4)
    assert frame["height"] == pytest.approx(0.7 * easel["height"], abs=4)

    ask(stage, lambda: stage.get_by_role("button", name="Add a frame").click())
    choice = stage.get_by_role("button", name="Frame 2")
    expect(choice).to_have_attribute("aria-pressed", "true")
    stage.get_by_role("button", name="Frame 1").click()
    expect(choice).to_have_attribute("aria-pressed", "false")


def test_several_bollards_in_one_picture_each_get_a_frame(
    stage: Page, index: Index, tmp_path: Path
) -> None:
    rng = np.random.default_rng(3)
    street = Image.new("RGB", (1200, 500))
    for place in range(2):
        scene = render_scene(
            random_design(rng), rng, size=(600, 500), framing="close",
            surroundings=random_surroundings(rng),
        )  # fmt: skip
        street.paste(scene.image, (600 * place, 0))
    street.save(tmp_path / "street.png")

    there = ask(stage, lambda: show(stage, tmp_path / "street.png"))

    vector = vector_of(index, tmp_path / "street.png")
    assert float(vector @ np.array(there["embedding"], np.float32)) >= 0.999
    assert stage.locator(".frame").count() >= 2
    assert stage.locator(".choices button").count() == stage.locator(".frame").count()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.txt", b"Dear diary, a bollard.", "text file"),
        ("empty.jpg", b"", "empty"),
        ("paper.pdf", b"%PDF-1.7 and so on", "document"),
        ("half.jpg", b"\xff\xd8\xff\xe0 and then nothing more", "damaged"),
        ("film.mp4", b"\0\0\0\x18ftypisom\0\0\0\0 more", "video"),
        ("odd.bin", bytes(range(256)), "cannot open this picture"),
    ],
)
def test_a_file_that_is_not_a_picture_is_refused_and_the_visitor_can_go_on(
    stage: Page, strangers: list[Path], name: str, content: bytes, said: str
) -> None:
    show(stage, {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    expect(stage.get_by_role("alert")).to_contain_text(said)

    ask(stage, lambda: show(stage, strangers[0]))
    expect(stage.get_by_role("alert")).to_be_hidden()


def test_a_huge_picture_is_reduced_while_it_is_opened(
    stage: Page, strangers: list[Path], tmp_path: Path
) -> None:
    with Image.open(strangers[0]) as picture:
        picture.resize((9000, 11250), Image.Resampling.NEAREST).save(
            tmp_path / "huge.jpg", quality=40
        )
    small = ask(stage, lambda: show(stage, strangers[0]))
    huge = ask(stage, lambda: show(stage, tmp_path / "huge.jpg"))

    # JPEG's own losses are larger than those of making it smaller.
    assert float(np.dot(small["embedding"], huge["embedding"])) > 0.9


def test_the_first_picture_of_an_animation_is_used(
    stage: Page, strangers: list[Path], tmp_path: Path
) -> None:
    with Image.open(strangers[0]) as picture:
        first = picture.convert("RGB").resize((200, 250))
    first.save(
        tmp_path / "moving.gif", save_all=True, append_images=[Image.new("RGB", first.size, "blue")]
    )
    with Image.open(tmp_path / "moving.gif") as still:
        still.convert("RGB").save(tmp_path / "still.png")

    moving = ask(stage, lambda: show(stage, tmp_path / "moving.gif"))
    alone = ask(stage, lambda: show(stage, tmp_path / "still.png"))
    assert float(np.dot(moving["embedding"], alone["embedding"])) > 0.999


def test_a_picture_without_a_bollard_is_called_doubtful(stage: Page) -> None:
    content = io.BytesIO()
    Image.new("RGB", (400, 500), "#7d9").save(content, "PNG")
    blank = {"name": "x.png", "mimeType": "image/png", "buffer": content.getvalue()}

    answer = ask(stage, lambda: show(stage, blank))

    assert answer["doubt"] == "bollard"
    expect(stage.get_by_role("heading", name="No bollard is clearly visible")).to_be_visible()
    expect(stage.get_by_role("heading", name="Which country?")).to_be_hidden()
    expect(stage.get_by_role("heading", name="The nearest photos")).to_be_hidden()
    expect(stage.locator(".candidate")).to_have_count(0)


def test_pixels_are_reduced_as_the_program_reduces_them(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    cases = []
    for number, (size, target) in enumerate(
        [
            ((636, 800), (96, 192)),
            ((900, 1200), (144, 192)),
            ((40, 300), (26, 192)),
            ((1920, 1080), (192, 108)),
            ((30, 50), (96, 192)),
        ]
    ):
        image = Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))
        box = None
        if target == (96, 192):
            left = (size[0] - size[1] / 2) / 2
            box = (left, 0.0, left + size[1] / 2, float(size[1]))
        small = image.resize(target, Image.Resampling.BILINEAR, box, 2.0)
        (tmp_path / f"{number}.in").write_bytes(image.convert("RGBA").tobytes())
        (tmp_path / f"{number}.out").write_bytes(small.convert("RGBA").tobytes())
        cases.append({"size": size, "target": target, "box": box})
    module = Path(__file__).parents[2] / "static" / "js" / "resample.js"
    shutil.copyfile(module, tmp_path / "resample.mjs")
    (tmp_path / "cases.json").write_text(json.dumps(cases))
    (tmp_path / "run.mjs").write_text(
        """import { readFileSync } from "node:fs";
import { resize } from "./resample.mjs";
const worst = JSON.parse(readFileSync("cases.json")).map(({ size, target, box }, number) => {
  const pixels = { width: size[0], height: size[1], data: readFileSync(`${number}.in`) };
  const wanted = readFileSync(`${number}.out`);
  const { data } = resize(pixels, ...target, box ?? undefined);
  const apart = (one, i) => (i % 4 < 3 ? Math.abs(one - wanted[i]) : 0);
  return data.reduce((most, one, i) => Math.max(most, apart(one, i)), 0);
});
console.log(JSON.stringify(worst));
"""
    )
    node = Path(sys.executable).with_name("node")
    result = subprocess.run(
        [str(node), "run.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    # Versions of Pillow go first across or first down, and round in between: one grey level.
    assert max(json.loads(result.stdout)) <= 1


def test_an_answer_survives_a_reload_and_is_shared_as_a_link_without_the_picture(
    stage: Page, built: Project
) -> None:
    known = next(built.photos.glob("germany/*a.jpg"))
    ask(stage, lambda: show(stage, known))
    expect(stage).to_have_url(re.compile(r"#c=DE\."))
    expect(stage.locator("[data-share]")).to_be_visible()
    decides = stage.locator(".decides").inner_text()
    names = stage.locator(".candidate h3").all_inner_texts()

    stage.reload()

    expect(stage.get_by_text("This answer is from the address")).to_be_visible()
    expect(stage.locator(".candidate h3")).to_have_text(names)
    expect(stage.locator(".decides")).to_have_text(decides)
    stage.wait_for_function(
        "() => [...document.querySelectorAll('.candidate .views img')].every(i => i.naturalWidth)"
    )
    expect(stage.get_by_role("heading", name="The nearest photos")).to_be_hidden()
    expect(stage.get_by_role("heading", name="Seen in the frame")).to_be_hidden()


@pytest.mark.parametrize(
    "fragment",
    [
        "#",
        "#c=",
        "#c=XX.likely",
        "#c=__proto__.likely",
        "#c=DE.sure",
        "#d=body~white.DE~red.FR",
        "#%E0%A4",
    ],
)
def test_an_address_that_holds_no_answer_shows_the_page_as_usual(
    page: Page, address: str, fragment: str
) -> None:
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}identify/{fragment}")
    expect(page.get_by_text("Choose a picture")).to_be_visible()
    expect(page.locator(".answer")).to_be_hidden()
    assert not faults


def test_of_a_forged_answer_only_what_the_site_knows_is_shown(page: Page, address: str) -> None:
    forged = "#c=DE.likely.zz.0123456789ab&t=nothing&d=body~<b>.DE~red.FR"
    page.goto(f"{address}identify/{forged}")
    expect(page.locator(".candidate h3")).to_have_text(["Germany"])
    expect(page.locator(".likely > li")).to_have_count(0)
    expect(page.locator(".decides")).to_have_text("")


def test_a_small_post_in_a_large_screenshot_is_found_as_on_the_command_line(
    stage: Page, index: Index, tmp_path: Path
) -> None:
    post = (1400, 560, 1405, 586)
    file = tmp_path / "screenshot.png"
    a_street((1920, 1080), post).save(file)

    there = ask(stage, lambda: show(stage, file))

    first = index.viewer.look(file).found
    assert first and first[0].top < 586 and first[0].bottom > 560 and first[0].left > 1390
    vector = vector_of(index, file)
    assert float(vector @ np.array(there["embedding"], np.float32)) >= 0.999
