"""Any vision encoder with its preprocessor_config.json gives the reference vectors."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper
from PIL import Image

from generator.config import EmbedSettings
from generator.embed import Embedder, load_embedder
from generator.errors import BollardsError
from generator.inference import external_data
from tests.embed.conftest import PICTURES, Hub, Model, Run
from tests.embed.preparation import by_hand, clip_config, dinov2_config, siglip_config
from tests.embed.vit import TINY, Vit, reference

Write = Callable[..., Model]
DINOV2 = Vit(image=28, patch=7, special=5, norm_first=False)
SIGLIP = Vit(image=36, patch=8, special=0, norm_first=False)


def load(model: Model | Path, pooling: Any = "auto") -> Embedder:
    path = model.folder if isinstance(model, Model) else model
    chosen = EmbedSettings(embedder="onnx", model=path.name, pooling=pooling)
    return load_embedder(chosen, path.parent)


def prepared(model: Model, images: list[Image.Image]) -> np.ndarray:
    return np.stack([by_hand(image, model.config) for image in images])


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def failure(model: Model | Path, pooling: str = "auto") -> str:
    with pytest.raises(BollardsError) as raised:
        load(model, pooling).embed(PICTURES[:1])
    return str(raised.value)


def test_clip_gives_its_projected_embedding(write_model: Write, pictures: list) -> None:
    model = write_model(
        TINY, ("last_hidden_state", "pooler_output", "image_embeds"), clip_config(32)
    )
    outputs = reference(TINY, model.weights, prepared(model, pictures))
    tokens = outputs["last_hidden_state"]
    for pooling, expected in {
        "auto": outputs["image_embeds"],
        "projected": outputs["image_embeds"],
        "cls": tokens[:, 0],
        "mean": tokens[:, 1:].mean(1),
    }.items():
        found = load(model, pooling).embed(pictures)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, unit(expected), atol=3e-6, err_msg=pooling)


def test_dinov2_gives_its_class_token(write_model: Write, pictures: list) -> None:
    model = write_model(DINOV2, ("last_hidden_state",), dinov2_config(28))
    tokens = reference(DINOV2, model.weights, prepared(model, pictures))["last_hidden_state"]
    np.testing.assert_allclose(load(model).embed(pictures), unit(tokens[:, 0]), atol=3e-6)
    mean = load(model, "mean").embed(pictures)
    np.testing.assert_allclose(mean, unit(tokens[:, 5:].mean(1)), atol=3e-6)


def test_siglip_without_a_head_gives_the_mean_of_its_patches(
    write_model: Write, pictures: list
) -> None:
    vit = Vit(image=32, patch=8, special=0, norm_first=False)
    model = write_model(vit, ("last_hidden_state",), siglip_config(32))
    tokens = reference(vit, model.weights, prepared(model, pictures))["last_hidden_state"]
    np.testing.assert_allclose(load(model).embed(pictures), unit(tokens.mean(1)), atol=3e-6)


def test_preparation_follows_the_configuration_to_the_last_digit(
    write_model: Write, pictures: list
) -> None:
    for config in (clip_config(224), siglip_config(224), dinov2_config(224)):
        model = write_model(TINY, ("image_embeds",), config)
        files = load(model)._files  # type: ignore[attr-defined]
        from generator.embed.onnx import _image_processor

        processor = _image_processor(files.preparation)
        for image in pictures:
            found = processor(images=image, return_tensors="np")["pixel_values"][0]
            np.testing.assert_allclose(found, by_hand(image, config), atol=1e-6)


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    from tests.embed.vit import build, random_weights

    folder = tmp_path_factory.mktemp("one") / "model"
    folder.mkdir()
    onnx.save(build(TINY, random_weights(TINY), ("image_embeds",)), folder / "model.onnx")
    (folder / "preprocessor_config.json").write_text(json.dumps(clip_config(32)))
    return load(folder)


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(len(PICTURES))), cut=st.integers(0, len(PICTURES)))
def test_a_vector_depends_on_its_picture_alone(
    embedder: Embedder, order: list[int], cut: int
) -> None:
    parts = [[PICTURES[i] for i in part] for part in (order[:cut], order[cut:])]
    rows = np.vstack([embedder.embed(part) for part in parts])
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    expected = embedder.embed(PICTURES)
    np.testing.assert_allclose(rows, expected[order], atol=1e-6)


@pytest.mark.parametrize(
    "place",
    [
        "model.onnx",
        "onnx/model.onnx",
        "onnx/vision_model.onnx",
        "onnx/model_quantized.onnx",
        "an/export of mine.onnx",
    ],
)
def test_the_model_is_found_in_the_folders_that_exports_use(write_model: Write, place: str) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32), place=place)
    assert load(model).embed(PICTURES[:2]).shape == (2, 16)


def test_one_of_several_models_is_chosen_by_its_file(write_model: Write) -> None:
    for place in ("a.onnx", "b.onnx"):
        model = write_model(TINY, ("image_embeds",), clip_config(32), place=place)
    message = failure(model)
    assert "a.onnx" in message and "b.onnx" in message
    chosen = EmbedSettings(embedder="onnx", model=f"{model.folder.name}/b.onnx")
    assert load_embedder(chosen, model.folder.parent).embed(PICTURES[:1]).shape == (1, 16)


def test_a_model_exported_for_one_picture_takes_many(write_model: Write) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32), batch=1)
    assert load(model).embed(PICTURES).shape == (len(PICTURES), 16)


def edit(model: Model, change: Callable[[onnx.ModelProto], None]) -> None:
    path = model.folder / "model.onnx"
    graph = onnx.load(path)
    change(graph)
    onnx.save(graph, path)


def test_a_complete_clip_model_gets_an_empty_text(write_model: Write) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32))
    expected = load(model).embed(PICTURES)

    def add_text(proto: onnx.ModelProto) -> None:
        graph = proto.graph
        for name in ("input_ids", "attention_mask"):
            graph.input.append(
                helper.make_tensor_value_info(name, TensorProto.INT64, ["texts", "length"])
            )
        graph.node.append(helper.make_node("Mul", ["input_ids", "attention_mask"], ["masked"]))
        graph.node.append(helper.make_node("Cast", ["masked"], ["text_embeds"], to=1))
        graph.output.append(
            helper.make_tensor_value_info("text_embeds", TensorProto.FLOAT, ["texts", "length"])
        )

    edit(model, add_text)
    np.testing.assert_array_equal(load(model).embed(PICTURES), expected)


def test_an_unknown_model_input_is_named(write_model: Write) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32))
    edit(
        model,
        lambda proto: proto.graph.input.append(
            helper.make_tensor_value_info("depth_map", TensorProto.FLOAT, [1, 4])
        ),
    )
    message = failure(model)
    assert '"depth_map"' in message and "pixel_values" in message


def test_weights_beside_the_graph_count(write_model: Write) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32))
    expected = load(model).embed(PICTURES)
    graph = onnx.load(model.folder / "model.onnx")
    onnx.save_model(
        graph,
        model.folder / "model.onnx",
        save_as_external_data=True,
        location="model.onnx_data",
        size_threshold=100,
    )
    assert external_data(model.folder / "model.onnx") == ["model.onnx_data"]
    before = load(model)
    np.testing.assert_array_equal(before.embed(PICTURES), expected)
    data = bytearray((model.folder / "model.onnx_data").read_bytes())
    data[100] ^= 1
    (model.folder / "model.onnx_data").write_bytes(data)
    assert load(model).fingerprint != before.fingerprint


def test_the_fingerprint_follows_all_that_makes_the_vector(write_model: Write) -> None:
    model = write_model(TINY, ("image_embeds", "last_hidden_state"), clip_config(32))
    seen = {load(model, pooling).fingerprint for pooling in ("auto", "projected", "cls", "mean")}
    assert len(seen) == 4
    assert load(model).fingerprint == load(model).fingerprint
    preparation = model.folder / "preprocessor_config.json"
    preparation.write_text(json.dumps(clip_config(32) | {"resample": 2}))
    assert load(model).fingerprint not in seen


def test_a_missing_output_is_reported_with_the_existing_ones(write_model: Write) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32))
    message = failure(model, "cls")
    assert "image_embeds [1, 16]" in message and "embed.pooling" in message


def test_a_model_config_can_name_the_image_processor(write_model: Write) -> None:
    config = {k: v for k, v in siglip_config(32).items() if k != "image_processor_type"}
    vit = Vit(image=32, special=0, norm_first=False)
    model = write_model(vit, ("last_hidden_state",), config)
    assert "config.json" in failure(model)
    (model.folder / "config.json").write_text('{"model_type": "siglip"}')
    assert load(model).embed(PICTURES[:1]).shape == (1, 24)


def test_model_files_that_do_not_belong_together_are_reported(write_model: Write) -> None:
    model = write_model(TINY, ("image_embeds",), siglip_config(48))
    message = failure(model)
    assert "pixel_values [1, 3, 48, 48]" in message and "belong together" in message


@pytest.mark.parametrize(
    ("content", "said"),
    [("{broken", "preprocessor_config.json"), ('{"image_processor_type": "Nothing"}', "Nothing")],
)
def test_an_invalid_preparation_file_is_named_in_the_message(
    write_model: Write, content: str, said: str
) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32))
    (model.folder / "preprocessor_config.json").write_text(content)
    message = failure(model)
    assert str(model.folder / "preprocessor_config.json") in message and said in message


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("size", 100_000),
        ("size", {"height": 1e5, "width": 32}),
        ("size", {"shortest_edge": -1}),
        ("size", {}),
        ("size", "large"),
        ("crop_size", {"height": 32, "width": 10**9}),
        ("crop_size", [32, 32, 32, 32]),
        ("image_mean", [0.5, 0.5]),
        ("image_mean", ["a", "b", "c"]),
        ("image_mean", float("nan")),
        ("image_std", [0.5, 0.0, 0.5]),
        ("rescale_factor", float("inf")),
        ("rescale_factor", "1/255"),
        ("rescale_factor", 10**400),
        ("image_mean", 10**400),
        ("resample", 99),
        ("resample", True),
        ("do_resize", "yes"),
    ],
)
def test_an_absurd_value_in_a_preparation_file_is_refused(
    write_model: Write, key: str, value: Any
) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32) | {key: value})
    message = failure(model)
    assert str(model.folder / "preprocessor_config.json") in message
    assert f"{key}: expected" in message


@pytest.mark.parametrize("content", ["[]", "null", "[" * 100_000, '"x"', " " * 2_000_000 + "{}"])
def test_a_preparation_file_that_is_not_a_small_object_is_refused(
    write_model: Write, content: str
) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32))
    (model.folder / "preprocessor_config.json").write_text(content)
    assert str(model.folder / "preprocessor_config.json") in failure(model)


def test_a_model_that_needs_absurd_memory_is_refused(write_model: Write) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32))
    nodes = [
        helper.make_node("ConstantOfShape", ["count"], ["ones"]),
        helper.make_node("ReduceSum", ["ones"], ["sum"], keepdims=0),
        helper.make_node("ReduceMean", ["pixel_values"], ["mean"], axes=[2, 3], keepdims=0),
        helper.make_node("Add", ["mean", "sum"], ["image_embeds"]),
    ]
    graph = helper.make_graph(
        nodes,
        "absurd",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, [1, 3, 32, 32])],
        [helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, [1, 3])],
        [helper.make_tensor("count", TensorProto.INT64, [1], [10**12])],
    )
    absurd = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    absurd.ir_version = 9
    onnx.save(absurd, model.folder / "model.onnx")
    message = failure(model)
    assert str(model.folder / "model.onnx") in message


def test_code_that_comes_with_a_model_is_not_run(write_model: Write) -> None:
    own = {"auto_map": {"AutoImageProcessor": "own.Processor"}, "image_processor_type": "Processor"}
    model = write_model(TINY, ("image_embeds",), own)
    (model.folder / "own.py").write_text("raise SystemExit('ran')")
    assert "cannot prepare" in failure(model)


def test_missing_files_are_named(write_model: Write, tmp_path: Path) -> None:
    model = write_model(TINY, ("image_embeds",), clip_config(32))
    (model.folder / "preprocessor_config.json").unlink()
    assert "preprocessor_config.json" in failure(model)
    (model.folder / "model.onnx").unlink()
    assert "no .onnx file" in failure(model)


@pytest.mark.parametrize("model", ["", "no such folder", "../elsewhere/x"])
def test_a_model_that_is_neither_a_folder_nor_a_hub_id_is_reported(
    tmp_path: Path, model: str
) -> None:
    with pytest.raises(BollardsError, match=r"embed\.model"):
        load_embedder(EmbedSettings(embedder="onnx", model=model), tmp_path)


LOAD = """
    import sys
    from pathlib import Path
    from PIL import Image
    from generator.config import EmbedSettings
    from generator.embed import load_embedder
    from generator.errors import BollardsError
    image = Image.new("RGB", (40, 40), (9, 99, 0))
    try:
        for model in MODELS:
            embedder = load_embedder(EmbedSettings(embedder="onnx", model=model), Path("project"))
            print(embedder.fingerprint, float(embedder.embed([image])[0, 0]))
    except BollardsError as error:
        print(error)
