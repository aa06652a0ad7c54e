"""SAM, SAM 2 and SAM 3 as segmenters, prompted by the bollard's box, on onnxruntime alone.

The owner's folder holds the three files of an export for ONNX: vision_encoder.onnx,
prompt_encoder_mask_decoder.onnx and preprocessor_config.json, as the hub has them or as
`generator/training/export_sam.py` writes them. Preparation, prompts and masks are those of
transformers (https://github.com/huggingface/transformers: SamImageProcessorPil, Sam2ImageProcessor,
Sam3ImageProcessor and their processors); tests compare them.

The box is that of the built-in detector in the picture, which is usually the crop that a detector
made. Of what it finds, the bollard in the picture's middle counts.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.config import EmbedSettings
from generator.embed.preprocessor import check_preparation
from generator.embed.segment import Segmenter
from generator.errors import BollardsError
from generator.inference import accelerator, external_data, fingerprint, open_session
from generator.recogniser.detector import Detector
from generator.recogniser.framing import SHARE

Floats = NDArray[np.float32]
Sides = tuple[float, float, float, float]

SURE = 0.25
"""The lowest confidence of a box that prompts."""
_ENCODER = "vision_encoder.onnx"
_DECODER = "prompt_encoder_mask_decoder.onnx"
_PREPARATION = "preprocessor_config.json"
_FOLDERS = ("", "onnx")
_IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_BOXES, _POINTS, _LABELS = "input_boxes", "input_points", "input_labels"
_OUTPUTS = ("iou_scores", "pred_masks")
_LONGEST_SIDE = 2048
# Where the points are on a box's vertical axis, for decoders that take no box.
_HEIGHTS = (0.25, 0.5, 0.75)
_VERSION = "sam 1"
_EXPORTS = {
    "sam": "https://huggingface.co/Xenova/slimsam-77-uniform",
    "sam2": "https://huggingface.co/onnx-community/sam2.1-hiera-tiny-ONNX",
    "sam3": "https://huggingface.co/onnx-community/sam3-tracker-ONNX",
}


@dataclass(frozen=True, slots=True)
class Preparation:
    """How a picture becomes the network's.

    Attributes:
        height, width: of the network's picture in px.
        keeps_shape: the picture keeps its proportions, at the left and top (SAM); or it is
            stretched (SAM 2, SAM 3).
        mean, std: of each channel, for values from 0 to 1.
    """

    height: int
    width: int
    keeps_shape: bool
    mean: tuple[float, ...]
    std: tuple[float, ...]

    def inner(self, size: tuple[int, int]) -> tuple[int, int]:
        """Width and height that a picture of `size` has within the network's."""
        if not self.keeps_shape:
            return self.width, self.height
        scale = max(self.width, self.height) / max(size)
        across, down = (max(1, int(side * scale + 0.5)) for side in size)
        return across, down


@dataclass(frozen=True, slots=True)
class _Opened:
    encoder: Any
    decoder: Any
    how: Preparation


