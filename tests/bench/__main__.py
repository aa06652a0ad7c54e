"""Speed and memory as ratios, side by side in one run: `make bench PHOTOS=path/to/photos`.

Nothing is asserted here, because machines differ and are noisy. Only runs beside each other can be
compared. The gallery generator sigal gets the same photos and makes as many pictures of the same
widths. It recognises nothing, and so shows the cost of pictures and pages alone. If the photos are
labelled, `replay` then measures how stable their types are.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
WORK = ROOT / "scratch" / "bench"
# Two widths, since sigal makes two pictures of each photo.
SMALL, LARGE = 240, 960
NEW_PHOTOS = 10


@dataclass(frozen=True, slots=True)
class Run:
    """One timed command: wall time, processor time of it and its children, peak memory."""

    seconds: float
    processor: float
    megabytes: float


def timed(command: list[str], directory: Path) -> Run:
    """Run a command to its end; anything but success ends the benchmark."""
    measure = (
        "import json, resource, subprocess, sys\n"
        "code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([code, used.ru_utime + used.ru_stime, used.ru_maxrss]))\n"
    )
    begun = time.perf_counter()
    result = subprocess.run(
        [sys.executable, "-c", measure, *command], cwd=directory, capture_output=True, text=True
    )
    seconds = time.perf_counter() - begun
    code, processor, peak = json.loads(result.stdout)
    if code:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr}")
    return Run(seconds, processor, peak / 1024)


def sigal() -> Path:
    """The program sigal in an environment of its own, installed when missing."""
    environment = WORK / "sigal-environment"
    program = environment / "bin" / "sigal"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        locked = ROOT / "requirements" / "bench.txt"
        install = [str(environment / "bin" / "pip"), "install", "--quiet", "--require-hashes"]
        subprocess.run([*install, "-r", str(locked)], check=True)
    return program


def copy_photos(source: Path, target: Path) -> None:
    """Copy pictures only, so that both programs see the same."""
    shutil.rmtree(target, ignore_errors=True)
    endings = {".jpg", ".jpeg", ".png", ".webp"}
    for path in sorted(source.rglob("*")):
        if path.suffix.lower() in endings:
            place = target / path.relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)


def add_photos(photos: Path, rng: random.Random) -> None:
    """Ten more photos: old ones with one pixel changed, so that their content is new."""
    from PIL import Image

    files = [path for path in sorted(photos.rglob("*.jpg")) if "new" not in path.stem]
    for number, path in enumerate(rng.sample(files, NEW_PHOTOS)):
        with Image.open(path) as image:
            changed = image.convert("RGB")
        changed.putpixel((rng.randrange(changed.width), 0), (255, 0, 255))
        changed.save(path.with_name(f"new{rng.randrange(10**9)}-{number}.jpg"), quality=90)


def published_size(photos: Path) -> tuple[int, int]:
    """Width and height of the larger picture of the widest photo, in px."""
    from PIL import Image

    sizes = []
    for path in list(photos.rglob("*.jpg"))[:50]:
        with Image.open(path) as image:
            sizes.append(image.size)
    width, height = max(sizes)
    scale = min(1.0, LARGE / width)
    return round(width * scale), round(height * scale)


def compare(photos: Path, rounds: int) -> None:
    """Time first builds, and builds with nothing new, a changed note and ten new photos."""
    WORK.mkdir(parents=True, exist_ok=True)
    gallery, site = WORK / "gallery", WORK / "site"
    width, height = published_size(photos)
    thumb = (SMALL, round(SMALL * height / width))
    program = str(sigal())
    bollards = [sys.executable, "-m", "generator"]
    build = [*bollards, "build", str(site)]
    make = [program, "build", "-c", "sigal.conf.py", "photos", "out"]

    def fresh() -> None:
        for folder in (gallery, site):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            copy_photos(photos, folder / "photos")
        (gallery / "sigal.conf.py").write_text(
            f"img_size = ({width}, {height})\nthumb_size = {thumb}\nthumb_fit = False\n"
            "use_orig = False\nwrite_html = True\n",
            encoding="utf-8",
        )
        (site / "site.toml").write_text(
            f"[pictures]\nwidths = [{SMALL}, {LARGE}]\n", encoding="utf-8"
        )

    def both(name: str, prepare: Callable[[], None]) -> None:
        ours, theirs = [], []
        for turn in range(rounds):
            prepare()
            pair = [(build, site, ours), (make, gallery, theirs)]
            for command, folder, runs in pair if turn % 2 == 0 else reversed(pair):
                runs.append(timed(command, folder))
        report(name, ours, theirs)

    count = sum(1 for path in photos.rglob("*.jpg"))
    print(f"{count} photos, {os.cpu_count()} cores, pictures {SMALL} and {width} px wide")
    print(f"{'':28}{'bollards':>20}{'sigal 2.6.1':>20}{'ratio':>8}")
    both("first build", fresh)
    both("nothing changed", lambda: None)
    rng = random.Random(1)

    def another_note() -> None:
        words = f"A note, {rng.random()}.\n"
        notes = site / "notes" / "types"
        notes.mkdir(parents=True, exist_ok=True)
        kind = min((site / "public" / "types").iterdir()).name
        (notes / f"{kind}.md").write_text(words, encoding="utf-8")
        # A description of an album.
        (gallery / "photos" / "index.md").write_text(words, encoding="utf-8")

    both("a changed note", another_note)

    def ten_more() -> None:
        state = rng.getstate()
        for folder in (site, gallery):
            rng.setstate(state)
            add_photos(folder / "photos", rng)

    both(f"{NEW_PHOTOS} new photos", ten_more)


def report(name: str, ours: list[Run], theirs: list[Run]) -> None:
    mine = statistics.median(run.seconds for run in ours)
    other = statistics.median(run.seconds for run in theirs)
    memory = [max(run.megabytes for run in runs) for runs in (ours, theirs)]
    print(f"{name:28}{mine:18.2f} s{other:18.2f} s{mine / other:8.2f}")
    processor = [statistics.median(r.processor for r in runs) for runs in (ours, theirs)]
    ratio = processor[0] / processor[1]
    print(f"{'  processor time':28}{processor[0]:18.2f} s{processor[1]:18.2f} s{ratio:8.2f}")
    print(f"{'  peak memory':28}{memory[0]:17.0f} MB{memory[1]:17.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="make bench")
    parser.add_argument("--photos", type=Path, default=ROOT / "site" / "photos")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    compare(arguments.photos.resolve(), arguments.rounds)
    # In a process of its own, which keeps itself to one core.
    clip = [sys.executable, "-m", "tests.bench.clip_graph", str(WORK / "clip")]
    subprocess.run(clip, cwd=ROOT, check=True)
    if (arguments.photos / "labels.csv").exists():
        lasting = [sys.executable, "-m", "tests.bench.replay", str(arguments.photos.resolve())]
        subprocess.run(lasting, cwd=ROOT, check=True)
    # The site that was just built twice and changed, as visitors meet it.
    pages = [sys.executable, "-m", "tests.bench.pages", str(WORK / "site" / "public")]
    subprocess.run(pages, cwd=ROOT, check=True)
    # The home page again, of a collection that is larger than any of today.
    subprocess.run([sys.executable, "-m", "tests.bench.browse"], cwd=ROOT, check=True)
    # The sheet of all photos, of 20,000; and identification in the browser beside the command.
    subprocess.run([sys.executable, "-m", "tests.bench.explore"], cwd=ROOT, check=True)
    identify = [sys.executable, "-m", "tests.bench.identify", str(arguments.photos.resolve())]
    subprocess.run(identify, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
