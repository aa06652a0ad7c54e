"""Makes the tiny OWL-ViT and OWLv2 of the tests: real architectures, random weights, references.

Needs torch, transformers, onnx and numpy (`make test-models`); the tests need none of the first
two. For each it writes NAME.onnx, as exports for ONNX on the hub are, and into NAME.npz the tokens
of the tests' prompts and the boxes that transformers' own processor and model give for the tests'
pictures. The tokenizer is that of the tiny CLIP (tests/embed/tiny).
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import (
    Owlv2Config,
    Owlv2ForObjectDetection,
    Owlv2ImageProcessorPil,
    Owlv2Processor,
    OwlViTConfig,
    OwlViTForObjectDetection,
    OwlViTImageProcessorPil,
    OwlViTProcessor,
    PreTrainedTokenizerFast,
)

from tests.isolate.conftest import (
    INTERPOLATED,
    OWL_ODD_PROMPTS,
    OWL_PROMPTS,
    OWL_SIDE,
    PICTURES,
    TOKENIZER,
)

HERE = Path(__file__).parent
_SIZES: dict[str, Any] = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}


class Exported(torch.nn.Module):
    """The outputs that the exports on the hub have."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, pixel_values: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        found = self.model(
            input_ids=input_ids, pixel_values=pixel_values, attention_mask=attention_mask
        )
        if hasattr(found, "objectness_logits"):
            return found.logits, found.pred_boxes, found.objectness_logits
        return found.logits, found.pred_boxes


def network(config: Any, kind: Any, words: int) -> Any:
    """The architecture with random weights; words: of its tokenizer, the last ends a text."""
    torch.manual_seed(5)
    text = {"vocab_size": words, "max_position_embeddings": 16, "pad_token_id": 0} | _SIZES
    text |= {"bos_token_id": words - 2, "eos_token_id": words - 1}
    vision = {"image_size": OWL_SIDE, "patch_size": 16} | _SIZES
    model = kind(config(text_config=text, vision_config=vision, projection_dim=16)).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    return model


def spread(model: Any, given: dict[str, torch.Tensor]) -> None:
    """Give boxes and logits the spread of a trained network's; random ones are all the same."""
    head, last = model.class_head, model.box_head.dense2
    seen: list[torch.Tensor] = []
    hook = last.register_forward_hook(lambda _module, _given, made: seen.append(made))
    with torch.no_grad():
        for one in (head.logit_scale, head.logit_shift):
            one.weight.zero_()
            one.bias.zero_()
        cosines = model(**given).logits
        hook.remove()
        last.weight.div_(seen[0].std())
        last.bias.div_(seen[0].std()).sub_(seen[0].mean() / seen[0].std())
        head.logit_scale.bias.fill_(float(1.5 / cosines.std()) - 1)
        head.logit_shift.bias.fill_(float(-cosines.mean() - cosines.std()))


KINDS: dict[str, tuple[Any, ...]] = {
    "owlvit": (OwlViTConfig, OwlViTForObjectDetection, OwlViTImageProcessorPil, OwlViTProcessor),
    "owlv2": (Owlv2Config, Owlv2ForObjectDetection, Owlv2ImageProcessorPil, Owlv2Processor),
}


def make(name: str) -> None:
    """Write the files of one architecture; print their sizes and how many boxes there are."""
    config, kind, preparation, both = KINDS[name]
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(TOKENIZER), pad_token="!", model_max_length=16
    )
    pictures = preparation(size={"height": OWL_SIDE, "width": OWL_SIDE})
    processor = both(image_processor=pictures, tokenizer=tokenizer)
    model = network(config, kind, len(tokenizer))
    odd = processor(text=[list(OWL_ODD_PROMPTS)], return_tensors="pt", truncation=True)
    reference = {f"odd {one}": odd[one].numpy() for one in ("input_ids", "attention_mask")}
    for place, picture in enumerate(PICTURES):
        given = processor(
            text=[list(OWL_PROMPTS)], images=picture, return_tensors="pt", truncation=True
        )
        given = {one: given[one] for one in ("input_ids", "pixel_values", "attention_mask")}
        if place == 0:
            spread(model, given)
            reference["input_ids"] = given["input_ids"].numpy()
            reference["attention_mask"] = given["attention_mask"].numpy()
            outputs = ["logits", "pred_boxes", "objectness_logits"]
            torch.onnx.export(
                Exported(model), tuple(given.values()), HERE / f"{name}.onnx",
                input_names=list(given), output_names=outputs[: 3 if name == "owlv2" else 2],
                dynamic_axes={
                    "input_ids": {0: "texts"}, "attention_mask": {0: "texts"},
                    "pixel_values": {0: "pictures", 2: "height", 3: "width"},
                },
                opset_version=17, dynamo=False,
            )  # fmt: skip
        with torch.no_grad():
            made = model(**given)
        (found,) = processor.image_processor.post_process_object_detection(
            made, threshold=0.1, target_sizes=torch.tensor([picture.size[::-1]])
        )
        rows = torch.cat([found["boxes"], found["scores"][:, None]], dim=1).numpy()
        print(name, place, len(rows), np.round(np.sort(rows[:, 4])[[0, -1]], 3), rows[0])
        reference[f"boxes {place}"] = rows.astype(np.float32)
    for place, picture in enumerate(INTERPOLATED):
        given = processor(images=picture, return_tensors="pt")
        reference[f"pixels {place}"] = given["pixel_values"].numpy()
    np.savez_compressed(HERE / f"{name}.npz", **reference)
    for suffix in ("onnx", "npz"):
        print(f"{name}.{suffix}", (HERE / f"{name}.{suffix}").stat().st_size, "bytes")


def main() -> None:
    for name in KINDS:
        make(name)


if __name__ == "__main__":
    main()