class SamSegmenter(Segmenter):
    """One SAM. Opens its files at the first picture."""

    def __init__(self, encoder: Path, decoder: Path, preparation: Path, detector: Detector) -> None:
        self._encoder, self._decoder, self._preparation = encoder, decoder, preparation
        self._detector = detector
        self._device = accelerator()
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        models = [
            *(encoder, decoder),
            *(encoder.parent / one for one in external_data(encoder)),
            *(decoder.parent / one for one in external_data(decoder)),
        ]
        self.fingerprint = fingerprint(
            [*models, preparation], _VERSION, f"{SURE:g}", detector.fingerprint, self._device
        )
        self.bytes = sum(one.stat().st_size for one in models)

    def mask(self, image: Image.Image) -> Floats:
        """See `Segmenter.mask`. The bollard is where the built-in detector sees it.

        Raises:
            BollardsError: the files are no such model.
        """
        return self.mask_of(image, prompt(self._detector, image))

    def mask_of(self, image: Image.Image, box: Sides) -> Floats:
        """RGB picture, a box in its px (left, top, right, bottom) -> the mask of what it shows.

        Of the three masks that SAM proposes, the one counts whose IoU it predicts to be greatest.
        A value is above 0.5 where transformers' binary mask is true.

        Raises:
            BollardsError: the files are no such model.
        """
        opened = self._open()
        try:
            made = opened.encoder.run(None, {"pixel_values": prepared(image, opened.how)})
            names = [node.name for node in opened.encoder.get_outputs()]
            given = dict(zip(names, made, strict=True)) | prompts(box, image.size, opened.how)
            wanted = {node.name for node in opened.decoder.get_inputs()}
            if _BOXES in wanted:
                given[_POINTS] = np.zeros((1, 1, 0, 2), np.float32)
                given[_LABELS] = np.zeros((1, 1, 0), np.int64)
            scores, masks = opened.decoder.run(
                list(_OUTPUTS), {name: given[name] for name in wanted}
            )
        except Exception as error:  # onnxruntime has a dozen classes, with no base of their own
            said = " ".join(str(error).split())[:300]
            raise self._no_sam(f"they fail on a picture: {said}") from error
        shapes = [np.shape(scores), np.shape(masks)]
        count = shapes[0][-1] if shapes[0] else 0
        if not count or shapes[0] != (1, 1, count) or shapes[1][:-2] != (1, 1, count):
            raise self._no_sam(f"their outputs have the shapes {shapes}")
        best = masks[0, 0, int(np.argmax(scores[0, 0]))]
        if not np.isfinite(best).all():
            return np.zeros((image.height, image.width), np.float32)
        logits = _whole(np.asarray(best, np.float32), image.size, opened.how)
        return (1 / (1 + np.exp(-np.clip(logits, -80, 80)))).astype(np.float32)

    def _open(self) -> _Opened:
        with self._lock:
            if self._opened is None:
                self._opened = self._read()
            return self._opened

    def _read(self) -> _Opened:
        how = read_preparation(self._preparation)
        encoder = open_session(self._encoder, self._device)
        decoder = open_session(self._decoder, self._device)
        pictures = [node.name for node in encoder.get_inputs()]
        made = {node.name for node in encoder.get_outputs()}
        wanted = {node.name for node in decoder.get_inputs()}
        results = {node.name for node in decoder.get_outputs()}
        if pictures != ["pixel_values"]:
            raise self._no_sam(f"the inputs of {_ENCODER} are {pictures}")
        is_prompted = _BOXES in wanted or {_POINTS, _LABELS} <= wanted
        if (
            not is_prompted
            or not wanted - {_BOXES, _POINTS, _LABELS} <= made
            or not set(_OUTPUTS) <= results
        ):
            raise self._no_sam(
                f"{_DECODER} takes {sorted(wanted)} and gives {sorted(results)}, where {_ENCODER}"
                f" gives {sorted(made)}"
            )
        shape = list(encoder.get_inputs()[0].shape)
        sides = [side for side in shape[2:] if isinstance(side, int)]
        if len(shape) != 4 or sides not in ([], [how.height, how.width]):
            raise self._no_sam(
                f"pictures of {_ENCODER} have the shape {shape}, and {self._preparation} makes them"
                f" {how.height} x {how.width}"
            )
        return _Opened(encoder, decoder, how)

    def _no_sam(self, found: str) -> BollardsError:
        return BollardsError(
            f"{self._encoder.parent}: no SAM that this program can use: {found}. Expected"
            f" {_ENCODER} with the input pixel_values, and {_DECODER} with input_boxes, or with"
            " input_points and input_labels, and the outputs iou_scores and pred_masks. Or set"
            ' mask = "none" under [embed].'
        )


def prompt(detector: Detector, image: Image.Image) -> Sides:
    """The box of the bollard that an upright RGB picture is about, in its px.

    That is the detector's most confident box that covers the middle of the picture, else the most
    confident one, else the middle part that a detector's crops fill.
    """
    found = [one.box for one in detector.detect(image) if one.confidence >= SURE]
    x, y = image.width / 2, image.height / 2
    central = [box for box in found if box[0] <= x <= box[2] and box[1] <= y <= box[3]]
    for box in (*central, *found):
        return box
    around = (1 - SHARE) / 2
    left, top = image.width * around, image.height * around
    return left, top, image.width - left, image.height - top


def prepared(image: Image.Image, how: Preparation) -> Floats:
    """RGB picture of any size -> float32 [1, 3, height, width] of the network's picture."""
    size = how.inner(image.size)
    small = image.convert("RGB").resize(size, Image.Resampling.BILINEAR)
    values = np.asarray(small, np.float32) / np.float32(255)
    normal = (values - np.array(how.mean, np.float32)) / np.array(how.std, np.float32)
    whole = np.zeros((how.height, how.width, 3), np.float32)
    whole[: size[1], : size[0]] = normal
    return np.ascontiguousarray(whole.transpose(2, 0, 1)[None])


