"""Writes a trained network as an ONNX file with plain operators only.

The graph is written node by node, with batch normalisation folded into the convolutions. So no
exporter decides anything, and all operators run in onnxruntime and, on plain WebAssembly, in
onnxruntime-web.
"""

import base64
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from generator.recogniser import view
from generator.training.network import HEAD_SCALE, Network, Residual
from generator.vocabulary import VOCABULARY

OPSET = 17
LARGE = 256
Array = npt.NDArray[np.float32]


class Graph:
    """The nodes and constants of a graph under construction."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, values: npt.NDArray[np.generic] | np.generic) -> str:
        """A constant by name. Large tables of weights are kept in half precision.

        That halves the file. Runtimes convert them to float32 once, when they load the graph.
        """
        values = np.asarray(values)
        name = f"c{len(self.constants)}"
        half = values.dtype == np.float32 and values.size >= LARGE
        kept = np.ascontiguousarray(values.astype(np.float16) if half else values)
        self.constants.append(numpy_helper.from_array(kept.reshape(values.shape), name))
        return self.node("Cast", [name], to=TensorProto.FLOAT) if half else name

    def node(self, operator: str, inputs: list[str], output: str = "", **facts: object) -> str:
        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [output], **facts))
        return output


def array(tensor: Tensor) -> Array:
    values: Array = tensor.detach().cpu().float().numpy()
    return values


def folded(convolution: nn.Conv2d, norm: nn.BatchNorm2d | nn.Identity) -> tuple[Array, Array]:
    """Weight and bias of a convolution, with the following batch normalisation folded in."""
    if isinstance(norm, nn.Identity):
        assert convolution.bias is not None
        return array(convolution.weight), array(convolution.bias)
    scale = array(norm.weight) / np.sqrt(array(norm.running_var) + norm.eps)
    weight = array(convolution.weight) * scale[:, None, None, None]
    bias = array(norm.bias) - array(norm.running_mean) * scale
    return weight, bias


def _convolve(graph: Graph, x: str, pair: nn.Sequential, relu: bool) -> str:
    convolution, norm = pair[0], pair[1]
    assert isinstance(convolution, nn.Conv2d)
    assert isinstance(norm, nn.BatchNorm2d | nn.Identity)
    weight, bias = folded(convolution, norm)
    stride = convolution.stride[0]
    x = graph.node(
        "Conv",
        [x, graph.constant(weight), graph.constant(bias)],
        kernel_shape=[3, 3],
        pads=[1, 1, 1, 1],
        strides=[stride, stride],
    )
    return graph.node("Relu", [x]) if relu else x


def add_layer(graph: Graph, x: str, layer: nn.Module) -> str:
    """A convolution or a residual block of ``network.py``."""
    if isinstance(layer, Residual):
        inner = _convolve(graph, x, layer.first, relu=True)
        inner = _convolve(graph, inner, layer.second, relu=False)
        return graph.node("Relu", [graph.node("Add", [x, inner])])
    assert isinstance(layer, nn.Sequential)
    return _convolve(graph, x, layer, relu=True)


def _unit(graph: Graph, x: str, output: str = "") -> str:
    """Rows scaled to unit length."""
    axes = graph.constant(np.array([1], np.int64))
    square = graph.node("ReduceSum", [graph.node("Mul", [x, x]), axes], keepdims=1)
    length = graph.node("Max", [graph.node("Sqrt", [square]), graph.constant(np.float32(1e-12))])
    return graph.node("Div", [x, length], output)


def build(network: Network) -> onnx.ModelProto:
    """The network (in eval mode) as a checked ONNX model with its metadata.

    Input ``image``: float32 [n, 3, HEIGHT, WIDTH], RGB 0..255 as ``view.prepare`` makes it.
    Output ``embedding``: float32 [n, dimensions], unit rows.
    """
    graph = Graph()
    # Each picture goes through twice, as it is and mirrored, and the two embeddings are averaged:
    # a bollard and its mirror image are the same to us, and the mean errs less than either.
    backwards = graph.constant(np.arange(view.WIDTH - 1, -1, -1, dtype=np.int64))
    x = graph.node("Concat", ["image", graph.node("Gather", ["image", backwards], axis=3)], axis=0)
    x = graph.node("Mul", [x, graph.constant(np.float32(1 / 127.5))])
    x = graph.node("Add", [x, graph.constant(np.float32(-1.0))])
    for layer in network.body:
        x = add_layer(graph, x, layer)
    x = _pool(graph, x, network)
    scale = array(network.norm.weight) / np.sqrt(array(network.norm.running_var) + network.norm.eps)
    bias = array(network.norm.bias) - array(network.norm.running_mean) * scale
    weight = array(network.project.weight) * scale[:, None]
    x = graph.node("Gemm", [x, graph.constant(weight), graph.constant(bias)], transB=1)
    size = network.shape.dimensions
    pair = graph.constant(np.array([2, -1, size], np.int64))
    first = graph.constant(np.array([0], np.int64))
    x = graph.node("Reshape", [_unit(graph, x), pair])
    x = _unit(graph, graph.node("ReduceSum", [x, first], keepdims=0))
    whiten = [graph.constant(array(part)) for part in (network.whiten_weight, network.whiten_bias)]
    _unit(graph, graph.node("Gemm", [x, *whiten], transB=1), "embedding")
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "bollards",
            [
                helper.make_tensor_value_info(
                    "image", TensorProto.FLOAT, ["n", 3, view.HEIGHT, view.WIDTH]
                )
            ],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", size])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="bollards",
        ir_version=8,
    )
    helper.set_model_props(model, metadata(network))
    onnx.checker.check_model(model, full_check=True)
    return model


def _pool(graph: Graph, x: str, network: Network) -> str:
    """Attention pooling and fixed bands, flattened: [n, (heads + bins) * channels]."""
    shape = network.shape
    attention = graph.node(
        "Conv",
        [
            x,
            graph.constant(array(network.attention.weight)),
            graph.constant(array(network.attention.bias)),
        ],
        kernel_shape=[1, 1],
    )
    places = network.bins.shape[1]
    heads = graph.constant(np.array([0, shape.heads, places], np.int64))
    weights = graph.node("Softmax", [graph.node("Reshape", [attention, heads])], axis=2)
    flat = graph.constant(np.array([0, shape.channels[-1], places], np.int64))
    rows = graph.node("Transpose", [graph.node("Reshape", [x, flat])], perm=[0, 2, 1])
    looked = graph.node("MatMul", [weights, rows])
    bands = graph.node("MatMul", [graph.constant(array(network.bins)[None]), rows])
    pooled = graph.node("Concat", [looked, bands], axis=1)
    return graph.node("Flatten", [pooled], axis=1)


def metadata(network: Network) -> dict[str, str]:
    """The metadata that programs need beside the graph, as text."""
    facts = {
        "format": "bollards-recogniser-1",
        "licence": "MIT",
        "input": f"RGB, 0..255, float32, [n, 3, {view.HEIGHT}, {view.WIDTH}]",
        "height": str(view.HEIGHT),
        "width": str(view.WIDTH),
        "view": view.VERSION,
        "resize": (
            "the crop's full height and, around its middle, a width of "
            f"height * {view.WIDTH} / {view.HEIGHT}; a narrower crop is resized whole and filled "
            f"left and right with grey {view.PADDING}; triangle filter with antialiasing "
            "(Pillow BILINEAR, reducing_gap 2.0)"
        ),
        "dimensions": str(network.shape.dimensions),
        "vocabulary": json.dumps(VOCABULARY),
        "heads": "softmax(weight @ embedding + bias); base64 of float32, little-endian",
    }
    for name in VOCABULARY:
        head = network.heads[name]
        assert isinstance(head, nn.Linear)
        facts[f"head.{name}.weight"] = _base64(array(head.weight) * HEAD_SCALE)
        facts[f"head.{name}.bias"] = _base64(array(head.bias))
    return facts


def _base64(values: Array) -> str:
    return base64.b64encode(values.astype("<f4").tobytes()).decode("ascii")


def write(network: Network, path: Path) -> None:
    """The network as an ONNX file at ``path``. Raises OSError."""
    path.write_bytes(build(network).SerializeToString())


def disagreement(network: Network, path: Path, inputs: npt.NDArray[np.uint8]) -> float:
    """The largest difference between an embedding value by torch and by onnxruntime.

    inputs: uint8 [n, HEIGHT, WIDTH, 3], prepared crops.
    """
    import onnxruntime

    from generator.training.fit import embed

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    batch = inputs.transpose(0, 3, 1, 2).astype(np.float32)
    (found,) = session.run(["embedding"], {"image": batch})
    return float(np.abs(embed(network, inputs).numpy() - found).max())
