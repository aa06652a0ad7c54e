"""Tiles of texture that scenes are painted from: noise, grass, gravel, leaves, stones, bricks.

Every tile is a square uint8 array that repeats without a seam, of shape (SIZE, SIZE), with its
half-sized versions in a tuple. A tile holds lightness only; a scene gives it colours with a
look-up table, so that one tile of grass serves a lawn in May and a steppe in August. Tiles are
made on first use from fixed seeds and kept.
"""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

SIZE = 1024
Bytes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.floating[Any]]
Tile = tuple[Bytes, ...]


def fractal(size: int, steepness: float, seed: int, stretch: float = 1.0) -> Floats:
    """Returns seamless noise in [0, 1], shape (size, size), whose amplitude falls as f^-steepness.

    `stretch` above 1 draws the noise out along the second axis. Made by shaping the spectrum of
    white noise (Saupe, "Algorithms for random fractals", 1988) and spreading it by rank.
    """
    rng = np.random.default_rng(seed)
    spectrum = np.fft.rfft2(rng.standard_normal((size, size)))
    rows = np.fft.fftfreq(size)[:, None] * size
    columns = np.fft.rfftfreq(size)[None, :] * size * stretch
    radius = np.hypot(rows, columns)
    radius[0, 0] = 1.0
    shaped = np.fft.irfft2(spectrum * radius**-steepness, s=(size, size))
    shaped = (shaped - shaped.mean()) / shaped.std()
    spread: Floats = (1.0 / (1.0 + np.exp(-1.7 * shaped))).astype(np.float32)
    return spread


def _levels(image: Bytes) -> Tile:
    levels = [image]
    while levels[-1].shape[0] > 32:
        fine = levels[-1].astype(np.uint16)
        quarter = fine[::2, ::2] + fine[1::2, ::2] + fine[::2, 1::2] + fine[1::2, 1::2]
        levels.append((quarter >> 2).astype(np.uint8))
    return tuple(levels)


def _as_bytes(values: Floats) -> Bytes:
    data: Bytes = np.clip(values * 255.0, 0, 255).astype(np.uint8)
    return data


def _wrapped(draw: Callable[[float, float], None], x: float, y: float, reach: float) -> None:
    """Draws something at (x, y), and once more across every edge that it may cross."""
    for dx in (0.0, SIZE if x < reach else (-SIZE if x > SIZE - reach else 0.0)):
        for dy in (0.0, SIZE if y < reach else (-SIZE if y > SIZE - reach else 0.0)):
            draw(x + dx, y + dy)
            if dy == 0.0 and not (y < reach or y > SIZE - reach):
                break
        if dx == 0.0 and not (x < reach or x > SIZE - reach):
            break


def _grass(seed: int, count: int, length: float, unrest: float, flowers: int) -> Bytes:
    rng = np.random.default_rng(seed)
    image = Image.fromarray(_as_bytes(0.08 + 0.16 * fractal(SIZE, 1.0, seed + 1)))
    pen = ImageDraw.Draw(image)
    ys = np.sort(rng.uniform(0, SIZE, count))
    clumps = fractal(SIZE, 1.5, seed + 2)
    for y in ys:
        x = rng.uniform(0, SIZE)
        clump = float(clumps[int(y), int(x)])
        reach = length * rng.uniform(0.5, 1.25) * (0.6 + 0.8 * clump)
        bend = rng.normal(0, unrest)
        thick = rng.uniform(1.5, 4.0)
        light = rng.normal(0.5, 0.13) + 0.25 * (clump - 0.5)
        shades = [int(np.clip(light * k, 0.05, 0.95) * 255) for k in (0.5, 0.9, 1.3)]

        def blade(
            at: float,
            down: float,
            reach: float = reach,
            bend: float = bend,
            thick: float = thick,
            shades: list[int] = shades,
        ) -> None:
            a, b, c = (
                (at + bend * reach * k * k, down - reach * k * (1 - 0.25 * abs(bend) * k))
                for k in (0.4, 0.75, 1.0)
            )
            pen.polygon(
                [(at - thick / 2, down), a, (a[0] + thick, a[1]), (at + thick, down)],
                fill=shades[0],
            )
            pen.polygon([a, b, (b[0] + thick * 0.7, b[1]), (a[0] + thick, a[1])], fill=shades[1])
            pen.polygon([b, c, (b[0] + thick * 0.7, b[1])], fill=shades[2])

        _wrapped(blade, x, float(y), length * 2.2)
    for _ in range(flowers):
        x, y, r = rng.uniform(8, SIZE - 8), rng.uniform(8, SIZE - 8), rng.uniform(2, 5)
        pen.ellipse([x - r, y - r * 0.7, x + r, y + r * 0.7], fill=255)
    return np.asarray(image)


