"""Makes the tiny text towers of the tests: real architectures and tokenizers, random weights.

Needs torch, transformers, open_clip, sentencepiece and onnx (`make test-models`). For every tower
it writes text-NAME.onnx and text-NAME.json, as the export and its tokenizer.json on the hub, and
into texts.npz the tokens that the reference's own tokenizer gives for the tests' texts, and the
vectors that the reference's own model gives for these tokens.

The vocabularies are the first pieces of CLIP's own (open_clip ships it), and pieces learnt from
the tests' texts for SigLIP's.
"""

import gzip
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import sentencepiece
import torch
from open_clip.tokenizer import SimpleTokenizer, default_bpe
from open_clip.transformer import TextTransformer
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
from transformers import (
    CLIPConfig,
    CLIPModel,
    CLIPTextConfig,
    CLIPTextModelWithProjection,
    CLIPTokenizer,
    CLIPVisionConfig,
    Siglip2Tokenizer,
    SiglipTextConfig,
    SiglipTextModel,
    SiglipTokenizer,
)

from tests.embed.texts import TEXTS

HERE = Path(__file__).parent
_MERGES = 260
_SIZES: dict[str, Any] = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
}
Tokens = Callable[[str], list[int]]


class Named(torch.nn.Module):
    """A model of tokens alone, or of tokens and their mask; one output."""

    def __init__(self, model: torch.nn.Module, pick: Callable[[Any], torch.Tensor]) -> None:
        super().__init__()
        self.model, self.pick = model, pick

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.pick(self.model(tokens))


def cut_bpe(folder: Path) -> Path:
    """CLIP's own list of merges, cut after the first few."""
    text = gzip.decompress(Path(default_bpe()).read_bytes()).decode()
    lines = text.split("\n")[: 1 + _MERGES]
    path = folder / "bpe.txt.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def clip_tokenizer(simple: SimpleTokenizer, pad: int, out: Path) -> Tokens:
    """transformers' tokenizer of CLIP with the same vocabulary, and its tokenizer.json."""
    vocabulary = {
        piece.replace("<start_of_text>", "<|startoftext|>").replace(
            "<end_of_text>", "<|endoftext|>"
        ): number
        for piece, number in simple.encoder.items()
    }
    merges = [" ".join(pair) for pair in simple.bpe_ranks]
    tokenizer = CLIPTokenizer(vocab=vocabulary, merges=[tuple(one.split()) for one in merges])
    tokenizer.backend_tokenizer.save(str(out), pretty=False)

    def tokens(text: str) -> list[int]:
        ids: list[int] = tokenizer(text, truncation=True, max_length=77)["input_ids"]
        return ids + [pad] * (77 - len(ids))

    return tokens


def siglip_tokenizer(folder: Path, out: Path) -> Tokens:
    """SigLIP's tokenizer (sentencepiece), and the same pieces as a tokenizer.json."""
    corpus = folder / "corpus.txt"
    corpus.write_text("\n".join(one.lower() for one in TEXTS if one.strip()) + "\n")
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder / "spiece"), vocab_size=96,
        model_type="unigram", pad_id=0, eos_id=1, unk_id=2, bos_id=-1, pad_piece="<pad>",
        hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    slow = SiglipTokenizer(str(folder / "spiece.model"))
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(folder / "spiece.model"))
    vocabulary = [(pieces.IdToPiece(one), pieces.GetScore(one)) for one in range(len(pieces))]
    fast = Tokenizer(models.Unigram(vocabulary, unk_id=2))
    fast.pre_tokenizer = pre_tokenizers.Metaspace()
    fast.add_special_tokens(["<pad>", "</s>", "<unk>"])
    fast.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    fast.save(str(out), pretty=False)
    return lambda text: slow(text, padding="max_length", truncation=True, max_length=64)[
        "input_ids"
    ]


