"""Makes the tiny Grounding DINO of the tests: real architecture, random weights, references.

Needs torch, transformers, tokenizers, onnx, onnxruntime and numpy (`make test-models`); the tests
need none of the first two. It writes grounding.onnx, as `generator/training/export_grounding.py`
does, with constants folded and weights in 8 bits, its tokenizer, and into grounding.npz the tokens,
pixels and boxes that transformers' own processor and model give for the tests' prompts and
pictures.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    GroundingDinoConfig,
    GroundingDinoForObjectDetection,
    GroundingDinoImageProcessorPil,
    GroundingDinoProcessor,
    PreTrainedTokenizerFast,
)

from generator.training.export_grounding import export
from tests.isolate.conftest import DINO_PROMPTS, DINO_SIDE, INTERPOLATED, PICTURES
from tests.isolate.tiny.shrink import exactly_small, short_names

HERE = Path(__file__).parent
# Where BERT's vocabulary has them; Grounding DINO knows them by these numbers.
_SPECIAL = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, ".": 1012, "?": 1029}


def tokenizer() -> Tokenizer:
    """BERT's, with a vocabulary of letters and a few words."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789!-,'"
    words = [*letters, *(f"##{one}" for one in letters), "post", "bollard", "red", "##ard", "road"]
    free = (number for number in range(103, 1012))
    vocabulary = _SPECIAL | dict(zip(words, free, strict=False))
    made = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [("[CLS]", 101), ("[SEP]", 102)]
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=ends
    )
    made.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]"])
    return made


def network() -> Any:
    """The architecture with random weights."""
    torch.manual_seed(3)
    backbone = {
        "model_type": "swin", "embed_dim": 8, "depths": [1, 1, 1, 1], "num_heads": [1, 1, 2, 2],
        "window_size": 4, "image_size": DINO_SIDE, "out_indices": [3, 4], "mlp_ratio": 1.0,
    }  # fmt: skip
    text = {
        "model_type": "bert", "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 32, "vocab_size": 1030, "max_position_embeddings": 64,
    }  # fmt: skip
    small = {
        "encoder_layers": 1, "encoder_ffn_dim": 32, "encoder_attention_heads": 2,
        "encoder_n_points": 2, "decoder_layers": 2, "decoder_ffn_dim": 32,
        "decoder_attention_heads": 2, "decoder_n_points": 2, "d_model": 32, "max_text_len": 64,
        "num_queries": 20, "num_feature_levels": 2,
    }  # fmt: skip
    config = GroundingDinoConfig(backbone_config=backbone, text_config=text, **small)
    config._attn_implementation = "eager"
    model = GroundingDinoForObjectDetection(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.15 * torch.randn_like(parameter))
    return model


def in_8_bits_and_back(model: Any) -> None:
    """Round long weights as the file has them, so that the reference has the same ones."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim >= 2 and parameter.numel() >= 64:
                step = parameter.abs().max() / 127
                parameter.copy_((parameter / step).round() * step)


def main() -> None:
    """Write all files; print their sizes and how many boxes there are."""
    words = tokenizer()
    words.save(str(HERE / "grounding.json"), pretty=False)
    fast = PreTrainedTokenizerFast(
        tokenizer_file=str(HERE / "grounding.json"), pad_token="[PAD]", cls_token="[CLS]",
        sep_token="[SEP]", unk_token="[UNK]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )  # fmt: skip
    square = {"height": DINO_SIDE, "width": DINO_SIDE}
    pictures = GroundingDinoImageProcessorPil(
        size={"shortest_edge": DINO_SIDE, "longest_edge": DINO_SIDE}, pad_size=square
    )
    processor = GroundingDinoProcessor(image_processor=pictures, tokenizer=fast)
    model = network()
    in_8_bits_and_back(model)
    reference: dict[str, np.ndarray] = {}
    for place, picture in enumerate((*PICTURES, *INTERPOLATED)):
        given = processor(text=[list(DINO_PROMPTS)], images=picture, return_tensors="pt")
        if place == 0:
            for name in ("input_ids", "token_type_ids", "attention_mask"):
                reference[name] = given[name].numpy()
        if place >= len(PICTURES):
            number = place - len(PICTURES)
            reference[f"pixels {number}"] = given["pixel_values"].numpy()
            reference[f"mask {number}"] = given["pixel_mask"].numpy().astype(np.uint8)
            continue
        with torch.no_grad():
            made = model(**given)
        (found,) = processor.post_process_grounded_object_detection(
            made, given["input_ids"], threshold=0.25, target_sizes=[picture.size[::-1]]
        )
        rows = torch.cat([found["boxes"], found["scores"][:, None]], dim=1).numpy()
        print(place, len(rows), np.round(np.sort(rows[:, 4])[[0, -1]], 3), rows[0])
        reference[f"boxes {place}"] = rows.astype(np.float32)
    path = HERE / "grounding.onnx"
    export(model, DINO_SIDE, path)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(path)
    onnxruntime.InferenceSession(path.read_bytes(), options)
    onnx.save(exactly_small(onnx.load(path)), path)
    short_names(path)
    np.savez_compressed(HERE / "grounding.npz", **reference)
    for suffix in ("onnx", "npz", "json"):
        print(f"grounding.{suffix}", (HERE / f"grounding.{suffix}").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
