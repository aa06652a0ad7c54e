"""Hostile models: a damaged graph, or impossible sizes, shapes and types."""

import json
import random
import resource
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from generator.config import EmbedSettings
from generator.errors import BollardsError
from tests.embed.preparation import clip_config
from tests.torture.attempt import forked
from tests.torture.damage import mutated

_TINY = Path(__file__).parents[1] / "embed" / "tiny" / "clip.onnx"
_SIDE = 32
# Of one try, with everything that was loaded before.
_MOST_MEMORY = 3_000_000_000
_SECONDS = 60
_VALUES: tuple[Any, ...] = (
    *(0, -1, 1, 3, 10**9, 10**400, 1.5, float("nan"), float("inf"), 1e-300),
    *("", "large", "224", True, None, [], {}, [1, 2, 3, 4], [[1]], [0, 0, 0], [1e300] * 3),
    *({"height": 1}, {"height": 10**9, "width": 1}, {"shortest_edge": 2048}, {"": 1}),
    *({"longest_edge": 5, "shortest_edge": 9}, "\udc80", "a" * 10_000, {"size": {"size": 1}}),
)
_KEYS = (
    *("size", "crop_size", "pad_size", "image_mean", "image_std", "rescale_factor", "resample"),
    *("do_resize", "do_center_crop", "do_normalize", "do_rescale", "do_convert_rgb", "do_pad"),
    *("image_processor_type", "feature_extractor_type", "processor_class", "auto_map", "crop_pct"),
    *("patch_size", "data_format", "input_data_format", "size_divisor", "return_tensors"),
)
_TYPES = ("CLIPImageProcessor", "SiglipImageProcessor", "BitImageProcessor", "ViTImageProcessor")


def models(folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Embed with a damaged model: it gives vectors or a message, and keeps the memory limit."""
    import onnx
    import onnxruntime  # noqa: F401
    import transformers  # noqa: F401

    graph = onnx.load(_TINY)
    rng, chance = np.random.default_rng(seed), random.Random(seed)
    for number in range(tries):
        place = folder / "model"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        preparation = json.dumps(clip_config(_SIDE)).encode()
        content = _TINY.read_bytes()
        way = number % 4
        if way == 0:
            preparation = _absurd(chance)
        elif way == 1:
            preparation = mutated(preparation, rng, nasty=True)
        elif way == 2:
            content = mutated(content, rng)
        else:
            content = _reshaped(graph, chance)
        (place / "model.onnx").write_bytes(content)
        (place / "preprocessor_config.json").write_bytes(preparation)
        wrong = _embedded(place)
        kept = folder / f"failed-{number}"
        if wrong:
            shutil.copytree(place, kept)
        yield f"model in {kept}: {wrong}" if wrong else ""


def _embedded(place: Path) -> str:
    """What is wrong with how a model is used or refused."""
    from generator.embed import load_embedder

    pixels = np.random.default_rng(1).integers(0, 255, (60, 40, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)

    def work() -> None:
        signal.alarm(_SECONDS)
        try:
            chosen = EmbedSettings(embedder="onnx", model=place.name)
            rows = load_embedder(chosen, place.parent).embed([picture])
            assert rows.ndim == 2 and np.isfinite(rows).all(), f"vectors: {rows}"
        except BollardsError as error:
            assert str(place) in str(error), f"names no file: {error}"
        used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        assert used < _MOST_MEMORY, f"took {used / 1e9:.1f} GB"

    outcome = forked(work)
    return "" if outcome.code == 0 else f"ended with {outcome.code}: {outcome.text[-1500:]}"


def _absurd(chance: random.Random) -> bytes:
    """A preparation file with one to three impossible values."""
    config = clip_config(_SIDE)
    if chance.random() < 0.5:
        config |= {"image_processor_type": chance.choice(_TYPES)}
    for _ in range(chance.randint(1, 3)):
        config[chance.choice(_KEYS)] = chance.choice(_VALUES)
    return json.dumps(config).encode()


def _reshaped(graph: Any, chance: random.Random) -> bytes:
    """A graph with another shape, type, size or name somewhere."""
    changed = type(graph)()
    changed.CopyFrom(graph)
    inner = changed.graph
    numbers = (0, -1, 1, 2, 7, 2**31, 2**62, 10**9)
    for _ in range(chance.randint(1, 2)):
        way = chance.randrange(5)
        if way == 0:
            tensor = chance.choice(inner.initializer)
            if tensor.dims:
                tensor.dims[chance.randrange(len(tensor.dims))] = chance.choice(numbers)
        elif way == 1:
            value = chance.choice([*inner.input, *inner.output]).type.tensor_type
            if chance.random() < 0.5:
                value.elem_type = chance.randrange(0, 24)
            elif value.shape.dim:
                dim = chance.choice(value.shape.dim)
                dim.dim_value = chance.choice(numbers)
        elif way == 2:
            held = [one for node in inner.node for one in node.attribute if one.ints or one.i]
            attribute = chance.choice(held)
            if attribute.ints:
                place = chance.randrange(len(attribute.ints))
                attribute.ints[place] = chance.choice(numbers)
            else:
                attribute.i = chance.choice(numbers)
        elif way == 3:
            node = chance.choice(inner.node)
            if node.input:
                node.input[chance.randrange(len(node.input))] = chance.choice(inner.node).output[0]
        else:
            chance.choice(inner.initializer).data_type = chance.randrange(0, 24)
    return bytes(changed.SerializeToString())
