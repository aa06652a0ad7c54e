"""Makes the tiny YOLO detectors of the tests: real architectures, random weights, reference boxes.

Needs ultralytics, torch, onnx and numpy (`make test-models`); the tests need none of the first
three. For every architecture it writes NAME.onnx, as ultralytics exports it, and into reference.npz
the boxes that ultralytics finds with that file in the tests' pictures, and the pixels that the
network gets of some.
"""

import ast
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from ultralytics import YOLO
from ultralytics.data.augment import LetterBox
from ultralytics.nn.tasks import DetectionModel, WorldModel, yaml_model_load

from tests.isolate.conftest import INTERPOLATED, NAMES, PICTURES, SIDE
from tests.isolate.tiny.shrink import short_names, small

HERE = Path(__file__).parent
# The smallest widths and depths that the architectures can have.
_SCALE = [0.01, 0.01, 1024]


def network(name: str) -> DetectionModel:
    """An architecture with random weights, some of whose boxes are confident."""
    torch.manual_seed(3)
    described = yaml_model_load(f"{name}.yaml")
    described |= {"scales": {"n": _SCALE}, "scale": "n", "yaml_file": f"{name}.yaml"}
    kind = WorldModel if is_world(name) else DetectionModel
    model = kind(described, nc=len(NAMES), verbose=False)
    model.names = dict(enumerate(NAMES))
    # Random weights shrink what passes through them: layers are normalised by what they get, and
    # the logits are spread as those of a trained network are.
    coarse = torch.rand(16, 3, 6, 6)
    pictures = torch.nn.functional.interpolate(coarse, SIDE, mode="bilinear")
    pictures = (pictures + 0.1 * torch.randn_like(pictures)).clamp(0, 1)
    model.train()
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = None
    head: Any = model.model[-1]
    with torch.no_grad():
        model(pictures)
        model.eval()
        for layers in head.cv2:
            _spread(model, layers, pictures, 1.0, 0.0)
        for layers in head.cv4 if is_world(name) else head.cv3:
            if is_world(name):
                _spread_words(model, layers, pictures)
            else:
                _spread(model, layers, pictures, 1.0, -2.0)
    return model.eval()


def is_world(name: str) -> bool:
    """Whether it is a YOLO-World, whose classes are words. Random vectors stand for them here."""
    return "world" in name


def _spread_words(model: torch.nn.Module, head: Any, pictures: torch.Tensor) -> None:
    """The same as `_spread`, for logits that are similarities of pictures and words."""
    seen: list[torch.Tensor] = []
    hook = head.register_forward_hook(lambda _module, _given, made: seen.append(made))
    model(pictures)
    hook.remove()
    logits = seen[0] - head.bias
    head.logit_scale.data -= logits.std().log()
    head.bias.data.fill_(float(-2 - logits.mean() / logits.std()))


def _spread(
    model: torch.nn.Module, layers: Any, pictures: torch.Tensor, spread: float, middle: float
) -> None:
    """Give what `layers` return a mean and a standard deviation over all pictures."""
    seen: list[torch.Tensor] = []
    hook = layers[-1].register_forward_hook(lambda _module, _given, made: seen.append(made))
    model(pictures)
    hook.remove()
    layers[-1].weight.data *= spread / seen[0].std()
    layers[-1].bias.data -= layers[-1].bias.data
    seen.clear()
    hook = layers[-1].register_forward_hook(lambda _module, _given, made: seen.append(made))
    model(pictures)
    hook.remove()
    layers[-1].bias.data += middle - seen[0].mean()


def export(name: str, folder: Path) -> Path:
    """NAME.onnx, as ultralytics exports it, but for the 8 bits."""
    checkpoint = folder / f"{name}.pt"
    yolo = YOLO(f"{name}.yaml")
    yolo.model = network(name)
    yolo.model.args = {"task": "detect", "imgsz": SIDE}
    yolo.save(checkpoint)
    written = YOLO(checkpoint).export(
        format="onnx", imgsz=SIDE, opset=17, simplify=False, verbose=False
    )
    path = HERE / f"{name}.onnx"
    model = small(onnx.load(written))
    for entry in model.metadata_props:
        if entry.key == "names":
            assert list(ast.literal_eval(entry.value).values()) == list(NAMES)
    onnx.save(model, path)
    if is_world(name):
        short_names(path)
    return path


def main() -> None:
    """Write all files; print their sizes and how many boxes there are."""
    reference: dict[str, np.ndarray] = {}
    for name in ("yolov8n", "yolo11n", "yolov8n-worldv2"):
        with tempfile.TemporaryDirectory() as folder:
            path = export(name, Path(folder))
        print(path.name, path.stat().st_size, "bytes")
        for place, picture in enumerate(PICTURES):
            # The picture by its pixels: ultralytics takes blue, green, red.
            pixels = np.ascontiguousarray(np.asarray(picture)[..., ::-1])
            (found,) = YOLO(path, task="detect").predict(
                pixels, imgsz=SIDE, agnostic_nms=True, verbose=False, device="cpu"
            )
            rows = found.boxes.data.numpy()
            print(" ", place, len(rows), rows[:2])
            reference[f"{name} {place}"] = rows.astype(np.float32)
    box = LetterBox((SIDE, SIDE), auto=False)
    for place, picture in enumerate(INTERPOLATED):
        reference[f"pixels {place}"] = box(image=np.asarray(picture))
    np.savez_compressed(HERE / "reference.npz", **reference)


if __name__ == "__main__":
    main()
