"""OWLv2, the successor of OWL-ViT, whose pictures keep their proportions.

Preparation and boxes are those of transformers (https://github.com/huggingface/transformers:
Owlv2ImageProcessorPil with its post_process_object_detection); tests compare them. A box has the
confidence of its best prompt, as there; the model's objectness, which no prompt changes, is not
used.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from generator.config import IsolateSettings
from generator.isolate.owlvit import OwlVitIsolator, normalised
from generator.isolate.worded import Feed, Floats, Opened, located

# A longer picture is reduced before it is smoothed: it would take gigabytes.
_LONGEST = 4096


class Owlv2Isolator(OwlVitIsolator):
    """One OWLv2 and its prompts. Opens its files at the first picture."""

    title = "OWLv2"
    version = "owlv2 1"
    processor = "Owlv2"

    def given(self, image: Image.Image, opened: Opened) -> Feed:
        return {"pixel_values": prepared(image, opened.width, opened.height)}

    def sides(self, size: tuple[int, int]) -> tuple[int, int]:
        return max(size), max(size)


def prepared(image: Image.Image, width: int, height: int) -> Floats:
    """RGB picture of any size -> float32 [1, 3, height, width]: the picture, black below or beside.

    Smoothed by a Gaussian filter and reduced by linear interpolation, as scikit-image resizes.
    """
    from scipy import ndimage

    image = image.convert("RGB")
    if max(image.size) > _LONGEST:
        image = image.copy()
        image.thumbnail((_LONGEST, _LONGEST), Image.Resampling.BOX)
    side = max(image.size)
    factors = side / height, side / width
    blur = [max(0.0, (factor - 1) / 2) for factor in factors]
    planes = []
    for plane in image.split():
        square = np.zeros((side, side), np.float32)
        square[: image.height, : image.width] = np.asarray(plane, np.float32) / np.float32(255)
        smooth = ndimage.gaussian_filter(square, blur, mode="mirror") if max(blur) else square
        small = ndimage.zoom(
            smooth, [1 / factor for factor in factors], order=1, mode="mirror", grid_mode=True
        )
        planes.append(small)
    return normalised(np.stack(planes, axis=-1))


def load(name: str, settings: IsolateSettings, project: Path) -> Owlv2Isolator:
    """The detector in the folder after the colon of `crop`, relative to the site project.

    Raises:
        BollardsError: no folder is named, or a file is missing.
    """
    source = "https://huggingface.co/onnx-community/owlv2-base-patch16-ensemble-ONNX has them"
    return Owlv2Isolator(*located(name, settings, project, source))
