"""The picture's vector is found among a model's outputs, or the message lists them."""

import numpy as np
import pytest

from generator.embed.pooling import Choice, choose, pool
from generator.errors import BollardsError


def outputs(**shapes: tuple[int, ...]) -> dict[str, np.ndarray]:
    return {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}


@pytest.mark.parametrize(
    ("given", "size", "expected"),
    [
        pytest.param(
            outputs(last_hidden_state=(1, 50, 768), image_embeds=(1, 512)),
            (224, 224),
            Choice("image_embeds", "vector"),
            id="CLIP ViT-B/32 with projection",
        ),
        pytest.param(
            outputs(
                logits_per_image=(1, 1),
                logits_per_text=(1, 1),
                text_embeds=(1, 512),
                image_embeds=(1, 512),
            ),
            (224, 224),
            Choice("image_embeds", "vector"),
            id="whole CLIP",
        ),
        pytest.param(
            outputs(last_hidden_state=(1, 196, 768), pooler_output=(1, 768)),
            (224, 224),
            Choice("pooler_output", "vector"),
            id="SigLIP with head",
        ),
        pytest.param(
            outputs(last_hidden_state=(1, 729, 1152)),
            (384, 384),
            Choice("last_hidden_state", "mean"),
            id="SigLIP so400m, whose patches do not fill the picture",
        ),
        pytest.param(
            outputs(last_hidden_state=(1, 257, 384)),
            (224, 224),
            Choice("last_hidden_state", "cls", 1),
            id="DINOv2",
        ),
        pytest.param(
            outputs(last_hidden_state=(1, 261, 384)),
            (224, 224),
            Choice("last_hidden_state", "cls", 5),
            id="DINOv2 with registers",
        ),
        pytest.param(
            outputs(last_hidden_state=(1, 73, 64)),
            (192, 96),
            Choice("last_hidden_state", "cls", 1),
            id="a picture that is not square",
        ),
        pytest.param(
            outputs(last_hidden_state=(1, 49, 768)),
            (224, 224),
            Choice("last_hidden_state", "mean"),
            id="Swin",
        ),
        pytest.param(
            outputs(last_hidden_state=(1, 512, 7, 7), pooler_output=(1, 512, 1, 1)),
            (224, 224),
            Choice("pooler_output", "vector"),
            id="ResNet with pooler",
        ),
        pytest.param(
            outputs(last_hidden_state=(1, 512, 7, 7)),
            (224, 224),
            Choice("last_hidden_state", "mean"),
            id="ResNet without pooler",
        ),
        pytest.param(
            outputs(features=(1, 128)), (224, 224), Choice("features", "vector"), id="own name"
        ),
    ],
)
def test_auto_finds_the_vector_of_every_common_architecture(
    given: dict[str, np.ndarray], size: tuple[int, int], expected: Choice
) -> None:
    assert choose(given, size, "auto", "m") == expected


def test_only_the_requested_files_are_downloaded() -> None:
    given = outputs(last_hidden_state=(1, 261, 8), pooler_output=(1, 8), image_embeds=(1, 4))
    assert choose(given, (224, 224), "projected", "m") == Choice("image_embeds", "vector")
    assert choose(given, (224, 224), "cls", "m") == Choice("last_hidden_state", "cls", 5)
    assert choose(given, (224, 224), "mean", "m") == Choice("last_hidden_state", "mean", 5)


@pytest.mark.parametrize(
    ("given", "pooling"),
    [
        (outputs(last_hidden_state=(1, 50, 8)), "projected"),
        (outputs(image_embeds=(1, 8)), "cls"),
        (outputs(image_embeds=(1, 8)), "mean"),
        (outputs(last_hidden_state=(1, 8, 7, 7)), "cls"),
        (outputs(logits=(1, 1000)), "auto"),
        (outputs(text_embeds=(1, 8)), "auto"),
        (outputs(first=(1, 8), second=(1, 8)), "auto"),
        (outputs(first=(1, 50, 8), second=(1, 50, 8)), "mean"),
    ],
)
def test_an_impossible_pooling_is_refused_with_the_outputs_of_the_model(
    given: dict[str, np.ndarray], pooling: str
) -> None:
    with pytest.raises(BollardsError) as raised:
        choose(given, (224, 224), pooling, "models/x.onnx")  # type: ignore[arg-type]
    message = str(raised.value)
    assert "models/x.onnx" in message and f'embed.pooling = "{pooling}"' in message
    for name, array in given.items():
        assert f"{name} {list(array.shape)}" in message


def test_the_mean_leaves_special_tokens_out() -> None:
    tokens = np.arange(21.0).reshape(1, 7, 3)
    assert pool(tokens, Choice("x", "cls", 3)).tolist() == [0, 1, 2]
    assert pool(tokens, Choice("x", "mean", 3)).tolist() == [13.5, 14.5, 15.5]
    maps = np.arange(8.0).reshape(1, 2, 2, 2)
    assert pool(maps, Choice("x", "mean")).tolist() == [1.5, 5.5]
    assert pool(maps[:, :, :1, :1], Choice("x", "vector")).tolist() == [0, 4]
