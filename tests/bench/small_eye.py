"""Another embedder, for benches that change it: a thumbnail of 8 x 8 colours, as an ONNX model."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_SIDE, _CELLS = 64, 8


def write_small_eye(folder: Path) -> Path:
    """Write the model and its preprocessor_config.json to `folder`; give the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    cell = _SIDE // _CELLS
    graph = helper.make_graph(
        [
            helper.make_node(
                "AveragePool",
                ["pixel_values"],
                ["cells"],
                kernel_shape=[cell, cell],
                strides=[cell, cell],
            ),
            helper.make_node("Reshape", ["cells", "shape"], ["image_embeds"]),
        ],
        "small_eye",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["n", 3, _SIDE, _SIDE])],
        [helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, ["n", 3 * _CELLS**2])],
        [numpy_helper.from_array(np.array([-1, 3 * _CELLS**2], np.int64), "shape")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, folder / "model.onnx")
    config = {
        "image_processor_type": "CLIPImageProcessor",
        "do_resize": True,
        "size": {"height": _SIDE, "width": _SIDE},
        "do_center_crop": False,
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder
