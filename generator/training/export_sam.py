"""Exports a SAM, SAM 2 or SAM 3 for `mask = "sam:FOLDER"`, with a box as its prompt.

    python -m generator.training.export_sam facebook/sam-vit-base models/sam

Needs torch and transformers. The first argument is a name of the Hugging Face hub or a folder with
the weights, the second the folder to write. It writes vision_encoder.onnx,
prompt_encoder_mask_decoder.onnx and preprocessor_config.json, with the names of inputs and outputs
that exports on the hub have.
"""

import sys
from pathlib import Path
from typing import Any

import torch

ENCODER = "vision_encoder.onnx"
DECODER = "prompt_encoder_mask_decoder.onnx"


class _Encoder(torch.nn.Module):  # type: ignore[misc]
    """A picture -> everything that the decoder needs of it."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(self, pixel_values: torch.Tensor) -> tuple[torch.Tensor, ...]:
        made = self.model.get_image_embeddings(pixel_values)
        if not isinstance(made, torch.Tensor):
            return tuple(made)
        return made, self.model.get_image_wide_positional_embeddings()


class _Decoder(torch.nn.Module):  # type: ignore[misc]
    """SAM's: a box [1, 1, 4] in px of the network's picture -> the masks' predicted IoU, masks."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_boxes: torch.Tensor, embeddings: torch.Tensor, places: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        sparse, dense = self.model.prompt_encoder(None, None, input_boxes, None)
        masks, scores = self.model.mask_decoder(
            image_embeddings=embeddings,
            image_positional_embeddings=places,
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=True,
        )
        return scores, masks


class _LaterDecoder(torch.nn.Module):  # type: ignore[misc]
    """The same of SAM 2 and SAM 3, which take pictures in several sizes."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_boxes: torch.Tensor, *embeddings: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        made = self.model(
            input_boxes=input_boxes, image_embeddings=list(embeddings), multimask_output=True
        )
        return made.iou_scores, made.pred_masks


def export(model: Any, side: int, folder: Path) -> None:
    """Write both graphs of a model of transformers, for pictures of `side` x `side` px."""
    folder.mkdir(parents=True, exist_ok=True)
    pixels = torch.zeros(1, 3, side, side)
    encoder = _Encoder(model.eval())
    with torch.no_grad():
        embeddings = encoder(pixels)
    decoder: torch.nn.Module
    if hasattr(model, "no_memory_embedding"):
        decoder = _LaterDecoder(model)
        names = [f"image_embeddings.{place}" for place in range(len(embeddings))]
    else:
        decoder = _Decoder(model)
        names = ["image_embeddings", "image_positional_embeddings"]
    box = torch.tensor([[[0.25, 0.25, 0.75, 0.75]]]) * side
    write(encoder, (pixels,), folder / ENCODER, ["pixel_values"], names)
    results = ["iou_scores", "pred_masks"]
    write(decoder, (box, *embeddings), folder / DECODER, ["input_boxes", *names], results)


def write(
    graph: torch.nn.Module,
    given: tuple[torch.Tensor, ...],
    path: Path,
    inputs: list[str],
    outputs: list[str],
    free: dict[str, dict[int, str]] | None = None,
) -> None:
    """Write one graph with the shapes of `given`, but for those of its axes that are `free`."""
    torch.onnx.export(
        graph,
        given,
        path,
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=free,
        opset_version=17,
        dynamo=False,
    )


def main() -> None:
    """Export what the command line names."""
    from transformers import AutoImageProcessor, AutoModelForMaskGeneration

    source, folder = sys.argv[1], Path(sys.argv[2])
    pictures = AutoImageProcessor.from_pretrained(source)
    side = pictures.size.get("longest_edge") or pictures.size["height"]
    model = AutoModelForMaskGeneration.from_pretrained(source, attn_implementation="eager")
    export(model, int(side), folder)
    pictures.save_pretrained(folder)


if __name__ == "__main__":
    main()
