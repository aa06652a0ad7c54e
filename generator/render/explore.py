"""The contact sheet: small pictures of all photos in square blocks, cut like web map tiles.

At each level a block shows twice as many cells in each direction as at the level below. So whatever
is in view needs only a few blocks, at 20,000 photos as at 200. Blocks are cached by content: a new
photo costs its own block and those above it.

It writes these files, all under names that change with their content:
    assets/sheet/HASH.webp      blocks, transparent where there is no photo
    assets/sheet/HASH.bin       columns, rows, types and countries of all photos: four arrays of
                                little-endian 16-bit numbers, the first two signed; then their
                                regions, if some are known
    assets/sheet/HASH.json      ids and pictures of some photos in that order, [[id, path], ...]
    assets/sheet/HASH.json      the index that leads to all of them, see `_index`
"""

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from generator.catalogue import Catalogue, Photo, Picture
from generator.keep import kept, kept_at
from generator.output import Output
from generator.render.environment import is_slim, smallest

Cell = tuple[int, int]

# Raise this when the code below gives other pixels or bytes for the same photos.
_RECIPE = 1
# The size of a cell at the finest level, and the cells of a block, so that a block is 512 by 480
# px.
_CELL = (64, 80)
_BLOCK = (8, 6)
# Without a gap pictures would run into each other; it shrinks with them at coarser levels.
_GAP = 1
# Cells are never narrower than this, and no coarser level has so few blocks: the middle of the
# sheet is a corner of four of them at every level.
_NARROWEST = 4
_FEW = 4
_QUALITY = 72
# The width of the picture that a cell is made from; it is also shown when a cell is enlarged.
_SOURCE_WIDTH = 240
_AT_ONCE = 500
_NONE = 0xFFFF


def write_explore(catalogue: Catalogue, out: Output, cache: Path | None) -> str | None:
    """Write blocks and data.

    Args:
        catalogue: photos without a `cell` are left out.
        out: the site's root, which holds the published pictures.
        cache: folder that keeps blocks between builds, or None.

    Returns:
        The path of the index relative to the site's root; None when no photo has a cell.
    """
    order = {type_.id: position for position, type_ in enumerate(catalogue.types)}
    # Types in the order of the cards, unsorted ones last: neighbours come in the same file.
    photos = sorted(
        (photo for photo in catalogue.photos if photo.cell is not None),
        key=lambda photo: (order.get(photo.type or "", len(order)), _by_rows(photo), photo.id),
    )
    if not photos:
        return None
    blocks = _Blocks(out, cache).write({_spot(photo): photo for photo in photos})
    names = [
        _publish(
            out,
            "json",
            _json(
                [
                    [photo.id, catalogue.site.picture(_source(photo).path)]
                    for photo in photos[start : start + _AT_ONCE]
                ]
            ),
        )
        for start in range(0, len(photos), _AT_ONCE)
    ]
    codes = [country.code for country in catalogue.countries if country.code]
    cells = np.array([_spot(photo) for photo in photos], dtype="<i2")
    country = {code: position for position, code in enumerate(codes)}
    whats = np.array(
        [
            (order.get(photo.type or "", _NONE), country.get(photo.country or "", _NONE))
            for photo in photos
        ],
        dtype="<u2",
    )
    regions = list(catalogue.region)
    numbers = {code: position for position, code in enumerate(regions)}
    stand = [catalogue.bollard[photo.bollard].region or "" for photo in photos]
    there = np.array([[numbers.get(code, _NONE) for code in stand]], dtype="<u2")
    columns = (*cells.T, *whats.T, *(there if regions else ()))
    data = b"".join(column.tobytes() for column in columns)
    index = _index(list(order), codes, len(photos), _publish(out, "bin", data), names, blocks)
    index |= {"regions": regions} if regions else {}
    return _publish(out, "json", _json(index))


