"""Exports a Grounding DINO for `crop = "grounding-dino:FOLDER"`.

    python -m generator.training.export_grounding IDEA-Research/grounding-dino-tiny models/dino

Needs torch and transformers. The first argument is a name of the Hugging Face hub or a folder with
the weights, the second the folder to write. It writes model.onnx, tokenizer.json and
preprocessor_config.json. Pictures are at most 800 px wide and high, on a square of that size: the
network's grid is fixed in the graph. The number of tokens is free.
"""

import json
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import torch

SIDE = 800
_INPUTS = ("pixel_values", "input_ids", "token_type_ids", "attention_mask", "pixel_mask")


class _Graph(torch.nn.Module):  # type: ignore[misc]
    """What a detector gets and gives, without what only training needs."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, *given: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        made = self.model(**dict(zip(_INPUTS, given, strict=True)))
        return made.logits, made.pred_boxes


def phrases(
    input_ids: torch.Tensor, special_tokens: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Which tokens belong to one phrase, and their places in it: with operators that ONNX has.

    The same as `generate_masks_with_special_tokens_and_transfer_map` of transformers, which needs
    `cummax`.

    Args:
        input_ids: int64 [1, n].
        special_tokens: those that end a phrase.

    Returns:
        bool [1, n, n] and int64 [1, n].
    """
    count = input_ids.shape[1]
    ends = (input_ids[:, :, None] == special_tokens[None, None]).any(-1)
    at = torch.arange(count)
    before = ends[:, None, :] & (at[None, :] < at[:, None])[None]
    last = torch.where(before, at[None, None], torch.full((), -1)).amax(-1)
    after = ends[:, None, :] & (at[None, :] >= at[:, None])[None]
    following = torch.where(after, at[None, None], torch.tensor(count)).amin(-1)
    inside = (following != 0) & (following != count - 1) & (following != count)
    together = (following[:, :, None] == following[:, None, :]) & inside[:, None]
    together = (at[None, :] == at[:, None])[None] | together
    places = torch.where(inside, at[None] - last - 1, torch.zeros_like(last)).clamp(min=0)
    return together, places


def steps(start: float, _end: float, count: int, dtype: Any, device: Any) -> torch.Tensor:
    """`torch.linspace` for steps of 1, which is all that the network asks for.

    The exporter makes it of doubles, for which onnxruntime has no `GridSample`.
    """
    return torch.arange(count, dtype=dtype, device=device) + start


def export(model: Any, side: int, path: Path) -> None:
    """Write the graph of a model of transformers, for squares of `side` px."""
    ids = torch.tensor([[101, 104, 1012, 105, 106, 1012, 102]])
    given = (
        torch.zeros(1, 3, side, side),
        ids,
        torch.zeros_like(ids),
        torch.ones_like(ids),
        torch.ones(1, side, side, dtype=torch.int64),
    )
    place = f"{type(model).__module__}.generate_masks_with_special_tokens_and_transfer_map"
    with mock.patch(place, phrases), mock.patch("torch.linspace", steps):
        torch.onnx.export(
            _Graph(model).eval(),
            given,
            path,
            input_names=list(_INPUTS),
            output_names=["logits", "pred_boxes"],
            dynamic_axes={name: {1: "tokens"} for name in _INPUTS[1:4]},
            opset_version=17,
            dynamo=False,
        )


def main() -> None:
    """Export what the command line names."""
    from transformers import AutoProcessor, GroundingDinoForObjectDetection

    source, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    processor = AutoProcessor.from_pretrained(source)
    model = GroundingDinoForObjectDetection.from_pretrained(source, attn_implementation="eager")
    export(model, SIDE, folder / "model.onnx")
    processor.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    processor.image_processor.save_pretrained(folder)
    preparation = folder / "preprocessor_config.json"
    told = json.loads(preparation.read_text())
    told["size"] = {"shortest_edge": SIDE, "longest_edge": SIDE}
    told["pad_size"] = {"height": SIDE, "width": SIDE}
    preparation.write_text(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