"""


def test_a_model_comes_from_the_hub_with_all_its_files(
    hub: Hub, python: Run, write_model: Write
) -> None:
    config = {k: v for k, v in siglip_config(32).items() if k != "image_processor_type"}
    vit = Vit(image=32, special=0, norm_first=False)
    model = write_model(vit, ("last_hidden_state",), config, place="onnx/model.onnx")
    (model.folder / "config.json").write_text('{"model_type": "siglip"}')
    path = model.folder / "onnx" / "model.onnx"
    onnx.save_model(
        onnx.load(path), path, save_as_external_data=True, location="w.bin", size_threshold=100
    )
    for file in ("onnx/model.onnx", "onnx/w.bin", "config.json", "preprocessor_config.json"):
        hub.files[f"org/name/{file}"] = (model.folder / file).read_bytes()
    code = LOAD.replace("MODELS", '["org/name", "org/name/onnx/model.onnx"]')
    done = python(code, HF_ENDPOINT=hub.endpoint)
    image = Image.new("RGB", (40, 40), (9, 99, 0))
    local = load(model)
    expected = f"{local.fingerprint} {float(local.embed([image])[0, 0])}"
    assert (done.stdout.splitlines(), done.stderr) == ([expected, expected], "")
    again = python(code, HF_ENDPOINT="http://127.0.0.1:9")
    assert again.stdout == done.stdout


@pytest.mark.parametrize(
    ("model", "said"),
    [("org/unknown", 'no model "org/unknown"'), ("org/name", "none of model.onnx")],
)
def test_a_model_that_the_hub_lacks_is_reported(
    hub: Hub, python: Run, model: str, said: str
) -> None:
    hub.files["org/name/README.md"] = b"no model here"
    done = python(LOAD.replace("MODELS", f'["{model}"]'), HF_ENDPOINT=hub.endpoint)
    assert said in done.stdout and done.stderr == ""


def test_without_network_a_hub_model_is_named_with_the_solutions(python: Run) -> None:
    done = python(LOAD.replace("MODELS", '["org/name"]'), HF_ENDPOINT="http://127.0.0.1:9")
    for part in ("embed.model", "https://huggingface.co/org/name/tree/main", '"builtin"'):
        assert part in done.stdout
    assert done.stderr == ""
