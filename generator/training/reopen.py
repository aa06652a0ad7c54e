"""Turns a recogniser's ONNX file into a network that can be trained further (torch).

``export.py`` folds each batch normalisation into its convolution. So the network has convolutions
with a bias and no batch normalisation, and needs small steps.
"""

import base64
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from generator.training.export import array, folded
from generator.training.network import HEAD_SCALE, Network, Residual, Shape
from generator.vocabulary import VOCABULARY

Array = npt.NDArray[np.float32]


def settled(network: Network) -> Network:
    """The same function (in eval mode) without batch normalisation, ready for small steps."""
    result = Network(network.shape)
    state = network.state_dict()
    fold_norms(result)
    for target, source in zip(_pairs(result), _pairs(network), strict=True):
        _fill(target, *folded(source[0], source[1]))
    scale = array(network.norm.weight) / np.sqrt(array(network.norm.running_var) + network.norm.eps)
    bias = array(network.norm.bias) - array(network.norm.running_mean) * scale
    plain = {name: value for name, value in state.items() if not name.startswith(("body", "norm"))}
    plain["project.weight"] = torch.from_numpy(array(network.project.weight) * scale[:, None])
    result.load_state_dict(plain, strict=False)
    _norm(result, bias)
    result.eval()
    return result


def reopened(path: Path, lessons: int = 0) -> Network:
    """The network in an ONNX file that ``export.write`` wrote, without batch normalisation.

    Args:
        path: the file; its network has the sizes of `Shape`.
        lessons: the size of a teacher's embedding; its layer starts from random weights.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds another network.
    """
    model = onnx.load(path)
    shape = Shape(lessons=lessons)
    network = Network(shape)
    fold_norms(network)
    tables = [
        numpy_helper.to_array(one).astype(np.float32)
        for one in model.graph.initializer
        if one.data_type in (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16) and one.dims
    ]
    pairs = list(_pairs(network))
    if len(tables) != 2 * len(pairs) + 7:
        raise ValueError(f"{path}: {len(tables)} tables of weights; another network's file")
    for number, pair in enumerate(pairs):
        _fill(pair, tables[2 * number], tables[2 * number + 1])
    looks, looks_bias, _bands, project, bias, whiten, whiten_bias = tables[2 * len(pairs) :]
    told = {one.key: one.value for one in model.metadata_props}
    state = {
        "attention.weight": looks,
        "attention.bias": looks_bias,
        "project.weight": project,
        "whiten_weight": whiten,
        "whiten_bias": whiten_bias,
    }
    for name in VOCABULARY:
        weight = _floats(told[f"head.{name}.weight"]).reshape(-1, shape.dimensions)
        state[f"heads.{name}.weight"] = weight / HEAD_SCALE
        state[f"heads.{name}.bias"] = _floats(told[f"head.{name}.bias"])
    network.load_state_dict(
        {name: torch.from_numpy(value.copy()) for name, value in state.items()}, strict=False
    )
    _norm(network, bias)
    network.eval()
    return network


def fold_norms(network: Network) -> None:
    """Replace convolutions with batch normalisation by convolutions with a bias."""
    for pair in _pairs(network):
        old = pair[0]
        assert isinstance(old, nn.Conv2d)
        pair[0] = nn.Conv2d(old.in_channels, old.out_channels, 3, old.stride, 1)
        pair[1] = nn.Identity()


def _pairs(network: Network) -> list[nn.Sequential]:
    """Each convolution with its next layer, in the order of the exported graph."""
    found: list[nn.Sequential] = []
    for layer in network.body:
        found += [layer.first, layer.second] if isinstance(layer, Residual) else [layer]
    return found


def _fill(pair: nn.Sequential, weight: Array, bias: Array) -> None:
    with torch.no_grad():
        pair[0].weight.copy_(torch.from_numpy(weight.copy()))
        pair[0].bias.copy_(torch.from_numpy(bias.copy()))


def _norm(network: Network, bias: Array) -> None:
    """A frozen normalisation of the embedding that only adds a bias."""
    with torch.no_grad():
        network.norm.running_mean.zero_()
        network.norm.running_var.fill_(1.0 - network.norm.eps)
        network.norm.weight.fill_(1.0)
        network.norm.bias.copy_(torch.from_numpy(bias.copy()))


def _floats(text: str) -> Array:
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float32)
