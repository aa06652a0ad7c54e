"""Publishes the files of the identify page: the recogniser, its runtime, the collection's vectors.

Everything is in `assets/recogniser/`, under names that change with the content. One small JSON file
describes it, and the scripts take every size and limit from there. They do the same as `bollards
identify` (`generator/identify/lookup.py`).
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from generator import sureness, vocabulary
from generator.calibration import curve_of
from generator.catalogue import Catalogue, Photo
from generator.embed import BrowserModel, Head
from generator.identify.legibility import CLEAR, LEGIBLE, SEEN
from generator.identify.lookup import NEIGHBOURS
from generator.identify.vote import (
    LOW,
    LOW_SHARPNESS,
    MOST,
    MOST_CROPS,
    SHARPNESS,
    TEMPERATURE,
)
from generator.isolate.builtin import ASIDE, LIKELY, SMALL
from generator.keep import kept
from generator.output import Output
from generator.published import voters
from generator.recogniser import detector, second_look, tiles
from generator.recogniser.framing import SHARE
from generator.relate.familiar import familiarity
from generator.relate.similarity import DECIMALS
from generator.render.identify import WebLookup
from generator.resources import LICENCES, ORT
from generator.rows import PhotoRows

FOLDER = "assets/recogniser"
NONE = 0xFFFF
_MAGIC = b"BOL2"
# How many photos' pictures one file lists: 12 neighbours need 12 such files at most, of 50 KB each.
_SHELF = 1000
_THUMB_WIDTH = 240
# Other bollards are offered if the detector is at least this confident of them.
_OTHER = 0.5


def publish_lookup(
    catalogue: Catalogue,
    rows: PhotoRows,
    model: BrowserModel,
    out: Output,
    cache: Path | None = None,
) -> WebLookup:
    """Publish the files that identification in the browser needs.

    Args:
        catalogue: the site.
        rows: the photos, with vectors of the embedder of `model`.
        model: the model with which browsers embed a visitor's picture.
        out: the site's root.
        cache: a folder for reusable results.
    """
    found = detector.shipped()
    curve = curve_of(catalogue)
    order = sorted(range(len(rows)), key=rows.ids.__getitem__)
    photos = [catalogue.photo[rows.ids[row]] for row in order]
    types = [type_.id for type_ in catalogue.types]
    codes = [country.code for country in catalogue.countries if country.code]

    def file(name: str, content: bytes) -> dict[str, Any]:
        return {"path": out.write_lasting(f"{FOLDER}/{name}", content), "bytes": len(content)}

    def script(name: str, source: Path) -> str:
        # Some servers do not know .mjs, and browsers do not run a module of unknown type.
        return out.write_lasting(f"{FOLDER}/{name}", source.read_bytes())

    runtime = {
        "module": script("ort.js", ORT / "ort.wasm.min.mjs"),
        "glue": script("ort-wasm.js", ORT / "ort-wasm-simd-threaded.mjs"),
        "wasm": file("ort.wasm.bin", _packed(ORT / "ort-wasm-simd-threaded.wasm", cache)),
    }
    licence = (LICENCES / "onnxruntime-web.txt").read_bytes()
    out.write_lasting(f"{FOLDER}/licence.txt", licence)
    facts = {
        "version": 1,
        "runtime": runtime,
        "detector": {**file("detector.onnx", found.weights), **_seeing(found)},
        "recogniser": {
            **file("bollards.onnx", model.weights),
            "width": model.width,
            "height": model.height,
            "padding": model.padding,
            "gap": model.reducing_gap,
        },
        "heads": _heads(model.heads),
        "second": _looking_again(),
        "attributes": {"sure": vocabulary.SURE},
        "collection": file(
            "photos.bin", collection_file(photos, rows.embeddings[order], types, codes)
        ),
        "types": types,
        "countries": codes,
        "likeness": {"intercept": curve.intercept, "slope": curve.slope},
        "voting": {
            "temperature": TEMPERATURE,
            "most": MOST,
            "sharpness": SHARPNESS,
            "low": LOW,
            "lowSharpness": LOW_SHARPNESS,
            "crops": MOST_CROPS,
            "legible": LEGIBLE,
            "clear": CLEAR,
            "neighbours": NEIGHBOURS,
            "decimals": DECIMALS,
            "named": sureness.COUNTRIES,
            "likely": sureness.LIKELY,
            "possible": sureness.POSSIBLE,
            "worth": sureness.WORTH,
            "familiar": familiarity(
                [photo.bollard for photo in photos],
                [photo.neighbours for photo in photos],
                [photo.id for photo in photos],
            ),
        },
        "pictures": {
            "rows": _SHELF,
            "shelves": [
                file(
                    "pictures.json",
                    _json([_picture(photo, catalogue) for photo in photos[start:][:_SHELF]]),
                )
                for start in range(0, len(photos), _SHELF)
            ],
        },
    }
    described = out.write_lasting(f"{FOLDER}/recogniser.json", _json(facts))
    large = (runtime["wasm"], facts["detector"], facts["recogniser"], facts["collection"])
    return WebLookup(
        recogniser=described,
        bytes=sum(one["bytes"] for one in large),  # type: ignore[index]
    )


def _seeing(found: detector.Detector) -> dict[str, Any]:
    """The sizes and limits for static/js/detector.js, tiles.js and the choice of crops."""
    return {
        "area": detector.AREA,
        "overview": detector.OVERVIEW,
        "multiple": detector.MULTIPLE,
        "cell": detector.CELL,
        "step": detector.STEP,
        "padding": detector.PADDING,
        "gap": detector.REDUCING_GAP,
        "leastHeat": detector.LEAST_HEAT,
        "tallest": detector.TALLEST,
        "lowest": detector.LOWEST,
        "overlap": detector.OVERLAP,
        "most": detector.MOST,
        "calibration": found.calibration,
        "tiles": {
            "large": tiles.LARGE,
            "clear": tiles.CLEAR,
            "clearHeight": tiles.CLEAR_HEIGHT,
            "most": tiles.MOST,
            "few": tiles.FEW,
            "usual": tiles.USUAL,
            "across": tiles.ACROSS,
            "down": tiles.DOWN,
            "shape": tiles.SHAPE,
            "finest": tiles.FINEST,
            "edge": tiles.EDGE,
        },
        "share": SHARE,
        "likely": LIKELY,
        "small": SMALL,
        "aside": ASIDE,
        "seen": SEEN,
        "other": _OTHER,
    }


def _looking_again() -> dict[str, Any]:
    """The weights and limits for static/js/second-look.js."""
    return {
        "most": second_look.MOST,
        "least": second_look.LEAST,
        "floor": second_look.FLOOR,
        "smallest": second_look.SMALLEST,
        "kind": list(vocabulary.KIND),
        "weights": second_look.Weights.shipped().to_facts(),
    }


def collection_file(
    photos: Sequence[Photo],
    embeddings: npt.NDArray[np.float32],
    types: Sequence[str],
    codes: Sequence[str],
) -> bytes:
    """The photos' vectors in 8 bits, with their bollards, types and countries.

    collection.js reads this format.

    Args:
        photos: ordered by id.
        embeddings: float32 [n, d], their unit vectors.
        types: ids; each photo has the index of its type among them.
        codes: of countries, likewise.
    """
    row_of_type = {key: position for position, key in enumerate(types)}
    row_of_code = {key: position for position, key in enumerate(codes)}
    voter_of = voters({photo.id: photo for photo in photos})
    bollards = {voter_of[photo.id]: position for position, photo in enumerate(photos)}
    scales, vectors = quantised(embeddings)
    return b"".join(
        (
            _MAGIC,
            np.array(embeddings.shape, "<u4").tobytes(),
            scales.astype("<f4").tobytes(),
            np.array([bollards[voter_of[p.id]] for p in photos], "<u4").tobytes(),
            np.array([row_of_type.get(p.type or "", NONE) for p in photos], "<u2").tobytes(),
            np.array([row_of_code.get(p.country or "", NONE) for p in photos], "<u2").tobytes(),
            b"".join(bytes.fromhex(photo.id) for photo in photos),
            vectors.tobytes(),
        )
    )


def quantised(
    embeddings: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int8]]:
    """Each row as integers and one scale (float32 [n], int8 [n, d]): row = scale * integers."""
    largest = np.abs(embeddings).max(axis=1)
    scales = np.where(largest > 0, largest / 127, 1).astype(np.float32)
    return scales, np.round(embeddings / scales[:, None]).astype(np.int8)


def _heads(heads: Mapping[str, Head]) -> dict[str, Any]:
    def text(values: npt.NDArray[np.float32]) -> str:
        return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")

    return {
        name: {"values": list(head.values), "weight": text(head.weight), "bias": text(head.bias)}
        for name, head in heads.items()
    }


def _picture(photo: Photo, catalogue: Catalogue) -> list[Any]:
    sizes = photo.pictures.card
    picture = next((size for size in sizes if size.width >= _THUMB_WIDTH), sizes[-1])
    return [catalogue.site.picture(picture.path), picture.width, picture.height]


def _packed(source: Path, cache: Path | None) -> bytes:
    """A file compressed as most hosts would compress it, to a quarter of its size, because some do
    not.

    Its name must not end in .gz, or a server may treat that as an encoding and decompress it. If a
    server does so anyway, the script recognises this by the first bytes.
    """
    content = source.read_bytes()
    name = hashlib.sha256(content).hexdigest()[:16]
    return kept(
        cache / f"{name}.gz" if cache is not None else None,
        lambda: gzip.compress(content, 9, mtime=0),
    )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
