"""Vision transformers with random weights: as an ONNX graph, and as plain numpy to check it by.

The real architectures at any size: CLIP (class token, a norm before the blocks, a projection),
DINOv2 (class token, registers), SigLIP (patches only), and the pooling that imgbeddings exports.
Equations: Dosovitskiy et al., "An Image is Worth 16x16 Words", 2020; Radford et al., "Learning
Transferable Visual Models From Natural Language Supervision", 2021.
"""

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = dict[str, NDArray[np.float32]]
_EPSILON = 1e-5


@dataclass(frozen=True)
class Vit:
    """Sizes of the network. `special` counts the class token and the registers."""

    image: int = 32
    patch: int = 8
    width: int = 24
    layers: int = 2
    heads: int = 3
    hidden: int = 48
    special: int = 1
    projection: int = 16
    norm_first: bool = True

    @property
    def patches(self) -> int:
        return (self.image // self.patch) ** 2


TINY = Vit()
CLIP_B32 = Vit(224, 32, 768, 12, 12, 3072, 1, 512)


def random_weights(vit: Vit, seed: int = 0) -> Weights:
    """Weights of the size that a trained network has, the same for the same seed."""
    draw = np.random.default_rng(seed).normal

    def matrix(*shape: int) -> NDArray[np.float32]:
        return draw(scale=shape[0] ** -0.5, size=shape).astype(np.float32)

    def vector(size: int, mean: float = 0.0) -> NDArray[np.float32]:
        return draw(mean, 0.1, size=size).astype(np.float32)

    w = vit.width
    kernel = matrix(3 * vit.patch**2, w).T.reshape(w, 3, vit.patch, vit.patch)
    weights = {
        "patches": np.ascontiguousarray(kernel),
        "special": matrix(w, vit.special).T.reshape(1, vit.special, w).copy(),
        "positions": vector((vit.special + vit.patches) * w).reshape(1, -1, w),
        "projection": matrix(w, vit.projection),
    }
    for name in ("before", "after", *(f"{i}.{n}" for i in range(vit.layers) for n in ("n1", "n2"))):
        weights[f"{name}.scale"], weights[f"{name}.bias"] = vector(w, 1.0), vector(w)
    for i in range(vit.layers):
        for name, rows, columns in (
            ("q", w, w),
            ("k", w, w),
            ("v", w, w),
            ("o", w, w),
            ("up", w, vit.hidden),
            ("down", vit.hidden, w),
        ):
            weights[f"{i}.{name}.w"] = matrix(rows, columns)
            weights[f"{i}.{name}.b"] = vector(columns)
    return weights


def reference(vit: Vit, weights: Weights, pixels: NDArray[np.floating]) -> dict[str, NDArray]:
    """Every output for `pixels` [n, 3, image, image], computed in float64 without ONNX."""
    w = {name: value.astype(np.float64) for name, value in weights.items()}
    n, grid = len(pixels), vit.image // vit.patch

    def norm(x: NDArray, name: str) -> NDArray:
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + _EPSILON)
        return scaled * w[f"{name}.scale"] + w[f"{name}.bias"]

    def linear(x: NDArray, name: str) -> NDArray:
        return x @ w[f"{name}.w"] + w[f"{name}.b"]

    def by_head(x: NDArray) -> NDArray:
        return x.reshape(n, -1, vit.heads, vit.width // vit.heads).transpose(0, 2, 1, 3)

    cut = pixels.astype(np.float64).reshape(n, 3, grid, vit.patch, grid, vit.patch)
    tokens = cut.transpose(0, 2, 4, 1, 3, 5).reshape(n, grid**2, -1)
    x = tokens @ w["patches"].reshape(vit.width, -1).T
    x = np.concatenate([np.repeat(w["special"], n, 0), x], 1) + w["positions"]
    x = norm(x, "before") if vit.norm_first else x
    states, attentions = [x], []
    for i in range(vit.layers):
        y = norm(x, f"{i}.n1")
        q, k, v = (by_head(linear(y, f"{i}.{name}")) for name in "qkv")
        scores = q @ k.transpose(0, 1, 3, 2) / np.sqrt(vit.width // vit.heads)
        powers = np.exp(scores - scores.max(-1, keepdims=True))
        attention = powers / powers.sum(-1, keepdims=True)
        mixed = (attention @ v).transpose(0, 2, 1, 3).reshape(n, -1, vit.width)
        x = x + linear(mixed, f"{i}.o")
        y = linear(norm(x, f"{i}.n2"), f"{i}.up")
        x = x + linear(y / (1 + np.exp(-1.702 * y)), f"{i}.down")
        states.append(x)
        attentions.append(attention)
    outputs = {"last_hidden_state": x, "pooler_output": norm(x[:, 0], "after")}
    outputs["image_embeds"] = outputs["pooler_output"] @ w["projection"]
    # imgbeddings 0.1.0, export.py: the last states, weighted by the attention that a patch gets.
    last = min(3, vit.layers)
    got = np.mean([a.mean((1, 2)) for a in attentions[-last:]], 0)
    got[:, 0] = 0
    got /= got.sum(1, keepdims=True)
    outputs["embeddings"] = (sum(states[-last:]) * got[..., None]).sum(1)
    return outputs


class _Graph:
    """Collects nodes and constants; every call adds one node and gives its output's name."""

    def __init__(self, weights: Weights) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants = [numpy_helper.from_array(value, name) for name, value in weights.items()]

    def __call__(self, kind: str, *inputs: str, **attributes: object) -> str:
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name, **attributes))
        return name

    def constant(self, value: object, dtype: type = np.int64) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name


