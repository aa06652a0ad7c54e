"""Builds of damaged pictures, settings, tables, ledgers and caches."""

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from generator.project import Project
from tests.torture.attempt import attempt, copied
from tests.torture.sites import Sites, digests, owners

_BATCH = 50
_FORMATS: dict[str, tuple[str, dict[str, object]]] = {
    "jpg": ("JPEG", {"quality": 85}),
    "png": ("PNG", {}),
    "webp": ("WEBP", {"quality": 80}),
    "avif": ("AVIF", {"quality": 60}),
    "heic": ("HEIF", {"quality": 60}),
    "gif": ("GIF", {}),
    "tif": ("TIFF", {}),
    "bmp": ("BMP", {}),
}
_NASTY = (
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"1e999",
    b"nan",
    b"-1",
    b"9" * 400,
    b"[" * 300,
    b'"""',
    b"'",
    b"../../",
    b"javascript:alert(1)",
    b"<script>",
    b"true",
    b"{}",
    b"[]",
    b"null",
    b"\r",
    b"\n[site]\n",
    b"=",
    b",",
    b";",
    "é😀\u202e\u2028".encode(),
)
_TEXTS: dict[str, str] = {
    "site.toml": (
        '[site]\ntitle = "Posts"\nlanguages = ["de"]\nbase_url = "https://bollards.example"\n'
        '[site.translations.de]\ntitle = "Poller"\n[photos]\ncredit = "Ada"\nlicence = "CC0-1.0"\n'
        '[pictures]\nwidths = [120, 240]\nformat = "webp"\nquality = 70\n'
        '[privacy]\ntaken = "month"\nfile_names = false\n[group]\nmin_bollards = 2\n'
    ),
    "photos.csv": (
        "file,country,region,credit,licence,source,taken,crop\n"
        'germany/0.jpg,DE,Bavaria,Ada,CC0-1.0,https://a.example/,2024-05-01,"10,10,100,140"\n'
        "france/1.jpg,FR,,Bob,,,2023,\n"
    ),
    "curation.toml": (
        '[types.a]\nname = "A"\n[photos."germany/0.jpg"]\nhidden = true\n'
        '[bollards."france/1.jpg"]\ncountry = "PT"\ntype = "a"\n[families.f]\nname = "F"\n'
        '[lookalikes]\n"a+b" = "by the band"\n'
    ),
    "notes/about.md": "# About\n\n[home](../) **bold** <b>raw</b> ![x](y)\n",
    "locale/de.po": 'msgid ""\nmsgstr "Language: de\\n"\n\nmsgid "Types"\nmsgstr "Typen"\n',
}
_CACHES = (
    "cache.sqlite",
    "clusters.json",
    "relations.json",
    "places.json",
    "hidden.json",
    "private.json",
    "index.npz",
    "report.json",
    "state.json",
    "pictures",
    "packed",
    "sheet",
    "icons",
    "og",
    "locale",
    "templates",
    "world",
)