def _index(
    types: Sequence[str],
    codes: Sequence[str],
    count: int,
    cells: str,
    names: Sequence[str],
    blocks: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """The index of everything else; paths are relative to the site's root.

    The numbers in `cells` are indexes of `types`, `countries` and, where there are some, `regions`
    (0xFFFF: none). `names` are the
    files of ids, `atOnce` photos in each. `levels`, finest first, are the files of blocks by
    "column,row" of the block. Level n has cells of `cell` / 2**n px, `blockSize` * 2**n in a block.
    """
    return {
        "version": 1,
        "count": count,
        "cell": _CELL,
        "blockSize": _BLOCK,
        "gap": _GAP,
        "types": types,
        "countries": codes,
        "cells": cells,
        "names": names,
        "atOnce": _AT_ONCE,
        "levels": blocks,
    }


class _Blocks:
    """Makes the blocks of all levels, each from its cells or from the blocks of the level below."""

    def __init__(self, out: Output, cache: Path | None) -> None:
        self._out = out
        self._cache = cache
        if cache is not None:
            cache.mkdir(parents=True, exist_ok=True)

    def write(self, photos: Mapping[Cell, Photo]) -> list[dict[str, str]]:
        """Publish them; returns path by "column,row" for each level, finest first."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            shown: dict[Cell, dict[Cell, Photo]] = {}
            for (x, y), photo in photos.items():
                block = (x // _BLOCK[0], y // _BLOCK[1])
                shown.setdefault(block, {})[x % _BLOCK[0], y % _BLOCK[1]] = photo
            keys = {block: _key(_names(own)) for block, own in shown.items()}
            self._make(pool, keys, lambda block: self._from_photos(shown[block]))
            levels = [keys]
            width = _CELL[0]
            while len(keys) > _FEW and width // 2 >= _NARROWEST:
                width //= 2
                below, parts = keys, _quarters(keys)
                keys = {block: _key(_named(below, own)) for block, own in parts.items()}
                self._make(pool, keys, self._maker(below, parts))
                levels.append(keys)
        if self._cache is not None:
            self._forget({key for level in levels for key in level.values()})
        return [
            {f"{x},{y}": f"assets/sheet/{level[x, y]}.webp" for x, y in sorted(level)}
            for level in levels
        ]

    def _maker(
        self, below: Mapping[Cell, str], parts: Mapping[Cell, Sequence[Cell]]
    ) -> Callable[[Cell], Image.Image]:
        return lambda block: self._from_blocks({one: below[one] for one in parts[block]})

    def _make(
        self,
        pool: ThreadPoolExecutor,
        keys: Mapping[Cell, str],
        draw: Callable[[Cell], Image.Image],
    ) -> None:
        def make(block: Cell) -> None:
            path = f"assets/sheet/{keys[block]}.webp"
            file = self._cache / f"{keys[block]}.webp" if self._cache else None
            self._out.write(path, kept(file, lambda: _encoded(draw(block))))

        list(pool.map(make, sorted(keys)))

    def _from_photos(self, photos: Mapping[Cell, Photo]) -> Image.Image:
        block = _blank()
        size = (_CELL[0] - 2 * _GAP, _CELL[1] - 2 * _GAP)
        for (x, y), photo in photos.items():
            source = _source(photo)
            with Image.open(self._out.root / source.path) as opened:
                opened.draft("RGB", (2 * size[0], 2 * size[1]))
                # A slim picture is shown whole, as everywhere on the site.
                fit = ImageOps.contain if is_slim(source) else ImageOps.fit
                small = fit(opened.convert("RGB"), size, Image.Resampling.BICUBIC)
            left = x * _CELL[0] + (_CELL[0] - small.width) // 2
            top = y * _CELL[1] + (_CELL[1] - small.height) // 2
            block.paste(small, (left, top))
        return block

    def _from_blocks(self, blocks: Mapping[Cell, str]) -> Image.Image:
        whole = _blank()
        for (x, y), key in blocks.items():
            with Image.open(self._out.root / f"assets/sheet/{key}.webp") as opened:
                half = opened.convert("RGBA").reduce(2)
            whole.paste(half, (x % 2 * half.width, y % 2 * half.height))
        return whole

    def _forget(self, used: set[str]) -> None:
        """Delete cached blocks that this site no longer uses."""
        assert self._cache is not None
        names = {kept_at(Path(f"{key}.webp")).name for key in used}
        for entry in os.scandir(self._cache):
            if entry.name not in names:
                Path(entry.path).unlink(missing_ok=True)


def _blank() -> Image.Image:
    return Image.new("RGBA", (_BLOCK[0] * _CELL[0], _BLOCK[1] * _CELL[1]), (0, 0, 0, 0))


def _encoded(block: Image.Image) -> bytes:

    content = io.BytesIO()
    block.save(content, "webp", quality=_QUALITY, method=2)
    return content.getvalue()


def _quarters(keys: Iterable[Cell]) -> dict[Cell, list[Cell]]:
    parts: dict[Cell, list[Cell]] = {}
    for x, y in sorted(keys):
        parts.setdefault((x // 2, y // 2), []).append((x, y))
    return parts


def _names(photos: Mapping[Cell, Photo]) -> list[Any]:
    return [[cell, _source(photos[cell]).path] for cell in sorted(photos)]


def _named(keys: Mapping[Cell, str], blocks: Iterable[Cell]) -> list[Any]:
    return [[x % 2, y % 2, keys[x, y]] for x, y in blocks]


def _key(shows: Sequence[Any]) -> str:
    """A name derived from everything that determines the pixels."""
    recipe = [_RECIPE, _CELL, _BLOCK, _GAP, _QUALITY, shows]
    return hashlib.sha256(json.dumps(recipe).encode()).hexdigest()[:16]


def _source(photo: Photo) -> Picture:
    return smallest(photo.pictures.card, _SOURCE_WIDTH)


def _spot(photo: Photo) -> Cell:
    assert photo.cell is not None
    return photo.cell


def _by_rows(photo: Photo) -> Cell:
    column, row = _spot(photo)
    return row, column


def _publish(out: Output, suffix: str, content: bytes) -> str:
    path = f"assets/sheet/{hashlib.sha256(content).hexdigest()[:16]}.{suffix}"
    out.write(path, content)
    return path


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
