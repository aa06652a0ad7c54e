"""OWL-ViT, a detector that finds what words describe, on onnxruntime alone.

Preparation, tokens and boxes are those of transformers (https://github.com/huggingface/transformers:
OwlViTImageProcessorPil with its post_process_object_detection, and OwlViTProcessor); tests compare
them. The preparation file is needed only where the graph leaves the size of pictures open.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.config import IsolateSettings
from generator.isolate.worded import (
    Feed,
    Floats,
    Opened,
    WordedIsolator,
    located,
    open_tokenizer,
    told_sides,
)

CONTEXT = 16
"""Tokens of a prompt; what is longer is cut."""
# The mean and deviation of CLIP's training pictures, for values from 0 to 1.
_MEAN = (0.48145466, 0.4578275, 0.40821073)
_STD = (0.26862954, 0.26130258, 0.27577711)


class OwlVitIsolator(WordedIsolator):
    """One OWL-ViT and its prompts. Opens its files at the first picture."""

    title = "OWL-ViT"
    version = "owlvit 2"
    processor = "OwlViT"
    inputs = frozenset({"pixel_values", "input_ids", "attention_mask"})
    least = 0.1

    def texts(self) -> Feed:
        return dict(tokens(self.tokenizer, self.prompts))

    def given(self, image: Image.Image, opened: Opened) -> Feed:
        return {"pixel_values": prepared(image, opened.width, opened.height)}

    def size(self, shape: list[Any]) -> tuple[Any, Any]:
        if all(isinstance(side, int) for side in shape[2:]):
            return shape[2], shape[3]
        return told_sides(self.preparation)

    def takes(self, scores: int) -> bool:
        return scores == len(self.prompts)


def prepared(image: Image.Image, width: int, height: int) -> Floats:
    """RGB picture of any size -> float32 [1, 3, height, width]; its proportions are not kept."""
    small = image.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    return normalised(np.asarray(small, np.float32) / np.float32(255))


def normalised(values: Floats) -> Floats:
    """float32 [height, width, 3] from 0 to 1 -> [1, 3, height, width] as CLIP gets them."""
    normal = (values - np.array(_MEAN, np.float32)) / np.array(_STD, np.float32)
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None], np.float32)


def tokens(path: Path, prompts: tuple[str, ...]) -> dict[str, npt.NDArray[np.int64]]:
    """Prompts -> `input_ids` and `attention_mask`, each int64 [prompts, CONTEXT].

    Args:
        path: the tokenizer.json that belongs to the model.
        prompts: in any case; CLIP's tokenizer makes them lower.

    Raises:
        BollardsError: the file is no tokenizer.
    """
    tokenizer = open_tokenizer(path)
    tokenizer.enable_truncation(CONTEXT)
    # Both models fill with "!", the number 0 in CLIP's vocabulary. So transformers takes it for a
    # special token wherever it is, and never joins it with other letters.
    tokenizer.add_special_tokens(["!"])
    ids = np.zeros((len(prompts), CONTEXT), np.int64)
    mask = np.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        found = tokenizer.encode(prompt).ids
        ids[row, : len(found)], mask[row, : len(found)] = found, 1
    return {"input_ids": ids, "attention_mask": mask}


def load(name: str, settings: IsolateSettings, project: Path) -> OwlVitIsolator:
    """The detector in the folder after the colon of `crop`, relative to the site project.

    Raises:
        BollardsError: no folder is named, or a file is missing.
    """
    source = "https://huggingface.co/Xenova/owlvit-base-patch32 has them"
    return OwlVitIsolator(*located(name, settings, project, source))