def _pebbles(seed: int, count: int, largest: float) -> Bytes:
    rng = np.random.default_rng(seed)
    image = Image.fromarray(_as_bytes(0.22 + 0.25 * fractal(SIZE, 0.5, seed + 1)))
    pen = ImageDraw.Draw(image)
    sizes = np.sort(largest * rng.power(0.6, count) ** 2 + 2.0)[::-1]
    order = rng.permutation(count)
    for r in sizes[order]:
        flat = rng.uniform(0.55, 0.95)
        light = float(np.clip(rng.normal(0.5, 0.15), 0.15, 0.9))

        angles = np.sort(rng.uniform(0, 2 * np.pi, 9))
        spokes = rng.uniform(0.75, 1.1, 9)

        def stone(
            x: float,
            y: float,
            r: float = float(r),
            flat: float = flat,
            light: float = light,
            angles: Floats = angles,
            spokes: Floats = spokes,
        ) -> None:
            for down, scale, gain in (
                (1.8, 1.1, 0.5),
                (0.0, 1.0, 0.82),
                (-1.4, 0.72, 1.0),
                (-2.4, 0.4, 1.12),
            ):
                reach = r * scale * spokes
                across, up = reach * np.cos(angles), reach * flat * np.sin(angles) + down * r * 0.12
                outline = list(zip((x + across).tolist(), (y + up).tolist(), strict=True))
                pen.polygon(outline, fill=int(min(light * gain, 0.98) * 255))

        _wrapped(stone, rng.uniform(0, SIZE), rng.uniform(0, SIZE), largest * 1.4)
    fine = np.asarray(image.filter(ImageFilter.GaussianBlur(1.2))).astype(np.float32)
    grain = 40.0 * (fractal(SIZE, 0.3, seed + 3) - 0.5)
    return np.clip(fine + grain, 0, 245).astype(np.uint8)


def _leaves(seed: int, count: int, length: float, depth: float) -> Bytes:
    rng = np.random.default_rng(seed)
    image = Image.fromarray(_as_bytes(0.05 + 0.12 * fractal(SIZE, 1.0, seed + 1)))
    pen = ImageDraw.Draw(image)
    clumps = fractal(SIZE, 1.7, seed + 2)
    for layer in range(count):
        x, y = rng.uniform(0, SIZE, 2)
        age = layer / count
        clump = float(clumps[int(y), int(x)])
        if rng.uniform() > 0.25 + 1.2 * clump and depth > 0.5:
            continue
        light = 0.15 + 0.35 * age + depth * 0.6 * (clump - 0.5) + rng.normal(0, 0.09)
        turn = rng.uniform(0, np.pi)
        a, b = length * rng.uniform(0.5, 1.1), length * rng.uniform(0.18, 0.4)

        def leaf(
            x: float, y: float, a: float = a, b: float = b, turn: float = turn, light: float = light
        ) -> None:
            cos, sin = float(np.cos(turn)), float(np.sin(turn))
            points = [(a, 0.0), (0.1 * a, b), (-a, 0.0), (0.1 * a, -b)]
            placed = [(x + p * cos - q * sin, y + p * sin + q * cos) for p, q in points]
            pen.polygon(placed, fill=int(np.clip(light, 0.03, 0.97) * 255))
            half = [placed[0], placed[1], placed[2]]
            pen.polygon(half, fill=int(np.clip(light * 1.25, 0.03, 0.97) * 255))

        _wrapped(leaf, float(x), float(y), length * 1.3)
    return np.asarray(image)


