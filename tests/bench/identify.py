"""Identification in the browser against `bollards identify`: agreement, time, cost of 8 bits.

    python -m tests.bench.identify PHOTOS [--count 200]

Half of the bollards make a site. Photos of the other half are query photos, given to its page in
Chromium and to the command. A site of made-up vectors shows the size of 20,000 photos.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, sync_playwright

from generator.build import build
from generator.identify.bundle import quantised
from generator.identify.lookup import identify, load_index
from generator.identify.views import view_photo
from generator.progress import Progress
from generator.project import Project
from generator.vectors import load_vectors
from tests.bench.host import hosted
from tests.browser.find import MISSING, find_browser

ROOT = Path(__file__).parents[2]
WORK = ROOT / "scratch" / "bench" / "identify"
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
# Waits for the answer to the picture that is shown next.
LISTEN = """() => { window.told = new Promise((resolve) => document.querySelector("[data-identify]")
  .addEventListener("answer", (event) => resolve({
    embedding: [...event.detail.embedding], types: event.detail.types,
    countries: event.detail.countries, neighbours: event.detail.neighbours,
  }), { once: true })); }"""
# As Ctrl+V does it, a moment after the page has been opened.
PASTE = """async (address) => {
  const blob = await (await fetch(address)).blob();
  const transfer = new DataTransfer();
  transfer.items.add(new File([blob], "screenshot.png", { type: blob.type }));
  const begun = performance.now();
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true }));
  await window.told;
  return performance.now() - begun;
}"""


def halves(photos: Path) -> tuple[list[Path], list[Path]]:
    """The photos of each half of the bollards, divided by the beginnings of their names."""
    files = sorted(path for path in photos.rglob("*.jpg") if path.is_file())
    first, second = [], []
    for path in files:
        bollard = str(path.relative_to(photos).with_suffix("")).rstrip("abcdefghij")
        half = hashlib.sha256(bollard.encode()).digest()[0] % 2
        (second if half else first).append(path)
    return first, second


def site_of(photos: Path, files: list[Path]) -> Project:
    """A built site of some photos."""
    shutil.rmtree(WORK / "site", ignore_errors=True)
    for path in files:
        place = WORK / "site" / "photos" / path.relative_to(photos)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    (WORK / "site" / "site.toml").write_text("", encoding="utf-8")
    project = Project(WORK / "site")
    build(project, Progress(quiet=True))
    return project


def asked(page: Page, file: Path) -> dict[str, Any]:
    """The page's answer to a file."""
    page.evaluate(LISTEN)
    page.locator(".choose input").set_input_files(file)
    answer: dict[str, Any] = page.evaluate("() => window.told")
    return answer


def agreement(page: Page, project: Project, strangers: list[Path]) -> None:
    """Compare the page's answers with the command's, photo by photo."""
    index = load_index(project)
    cosines, types, countries, nearest, far = [], [], [], [], []
    for file in strangers:
        there = asked(page, file)
        vector = index.viewer.vector(file, index.viewer.look(file))
        here = identify([view_photo(file, index.viewer)], index)
        cosines.append(float(np.dot(vector, np.array(there["embedding"], np.float32))))
        types.append(here.types[0].key == there["types"][0]["key"])
        countries.append(here.countries[0].key == there["countries"][0]["key"])
        nearest.append(here.neighbours[0].photo == there["neighbours"][0]["photo"])
        shares = {one["key"]: one["share"] for one in there["types"]}
        far.append(max(abs(shares.get(one.key, 0) - one.score) for one in here.types))
    print(f"{len(strangers)} photos of bollards that the site does not have:")
    print(f"  cosine of the embeddings: lowest {min(cosines):.6f}, mean {np.mean(cosines):.6f}")
    print(f"  the same first type {np.mean(types):.1%}, country {np.mean(countries):.1%},")
    print(f"  nearest photo {np.mean(nearest):.1%}; shares differ by {max(far):.3f} at most")


def cost_of_8_bits(embeddings: NDArray[np.float32]) -> None:
    """The effect of rounding the vectors, with every photo as a query for all others."""
    scales, integers = quantised(embeddings)
    rounded = integers * scales[:, None]
    exact, coarse = embeddings @ embeddings.T, embeddings @ rounded.T
    np.fill_diagonal(exact, -1)
    np.fill_diagonal(coarse, -1)
    same = np.mean(exact.argmax(axis=1) == coarse.argmax(axis=1))
    error = np.abs(exact - coarse).max()
    print(f"8 bits: the same nearest photo for {same:.1%} of {len(exact)};", end=" ")
    print(f"similarities differ by {error:.4f} at most")
    bytes_each = embeddings.shape[1] + 4 + 2 + 2 + 6
    print(f"  {bytes_each} bytes a photo: {20_000 * bytes_each / 1e6:.1f} MB for 20,000")


def times(page: Page, address: str, strangers: list[Path]) -> None:
    """From a pasted picture to the answer, the recogniser in the cache of the browser.

    The recogniser loads as soon as the page is open, so the time until the visitor pastes counts.
    """
    place = WORK / "site" / "public" / "stranger.png"
    load = os.getloadavg()[0]
    print(f"From paste to answer, recogniser kept, {os.cpu_count()} cores, load {load:.1f}:")
    for wait, when in ((0, "as the page opens"), (1500, "1.5 s later")):
        runs = []
        for file in strangers:
            page.goto(f"{address}identify/")
            page.evaluate(LISTEN)
            shutil.copyfile(file, place)
            page.wait_for_timeout(wait)
            runs.append(page.evaluate(PASTE, f"{address}stranger.png") / 1000)
        quick, slow = min(runs), max(runs)
        print(f"  {when}: median {statistics.median(runs):.2f} s, {quick:.2f} to {slow:.2f} s")
    place.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=200)
    arguments = parser.parse_args()
    program = find_browser()
    if program is None:
        sys.exit(MISSING)
    photos = arguments.photos.resolve()
    known, strangers = halves(photos)
    random.Random(1).shuffle(strangers)
    project = site_of(photos, known)
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
    with hosted(project.public) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        page = browser.new_page()
        print(version)
        begun = time.perf_counter()
        page.goto(f"{address}identify/")
        asked(page, strangers[0])
        print(f"The first answer, all fetched from here: {time.perf_counter() - begun:.2f} s")
        agreement(page, project, strangers[: arguments.count])
        times(page, address, strangers[:10])
        browser.close()
    cost_of_8_bits(load_vectors(project.index).embeddings)
    sizes = {p.name: p.stat().st_size for p in project.public.glob("assets/recogniser/*")}
    print(f"Published: {json.dumps(sizes)}")


if __name__ == "__main__":
    main()
