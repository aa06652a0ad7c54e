"""What detectors that find what words describe have in common.

Each runs an export for ONNX on onnxruntime alone. The owner's folder holds its three files: the
graph, tokenizer.json and preprocessor_config.json.
"""

import json
import threading
from abc import abstractmethod
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
Feed = dict[str, npt.NDArray[Any]]

PROMPTS = ("bollard", "road marker", "post")
"""What is looked for where the owner has given no prompts."""
SIDES = range(32, 2049)
"""The sides of a network's picture in px."""
TOKENIZER = "tokenizer.json"
PREPARATION = "preprocessor_config.json"
_LONGEST_PREPARATION = 1_000_000
_GRAPHS = ("model.onnx", "onnx/model.onnx")
_OUTPUTS = ("logits", "pred_boxes")


@dataclass(frozen=True, slots=True)
class Opened:
    """A session, the size of its pictures in px, and what it gets besides a picture."""

    session: Any
    width: int
    height: int
    texts: Feed


class WordedIsolator(Isolator):
    """One detector and its prompts. Opens its files at the first picture.

    Attributes:
        title: of the architecture, for messages.
        version: of its code, part of the fingerprint.
        processor: what the class names of its preparation begin with in transformers.
        inputs: of its graph.
        least: the lowest confidence of a box, that of transformers.
    """

    title: str
    version: str
    processor: str
    inputs: frozenset[str]
    least: float

    def __init__(self, name: str, model: Path, folder: Path, prompts: tuple[str, ...]) -> None:
        """
        Args:
            name: see `Isolator`.
            model: the graph.
            folder: where its tokenizer and preparation are.
            prompts: what to look for, at least one.
        """
        self.name = name
        self.prompts = prompts
        self.tokenizer, self.preparation = folder / TOKENIZER, folder / PREPARATION
        self._model = model
        self._device = accelerator()
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        files = [model, *(model.parent / one for one in external_data(model)), self.tokenizer]
        if self.preparation.is_file():
            files.append(self.preparation)
        self.fingerprint = fingerprint(files, self.version, repr(prompts), self._device)

    @abstractmethod
    def texts(self) -> Feed:
        """The prompts as the network gets them.

        Raises:
            BollardsError: the tokenizer cannot be read.
        """

    @abstractmethod
    def given(self, image: Image.Image, opened: Opened) -> Feed:
        """A picture as the network gets it."""

    def sides(self, size: tuple[int, int]) -> tuple[int, int]:
        """What 1.0 is in the network's boxes: width and height in px of a picture of `size`."""
        return size

    def size(self, shape: list[Any]) -> tuple[Any, Any]:
        """Height and width of the network's pictures in px, of whatever type the files say.

        Args:
            shape: of the input `pixel_values`, [1, 3, height, width]; open sides are no numbers.

        Raises:
            BollardsError: the preparation is needed and cannot be read.
        """
        return shape[2], shape[3]

    def takes(self, scores: int) -> bool:
        """Whether the network may give a box so many scores."""
        return scores > 0

    def find(self, image: Image.Image) -> Box | None:
        """Upright RGB picture -> the crop around its most confident box, in its pixels, or None."""
        return self.crop(image, self.boxes(image))

    def crop(self, image: Image.Image, found: tuple[Found, ...]) -> Box | None:
        """The result of `find`, if `boxes` has already found these bollards in the picture."""
        if not found:
            return None
        best = found[0]
        return Box(*framed((best.left, best.top, best.right, best.bottom), image.size))

    def boxes(self, image: Image.Image) -> tuple[Found, ...]:
        """All boxes in an upright RGB picture, the most confident first.

        A box has the confidence of the prompt that suits it best. Overlapping ones are one bollard.

        Raises:
            BollardsError: the files are no such detector.
        """
        opened = self._open()
        feed = self.given(image, opened) | opened.texts
        try:
            logits, places = opened.session.run(list(_OUTPUTS), feed)
        except Exception as error:  # onnxruntime has a dozen classes, with no base of their own
            said = " ".join(str(error).split())[:300]
            raise self.no_detector(f"it fails on a picture: {said}") from error
        shapes = [np.shape(logits), np.shape(places)]
        count, scores = shapes[0][1:] if len(shapes[0]) == 3 else (0, 0)
        if shapes != [(1, count, scores), (1, count, 4)] or not count or not self.takes(scores):
            raise self.no_detector(f"its outputs have the shapes {shapes}")
        sides = np.array(self.sides(image.size) * 2, np.float32)
        sure = 1 / (1 + np.exp(-np.clip(np.asarray(logits[0], np.float32), -80, 80)))
        rows = decoded(np.concatenate([places[0] * sides, sure], axis=1), least=self.least)
        if rows is None:
            raise self.no_detector("its confidences are not between 0 and 1")
        rows[:, :4] = np.clip(rows[:, :4], 0, np.array(image.size * 2, np.float32))
        kept = (rows[:, 2] > rows[:, 0]) & (rows[:, 3] > rows[:, 1])
        return tuple(Found(*(float(side) for side in row[:5])) for row in rows[kept])

    def _open(self) -> Opened:
        with self._lock:
            if self._opened is None:
                self._opened = self._read()
            return self._opened

    def _read(self) -> Opened:
        session = open_session(self._model, self._device)
        nodes = {node.name: node for node in session.get_inputs()}
        made = [node.name for node in session.get_outputs()]
        texts = self.texts()
        if set(nodes) != self.inputs or not set(_OUTPUTS) <= set(made):
            raise self.no_detector(f"its inputs are {sorted(nodes)}, its outputs {sorted(made)}")
        told = _processor(self.preparation)
        known = ("Owl", "GroundingDino")
        if told.startswith(known) and not told.startswith(self.processor):
            raise self.no_detector(f"{self.preparation} is that of {told}")
        shape = list(nodes["pixel_values"].shape)
        if len(shape) != 4:
            raise self.no_detector(f"its pictures have the shape {shape}")
        height, width = self.size(shape)
        if height not in SIDES or width not in SIDES:
            raise self.no_detector(
                f"its pictures are {height} x {width}; expected sides from {SIDES[0]} to"
                f" {SIDES[-1]} px"
            )
        return Opened(session, width, height, texts)

    def no_detector(self, found: str) -> BollardsError:
        """The files are another model."""
        *inputs, last = sorted(self.inputs)
        return BollardsError(
            f"{self._model}: not {self.title} as this program can use it: {found}. Expected an"
            f" export for ONNX with the inputs {', '.join(inputs)} and {last}, and the outputs"
            ' logits and pred_boxes. Or set crop = "auto" under [isolate].'
        )


def open_tokenizer(path: Path) -> Any:
    """The `tokenizers.Tokenizer` in a tokenizer.json, which neither cuts nor fills texts.

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
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def told_sides(path: Path) -> tuple[Any, Any]:
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
    name: str, settings: IsolateSettings, project: Path, source: str
) -> tuple[str, Path, Path, tuple[str, ...]]:
    """The arguments of an isolator of this family, for the folder after the colon of `crop`.

    Args:
        source: what has or makes its files, for messages.

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
    elif not (folder / TOKENIZER).is_file():
        found = f"{folder / TOKENIZER}: there is no such file"
    else:
        return name, model, folder, settings.prompts or PROMPTS
    raise BollardsError(
        f"{found}. Expected a folder of the project with model.onnx, {TOKENIZER} and"
        f" {PREPARATION}, as {source}, with its place:"
        f' crop = "{name}:models/{name}". This program fetches none. Or set crop = "auto" under'
        " [isolate]."
    )
