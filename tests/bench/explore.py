"""How smoothly the contact sheet moves: frames a second with 20,000 made-up photos.

    python -m tests.bench.explore [PHOTOS] [--types N]

Photos are made up as vectors around types, laid out as a build lays them out, and shown with a few
drawn pictures. A real Chromium drags the contact sheet at three zoom levels and counts its frames.
"""

import argparse
import dataclasses
import functools
import http.server
import os
import re
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from generator.catalogue import Box, Catalogue, CountryShare, Photo, Picture, PictureSet, Type
from generator.output import Output
from generator.relate.layout import lay_out
from generator.render import render
from generator.render.explore import write_explore
from tests.browser.find import find_browser
from tests.render import sample
from tests.rows import photo_rows

_PICTURES = 60
_DISTANCES = {"all in sight": None, "middle distance": 24, "close": 110}
_FRAMES = """() => {
    window.frames_seen = [];
    const tick = (now) => { window.frames_seen.push(now); requestAnimationFrame(tick); };
    requestAnimationFrame(tick);
}"""


def made_up(count: int, types: int, out: Path) -> Catalogue:
    """A catalogue of that many photos with cells and pictures, without anything else."""
    rng = np.random.default_rng(20)
    families = rng.normal(size=(40, 64))
    looks = families[rng.integers(0, 40, types)] + 0.6 * rng.normal(size=(types, 64))
    weights = rng.pareto(1.1, types) + 0.3
    # A tenth are one-offs, as in collections of real photos.
    kinds = np.sort(rng.choice(types, count - count // 10, p=weights / weights.sum()))
    rows = np.concatenate(
        [
            looks[kinds] + 0.5 * rng.normal(size=(len(kinds), 64)),
            families[rng.integers(0, 40, count // 10)] + rng.normal(size=(count // 10, 64)),
        ]
    ).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    ids = [f"{number:012x}" for number in range(count)]
    members: dict[str, list[str]] = {}
    for photo, kind in zip(ids, kinds.tolist(), strict=False):
        members.setdefault(f"type-{kind}", []).append(photo)
    start = time.perf_counter()
    groups = {key: frozenset(photos) for key, photos in members.items()}
    cells = lay_out(photo_rows(ids, ids, rows), groups, {}).cells
    print(f"layout {time.perf_counter() - start:.1f} s")
    pictures = [_drawn(number, rng, out) for number in range(_PICTURES)]
    type_of = {photo: key for key, photos in members.items() for photo in photos}
    base = sample.catalogue()
    photos = tuple(
        Photo(
            id=photo,
            file=photo,
            bollard=photo,
            width=240,
            height=300,
            crop=Box(0, 0, 240, 300),
            pictures=PictureSet((pictures[number % _PICTURES],)),
            country="DE",
            type=type_of.get(photo),
            cell=cells[photo],
        )
        for number, photo in enumerate(ids)
    )
    share = (CountryShare("DE", "Germany", 1, 1, 1.0),)
    kinds_made = tuple(
        Type(key, f"White post {key}, slanted band", "", tuple(own), tuple(own), share)
        for key, own in members.items()
    )
    return dataclasses.replace(base, photos=photos, types=kinds_made)


def _drawn(number: int, rng: np.random.Generator, out: Path) -> Picture:
    path = f"pictures/{number:012x}-00000000-240.webp"
    (out / path).parent.mkdir(parents=True, exist_ok=True)
    noise = Image.fromarray(rng.integers(60, 200, (10, 8, 3), dtype=np.uint8))
    image = noise.resize((240, 300), Image.Resampling.BICUBIC)
    image.paste((240, 240, 240), (105, 60, 135, 280))
    image.save(out / path, "webp", quality=80)
    return Picture(path, 240, 300)


def publish(made: Catalogue, out: Path) -> int:
    """A small site whose contact sheet is replaced by the large one; returns its bytes."""
    settings = sample.settings()
    small = sample.laid_out(sample.catalogue(settings))
    sample.draw(small, settings, out)
    render(small, settings, Output(out))
    start = time.perf_counter()
    index = write_explore(made, Output(out), None)
    print(f"blocks and data {time.perf_counter() - start:.1f} s")
    page = out / "explore" / "index.html"
    options = "".join(f'<option value="{kind.id}">{kind.name}</option>' for kind in made.types)
    html = re.sub(r'data-sheet="[^"]*"', f'data-sheet="../{index}"', page.read_text("utf-8"))
    page.write_text(html.replace("</option>", "</option>" + options, 1), encoding="utf-8")
    return sum(path.stat().st_size for path in (out / "assets" / "sheet").iterdir())


def measure(address: str) -> None:
    """Drag the contact sheet and print the frames a second."""
    program = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(
            viewport={"width": 1440, "height": 900}, service_workers="block"
        )
        page = context.new_page()
        received: list[int] = []
        page.on(
            "response",
            lambda response: received.append(int(response.headers.get("content-length") or 0)),
        )
        start = time.perf_counter()
        page.goto(f"{address}explore/")
        page.wait_for_selector(".explore[data-ready]")
        page.wait_for_load_state("networkidle")
        print(
            f"first view: {time.perf_counter() - start:.1f} s,"
            f" {len(received)} files, {sum(received) / 1e6:.2f} MB"
        )
        page.evaluate(_FRAMES)
        for name, cell in _DISTANCES.items():
            if cell:
                page.evaluate(f"location.hash = 'at=0,0,{cell}'")
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1500)
            _drag(page, name)
        browser.close()


def _drag(page: Page, name: str) -> None:
    box = page.locator("canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate("() => { window.frames_seen.length = 0 }")
    end = time.perf_counter() + 5
    step = 0
    while time.perf_counter() < end:
        step += 1
        page.mouse.move(x + 300 * np.sin(step / 25), y + 150 * np.sin(step / 40))
    times = np.array(page.evaluate("window.frames_seen"))
    page.mouse.up()
    gaps = np.diff(times)
    rate = 1000 * len(gaps) / (times[-1] - times[0])
    slow = float(np.percentile(gaps, 95))
    print(f"{name}: {rate:.0f} frames/s; 19 of 20 frames within {slow:.0f} ms")


def main() -> None:
    """Run it from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("photos", type=int, nargs="?", default=20_000)
    parser.add_argument("--types", type=int, default=500)
    arguments = parser.parse_args()
    print(f"{arguments.photos} photos, {os.cpu_count()} cores, Chromium without a GPU, 1440 x 900")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        size = publish(made_up(arguments.photos, arguments.types, out), out)
        print(f"on disk {size / 1e6:.1f} MB")
        handler = functools.partial(_Quiet, directory=str(out))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        measure(f"http://127.0.0.1:{server.server_port}/")
        server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Log nothing."""


if __name__ == "__main__":
    main()