def siglip2_tokenizer(out: Path) -> Tokens:
    """SigLIP 2's tokenizer (Gemma's, in lower case), and its tokenizer.json without that."""
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    learnt = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    learnt.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    spaced = [one.lower().replace(" ", "▁") for one in TEXTS]
    bytes_ = [f"<0x{one:02X}>" for one in range(256)]
    learnt.train_from_iterator(
        spaced,
        trainers.BpeTrainer(
            vocab_size=420, special_tokens=[*special, *bytes_], show_progress=False
        ),
    )
    import json

    model = json.loads(learnt.to_str())["model"]
    merges = [
        tuple(one) if isinstance(one, list) else tuple(one.split()) for one in model["merges"]
    ]
    # As in the tokenizer_config.json of google/siglip2-base-patch16-224.
    reference = Siglip2Tokenizer(vocab=model["vocab"], merges=merges)
    reference.padding_side = "right"
    end = processors.TemplateProcessing(single="$A <eos>", special_tokens=[("<eos>", 1)])
    reference.backend_tokenizer.post_processor = end
    text = json.loads(reference.backend_tokenizer.to_str())
    # The export on the hub is Gemma's, which keeps capitals.
    text["normalizer"] = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    out.write_text(json.dumps(text, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    return lambda text: reference(text, padding="max_length", truncation=True, max_length=64)[
        "input_ids"
    ]


def clip_text(words: int, end: int) -> torch.nn.Module:
    config = CLIPTextConfig(
        vocab_size=words, max_position_embeddings=77, projection_dim=24,
        eos_token_id=end, bos_token_id=end - 1, pad_token_id=end, **_SIZES,
    )  # fmt: skip
    return Named(CLIPTextModelWithProjection(config), lambda out: out.text_embeds)


def open_clip_text(words: int, *, masked: bool) -> torch.nn.Module:
    """open_clip's own text transformer; that of MobileCLIP2 looks at later tokens, too."""
    model = TextTransformer(
        context_length=77, vocab_size=words, width=16, heads=2, layers=2, output_dim=24,
        no_causal_mask=not masked,
    )  # fmt: skip
    return Named(model, lambda out: out)


def siglip_text(words: int) -> torch.nn.Module:
    config = SiglipTextConfig(vocab_size=words, max_position_embeddings=64, **_SIZES)
    return Named(SiglipTextModel(config), lambda out: out.pooler_output)


def write(
    name: str, model: torch.nn.Module, tokens: Tokens, out: Path, names: tuple[str, str], *,
    narrow: bool = False,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Write one tower; returns the reference's tokens and vectors of the tests' texts."""
    torch.manual_seed(len(name))
    model.eval()
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            drawn = torch.randn_like(parameter) * (0.3 if parameter.ndim > 1 else 0.2)
            scales = parameter.ndim == 1 and not parameter_name.endswith("bias")
            parameter.copy_(1 + drawn if scales else drawn)
    ids = torch.tensor(
        [tokens(text) for text in TEXTS], dtype=torch.int32 if narrow else torch.int64
    )
    torch.onnx.export(
        model, (ids[:1],), out / f"text-{name}.onnx", input_names=[names[0]],
        output_names=[names[1]], opset_version=17, dynamo=False,
    )  # fmt: skip
    with torch.no_grad():
        rows = torch.cat([model(row[None]) for row in ids])
    unit = torch.nn.functional.normalize(rows.double(), dim=1).float().numpy()
    return {f"{name}-tokens": ids.numpy().astype(np.int64), name: unit}


class Whole(torch.nn.Module):
    """A whole CLIP, with its pictures, as the export of FashionCLIP is."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, pixel_values: torch.Tensor, attention_mask: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        found = self.model(
            input_ids=input_ids, pixel_values=pixel_values, attention_mask=attention_mask
        )
        return found.text_embeds, found.image_embeds


def write_whole(words: int, end: int, tokens: Tokens, out: Path) -> dict[str, np.ndarray]:
    """The same as `write`, for one graph of pictures and texts."""
    torch.manual_seed(9)
    sizes = _SIZES | {"hidden_size": 8, "intermediate_size": 16}
    text = CLIPTextConfig(
        vocab_size=words, max_position_embeddings=77, eos_token_id=end, bos_token_id=end - 1,
        pad_token_id=end, **sizes,
    )  # fmt: skip
    vision = CLIPVisionConfig(image_size=224, patch_size=28, **sizes)
    model = Whole(
        CLIPModel(
            CLIPConfig(
                text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=24
            )
        )
    ).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(parameter + 0.2 * torch.randn_like(parameter))
    ids = torch.tensor([tokens(text) for text in TEXTS])
    # Attention to each token up to the first end of the text.
    mask = ((ids == end).cumsum(1) <= 1).to(torch.int64)
    pixels = torch.zeros(1, 3, 224, 224)
    torch.onnx.export(
        model, (ids[:1], pixels, mask[:1]), out / "text-fashionclip.onnx",
        input_names=["input_ids", "pixel_values", "attention_mask"],
        output_names=["text_embeds", "image_embeds"], opset_version=17, dynamo=False,
    )  # fmt: skip
    with torch.no_grad():
        rows = [
            model.model.get_text_features(input_ids=row[None], attention_mask=own[None])
            for row, own in zip(ids, mask, strict=True)
        ]
    rows = torch.cat([getattr(row, "pooler_output", row) for row in rows])
    unit = torch.nn.functional.normalize(rows.double(), dim=1).float().numpy()
    return {"fashionclip-tokens": ids.numpy(), "fashionclip": unit}


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    found: dict[str, np.ndarray] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        simple = SimpleTokenizer(str(cut_bpe(folder)))
        words = len(simple.encoder)
        end = words - 1
        clip = clip_tokenizer(simple, end, out / "text-clip.json")
        padded = clip_tokenizer(simple, 0, out / "text-clip.json")
        for text in TEXTS:
            # open_clip's own tokenizer and transformers' agree with each other.
            assert simple(text)[0].tolist() == padded(text), text
        embeds = ("input_ids", "text_embeds")
        found |= write("clip", clip_text(words, end), clip, out, embeds)
        found |= write(
            "openclip", open_clip_text(words, masked=True), padded, out, ("text", "embedding"),
            narrow=True,
        )  # fmt: skip
        found |= write("mobileclip2", open_clip_text(words, masked=False), padded, out, embeds)
        found |= write_whole(words, end, clip, out)
        siglip = siglip_tokenizer(folder, out / "text-siglip.json")
        words = Tokenizer.from_file(str(out / "text-siglip.json")).get_vocab_size()
        pooled = ("input_ids", "pooler_output")
        found |= write("siglip", siglip_text(words), siglip, out, pooled)
        siglip2 = siglip2_tokenizer(out / "text-siglip2.json")
        words = Tokenizer.from_file(str(out / "text-siglip2.json")).get_vocab_size()
        found |= write("siglip2", siglip_text(words), siglip2, out, pooled)
    np.savez_compressed(out / "texts.npz", **found)
    print(f"open_clip {open_clip.__version__}: {len(TEXTS)} texts for {len(found) // 2} towers")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
