"""What the image processors should do to a picture, written out with Pillow and numpy alone."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def clip_config(size: int) -> dict[str, Any]:
    """CLIP's preprocessor_config.json as it is on the hub: old names, plain numbers."""
    return {
        "crop_size": size,
        "do_center_crop": True,
        "do_normalize": True,
        "do_resize": True,
        "feature_extractor_type": "CLIPFeatureExtractor",
        "image_mean": list(CLIP_MEAN),
        "image_std": list(CLIP_STD),
        "resample": 3,
        "size": size,
    }


def siglip_config(size: int) -> dict[str, Any]:
    return {
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_processor_type": "SiglipImageProcessor",
        "image_std": [0.5, 0.5, 0.5],
        "processor_class": "SiglipProcessor",
        "resample": 3,
        "rescale_factor": 0.00392156862745098,
        "size": {"height": size, "width": size},
    }


def dinov2_config(size: int) -> dict[str, Any]:
    return {
        "crop_size": {"height": size, "width": size},
        "do_center_crop": True,
        "do_convert_rgb": True,
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": list(IMAGENET_MEAN),
        "image_processor_type": "BitImageProcessor",
        "image_std": list(IMAGENET_STD),
        "resample": 3,
        "rescale_factor": 0.00392156862745098,
        "size": {"shortest_edge": size * 8 // 7},
    }


def by_hand(image: Image.Image, config: dict[str, Any]) -> NDArray[np.float64]:
    """[3, height, width] as configured: bicubic, centre crop, normalised."""
    size = config["size"]
    shortest = size if isinstance(size, int) else size.get("shortest_edge")
    width, height = image.size
    if shortest and width <= height:
        to = (shortest, int(shortest * height / width))
    elif shortest:
        to = (int(shortest * width / height), shortest)
    else:
        to = (size["width"], size["height"])
    image = image.resize(to, Image.Resampling.BICUBIC)
    if config.get("do_center_crop"):
        crop = config["crop_size"]
        crop = crop if isinstance(crop, int) else crop["height"]
        left, top = (image.width - crop) // 2, (image.height - crop) // 2
        image = image.crop((left, top, left + crop, top + crop))
    values = np.asarray(image, np.float64) / 255
    values = (values - config["image_mean"]) / config["image_std"]
    return values.transpose(2, 0, 1)


def padded_square(image: Image.Image) -> Image.Image:
    """The picture in the middle of a black square, as imgbeddings does it first."""
    side = max(image.size)
    square = Image.new("RGB", (side, side))
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return square
