"""Makes the tiny SAMs of the tests: real architectures, random weights, reference masks.

Needs torch, torchvision, transformers, onnx and numpy (`make test-models`); the tests need none of
the first three. For SAM, SAM 2 and SAM 3 it writes a folder with the two graphs and the
preparation: of SAM as `generator/training/export_sam.py` writes them and, in points.onnx, a decoder
as the hub has it, which takes no boxes; of the others as the hub has them, with points and boxes.
sams.npz has the masks that transformers' own processors and models give for the tests' pictures.
"""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from transformers import (
    Sam2Config,
    Sam2ImageProcessor,
    Sam2Model,
    Sam2Processor,
    Sam3ImageProcessor,
    Sam3TrackerConfig,
    Sam3TrackerModel,
    Sam3TrackerProcessor,
    SamConfig,
    SamImageProcessorPil,
    SamModel,
    SamProcessor,
)

from generator.training.export_sam import DECODER, export, write
from tests.embed.sams import BOXES, PICTURES, RESIZED, SIDES
from tests.isolate.tiny.shrink import short_names

HERE = Path(__file__).parent
_DECODER: dict[str, Any] = {
    "hidden_size": 16,
    "mlp_dim": 32,
    "num_attention_heads": 2,
    "iou_head_hidden_dim": 16,
}
_SQUARE = {name: {"height": side, "width": side} for name, side in SIDES.items()}


def sam() -> tuple[Any, Any]:
    side = SIDES["sam"]
    vision = {
        "hidden_size": 16, "output_channels": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
        "image_size": side, "patch_size": 16, "window_size": 3, "global_attn_indexes": [1],
        "mlp_dim": 32, "num_pos_feats": 8,
    }  # fmt: skip
    prompt = {"hidden_size": 16, "image_size": side, "patch_size": 16, "mask_input_channels": 4}
    config = SamConfig(
        vision_config=vision, prompt_encoder_config=prompt, mask_decoder_config=_DECODER
    )
    config._attn_implementation = "eager"
    pictures = SamImageProcessorPil(size={"longest_edge": side}, pad_size=_SQUARE["sam"])
    return SamModel(config), SamProcessor(image_processor=pictures)


