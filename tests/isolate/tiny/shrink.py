"""Shrinks the files of tiny models."""

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper

# Weights of more numbers than this are kept in 8 bits.
_LONG = 64


def small(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same model with long weights in 8 bits, each read by a DequantizeLinear."""
    graph = model.graph
    read = []
    for weights in list(graph.initializer):
        values = numpy_helper.to_array(weights)
        if values.dtype != np.float32 or values.ndim < 3 or values.size < _LONG:
            continue
        step = np.float32(max(float(np.abs(values).max()) / 127, 1e-9))
        parts = {"q": np.round(values / step).astype(np.int8), "s": step, "z": np.int8(0)}
        names = [f"{weights.name}.{part}" for part in parts]
        graph.initializer.remove(weights)
        graph.initializer.extend(
            numpy_helper.from_array(np.asarray(value), one)
            for one, value in zip(names, parts.values(), strict=True)
        )
        read.append(helper.make_node("DequantizeLinear", names, [weights.name]))
    for place, node in enumerate(read):
        graph.node.insert(place, node)
    return model


def exactly_small(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same model with long weights in 8 bits, where that changes no number.

    Those are multiples of a 127th of the greatest one. They are read by a Cast and a Mul: with a
    DequantizeLinear before a MatMul, onnxruntime would compute in 8 bits, too.
    """
    graph = model.graph
    read = []
    for weights in list(graph.initializer):
        values = numpy_helper.to_array(weights)
        if values.dtype != np.float32 or values.ndim < 2 or values.size < _LONG:
            continue
        step = np.float32(max(float(np.abs(values).max()) / 127, 1e-30))
        counts = np.round(values / step)
        if np.abs(counts * step - values).max() > step / 1000:
            continue
        names = [f"{weights.name}.{part}" for part in ("q", "f", "s")]
        graph.initializer.remove(weights)
        graph.initializer.append(numpy_helper.from_array(counts.astype(np.int8), names[0]))
        graph.initializer.append(numpy_helper.from_array(np.asarray(step), names[2]))
        read.append(helper.make_node("Cast", names[:1], names[1:2], to=onnx.TensorProto.FLOAT))
        read.append(helper.make_node("Mul", names[1:], [weights.name]))
    for place, node in enumerate(read):
        graph.node.insert(place, node)
    return model


def short_names(path: Path) -> None:
    """Shorten the names within a graph, which are most of a small one's bytes."""
    model = onnx.load(path)
    graph = model.graph
    kept = {node.name for node in (*graph.input, *graph.output)} | {""}
    short: dict[str, str] = {}

    def name(long: str) -> str:
        return long if long in kept else short.setdefault(long, f"v{len(short)}")

    graphs = [graph]
    for one in graphs:
        for tensor in one.initializer:
            tensor.name = name(tensor.name)
        for node in one.node:
            node.name = ""
            node.input[:] = [name(given) for given in node.input]
            node.output[:] = [name(made) for made in node.output]
            graphs += [part.g for part in node.attribute if part.HasField("g")]
        if one is not graph:
            for value in (*one.input, *one.output):
                value.name = name(value.name)
        del one.value_info[:]
    onnx.save(model, path)
