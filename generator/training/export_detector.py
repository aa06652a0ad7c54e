"""Write a trained detector as ONNX, node by node like the recogniser (see ``export.py``)."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper
from torch import nn

from generator.recogniser import detector
from generator.training.detecting import OUTPUTS, DetectorNetwork
from generator.training.export import OPSET, Graph, add_layer, array


def _point(graph: Graph, x: str, convolution: nn.Module, output: str = "") -> str:
    """A 1 x 1 convolution with its bias."""
    assert isinstance(convolution, nn.Conv2d) and convolution.bias is not None
    inputs = [x, graph.constant(array(convolution.weight)), graph.constant(array(convolution.bias))]
    return graph.node("Conv", inputs, output, kernel_shape=[1, 1])


def _twice(graph: Graph, x: str, factors: str) -> str:
    return graph.node(
        "Resize",
        [x, "", factors],
        mode="nearest",
        coordinate_transformation_mode="asymmetric",
        nearest_mode="floor",
    )


def build(network: DetectorNetwork, calibration: Sequence[float]) -> onnx.ModelProto:
    """The detector (in eval mode) as a checked ONNX model.

    Input ``image``: float32 [n, 3, h, w], RGB 0..255, h and w multiples of 32. Outputs ``cells``:
    float32 [n, 6, h / 4, w / 4], see ``detecting.py``; ``mask``: float32 [n, 1, h / 2, w / 2], the
    share of bollard, 0..1. ``calibration``: a, b, c and d, see ``generator.recogniser.detector``.
    """
    graph = Graph()
    x = graph.node("Mul", ["image", graph.constant(np.float32(1 / 127.5))])
    x = graph.node("Add", [x, graph.constant(np.float32(-1.0))])
    levels = []
    for stage in network.down:
        assert isinstance(stage, nn.Sequential)
        for layer in stage:
            x = add_layer(graph, x, layer)
        levels.append(x)
    factors = graph.constant(np.array([1, 1, 2, 2], np.float32))
    x = _point(graph, levels[-1], network.across[-1])
    for level in range(len(levels) - 2, 0, -1):
        across = _point(graph, levels[level], network.across[level - 1])
        x = graph.node("Add", [_twice(graph, x, factors), across])
        x = add_layer(graph, x, network.smooth[level - 1])
    _point(graph, add_layer(graph, x, network.head), network.cells, "cells")
    fine = _point(graph, levels[0], network.fine)
    coarse = _twice(graph, _point(graph, x, network.coarse), factors)
    drawn = add_layer(graph, graph.node("Add", [coarse, fine]), network.drawn)
    graph.node("Sigmoid", [_point(graph, drawn, network.mask)], "mask")
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "detect",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, "h", "w"])],
            [
                helper.make_tensor_value_info(
                    "cells", TensorProto.FLOAT, ["n", OUTPUTS, "rows", "columns"]
                ),
                helper.make_tensor_value_info(
                    "mask", TensorProto.FLOAT, ["n", 1, "mask_rows", "mask_columns"]
                ),
            ],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="bollards",
        ir_version=8,
    )
    facts = {
        "format": "bollards-detector-1",
        "licence": "MIT",
        "version": detector.VERSION,
        "calibration": json.dumps([round(value, 6) for value in calibration]),
        "input": (
            f"the picture at most {detector.AREA} pixels large, and again at most "
            f"{detector.OVERVIEW} pixels wide and high; in the upper left of grey "
            f"{detector.PADDING}, sides multiples of {detector.MULTIPLE}; triangle filter with "
            "antialiasing (Pillow BILINEAR, reducing_gap 2.0); RGB 0..255"
        ),
    }
    helper.set_model_props(model, facts)
    onnx.checker.check_model(model, full_check=True)
    return model


def write(network: DetectorNetwork, calibration: Sequence[float], path: Path) -> None:
    """The detector as an ONNX file at ``path``. Raises OSError."""
    path.write_bytes(build(network, calibration).SerializeToString())


def disagreement(network: DetectorNetwork, path: Path, pictures: npt.NDArray[np.uint8]) -> float:
    """The largest difference between a value by torch and by onnxruntime.

    pictures: uint8 [n, h, w, 3], sides multiples of 32.
    """
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    batch = np.ascontiguousarray(pictures.transpose(0, 3, 1, 2)).astype(np.float32)
    found = session.run(["cells", "mask"], {"image": batch})
    with torch.no_grad():
        cells, mask = network.cpu()(torch.from_numpy(batch))
    expected = (cells.numpy(), mask.sigmoid().numpy())
    return max(float(np.abs(a - b).max()) for a, b in zip(expected, found, strict=True))
