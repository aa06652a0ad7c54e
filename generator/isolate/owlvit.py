"""OWL-ViT, a detector that finds what words describe, on onnxruntime alone.

The owner's folder holds the three files of an export for ONNX: the graph, tokenizer.json and, where
the graph leaves the size of pictures open, preprocessor_config.json. Preparation, tokens and boxes
are those of transformers (https://github.com/huggingface/transformers: OwlViTImageProcessorPil with
its post_process_object_detection, and OwlViTProcessor); tests compare them.
"""

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from generator.catalogue import Box
from generator.config import IsolateSettings
from generator.errors import BollardsError
from generator.inference import accelerator, external_data, fingerprint, open_session
from generator.isolate import Found, Isolator
from generator.isolate.yolo import decoded
from generator.recogniser.framing import framed

Floats = npt.NDArray[np.float32]

PROMPTS = ("bollard", "road marker", "post")
"""What is looked for where the owner has given no prompts."""
LEAST = 0.1
"""The lowest confidence of a box, that of transformers."""
CONTEXT = 16
"""Tokens of a prompt; what is longer is cut."""
# The mean and deviation of CLIP's training pictures, for values from 0 to 1.
_MEAN = (0.48145466, 0.4578275, 0.40821073)
_STD = (0.26862954, 0.26130258, 0.27577711)
_SIDES = range(32, 2049)
_LONGEST_PREPARATION = 1_000_000
_GRAPHS = ("model.onnx", "onnx/model.onnx")
_TOKENIZER = "tokenizer.json"
_PREPARATION = "preprocessor_config.json"
_OUTPUTS = ("logits", "pred_boxes")
EXPORT = "https://huggingface.co/Xenova/owlvit-base-patch32"


@dataclass(frozen=True, slots=True)
class _Opened:
    """A session, the size of its pictures in px, and what it gets besides a picture."""

    session: Any
    width: int
    height: int
    texts: dict[str, npt.NDArray[np.int64]]


class OwlVitIsolator(Isolator):
    """One OWL-ViT and its prompts. Opens its files at the first picture.

    Attributes:
        title: of the architecture, for messages.
        version: of this code, part of the fingerprint.
        processors: what the name of the processor in its preparation begins with.
    """

    title = "OWL-ViT"
    version = "owlvit 2"
    processors = "OwlViT"

    def __init__(self, name: str, model: Path, folder: Path, prompts: tuple[str, ...]) -> None:
        """
        Args:
            name: see `Isolator`.
            model: the graph.
            folder: where its tokenizer and preparation are.
            prompts: what to look for, at least one.
        """
        self.name = name
        self._model, self._folder = model, folder
        self._prompts = prompts
        self._device = accelerator()
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        files = [model, *(model.parent / one for one in external_data(model)), folder / _TOKENIZER]
        if (folder / _PREPARATION).is_file():
            files.append(folder / _PREPARATION)
        self.fingerprint = fingerprint(files, self.version, repr(prompts), self._device)

    def find(self, image: Image.Image) -> Box | None:
        """Upright RGB picture -> the crop around its most confident box, in its pixels, or None."""
        return self.crop(image, self.boxes(image))

    def crop(self, image: Image.Image, found: tuple[Found, ...]) -> Box | None:
        """The result of `find`, if `boxes` has already found these bollards in the picture."""
        if not found:
            return None
        best = found[0]
        return Box(*framed((best.left, best.top, best.right, best.bottom), image.size))

    def pixels(self, image: Image.Image, width: int, height: int) -> Floats:
        """RGB picture of any size -> float32 [1, 3, height, width]."""
        return prepared(image, width, height)

    def sides(self, size: tuple[int, int]) -> tuple[int, int]:
        """What 1.0 is in the network's boxes: width and height in px of a picture of `size`."""
        return size

    def boxes(self, image: Image.Image) -> tuple[Found, ...]:
        """All boxes in an upright RGB picture, the most confident first.

        A box has the confidence of the prompt that suits it best. Overlapping ones are one bollard.

        Raises:
            BollardsError: the files are no such detector.
        """
        opened = self._open()
        pixels = self.pixels(image, opened.width, opened.height)
        try:
            logits, places = opened.session.run(
                list(_OUTPUTS), {"pixel_values": pixels, **opened.texts}
            )
        except Exception as error:  # onnxruntime has a dozen classes, with no base of their own
            said = " ".join(str(error).split())[:300]
            raise self._no_detector(f"it fails on a picture: {said}") from error
        shapes = [np.shape(logits), np.shape(places)]
        count = shapes[0][1] if len(shapes[0]) == 3 else 0
        if shapes != [(1, count, len(self._prompts)), (1, count, 4)] or not count:
            raise self._no_detector(f"its outputs have the shapes {shapes}")
        sides = np.array(self.sides(image.size) * 2, np.float32)
        sure = 1 / (1 + np.exp(-np.clip(np.asarray(logits[0], np.float32), -80, 80)))
        rows = decoded(np.concatenate([places[0] * sides, sure], axis=1), least=LEAST)
        if rows is None:
            raise self._no_detector("its confidences are not between 0 and 1")
        rows[:, :4] = np.clip(rows[:, :4], 0, np.array(image.size * 2, np.float32))
        kept = (rows[:, 2] > rows[:, 0]) & (rows[:, 3] > rows[:, 1])
        return tuple(Found(*(float(side) for side in row[:5])) for row in rows[kept])

    def _open(self) -> _Opened:
        with self._lock:
            if self._opened is None:
                self._opened = self._read()
            return self._opened

    def _read(self) -> _Opened:
        session = open_session(self._model, self._device)
        given = {node.name: node for node in session.get_inputs()}
        made = [node.name for node in session.get_outputs()]
        texts = tokens(self._folder / _TOKENIZER, self._prompts)
        if set(given) != {"pixel_values", *texts} or not set(_OUTPUTS) <= set(made):
            raise self._no_detector(f"its inputs are {sorted(given)}, its outputs {sorted(made)}")
        preparation = self._folder / _PREPARATION
        is_told = preparation.is_file()
        processor = _processor(preparation) if is_told else ""
        if processor.startswith("Owl") and not processor.startswith(self.processors):
            raise self._no_detector(f"{preparation} is that of {processor}")
        shape = list(given["pixel_values"].shape)
        if len(shape) != 4:
            raise self._no_detector(f"its pictures have the shape {shape}")
        height, width = shape[2:]
        if not (isinstance(height, int) and isinstance(width, int)):
            height, width = _sides(preparation)
        if height not in _SIDES or width not in _SIDES:
            raise self._no_detector(
                f"its pictures are {height} x {width}; expected sides from {_SIDES[0]} to"
                f" {_SIDES[-1]} px"
            )
        return _Opened(session, width, height, texts)

    def _no_detector(self, found: str) -> BollardsError:
        return BollardsError(
            f"{self._model}: not an {self.title} that this program can use: {found}. Expected an"
            " export for ONNX with the inputs input_ids, attention_mask and pixel_values, and the"
            ' outputs logits and pred_boxes. Or set crop = "auto" under [isolate].'
        )


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
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception
        raise BollardsError(
            f"{path}: cannot be read as a tokenizer: {error}. Fetch it again."
        ) from None
    tokenizer.enable_truncation(CONTEXT)
    tokenizer.no_padding()
    # Both models fill with "!", the number 0 in CLIP's vocabulary. So transformers takes it for a
    # special token wherever it is, and never joins it with other letters.
    tokenizer.add_special_tokens(["!"])
    ids = np.zeros((len(prompts), CONTEXT), np.int64)
    mask = np.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        found = tokenizer.encode(prompt).ids
        ids[row, : len(found)], mask[row, : len(found)] = found, 1
    return {"input_ids": ids, "attention_mask": mask}