def build(
    vit: Vit, weights: Weights, outputs: tuple[str, ...], batch: int | str = "batch"
) -> onnx.ModelProto:
    """The same network as an ONNX model with the input `pixel_values` and the given outputs."""
    g = _Graph(weights)

    def norm(x: str, name: str) -> str:
        return g("LayerNormalization", x, f"{name}.scale", f"{name}.bias", epsilon=_EPSILON)

    def linear(x: str, name: str) -> str:
        return g("Add", g("MatMul", x, f"{name}.w"), f"{name}.b")

    def by_head(x: str) -> str:
        shaped = g("Reshape", x, g.constant([0, 0, vit.heads, vit.width // vit.heads]))
        return g("Transpose", shaped, perm=[0, 2, 1, 3])

    def mean(x: str, axes: list[int]) -> str:
        return g("ReduceMean", x, axes=axes, keepdims=0)

    conv = g("Conv", "pixel_values", "patches", strides=[vit.patch] * 2)
    x = g("Transpose", g("Reshape", conv, g.constant([0, vit.width, -1])), perm=[0, 2, 1])
    if vit.special:
        photos = g("Slice", g("Shape", x), g.constant([0]), g.constant([1]))
        shape = g("Concat", photos, g.constant([vit.special, vit.width]), axis=0)
        x = g("Concat", g("Expand", "special", shape), x, axis=1)
    x = g("Add", x, "positions")
    x = norm(x, "before") if vit.norm_first else x
    states, attentions = [x], []
    scale = g.constant((vit.width // vit.heads) ** -0.5, np.float32)
    for i in range(vit.layers):
        y = norm(x, f"{i}.n1")
        q, k, v = (by_head(linear(y, f"{i}.{name}")) for name in "qkv")
        scores = g("MatMul", g("Mul", q, scale), g("Transpose", k, perm=[0, 1, 3, 2]))
        attention = g("Softmax", scores, axis=-1)
        mixed = g("Transpose", g("MatMul", attention, v), perm=[0, 2, 1, 3])
        mixed = g("Reshape", mixed, g.constant([0, 0, vit.width]))
        x = g("Add", x, linear(mixed, f"{i}.o"))
        y = linear(norm(x, f"{i}.n2"), f"{i}.up")
        gate = g("Sigmoid", g("Mul", y, g.constant(1.702, np.float32)))
        x = g("Add", x, linear(g("Mul", y, gate), f"{i}.down"))
        states.append(x)
        attentions.append(attention)

    first = g("Gather", x, g.constant(0), axis=1)
    pooled = norm(first, "after")
    made = {
        "last_hidden_state": x,
        "pooler_output": pooled,
        "image_embeds": g("MatMul", pooled, "projection"),
    }
    if "embeddings" in outputs:
        last = min(3, vit.layers)
        got = g("Sum", *(mean(a, [1, 2]) for a in attentions[-last:]))
        mask = [0.0] + [1.0] * (vit.patches + vit.special - 1)
        got = g("Mul", got, g.constant(mask, np.float32))
        got = g("Div", got, g("ReduceSum", got, g.constant([1]), keepdims=1))
        weighted = g("Mul", g("Sum", *states[-last:]), g("Unsqueeze", got, g.constant([2])))
        made["embeddings"] = g("ReduceSum", weighted, g.constant([1]), keepdims=0)

    tokens = vit.patches + vit.special
    shapes = {
        "last_hidden_state": [batch, tokens, vit.width],
        "pooler_output": [batch, vit.width],
        "image_embeds": [batch, vit.projection],
        "embeddings": [batch, vit.width],
    }
    for name in outputs:
        g.nodes.append(helper.make_node("Identity", [made[name]], [name]))
    used = {name for node in g.nodes for name in node.input}
    graph = helper.make_graph(
        g.nodes,
        "vit",
        [
            helper.make_tensor_value_info(
                "pixel_values", TensorProto.FLOAT, [batch, 3, vit.image, vit.image]
            )
        ],
        [helper.make_tensor_value_info(n, TensorProto.FLOAT, shapes[n]) for n in outputs],
        [constant for constant in g.constants if constant.name in used],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    return model
