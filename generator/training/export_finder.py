"""Write a trained finder as ONNX, node by node like the recogniser (see ``export.py``)."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

from generator.recogniser import finder
from generator.training.export import OPSET, Graph, add_layer, array
from generator.training.finding import FindNetwork


def _point(graph: Graph, x: str, convolution: nn.Module, output: str = "") -> str:
    """A 1 x 1 convolution with its bias."""
    assert isinstance(convolution, nn.Conv2d) and convolution.bias is not None
    inputs = [x, graph.constant(array(convolution.weight)), graph.constant(array(convolution.bias))]
    return graph.node("Conv", inputs, output, kernel_shape=[1, 1])


def build(network: FindNetwork) -> onnx.ModelProto:
    """The finder (in eval mode) as a checked ONNX model.

    Input ``image``: float32 [n, 3, SIDE, SIDE], RGB 0..255 as ``finder.fit_square`` makes it.
    Output ``mask``: float32 [n, 1, SIDE / STEP, SIDE / STEP], the share of bollard, 0..1.
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
    twice = graph.constant(np.array([1, 1, 2, 2], np.float32))
    x = _point(graph, levels[-1], network.across[-1])
    for level in range(len(levels) - 2, -1, -1):
        x = graph.node(
            "Resize",
            [x, "", twice],
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )
        x = graph.node("Add", [x, _point(graph, levels[level], network.across[level])])
        x = add_layer(graph, x, network.smooth[level])
    graph.node("Sigmoid", [_point(graph, x, network.last)], "mask")
    half = finder.SIDE // finder.STEP
    shape_in, shape_out = ["n", 3, finder.SIDE, finder.SIDE], ["n", 1, half, half]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "find",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape_in)],
            [helper.make_tensor_value_info("mask", TensorProto.FLOAT, shape_out)],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="bollards",
        ir_version=8,
    )
    facts = {
        "format": "bollards-finder-1",
        "licence": "MIT",
        "side": str(finder.SIDE),
        "step": str(finder.STEP),
        "version": finder.VERSION,
        "resize": (
            f"the whole photo, made to fit {finder.SIDE} x {finder.SIDE}, centred on grey "
            f"{finder.PADDING}; triangle filter with antialiasing (Pillow BILINEAR, "
            "reducing_gap 2.0)"
        ),
    }
    helper.set_model_props(model, facts)
    onnx.checker.check_model(model, full_check=True)
    return model


def write(network: FindNetwork, path: Path) -> None:
    """The finder as an ONNX file at ``path``. Raises OSError."""
    path.write_bytes(build(network).SerializeToString())


def disagreement(network: FindNetwork, path: Path, squares: npt.NDArray[np.uint8]) -> float:
    """The largest difference between a mask value by torch and by onnxruntime.

    squares: uint8 [n, SIDE, SIDE, 3].
    """
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    batch = np.ascontiguousarray(squares.transpose(0, 3, 1, 2)).astype(np.float32)
    (found,) = session.run(["mask"], {"image": batch})
    with torch.no_grad():
        expected: Tensor = network.cpu()(torch.from_numpy(batch)).sigmoid()
    return float(np.abs(expected.numpy() - found).max())