def prompts(box: Sides, size: tuple[int, int], how: Preparation) -> dict[str, NDArray[Any]]:
    """A box in px of a picture of `size` -> the prompts of all exports, in px of the network's."""
    inner = how.inner(size)
    scale = np.array((inner[0] / size[0], inner[1] / size[1]), np.float64)
    corners = np.array(box, np.float64).reshape(2, 2) * scale
    middle = corners[:, 0].mean()
    heights = corners[0, 1] + np.array(_HEIGHTS) * (corners[1, 1] - corners[0, 1])
    points = np.stack([np.full(len(_HEIGHTS), middle), heights], axis=1)
    return {
        _BOXES: corners.reshape(1, 1, 4).astype(np.float32),
        _POINTS: points[None, None].astype(np.float32),
        _LABELS: np.ones((1, 1, len(_HEIGHTS)), np.int64),
    }


def _whole(logits: Floats, size: tuple[int, int], how: Preparation) -> Floats:
    """A mask [rows, columns] of the network -> [height, width] of the picture.

    SAM's is enlarged to the network's picture first, whose right and lower parts are not the
    photo's; that of SAM 2 and SAM 3 shows nothing but the photo.
    """
    if how.keeps_shape:
        across, down = how.inner(size)
        logits = resized(logits, (how.width, how.height))[:down, :across]
    return resized(logits, size)


def resized(values: Floats, size: tuple[int, int]) -> Floats:
    """[rows, columns] -> [height, width] by linear interpolation, without smoothing.

    This is torch's `interpolate(mode="bilinear", align_corners=False)`. size: width, height.
    """
    for axis, length in ((0, size[1]), (1, size[0])):
        before = values.shape[axis]
        places = (np.arange(length) + 0.5) * (before / length) - 0.5
        places = np.clip(places, 0, before - 1)
        low = np.floor(places).astype(np.intp)
        share = (places - low).astype(np.float32)
        share = share[:, None] if axis == 0 else share
        first = np.take(values, low, axis)
        second = np.take(values, np.minimum(low + 1, before - 1), axis)
        values = first + (second - first) * share
    return values


def read_preparation(path: Path) -> Preparation:
    """The preparation in a preprocessor_config.json.

    Raises:
        BollardsError: it cannot be read, or is not that of a SAM.
    """
    check_preparation(path)
    told = json.loads(path.read_text(encoding="utf-8"))
    size, pad = (
        sides if isinstance(sides, dict) else {}
        for sides in (told.get("size"), told.get("pad_size"))
    )
    # Sizes have been checked to be whole numbers; 0 is none.
    longest = int(size.get("longest_edge") or 0)
    if longest:
        height, width = (int(pad.get(side) or longest) for side in ("height", "width"))
    else:
        height, width = (int(size.get(side) or 0) for side in ("height", "width"))
    shorter, longer = sorted((height, width))
    if not 32 <= shorter <= longer <= _LONGEST_SIDE or longest not in (0, longer):
        raise BollardsError(
            f'{path}: not the preparation of a SAM: expected "size" with "longest_edge", or with'
            f' "height" and "width", from 32 to {_LONGEST_SIDE} px; found'
            f" {json.dumps(told.get('size'))[:80]}. Take the file that belongs to the model."
        )
    mean, std = (
        _three(told.get(key), usual)
        for key, usual in zip(("image_mean", "image_std"), _IMAGENET, strict=True)
    )
    return Preparation(height, width, longest > 0, mean, std)


def _three(value: Any, usual: Sequence[float]) -> tuple[float, ...]:
    """One number for each channel."""
    if value is None:
        return tuple(usual)
    listed = value if isinstance(value, list) else [value]
    return tuple(float(one) for one in (listed * 3 if len(listed) == 1 else listed))


def load(name: str, settings: EmbedSettings, project: Path) -> SamSegmenter:
    """The model in the folder after the colon of `mask`, relative to the site project.

    Raises:
        BollardsError: no folder is named, or a file is missing.
    """
    told = settings.mask.partition(":")[2]
    folder = project / told
    inside = [folder / one for one in _FOLDERS if (folder / one / _ENCODER).is_file()]
    graphs = inside[0] if inside else folder
    files = (graphs / _ENCODER, graphs / _DECODER, folder / _PREPARATION)
    missing = next((one for one in files if not one.is_file()), None)
    if told and missing is None:
        try:
            return SamSegmenter(*files, Detector())
        except OSError as error:
            raise BollardsError(
                f"{error.filename}: the model that detects bollards cannot be read:"
                f' {error.strerror}. Set mask = "none" under [embed], or install the program again.'
            ) from error
    found = f"{missing}: there is no such file" if told else f'embed.mask: "{name}" names no folder'
    raise BollardsError(
        f"{found}. Expected a folder of the project with {_ENCODER}, {_DECODER} (or both in onnx/)"
        f" and {_PREPARATION}, as {_EXPORTS.get(name, _EXPORTS['sam'])} has them, with its place:"
        f' mask = "{name}:models/{name}". This program fetches none. Or set mask = "none" under'
        " [embed]."
    )
