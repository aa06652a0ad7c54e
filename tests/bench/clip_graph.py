"""CLIP ViT-B/32's vision part at full size with random weights, in 8 bits, to measure time.

Its arithmetic is that of imgbeddings' model, whose weights are not part of this repository; its
vectors mean nothing. `python -m tests.bench.clip_graph OUT` writes it to the folder OUT and prints
milliseconds a photo on one core, preparation included, beside the built-in recogniser's.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from PIL import Image

from tests.embed.vit import CLIP_B32, build, random_weights

FILE = "patch32_random.onnx"
_PHOTOS = 24
_SIZE = (636, 800)


def write_clip(folder: Path) -> Path:
    """Write the 8-bit graph to `folder` (85 MB) unless it is there; give its path."""
    path = folder / FILE
    if path.exists():
        return path
    from onnxruntime.quantization import QuantType, quantize_dynamic

    folder.mkdir(parents=True, exist_ok=True)
    whole, partial = folder / "patch32_float.onnx", folder / (FILE + ".partial")
    onnx.save(build(CLIP_B32, random_weights(CLIP_B32), ("embeddings",)), whole)
    quantize_dynamic(whole, partial, weight_type=QuantType.QUInt8)
    whole.unlink()
    # One step, so that an interrupted run leaves no half-written graph to be measured later.
    partial.replace(path)
    return path


def photos(count: int = _PHOTOS) -> list[Image.Image]:
    """Pictures of the size of a usual crop. Their content does not affect the time."""
    draw = np.random.default_rng(1)
    coarse = [draw.integers(0, 256, (25, 20, 3), dtype=np.uint8) for _ in range(count)]
    return [Image.fromarray(c).resize(_SIZE, Image.Resampling.BICUBIC) for c in coarse]


def milliseconds(embed: Callable[[list[Image.Image]], object], images: list[Image.Image]) -> float:
    """Median milliseconds a photo, after one photo to warm up."""
    embed(images[:1])
    times = []
    for image in images:
        start = time.perf_counter()
        embed([image])
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def compare(folder: Path) -> dict[str, float]:
    """Milliseconds a photo on one core: {"clip": ..., "builtin": ...}."""
    from generator.config import EmbedSettings
    from generator.embed import load_embedder
    from generator.embed.imgbeddings import ImgbeddingsEmbedder

    images = photos()
    return {
        "clip": milliseconds(ImgbeddingsEmbedder(write_clip(folder)).embed, images),
        "builtin": milliseconds(load_embedder(EmbedSettings(), Path()).embed, images),
    }


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python -m tests.bench.clip_graph OUT")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    measured = compare(Path(sys.argv[1]))
    for name, value in measured.items():
        print(f"{name:8} {value:7.1f} ms a photo on one core")
    print(f"builtin takes {measured['builtin'] / measured['clip']:.2f} of clip's time")


if __name__ == "__main__":
    main()