def _masonry(seed: int, rows: int, spread: float, joint: float) -> Bytes:
    """Courses of stones (`spread` near 0.5) or bricks (0), shaded as seen straight on."""
    rng = np.random.default_rng(seed)
    image = Image.new("L", (SIZE, SIZE), 55)
    pen = ImageDraw.Draw(image)
    edges = np.linspace(0, SIZE, rows + 1)
    edges[1:-1] += rng.normal(0, spread * SIZE / rows * 0.2, rows - 1)
    for row in range(rows):
        top, low = float(edges[row]), float(edges[row + 1])
        number = max(2, round(rows / 2 * (1 if spread == 0 else rng.uniform(0.7, 1.3))))
        cuts = np.linspace(0, SIZE, number + 1)[:-1] + (row % 2) * SIZE / number / 2
        cuts = np.sort((cuts + rng.normal(0, spread * SIZE / number * 0.3, number)) % SIZE)
        for left, right in zip(cuts, [*cuts[1:], cuts[0] + SIZE], strict=True):
            light = int(np.clip(rng.normal(0.55, 0.06 + 0.16 * spread), 0.2, 0.9) * 255)
            radius = (low - top) * (0.04 + 0.3 * spread)
            for dx in (0, -SIZE):
                box = [left + joint + dx, top + joint, right - joint + dx, low - joint]
                if box[2] > box[0] and box[3] > box[1]:
                    pen.rounded_rectangle(box, radius, fill=light)
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(1.5 + 4 * spread))).astype(np.float32)
    relief = np.roll(soft, (4, 3), (0, 1)) - np.roll(soft, (-4, -3), (0, 1))
    grain = 70.0 * (fractal(SIZE, 0.8, seed + 1) - 0.5)
    data: Bytes = np.clip(soft - relief * 0.35 + grain, 0, 245).astype(np.uint8)
    return data


def _asphalt(seed: int) -> Bytes:
    rng = np.random.default_rng(seed)
    values = (
        0.5 + 0.7 * (fractal(SIZE, 0.2, seed) - 0.5) + 0.12 * (fractal(SIZE, 1.4, seed + 1) - 0.5)
    )
    specks = rng.uniform(size=(SIZE, SIZE)) > 0.985
    return _as_bytes((values + 0.25 * specks).astype(np.float32))


def _soil(seed: int) -> Bytes:
    rough = fractal(SIZE, 1.1, seed)
    relief = np.roll(rough, (3, 2), (0, 1)) - rough
    return _as_bytes((0.5 + 0.5 * (rough - 0.5) + 2.2 * relief).astype(np.float32))


def _rock(seed: int) -> Bytes:
    rough = fractal(SIZE, 1.35, seed)
    ridged = np.abs(rough - 0.5) * 2
    relief = np.roll(ridged, (5, 4), (0, 1)) - ridged
    return _as_bytes((0.45 + 0.35 * (ridged - 0.4) + 1.6 * relief).astype(np.float32))