def sam2() -> tuple[Any, Any]:
    side = SIDES["sam2"]
    backbone = {
        "model_type": "sam2_hiera_det_model", "hidden_size": 8, "image_size": [side, side],
        "blocks_per_stage": [1, 1, 2, 1], "embed_dim_per_stage": [8, 12, 16, 20],
        "num_attention_heads_per_stage": [1, 1, 2, 2], "window_size_per_stage": [4, 4, 4, 4],
        "global_attention_blocks": [3], "mlp_ratio": 2.0,
    }  # fmt: skip
    vision = {
        "backbone_config": backbone,
        "backbone_channel_list": [20, 16, 12, 8],
        "backbone_feature_sizes": [[side // step] * 2 for step in (4, 8, 16)],
        "fpn_hidden_size": 16,
    }
    prompt = {"hidden_size": 16, "image_size": side, "patch_size": 16, "mask_input_channels": 4}
    config = Sam2Config(
        vision_config=vision, prompt_encoder_config=prompt, mask_decoder_config=_DECODER
    )
    config._attn_implementation = "eager"
    pictures = Sam2ImageProcessor(size=_SQUARE["sam2"])
    return Sam2Model(config), Sam2Processor(image_processor=pictures, target_size=side)


def sam3() -> tuple[Any, Any]:
    side = SIDES["sam3"]
    backbone = {
        "model_type": "sam3_vit_model", "hidden_size": 16, "intermediate_size": 32,
        "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": side, "patch_size": 14,
        "window_size": 4, "global_attn_indexes": [1], "pretrain_image_size": 56,
    }  # fmt: skip
    cells = side // 14
    vision = {
        "model_type": "sam3_vision_model",
        "backbone_config": backbone,
        "fpn_hidden_size": 16,
        "backbone_feature_sizes": [[cells * times] * 2 for times in (4, 2, 1)],
    }
    prompt = {"hidden_size": 16, "image_size": side, "patch_size": 14, "mask_input_channels": 4}
    config = Sam3TrackerConfig(
        vision_config=vision, prompt_encoder_config=prompt, mask_decoder_config=_DECODER
    )
    config._attn_implementation = "eager"
    pictures = Sam3ImageProcessor(size=_SQUARE["sam3"])
    return Sam3TrackerModel(config), Sam3TrackerProcessor(pictures, target_size=side)


def spread(model: Any, pictures: list[dict[str, torch.Tensor]]) -> None:
    """Give masks and scores the spread of a trained network's; random ones are all the same."""
    decoder = model.mask_decoder
    seen: list[torch.Tensor] = []
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
        hook = decoder.activation.register_forward_hook(
            lambda _module, _given, out: seen.append(out)
        )
        means = []
        for given in pictures:
            model(**given, multimask_output=True)
            # The last activation is that of the features that masks are made of.
            means.append(seen[-1].mean((0, 2, 3)))
        hook.remove()
        mean = torch.stack(means).mean(0)
        for head in decoder.output_hypernetworks_mlps[1:]:
            # Masks are products of features: none of the features' mean, and masks cover half.
            along = torch.outer(mean, mean) / (mean @ mean)
            for part in (head.proj_out.weight, head.proj_out.bias):
                part.sub_(along @ part)
        made = [model(**given, multimask_output=True) for given in pictures]
        last = decoder.iou_prediction_head.proj_out
        scores = torch.cat([one.iou_scores[0] for one in made])
        if hasattr(model, "no_memory_embedding"):
            scores = scores.logit()
        for place, head in enumerate(decoder.output_hypernetworks_mlps[1:]):
            wide = torch.cat([one.pred_masks[0, 0, place].flatten() for one in made]).std()
            head.proj_out.weight.mul_(4 / wide)
            head.proj_out.bias.mul_(4 / wide)
            # Which mask is best differs from picture to picture.
            last.bias[place + 1] -= scores[:, place].mean()
            last.weight[place + 1] *= 0.2 / scores[:, place].std()
            last.bias[place + 1] *= 0.2 / scores[:, place].std()


class Pointed(torch.nn.Module):
    """SAM's decoder as the hub has it: points, and no boxes."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        input_points: torch.Tensor,
        input_labels: torch.Tensor,
        image_embeddings: torch.Tensor,
        image_positional_embeddings: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        sparse, dense = self.model.prompt_encoder(input_points, input_labels, None, None)
        masks, scores = self.model.mask_decoder(
            image_embeddings=image_embeddings,
            image_positional_embeddings=image_positional_embeddings,
            sparse_prompt_embeddings=sparse,
            dense_prompt_embeddings=dense,
            multimask_output=True,
        )
        return scores, masks


class Both(torch.nn.Module):
    """The decoder of SAM 2 and SAM 3 as the hub has it: points and boxes, either may be none."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(
        self,
        input_points: torch.Tensor,
        input_labels: torch.Tensor,
        input_boxes: torch.Tensor,
        *embeddings: torch.Tensor,
    ) -> tuple[torch.Tensor, ...]:
        made = self.model(
            input_points=input_points,
            input_labels=input_labels,
            input_boxes=input_boxes,
            image_embeddings=list(embeddings),
            multimask_output=True,
        )
        return made.iou_scores, made.pred_masks, made.object_score_logits


def as_on_the_hub(name: str, model: Any, side: int, folder: Path) -> None:
    """Write a decoder that takes points: beside that of SAM, in place of the others'."""
    pixels = torch.zeros(1, 3, side, side)
    box = torch.tensor([[[0.25, 0.25, 0.75, 0.75]]]) * side
    results = ["iou_scores", "pred_masks"]
    if name == "sam":
        points, labels = torch.zeros(1, 1, 3, 2), torch.ones(1, 1, 3, dtype=torch.int64)
        with torch.no_grad():
            embeddings = [model.get_image_embeddings(pixels)]
            embeddings.append(model.get_image_wide_positional_embeddings())
        names = ["image_embeddings", "image_positional_embeddings"]
        write(
            Pointed(model), (points, labels, *embeddings), folder / "points.onnx",
            ["input_points", "input_labels", *names], results,
        )  # fmt: skip
        return
    points, labels = torch.zeros(1, 1, 1, 2), torch.ones(1, 1, 1, dtype=torch.int64)
    with torch.no_grad():
        embeddings = model.get_image_embeddings(pixels)
    names = [f"image_embeddings.{place}" for place in range(len(embeddings))]
    write(
        Both(model), (points, labels, box, *embeddings), folder / DECODER,
        ["input_points", "input_labels", "input_boxes", *names], [*results, "object_score_logits"],
        free={"input_points": {2: "points"}, "input_labels": {2: "points"}},
    )  # fmt: skip


def pointed(model: Any, processor: Any, picture: Image.Image, box: tuple[float, ...]) -> np.ndarray:
    """The mask of transformers for three points along the middle of a box."""
    left, top, right, bottom = box
    points = [[(left + right) / 2, top + share * (bottom - top)] for share in (0.25, 0.5, 0.75)]
    given = processor(
        images=picture, input_points=[[points]], input_labels=[[[1, 1, 1]]], return_tensors="pt"
    )
    sizes = given.pop("original_sizes"), given.pop("reshaped_input_sizes")
    given["input_points"] = given["input_points"].float()
    with torch.no_grad():
        made = model(**given, multimask_output=True)
    masks = processor.image_processor.post_process_masks(made.pred_masks, *sizes)
    mask: np.ndarray = masks[0][0, int(made.iou_scores[0, 0].argmax())].numpy()
    return mask


def main() -> None:
    """Write all files; print their sizes and how much of a picture each mask covers."""
    reference: dict[str, np.ndarray] = {}
    for name, make in {"sam": sam, "sam2": sam2, "sam3": sam3}.items():
        torch.manual_seed(7)
        model, processor = make()
        model.eval()
        folder = HERE / name
        shutil.rmtree(folder, ignore_errors=True)
        asked = []
        for picture, box in zip(PICTURES, BOXES, strict=True):
            given = processor(images=picture, input_boxes=[[list(box)]], return_tensors="pt")
            sizes = [given.pop("original_sizes")]
            if name == "sam":
                sizes.append(given.pop("reshaped_input_sizes"))
            given = {one: given[one].float() for one in ("pixel_values", "input_boxes")}
            asked.append((given, sizes))
        spread(model, [given for given, _ in asked])
        export(model, SIDES[name], folder)
        as_on_the_hub(name, model, SIDES[name], folder)
        for path in folder.glob("*.onnx"):
            short_names(path)
        processor.image_processor.save_pretrained(folder)
        for place, (given, sizes) in enumerate(asked):
            with torch.no_grad():
                made = model(**given, multimask_output=True)
            masks = processor.image_processor.post_process_masks(made.pred_masks, *sizes)
            scores = made.iou_scores[0, 0]
            mask = masks[0][0, int(scores.argmax())].numpy()
            print(name, place, scores.tolist(), f"{mask.mean():.2f}")
            reference[f"{name} mask {place}"] = mask
            reference[f"{name} best {place}"] = np.uint8(scores.argmax())
            reference[f"{name} box {place}"] = given["input_boxes"].numpy()
            if name == "sam":
                reference[f"points {place}"] = pointed(
                    model, processor, PICTURES[place], BOXES[place]
                )
        reference[f"{name} pixels"] = asked[RESIZED][0]["pixel_values"].numpy()
        for path in sorted(folder.iterdir()):
            print(name, path.name, path.stat().st_size, "bytes")
    np.savez_compressed(HERE / "sams.npz", **reference)
    print("sams.npz", (HERE / "sams.npz").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
