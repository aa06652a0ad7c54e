"""The speed and the size of the home page, with 500 types of 20,000 made-up photos.

    python -m tests.bench.browse

Measured in a real browser: from an input until everything is computed and laid out, and until the
next frame is painted, for which a browser waits up to 17 ms.
"""

import argparse
import gzip
import os
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

import pycountry
from playwright.sync_api import Page, ViewportSize, sync_playwright

from generator.catalogue import (
    Bollard,
    Box,
    Catalogue,
    Country,
    CountryShare,
    Photo,
    Site,
    Trait,
    Type,
)
from generator.collect.countries import country_name, country_names
from generator.config import Settings, ThemeSettings
from generator.output import Output
from generator.render.assets import in_language, write_assets
from generator.render.environment import make_environment
from generator.render.pages import pages, write_pages
from generator.render.pictures import plan_pictures
from generator.resources import FLAGS, STATIC, TEMPLATES
from generator.vocabulary import VOCABULARY
from tests.bench.host import hosted
from tests.bench.pages import FLAGS as BROWSER_FLAGS
from tests.bench.pages import PHONE
from tests.browser.find import MISSING, find_browser

TYPES, PHOTOS, COUNTRIES = 500, 20_000, 120
DESKTOP: ViewportSize = {"width": 1440, "height": 900}
WORDS = (
    "red and white stripes", "black cap", "white flat post reflector", "germany", "germnay",
    "blue chevrons in japan", "yelow pole", "no such thing", "w", "post",
)  # fmt: skip
# Every choice that a visitor makes, and every letter that one types, is one measurement: until all
# is computed and laid out, and until the frame that shows it is painted. Frames in which nothing
# happens tell how much of the latter is the machine's.
_MEASURE = """async ([actions, words]) => {
  const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const settled = async () => { for (let turn = 0; turn < 12; turn++) await null; };
  const timed = async act => {
    await frame();
    const begun = performance.now();
    act();
    await settled();
    document.body.getBoundingClientRect();
    const ready = performance.now() - begun;
    await frame();
    return [ready, performance.now() - begun];
  };
  const boxes = [...document.querySelectorAll('#filters input')];
  const find = document.getElementById('find');
  const idle = [], filtering = [], searching = [];
  for (let turn = 0; turn < 60; turn++) idle.push(await timed(() => {}));
  for (const place of actions) {
    const box = boxes[place % boxes.length];
    if (box.disabled) continue;
    filtering.push(await timed(() => box.click()));
    if (filtering.length % 3 === 0)
      filtering.push(await timed(() => document.getElementById('clear').click()));
  }
  document.getElementById('clear').click();
  for (const word of words) for (let end = 1; end <= word.length; end++)
    searching.push(await timed(() => {
      find.value = word.slice(0, end);
      find.dispatchEvent(new InputEvent('input', {bubbles: true}));
    }));
  return [idle, filtering, searching];
}"""


