"""A visitor shows a picture to the page that identifies bollards, in a real browser."""

import http.server
import io
import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from generator.identify.lookup import Index, identify, load_index
from generator.project import Project
from generator.publish.headers import SECURITY_HEADERS
from generator.training.scenes import random_design, random_surroundings, render_scene

pytestmark = pytest.mark.browser

LISTEN = """() => { window.told = new Promise((resolve) => document.querySelector("[data-identify]")
  .addEventListener("answer", (event) => resolve({
    embedding: [...event.detail.embedding], types: event.detail.types,
    countries: event.detail.countries, neighbours: event.detail.neighbours,
    doubt: event.detail.doubt,
  }), { once: true })); }"""


@pytest.fixture(scope="module")
def index(built: Project) -> Index:
    return load_index(built)


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Drawn bollards that the collection does not have: large, small, wide, slim, turned."""
    rng = np.random.default_rng(77)
    folder = tmp_path_factory.mktemp("strangers")
    files = []
    for number, (size, framing) in enumerate(
        [
            ((400, 500), "close"),
            ((1500, 1900), "close"),
            ((1280, 720), "wide"),
            ((90, 300), "close"),
            ((1000, 600), "wide"),
            ((240, 300), "close"),
        ]
    ):
        scene = render_scene(
            random_design(rng),
            rng,
            size=size,
            framing=framing,  # type: ignore[arg-type]
            surroundings=random_surroundings(rng),
        )
        path = folder / f"{number}.{'png' if number == 3 else 'jpg'}"
        exif = Image.Exif()
        if number == 5:
            exif[0x0112] = 6  # the camera was held sideways
            scene.image.rotate(90, expand=True).save(path, quality=92, exif=exif)
        else:
            scene.image.save(path, quality=92)
        files.append(path)
    return files


@pytest.fixture
def stage(page: Page, address: str) -> Page:
    page.goto(urljoin(address, "identify/"))
    return page


def show(page: Page, file: Path | dict[str, Any]) -> None:
    page.locator(".choose input").set_input_files(file)  # type: ignore[arg-type]


def ask(page: Page, act: Callable[[], None]) -> dict[str, Any]:
    """Do something and give the answer that follows."""
    page.evaluate(LISTEN)
    act()
    answer: dict[str, Any] = page.evaluate("() => window.told")
    return answer


def test_the_page_and_the_command_give_the_same_answers(
    stage: Page, index: Index, strangers: list[Path]
) -> None:
    for file in strangers:
        there = ask(stage, lambda file=file: show(stage, file))  # type: ignore[misc]
        vector = index.eyes.look([file])[0]
        here = identify(str(file), vector, index)

        assert float(vector @ np.array(there["embedding"], np.float32)) >= 0.999, file.name
        assert there["types"][0]["key"] == here.types[0].key
        assert there["countries"][0]["key"] == here.countries[0].key
        shares = {one["key"]: one["share"] for one in there["types"]}
        for one in here.types:
            assert shares[one.key] == pytest.approx(one.score, abs=0.02)


def test_a_visitor_sees_types_countries_and_the_nearest_photos(
    stage: Page, built: Project, index: Index
) -> None:
    known = next(built.photos.glob("germany/*a.jpg"))
    ask(stage, lambda: show(stage, known))

    expect(stage.get_by_role("heading", name="Most likely")).to_be_visible()
    near = stage.locator(".near-photos [data-photo]")
    expect(near).to_have_count(min(12, len(index.ids)))
    expect(near.first).to_contain_text("100%")
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


def test_a_frame_is_drawn_with_the_mouse_and_another_one_added(
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

    vector = index.eyes.look([tmp_path / "street.png"])[0]
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
def test_what_is_no_picture_is_refused_plainly_and_the_visitor_goes_on(
    stage: Page, strangers: list[Path], name: str, content: bytes, said: str
) -> None:
    show(stage, {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    expect(stage.get_by_role("alert")).to_contain_text(said)

    ask(stage, lambda: show(stage, strangers[0]))
    expect(stage.get_by_role("alert")).to_be_hidden()


def test_a_huge_picture_is_made_smaller_while_it_is_opened(
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


def test_of_an_animation_the_first_picture_counts(
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
    expect(stage.get_by_text("This frame is hard to read")).to_be_visible()


def test_without_webassembly_the_visitor_is_told_and_led_to_the_types(
    browser: Browser, address: str, strangers: list[Path]
) -> None:
    # What a service worker fetches is not routed.
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    # Workers have a global object of their own, which no page can reach into.
    page.route(
        re.compile("identify-worker"),
        lambda route: route.fulfill(
            body="delete self.WebAssembly;\n" + route.fetch().text(),
            content_type="text/javascript",
            headers=SECURITY_HEADERS,
        ),
    )
    page.goto(urljoin(address, "identify/"))
    show(page, strangers[0])

    expect(page.get_by_role("alert")).to_contain_text("WebAssembly")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url == address
    context.close()


class _Faulty(http.server.SimpleHTTPRequestHandler):
    """Hangs up in the middle of each model's first transfer; knows how to go on from there."""

    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if path.suffix != ".onnx":
            super().do_GET()
            return
        wanted = self.headers.get("Range", "")
        self.asked.append((path.name, wanted))
        content = path.read_bytes()
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start : None if start else len(content) // 2])
        if not start:
            # What has arrived is to be read before the line is cut, or it is lost with the line.
            self.wfile.flush()
            time.sleep(0.5)
        self.close_connection = True

    def end_headers(self) -> None:
        for name, value in SECURITY_HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def faulty(built: Project) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    asked: list[tuple[str, str]] = []
    handler = type("Handler", (_Faulty,), {"asked": asked})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(handler, directory=str(built.public))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()


def test_a_download_that_breaks_off_is_taken_up_where_it_ended_and_kept(
    browser: Browser, faulty: tuple[str, list[tuple[str, str]]], strangers: list[Path]
) -> None:
    address, asked = faulty
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}identify/")
    ask(page, lambda: show(page, strangers[0]))

    assert len(asked) == 4
    assert sum(bool(wanted) for _, wanted in asked) == 2

    page.reload()
    ask(page, lambda: show(page, strangers[0]))
    assert len(asked) == 4, "what was fetched is kept"
    context.close()


def test_nothing_is_sent_anywhere_while_a_picture_is_identified(
    stage: Page, strangers: list[Path]
) -> None:
    sent: list[str] = []
    stage.on("request", lambda request: sent.append(request.method + (request.post_data or "")))
    ask(stage, lambda: show(stage, strangers[0]))

    assert set(sent) <= {"GET"}


def test_pixels_are_made_smaller_as_the_program_makes_them_smaller(tmp_path: Path) -> None:
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