def _sides(path: Path) -> tuple[Any, Any]:
    """Height and width in a preparation file; of any type, as the file gives them.

    Raises:
        BollardsError: it is missing or cannot be read.
    """
    try:
        if path.stat().st_size > _LONGEST_PREPARATION:
            raise ValueError("expected at most 1 MB")
        size = json.loads(path.read_text(encoding="utf-8"))["size"]
        if isinstance(size, dict):
            return size["height"], size["width"]
        if isinstance(size, list):
            height, width = size
            return height, width
    except OSError as error:
        raise BollardsError(
            f"{path}: cannot be read: {error.strerror}. The model leaves the size of pictures open;"
            " take the file that belongs to it."
        ) from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BollardsError(
            f'{path}: the size of pictures ("size", with "height" and "width") cannot be read:'
            f" {str(error)[:200]}. Take the file that belongs to the model."
        ) from None
    return size, size


def _processor(path: Path) -> str:
    """The class of transformers that a preparation file is made for; "" if it names none."""
    try:
        if path.stat().st_size > _LONGEST_PREPARATION:
            return ""
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    if not isinstance(told, dict):
        return ""
    return str(told.get("image_processor_type") or told.get("feature_extractor_type") or "")[:80]


def located(
    name: str, settings: IsolateSettings, project: Path, export: str
) -> tuple[str, Path, Path, tuple[str, ...]]:
    """The arguments of an isolator of this family, for the folder after the colon of `crop`.

    Args:
        export: the address of a repository that has all its files, for messages.

    Raises:
        BollardsError: no folder is named, or a file is missing.
    """
    told = settings.crop.partition(":")[2]
    folder = project / told
    model = next((folder / one for one in _GRAPHS if (folder / one).is_file()), None)
    if not told:
        found = f'isolate.crop: "{name}" names no folder'
    elif model is None:
        found = f"{folder / _GRAPHS[0]}: there is no such file"
    elif not (folder / _TOKENIZER).is_file():
        found = f"{folder / _TOKENIZER}: there is no such file"
    else:
        return name, model, folder, settings.prompts or PROMPTS
    raise BollardsError(
        f"{found}. Expected a folder of the project with model.onnx, {_TOKENIZER} and"
        f" {_PREPARATION}, as {export} has them, with its place: crop ="
        f' "{name}:models/{name}". This program fetches none. Or set crop = "auto" under'
        " [isolate]."
    )


def load(name: str, settings: IsolateSettings, project: Path) -> OwlVitIsolator:
    """The detector in the folder after the colon of `crop`, relative to the site project.

    Raises:
        BollardsError: no folder is named, or a file is missing.
    """
    return OwlVitIsolator(*located(name, settings, project, EXPORT))