def made_up(types: int = TYPES, photos: int = PHOTOS, seed: int = 1) -> Catalogue:
    """A collection in which every type has random attributes of its own."""
    rng = random.Random(seed)
    codes = sorted(country.alpha_2 for country in pycountry.countries)[::2][:COUNTRIES]
    settings = Settings().pictures
    all_photos, bollards, kinds = [], [], []
    for number in range(types):
        attributes = {
            name: Trait(rng.choices(values, range(len(values), 0, -1))[0], rng.uniform(0.35, 1))
            for name, values in VOCABULARY.items()
        }
        here = rng.sample(codes, rng.randint(1, 12))
        own = []
        for view in range(photos // types):
            photo_id = f"{number:06x}{view:06x}"
            crop = Box(0, 0, 480, 600)
            country = here[view % len(here)]
            own.append(
                Photo(
                    id=photo_id,
                    file=f"{country}/{photo_id}.jpg",
                    bollard=photo_id,
                    width=480,
                    height=600,
                    crop=crop,
                    pictures=plan_pictures(photo_id, (480, 600), crop, settings),
                    country=country,
                    type=f"type-{number}",
                )
            )
        bollards += [Bollard(one.id, (one.id,), one.country, one.type) for one in own]
        shares = tuple(
            CountryShare(code, country_name(code), count, count, count / len(own))
            for code in here
            if (count := sum(one.country == code for one in own))
        )
        look = " ".join(attributes[name].value for name in ("body", "form", "pattern"))
        kinds.append(
            Type(
                id=f"type-{number}",
                name=f"{look.capitalize()} {number}",
                description="",
                photos=tuple(one.id for one in own),
                bollards=tuple(one.id for one in own),
                countries=tuple(sorted(shares, key=lambda share: -share.bollards)),
                attributes=attributes,
            )
        )
        all_photos += own
    kinds.sort(key=lambda kind: [kind.attributes[name].value for name in ("form", "body")])
    return Catalogue(
        site=Site("Made up", "Bollards of nowhere.", "", "en", "", "", "#b3261e", "#ff8a7a"),
        photos=tuple(all_photos),
        bollards=tuple(bollards),
        types=tuple(kinds),
        countries=_countries(codes, kinds, all_photos),
    )


def _countries(
    codes: Sequence[str], kinds: Sequence[Type], photos: Sequence[Photo]
) -> tuple[Country, ...]:
    found = []
    for code in codes:
        own = tuple(one.id for one in photos if one.country == code)
        types = tuple(
            kind.id for kind in kinds if any(share.code == code for share in kind.countries)
        )
        names = country_names(code, ("en", "de", "fr", "es"))
        found.append(Country(code, country_name(code), types, (), own, (), names))
    return tuple(country for country in found if country.photos)


def write_front(catalogue: Catalogue, folder: Path) -> None:
    """The home page and the key with all their files, but no other page."""
    from PIL import Image

    out = Output(folder)
    environment = make_environment((TEMPLATES,), "en", None)
    assets = write_assets(STATIC, FLAGS, catalogue, ThemeSettings(), out)
    assets = in_language(assets, catalogue, environment, out)
    made = pages(catalogue, environment, assets)
    front = takewhile(lambda page: not page.address or page.address.startswith("looks/"), made)
    write_pages(front, out)
    (folder / "pictures").mkdir()
    image = Image.effect_noise((480, 600), 40).convert("RGB")
    for kind in catalogue.types:
        for picture in catalogue.photo[kind.representative].pictures.photo:
            image.resize((picture.width, picture.height)).save(folder / picture.path, quality=40)


def squeezed(paths: Sequence[Path]) -> float:
    """KB of files as a host sends them."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths) / 1000


def measure(page: Page, address: str) -> None:
    """Print the time that choices and letters take on one page."""
    page.goto(address, wait_until="networkidle")
    page.get_by_role("searchbox").focus()
    page.wait_for_load_state("networkidle")
    rng = random.Random(2)
    actions = [rng.randrange(10_000) for _ in range(60)]
    found = page.evaluate(_MEASURE, [actions, list(WORDS)])
    print(
        f"{'':16}{'laid out: median':>18}{'95%':>6}{'slowest':>9}{'painted: median':>18}{'95%':>6}"
    )
    for name, times in zip(("nothing", "a filter", "a letter"), found, strict=True):
        ready, painted = (sorted(column) for column in zip(*times, strict=True))
        last = int(len(times) * 0.95)
        print(
            f"  {name:14}{statistics.median(ready):15.1f} ms{ready[last]:6.0f}{ready[-1]:9.0f}"
            f"{statistics.median(painted):15.1f} ms{painted[last]:6.0f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.bench.browse")
    parser.add_argument("--types", type=int, default=TYPES)
    parser.add_argument("--photos", type=int, default=PHOTOS)
    arguments = parser.parse_args()
    program = find_browser()
    if program is None:
        sys.exit(MISSING)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_front(made_up(arguments.types, arguments.photos), folder)
        assets = folder / "assets"
        named = {
            "HTML": [folder / "index.html"],
            "CSS": list(assets.glob("site.*.css")),
            "JavaScript": [*assets.glob("browse.*.js"), *assets.glob("search.*.js")],
            "index of types": list(assets.glob("types.*.json")),
            "words and places": list(assets.glob("search.*.json")),
        }
        print(f"home page, {arguments.types} types of {arguments.photos} photos, KB as gzip:")
        for name, paths in named.items():
            print(f"  {name}: {squeezed(paths):.1f}")
        with hosted(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=program, args=list(BROWSER_FLAGS[1:])
            )
            for title, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
                print(f"\n{title}, ms from an input ({os.cpu_count()} cores, no GPU)")
                measure(browser.new_page(viewport=viewport), address)
            browser.close()


if __name__ == "__main__":
    main()
