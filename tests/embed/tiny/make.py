"""Makes the tiny encoders of the tests: the real architectures, random weights, reference vectors.

Needs torch, transformers, onnx and numpy (`make test-models`); the tests themselves need none of
them but numpy. For every encoder it writes NAME.onnx, as the export on the hub has it (names of
inputs and outputs), and into reference.npz what transformers' own model gives for its own
preparation of the tests' pictures.

transformers cannot load models while a torchvision built for another torch is installed; without
any torchvision it can.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from PIL import Image
from transformers import (
    CLIPConfig,
    CLIPModel,
    CLIPTextConfig,
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
    Dinov2Config,
    Dinov2Model,
    DINOv3ViTConfig,
    DINOv3ViTModel,
    SiglipVisionConfig,
    SiglipVisionModel,
)

from generator.embed.encoders import ENCODERS, Encoder
from generator.embed.preparation import Preparation
from tests.embed.conftest import PICTURES

HERE = Path(__file__).parent
# Small enough for the repository: the picture is as large as the real one, in patches of 28 px.
_SIZES: dict[str, Any] = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}


class Picked(torch.nn.Module):
    """A model whose forward takes pixels and returns one of its outputs."""

    def __init__(self, model: torch.nn.Module, pick: Callable[[Any], torch.Tensor]) -> None:
        super().__init__()
        self.model, self.pick = model, pick

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor:
        return self.pick(self.model(pixel_values=pixel_values))


class Whole(torch.nn.Module):
    """A whole CLIP, with its text, as the export of FashionCLIP is."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, pixel_values: torch.Tensor, attention_mask: torch.Tensor
    ) -> torch.Tensor:
        return self.model(
            input_ids=input_ids, pixel_values=pixel_values, attention_mask=attention_mask
        ).image_embeds


def clip(size: int, patch: int) -> torch.nn.Module:
    config = CLIPVisionConfig(image_size=size, patch_size=patch, projection_dim=24, **_SIZES)
    return Picked(CLIPVisionModelWithProjection(config), lambda out: out.image_embeds)


def fashionclip(size: int, patch: int) -> torch.nn.Module:
    vision = CLIPVisionConfig(image_size=size, patch_size=patch, **_SIZES)
    text = CLIPTextConfig(vocab_size=32, max_position_embeddings=8, eos_token_id=31, **_SIZES)
    config = CLIPConfig(
        text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=24
    )
    return Whole(CLIPModel(config))


def siglip(size: int, patch: int) -> torch.nn.Module:
    config = SiglipVisionConfig(image_size=size, patch_size=patch, **_SIZES)
    return Picked(SiglipVisionModel(config), lambda out: out.pooler_output)


def dinov2(size: int, patch: int) -> torch.nn.Module:
    config = Dinov2Config(image_size=size, patch_size=patch, **_SIZES)
    return Picked(Dinov2Model(config), lambda out: out.last_hidden_state)


def dinov3(size: int, patch: int) -> torch.nn.Module:
    config = DINOv3ViTConfig(image_size=size, patch_size=patch, num_register_tokens=4, **_SIZES)
    return Picked(DINOv3ViTModel(config), lambda out: out.pooler_output)


MAKERS = {
    "clip": clip,
    "openclip": clip,
    "fashionclip": fashionclip,
    "siglip": siglip,
    "siglip2": siglip,
    "dinov2": dinov2,
    "dinov3": dinov3,
}


def reference_pixels(image: Image.Image, name: str, how: Preparation) -> torch.Tensor:
    """The reference implementation's preparation of the pictures."""
    if name == "dinov3":
        # DINOv3ViTImageProcessor: rescale, resize with antialias, normalise; torchvision's resize
        # of a tensor is this function.
        pixels = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1)[None] / 255
        pixels = torch.nn.functional.interpolate(
            pixels, (how.edge, how.edge), mode="bilinear", antialias=True
        )
        mean, std = (torch.tensor(value).view(1, 3, 1, 1) for value in (how.mean, how.std))
        return (pixels - mean) / std
    import transformers

    kind = {
        "siglip": "SiglipImageProcessor",
        "siglip2": "SiglipImageProcessor",
        "dinov2": "BitImageProcessor",
    }.get(name, "CLIPImageProcessor")
    kind += "Pil" if hasattr(transformers, f"{kind}Pil") else ""
    squash = how.resize == "squash"
    processor = getattr(transformers, kind)(
        do_resize=True,
        size={"height": how.edge, "width": how.edge} if squash else {"shortest_edge": how.edge},
        resample=Image.Resampling[how.resample.upper()],
        do_center_crop=not squash,
        **({} if squash else {"crop_size": {"height": how.crop, "width": how.crop}}),
        do_normalize=True,
        image_mean=list(how.mean),
        image_std=list(how.std),
    )
    return torch.from_numpy(
        np.asarray(processor(images=image, return_tensors="np")["pixel_values"], np.float32)
    )


def make(encoder: Encoder, out: Path) -> np.ndarray:
    """Write one tiny encoder; returns its reference vectors, float32 [pictures, d], unit rows."""
    torch.manual_seed(len(encoder.name))
    how = encoder.preparation
    model = MAKERS[encoder.name](how.crop, how.crop // 8).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # As large as trained ones are: the tiny initial values would hide a wrong step.
            drawn = torch.randn_like(parameter) * (0.3 if parameter.ndim > 1 else 0.2)
            scales = parameter.ndim == 1 and not name.endswith("bias")
            parameter.copy_(1 + drawn if scales else drawn)
    pixels = torch.cat([reference_pixels(one, encoder.name, how) for one in PICTURES])
    ids, mask = torch.zeros(1, 2, dtype=torch.int64), torch.ones(1, 2, dtype=torch.int64)
    whole = isinstance(model, Whole)
    inputs = (ids, pixels[:1], mask) if whole else (pixels[:1],)
    names = ["input_ids", "pixel_values", "attention_mask"] if whole else ["pixel_values"]
    names = ["image"] if encoder.name == "openclip" else names
    torch.onnx.export(
        model,
        inputs,
        out / f"{encoder.name}.onnx",
        input_names=names,
        output_names=[encoder.output],
        opset_version=17,
        dynamo=False,
    )
    onnx.checker.check_model(onnx.load(out / f"{encoder.name}.onnx"))
    with torch.no_grad():
        rows = torch.cat(
            [model(ids, row[None], mask) if whole else model(row[None]) for row in pixels]
        )
    vectors = rows[:, 0] if encoder.pooling == "cls" else rows
    unit = torch.nn.functional.normalize(vectors.double(), dim=1)
    return unit.float().numpy()


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    vectors = {}
    for encoder in ENCODERS:
        if encoder.name in MAKERS and encoder.name not in vectors:
            how = replace(encoder.preparation, middle="floor")
            vectors[encoder.name] = make(replace(encoder, preparation=how), out)
            size = (out / f"{encoder.name}.onnx").stat().st_size
            print(f"{encoder.name}: {size / 1000:.0f} KB, {vectors[encoder.name].shape}")
    np.savez(out / "reference.npz", **vectors)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
