"""Grounding DINO, a detector that finds what words describe, on onnxruntime alone.

The files are those that `generator/training/export_grounding.py` writes. Preparation, tokens and
boxes are those of transformers (https://github.com/huggingface/transformers:
GroundingDinoImageProcessorPil with pictures on a square, and GroundingDinoProcessor with its
post_process_grounded_object_detection); tests compare them.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.config import IsolateSettings
from generator.errors import BollardsError
from generator.isolate.worded import (
    Feed,
    Floats,
    Opened,
    WordedIsolator,
    located,
    open_tokenizer,
)

MOST_TOKENS = 256
"""Of all prompts together."""
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class GroundingIsolator(WordedIsolator):
    """One Grounding DINO and its prompts. Opens its files at the first picture.

    It scores each token of the prompts. A box has the confidence of its best token, as in
    transformers.
    """

    title = "Grounding DINO"
    version = "grounding-dino 1"
    processor = "GroundingDino"
    inputs = frozenset(
        {"pixel_values", "pixel_mask", "input_ids", "token_type_ids", "attention_mask"}
    )
    least = 0.25

    def texts(self) -> Feed:
        return dict(tokens(self.tokenizer, self.prompts))

    def given(self, image: Image.Image, opened: Opened) -> Feed:
        pixels, mask = prepared(image, opened.width, opened.height)
        return {"pixel_values": pixels, "pixel_mask": mask}


def prepared(image: Image.Image, width: int, height: int) -> tuple[Floats, npt.NDArray[np.int64]]:
    """RGB picture of any size -> the picture at the left and top, and where it is.

    Returns:
        float32 [1, 3, height, width], and int64 [1, height, width], 1 where the picture is.
    """
    across, down = fitted(image.size, (width, height))
    small = image.convert("RGB").resize((across, down), Image.Resampling.BILINEAR)
    values = np.asarray(small, np.float32) / np.float32(255)
    pixels = np.zeros((height, width, 3), np.float32)
    pixels[:down, :across] = (values - np.array(_MEAN, np.float32)) / np.array(_STD, np.float32)
    mask = np.zeros((1, height, width), np.int64)
    mask[:, :down, :across] = 1
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None]), mask


def fitted(size: tuple[int, int], within: tuple[int, int]) -> tuple[int, int]:
    """Width and height of a picture that is scaled to fill one side of `within`.

    Rounded as `get_size_with_aspect_ratio` of transformers does it, where `within` is a square.
    """
    side = min(within)
    shorter, longer = min(size), max(size)
    exact = side * float(shorter) / float(longer)
    short = max(1, round(exact))
    if shorter == short and longer <= side:
        return size
    long = min(side, max(1, int((exact if longer > shorter else short) * longer / shorter)))
    return (short, long) if size[0] < size[1] else (long, short)


def tokens(path: Path, prompts: tuple[str, ...]) -> dict[str, npt.NDArray[np.int64]]:
    """Prompts -> `input_ids`, `token_type_ids` and `attention_mask`, each int64 [1, tokens].

    All prompts are one text, in which a full stop ends each.

    Args:
        path: the tokenizer.json that belongs to the model.
        prompts: in any case; a full stop within one is left out.

    Raises:
        BollardsError: the file is no tokenizer, or the prompts are too long together.
    """
    text = ". ".join(prompt.replace(".", " ").strip().lower() for prompt in prompts) + "."
    found = open_tokenizer(path).encode(text).ids
    if len(found) > MOST_TOKENS:
        raise BollardsError(
            f"isolate.prompts: {len(found)} tokens together, about {len(text.split())} words;"
            f" Grounding DINO takes at most {MOST_TOKENS} tokens. Use fewer prompts, or shorter"
            " ones."
        )
    ids = np.array([found], np.int64)
    return {
        "input_ids": ids,
        "token_type_ids": np.zeros_like(ids),
        "attention_mask": np.ones_like(ids),
    }


def load(name: str, settings: IsolateSettings, project: Path) -> GroundingIsolator:
    """The detector in the folder after the colon of `crop`, relative to the site project.

    Raises:
        BollardsError: no folder is named, or a file is missing.
    """
    source = "generator/training/export_grounding.py of this program writes them"
    return GroundingIsolator(*located(name, settings, project, source))