def _planks(seed: int) -> Bytes:
    grain = fractal(SIZE, 0.9, seed, stretch=9.0).T.copy()
    board = np.arange(SIZE) % 128
    tone = np.random.default_rng(seed).normal(0, 0.07, SIZE // 128).astype(np.float32)
    gaps = np.where(board < 5, -0.4, 0.0) + tone[np.arange(SIZE) // 128]
    return _as_bytes((0.5 + 0.4 * (grain - 0.5) + gaps[None, :]).astype(np.float32))


_MAKERS: dict[str, Callable[[], Bytes]] = {
    "noise": lambda: _as_bytes(fractal(SIZE, 1.2, 1)),
    "fine": lambda: _as_bytes(fractal(SIZE, 0.55, 2)),
    "cloud": lambda: _as_bytes(fractal(SIZE, 1.75, 3)),
    "white": lambda: _as_bytes(fractal(SIZE, 0.0, 4)),
    "streak": lambda: _as_bytes(fractal(SIZE, 0.9, 5, stretch=0.12)),
    "lawn": lambda: _grass(11, 16000, 34.0, 0.5, 0),
    "grass": lambda: _grass(12, 8000, 95.0, 0.35, 0),
    "meadow": lambda: _grass(13, 6500, 130.0, 0.3, 260),
    "tussock": lambda: _grass(14, 7000, 80.0, 0.8, 0),
    "gravel": lambda: _pebbles(21, 9000, 15.0),
    "cobble": lambda: _pebbles(22, 1500, 46.0),
    "leaves": lambda: _leaves(31, 9000, 26.0, 1.0),
    "litter": lambda: _leaves(32, 5200, 34.0, 0.15),
    "stones": lambda: _masonry(41, 7, 0.8, 5.0),
    "bricks": lambda: _masonry(42, 10, 0.0, 4.0),
    "asphalt": lambda: _asphalt(51),
    "soil": lambda: _soil(52),
    "snow": lambda: _as_bytes(
        0.55 + 0.45 * (fractal(SIZE, 1.9, 53) - 0.4) + 0.06 * (fractal(SIZE, 0.3, 54) - 0.5)
    ),
    "rock": lambda: _rock(55),
    "planks": lambda: _planks(56),
}


@cache
def tile(name: str) -> Tile:
    """Returns the tile called `name`, finest level first; raises KeyError for unknown names."""
    return _levels(_MAKERS[name]())


@cache
def tuft() -> tuple[Bytes, Bytes]:
    """Returns grass from the side, (lightness, cover), each of shape (256, SIZE), seam at no x.

    The blades grow from the lowest row; the scene lays them before the foot of a post.
    """
    rng = np.random.default_rng(71)
    light, cover = Image.new("L", (SIZE, 256), 60), Image.new("L", (SIZE, 256), 0)
    pens = ImageDraw.Draw(light), ImageDraw.Draw(cover)
    for _ in range(620):
        x, reach = rng.uniform(0, SIZE), 235 * rng.beta(2.0, 2.6)
        bend, thick, shade = rng.normal(0, 0.35), rng.uniform(2, 4.5), rng.normal(0.5, 0.14)
        for dx in (-SIZE, 0, SIZE):
            if not -300 < x + dx < SIZE + 300:
                continue
            steps = [
                (x + dx + bend * reach * k * k, 256 - reach * k) for k in (0.0, 0.4, 0.75, 1.0)
            ]
            for (p, q), gain in zip(pairwise(steps), (0.6, 0.9, 1.25), strict=True):
                wide = thick * (1.2 - gain * 0.5)
                shape = [(p[0], p[1]), q, (q[0] + wide * 0.6, q[1]), (p[0] + wide, p[1])]
                pens[0].polygon(shape, fill=int(np.clip(shade * gain, 0.05, 0.95) * 255))
                pens[1].polygon(shape, fill=255)
    return np.asarray(light), np.asarray(cover)


def sample(name: str, x: Floats, y: Floats, zoom: float) -> Bytes:
    """Looks a tile up at (x, y), in pixels of its finest level; shapes broadcast.

    `zoom` is how many tile pixels one picture pixel spans; the level of detail follows from it,
    so that far ground does not sparkle.
    """
    levels = tile(name)
    level = int(np.clip(np.log2(max(zoom, 1.0)) + 0.3, 0, len(levels) - 1))
    chosen = levels[level]
    limit, scale = chosen.shape[0] - 1, np.float32(0.5**level)
    column = np.floor(x * scale).astype(np.int32) & limit
    row = np.floor(y * scale).astype(np.int32) & limit
    picked: Bytes = chosen[row, column]
    return picked