def pictures(sites: Sites, folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Build with pictures of all formats that are damaged at random, fifty at once."""
    rng = np.random.default_rng(seed)
    whole = _pictures(rng)
    project = Project(copied(sites.old.root, folder / "pictures"))
    there = set(sites.before)
    for start in range(0, tries, _BATCH):
        count = min(_BATCH, tries - start)
        place = project.photos / "norway"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for number in range(count):
            suffix = list(_FORMATS)[number % len(_FORMATS)]
            content = mutated(whole[suffix], rng)
            (place / f"{number}.{suffix}").write_bytes(content)
        outcome = attempt(["build", project.root, "--quiet"])
        wrong = "" if outcome.code == 0 else f"ended with {outcome.code}"
        wrong = wrong or ("a traceback" if "Traceback" in outcome.text else "")
        gone = {path for path in there if path.startswith("pictures/")} - set(
            digests(project.public)
        )
        wrong = wrong or (f"pictures of other photos are gone: {gone}" if gone else "")
        wrong = wrong or _unreadable(project.public / "pictures")
        kept = folder / f"failed-{start}"
        if wrong:
            copied(place, kept)
        yield f"pictures in {kept}: {wrong}\n{outcome.text[-2000:]}" if wrong else ""
        yield from [""] * (count - 1)


def texts(sites: Sites, folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Build with a damaged file of the owner's, or a damaged ledger."""
    rng = np.random.default_rng(seed)
    project = Project(copied(sites.old.root, folder / "texts"))
    for name, text in _TEXTS.items():
        (project.root / name).parent.mkdir(exist_ok=True)
        (project.root / name).write_text(text, encoding="utf-8")
    contents = {name: text.encode() for name, text in _TEXTS.items()}
    contents["ledger.json"] = project.ledger.read_bytes()
    for number in range(tries):
        name = list(contents)[number % len(contents)]
        content = mutated(contents[name], rng, nasty=True)
        before = digests(project.public)
        (project.root / name).write_bytes(content)
        mine = owners(project)
        outcome = attempt(["build", project.root, "--quiet"])
        wrong = "" if outcome.is_clean else f"ended with {outcome.code}: {outcome.text[-2000:]}"
        if not wrong and outcome.code == 1 and digests(project.public) != before:
            wrong = "the build failed and the live site has changed"
        if not wrong and owners(project) != mine:
            wrong = "a file of the owner's has changed"
        if not wrong and outcome.code == 1 and (project.root / name).read_bytes() != content:
            wrong = "the build failed and the file has changed"
        for other, whole in contents.items():
            (project.root / other).write_bytes(whole)
        yield f"{name} = {content!r}: {wrong}" if wrong else ""


def caches(sites: Sites, folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Build with a damaged file of the program's own: the site is the same."""
    rng = np.random.default_rng(seed)
    for number in range(tries):
        project = Project(copied(sites.new.root, folder / "caches"))
        for log in project.work.glob("cache.sqlite-*"):
            log.unlink()
        there = [name for name in _CACHES if (project.work / name).exists()]
        name = there[number % len(there)]
        path = project.work / name
        if path.is_dir():
            inside = sorted(path.iterdir())
            path = inside[int(rng.integers(0, len(inside)))]
        # A copy, not the published file itself.
        content = mutated(path.read_bytes(), rng)
        path.unlink()
        path.write_bytes(content)
        outcome = attempt(["build", "--force", "--quiet", project.root])
        wrong = "" if outcome.code == 0 else f"ended with {outcome.code}: {outcome.text[-2000:]}"
        wrong = wrong or ("a traceback" if "Traceback" in outcome.text else "")
        if not wrong and digests(project.public) != sites.after:
            wrong = "the site differs"
        if not wrong and project.ledger.read_bytes() != sites.new.ledger.read_bytes():
            wrong = "the ledger differs"
        yield f"{path.relative_to(project.root)}, try {number}: {wrong}" if wrong else ""


def mutated(content: bytes, rng: np.random.Generator, *, nasty: bool = False) -> bytes:
    """Content with one to three random damages; with `nasty` ones that a parser may stumble on."""
    ways: list[Callable[[bytes, np.random.Generator], bytes]] = [
        _flipped,
        _flipped,
        _cut,
        _zeroed,
        _doubled,
        _dropped,
    ]
    if nasty:
        ways += [_poisoned] * 6
    for _ in range(int(rng.integers(1, 4))):
        content = ways[int(rng.integers(0, len(ways)))](content, rng)
    return content


def _span(content: bytes, rng: np.random.Generator) -> tuple[int, int]:
    first, last = sorted(rng.integers(0, len(content) + 1, 2).tolist())
    return first, min(last, first + 2000)


def _flipped(content: bytes, rng: np.random.Generator) -> bytes:
    changed = bytearray(content)
    for place in rng.integers(0, max(1, len(content)), int(rng.integers(1, 6))).tolist():
        if place < len(changed):
            changed[place] ^= 1 << int(rng.integers(0, 8))
    return bytes(changed)


def _cut(content: bytes, rng: np.random.Generator) -> bytes:
    return content[: int(rng.integers(0, len(content) + 1))]


def _zeroed(content: bytes, rng: np.random.Generator) -> bytes:
    first, last = _span(content, rng)
    return content[:first] + bytes(last - first) + content[last:]


def _doubled(content: bytes, rng: np.random.Generator) -> bytes:
    first, last = _span(content, rng)
    return content[:last] + content[first:]


def _dropped(content: bytes, rng: np.random.Generator) -> bytes:
    first, last = _span(content, rng)
    return content[:first] + content[last:]


def _poisoned(content: bytes, rng: np.random.Generator) -> bytes:
    place = int(rng.integers(0, len(content) + 1))
    poison = _NASTY[int(rng.integers(0, len(_NASTY)))]
    return content[:place] + poison + content[place + int(rng.integers(0, 6)) :]


def _pictures(rng: np.random.Generator) -> dict[str, bytes]:
    import pillow_heif

    pillow_heif.register_heif_opener()
    found = {}
    pixels = rng.integers(0, 255, (24, 20, 3), dtype=np.uint8).repeat(8, 0).repeat(8, 1)
    for suffix, (kind, options) in _FORMATS.items():
        content = io.BytesIO()
        Image.fromarray(pixels).save(content, kind, **options)
        found[suffix] = content.getvalue()
    return found


def _unreadable(folder: Path) -> str:
    for path in folder.iterdir():
        try:
            with Image.open(path) as opened:
                opened.load()
        except Exception as error:
            return f"published {path.name} cannot be opened: {error}"
    return ""
