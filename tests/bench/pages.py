"""The built pages in a real browser: Lighthouse, their size, axe and html-validate.

    python -m tests.bench.pages SITE/public

Lighthouse's own throttling ("simulated slow 4G" and a slow phone) determines the times, so they
depend little on the machine. The table shows the measurements.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Response, ViewportSize, sync_playwright

from tests.bench.host import hosted
from tests.browser.axe import violations
from tests.browser.find import MISSING, find_browser
from tests.browser.pages import leads_on, one_of_each_kind

ROOT = Path(__file__).parents[2]
TOOLS = Path(__file__).parent / "tools"
WORK = ROOT / "scratch" / "bench" / "lighthouse"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
# A phone of today, as Lighthouse sees one.
PHONE: ViewportSize = {"width": 412, "height": 823}


@dataclass(frozen=True, slots=True)
class Marks:
    """Lighthouse's figures for a page: scores from 0 to 100, seconds, the sum of layout shifts."""

    scores: tuple[int, ...]
    largest_paint: float
    shift: float
    losses: tuple[str, ...]


def install_tools() -> Path:
    """Lighthouse, from the locked list; returns its command line program."""
    program = TOOLS / "node_modules/lighthouse/cli/index.js"
    if not program.exists():
        npm = Path(sys.executable).with_name("npm")
        path = f"{npm.parent}{os.pathsep}{os.environ['PATH']}"
        command = [str(npm), "ci", "--prefix", str(TOOLS), "--silent"]
        subprocess.run(command, check=True, env={**os.environ, "PATH": path})
    return program


def lighthouse(program: Path, browser: Path, url: str) -> Marks:
    """Measure one page as seen by a phone on slow 4G."""
    WORK.mkdir(parents=True, exist_ok=True)
    out = WORK / "report.json"
    command = [str(Path(sys.executable).with_name("node")), str(program), url, "--quiet"]
    command += ["--output=json", f"--output-path={out}", f"--chrome-flags={' '.join(FLAGS)}"]
    command += [f"--only-categories={','.join(CATEGORIES)}"]
    environment = {**os.environ, "CHROME_PATH": str(browser)}
    # A browser on a busy machine now and then records nothing; a second time tells.
    if subprocess.run(command, env=environment, stderr=subprocess.DEVNULL).returncode:
        subprocess.run(command, check=True, env=environment)
    report = json.loads(out.read_text(encoding="utf-8"))
    audits = report["audits"]
    losses = [
        f"{reference['id']} ({audits[reference['id']].get('displayValue') or 'failed'})"
        for name in CATEGORIES
        for reference in report["categories"][name]["auditRefs"]
        if reference["weight"]
        and (audits[reference["id"]]["score"] or 0) < 0.9
        and audits[reference["id"]]["scoreDisplayMode"] not in ("notApplicable", "manual")
    ]
    return Marks(
        scores=tuple(round(report["categories"][name]["score"] * 100) for name in CATEGORIES),
        largest_paint=audits["largest-contentful-paint"]["numericValue"] / 1000,
        shift=audits["cumulative-layout-shift"]["numericValue"],
        losses=tuple(losses),
    )


def weights(browser: Browser, url: str) -> dict[str, float]:
    """KB that a first visit on a phone loads without scrolling, as sent, by kind of file."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=1.75)
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(url, wait_until="networkidle")
    loaded: dict[str, float] = {}
    for answer in answers:
        kind = answer.request.resource_type
        if kind == "image" and urlsplit(answer.url).path.endswith(".svg"):
            kind = "drawing"
        size = int(answer.headers.get("content-length", "0"))
        loaded[kind] = loaded.get(kind, 0) + size / 1000
    context.close()
    return loaded


def pages_to_judge(public: Path) -> dict[str, str]:
    """A page of each kind that visitors come to, the largest of its kind, by name."""
    apart = ("404.html", "offline.html")
    kinds = [
        place
        for place in one_of_each_kind(public)
        if place not in apart and not leads_on(public / place)
    ]
    return {place.rstrip("/") or "home": place for place in kinds}


def judge(tool: Path, program: Path, address: str, pages: dict[str, str]) -> None:
    """Print Lighthouse's figures for each page."""
    titles = "".join(f"{title:>7}" for title in ("perf.", "acc.", "best", "SEO", "LCP", "CLS"))
    print(f"{'Lighthouse, mobile':44}{titles}")
    for name, place in pages.items():
        marks = lighthouse(tool, program, address + place)
        scores = "".join(f"{score:7}" for score in marks.scores)
        losses = ", ".join(marks.losses)
        print(f"{name[-43:]:44}{scores}{marks.largest_paint:6.2f}s{marks.shift:7.3f}  {losses}")


def weigh(browser: Browser, address: str, pages: dict[str, str]) -> None:
    """Print the size of a first visit to each page."""
    titles = "".join(f"{title:>14}" for title in ("HTML+CSS+JS", "drawings", "pictures", "data"))
    print(f"\n{'first visit, KB sent':44}{titles}")
    for name, place in pages.items():
        loaded = weights(browser, address + place)
        columns = (
            sum(loaded.get(kind, 0) for kind in ("document", "stylesheet", "script")),
            loaded.get("drawing", 0),
            loaded.get("image", 0),
            loaded.get("fetch", 0) + loaded.get("xhr", 0),
        )
        print(f"{name[-43:]:44}{''.join(f'{column:14.1f}' for column in columns)}")


def check(browser: Browser, address: str, kinds: list[str]) -> None:
    """Print the problems that axe finds on each kind of page."""
    faults = 0
    for place in kinds:
        for scheme in SCHEMES:
            page = browser.new_page(color_scheme=scheme)
            page.goto(address + place)
            found = violations(page)
            faults += len(found)
            for line in found:
                print(f"axe, {place or 'home'}, {scheme}: {line}")
            page.close()
    print(f"\naxe: {faults} violations on {len(kinds)} kinds of pages, light and dark")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.bench.pages")
    parser.add_argument("public", type=Path)
    public = parser.parse_args().public.resolve()
    program = find_browser()
    if program is None:
        sys.exit(MISSING)
    tool = install_tools()
    pages = pages_to_judge(public)
    with hosted(public) as address, sync_playwright() as playwright:
        judge(tool, program, address, pages)
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS[1:]))
        weigh(browser, address, pages)
        check(browser, address, one_of_each_kind(public))
        browser.close()


if __name__ == "__main__":
    main()
