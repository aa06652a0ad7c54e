"""Detectors of the owner's from the YOLO family, on onnxruntime alone.

An ONNX file as ultralytics exports YOLOv8 and YOLO11 for detection (`yolo export format=onnx`), or
YOLO-World with fixed words, which has the same output.
Preparation and boxes are those of ultralytics (https://github.com/ultralytics/ultralytics: classes
LetterBox and BasePredictor, functions non_max_suppression and scale_boxes); tests compare them.
"""

import ast
import difflib
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
from generator.recogniser.framing import framed

Floats = npt.NDArray[np.float32]

LEAST = 0.25
"""The lowest confidence of a box, that of ultralytics."""
OVERLAP = 0.7
"""Of two boxes that overlap more (IoU), the more confident one stays."""
MOST = 300
_CANDIDATES = 3000
_GREY = 114
_STEP = 32
_GREATEST = 4096
_LONGEST_METADATA = 200_000
_VERSION = "yolo 1"


@dataclass(frozen=True, slots=True)
class _Opened:
    """A session, its input, and the names of its classes by number; none if they are not told."""

    session: Any
    input: str
    is_half: bool
    width: int
    height: int
    classes: dict[int, str]
    wanted: frozenset[int]


class YoloIsolator(Isolator):
    """One detector of the owner's. Opens its file at the first picture."""

    def __init__(self, name: str, model: Path, classes: tuple[str, ...]) -> None:
        self.name = name
        self._model = model
        self._classes = classes
        self._device = accelerator()
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        files = [model, *(model.parent / one for one in external_data(model))]
        self.fingerprint = fingerprint(files, _VERSION, repr(classes), self._device)

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

        Raises:
            BollardsError: the file is no such detector.
        """
        opened = self._open()
        pixels = letterboxed(image, opened.width, opened.height)
        values = pixels.transpose(2, 0, 1)[None].astype(np.float32) / np.float32(255)
        try:
            answers = opened.session.run(
                None, {opened.input: values.astype(np.float16) if opened.is_half else values}
            )
            shapes = [np.shape(answer) for answer in answers]
        except Exception as error:  # onnxruntime has a dozen classes, with no base of their own
            said = " ".join(str(error).split())[:300]
            raise self._no_detector(f"it fails on a picture: {said}") from error
        if len(shapes) != 1 or len(shapes[0]) != 3 or shapes[0][0] != 1 or shapes[0][1] < 5:
            raise self._no_detector(f"its outputs have the shapes {shapes}")
        if opened.classes and shapes[0][1] != 4 + len(opened.classes):
            raise self._no_detector(
                f"it has {len(opened.classes)} classes and an output of the shape {shapes[0]}"
            )
        rows = decoded(np.asarray(answers[0][0], np.float32).T, opened.wanted)
        if rows is None:
            raise self._no_detector("its confidences are not between 0 and 1")
        rows[:, :4] = _in_picture(rows[:, :4], (opened.width, opened.height), image.size)
        kept = (rows[:, 2] > rows[:, 0]) & (rows[:, 3] > rows[:, 1])
        return tuple(Found(*(float(side) for side in row[:5])) for row in rows[kept])

    def _open(self) -> _Opened:
        with self._lock:
            if self._opened is None:
                self._opened = self._read()
            return self._opened

    def _read(self) -> _Opened:
        session = open_session(self._model, self._device)
        told = session.get_modelmeta().custom_metadata_map
        task = told.get("task", "detect")
        if task != "detect":
            raise self._no_detector(f'it is made for the task "{task[:40]}"')
        nodes = session.get_inputs()
        shape = list(nodes[0].shape) if nodes else []
        kinds = ("tensor(float)", "tensor(float16)")
        if len(nodes) != 1 or len(shape) != 4 or nodes[0].type not in kinds:
            raise self._no_detector(f"its inputs are {[(one.type, one.shape) for one in nodes]}")
        sizes = _literal(told.get("imgsz", ""))
        free = sizes if isinstance(sizes, list) and len(sizes) == 2 else [640, 640]
        height, width = (
            side if isinstance(side, int) else other
            for side, other in zip(shape[2:], free, strict=True)
        )
        if shape[1] != 3 or not (_usable(height) and _usable(width)):
            raise self._no_detector(
                f"its pictures are {shape[1]} x {height} x {width}; expected 3 x HEIGHT x WIDTH"
                f" with sides from {_STEP} to {_GREATEST} px"
            )
        names = _literal(told.get("names", ""))
        classes = {}
        if isinstance(names, dict) and set(names) == set(range(len(names))):
            classes = {number: str(name) for number, name in names.items()}
        return _Opened(
            session,
            nodes[0].name,
            nodes[0].type == kinds[1],
            width,
            height,
            classes,
            self._chosen(classes),
        )

    def _chosen(self, known: dict[int, str]) -> frozenset[int]:
        """The numbers of the owner's classes; none means all."""
        numbers = {name: number for number, name in known.items()}
        for name in self._classes:
            if name not in numbers:
                near = difflib.get_close_matches(name, numbers, n=1, cutoff=0.5)
                hint = f' Did you mean "{near[0]}"?' if near else ""
                some = ", ".join(f'"{one[:40]}"' for one in list(numbers)[:10]) or "no names"
                more = f" and {len(numbers) - 10} more" if len(numbers) > 10 else ""
                raise BollardsError(
                    f'isolate.classes: {self._model} has no class "{name}"; it has {some}{more}.'
                    f"{hint}"
                )
        return frozenset(numbers[name] for name in self._classes)

    def _no_detector(self, found: str) -> BollardsError:
        return BollardsError(
            f"{self._model}: not a detector that this program can use: {found}. Expected YOLOv8 or"
            " YOLO11 for detection, as `yolo export format=onnx nms=False` writes it, with an"
            ' output of the shape [1, 4 + classes, boxes]. Or set crop = "auto" under [isolate].'
        )


def letterboxed(image: Image.Image, width: int, height: int) -> npt.NDArray[np.uint8]:
    """RGB picture of any size -> uint8 [height, width, 3]: the picture in the middle of grey.

    It is scaled as OpenCV's linear interpolation does it, without smoothing when it is reduced: so
    were the pictures on which such detectors were trained.
    """
    size, (left, top) = _placed(image.size, (width, height))
    picture = image.convert("RGB")
    if size != image.size:
        scale = (image.width / size[0], 0, 0, 0, image.height / size[1], 0)
        picture = picture.transform(size, Image.Transform.AFFINE, scale, Image.Resampling.BILINEAR)
    pixels = np.full((height, width, 3), _GREY, np.uint8)
    pixels[top : top + size[1], left : left + size[0]] = np.asarray(picture)
    return pixels


def decoded(
    rows: Floats, wanted: frozenset[int] = frozenset(), least: float = LEAST
) -> Floats | None:
    """The boxes of a detector's output that count, the most confident first.

    Overlapping boxes of different classes are one bollard.

    Args:
        rows: [n, 4 + classes]: centre, width and height in px of the network's picture, then the
            confidence of each class.
        wanted: the numbers of the classes that count; none means all.
        least: the lowest confidence.

    Returns:
        float32 [m, 5]: left, top, right, bottom in the same pixels, confidence; at most MOST. None
        if a confidence is outside 0..1.
    """
    rows = rows[np.isfinite(rows).all(axis=1)]
    scores = rows[:, 4:]
    if scores.size and (scores.min() < -1e-3 or scores.max() > 1 + 1e-3):
        return None
    best = scores.argmax(axis=1)
    sure = scores.max(axis=1)
    counts = sure > least
    if wanted:
        counts &= np.isin(best, list(wanted))
    order = np.argsort(-sure[counts], kind="stable")[:_CANDIDATES]
    centre, half = rows[counts, :2][order], rows[counts, 2:4][order] / 2
    boxes = np.concatenate([centre - half, centre + half, sure[counts][order, None]], axis=1)
    kept: list[Floats] = []
    while len(boxes) and len(kept) < MOST:
        kept.append(boxes[0])
        boxes = boxes[1:][_overlaps(boxes[0], boxes[1:]) <= OVERLAP]
    return np.array(kept, np.float32).reshape(-1, 5)


def _overlaps(one: Floats, others: Floats) -> Floats:
    """Intersection over union of a box with each of [n, 4]."""
    low, high = np.maximum(one[:2], others[:, :2]), np.minimum(one[2:4], others[:, 2:4])
    shared = np.prod(np.clip(high - low, 0, None), axis=1)
    area = np.prod(np.clip(one[2:4] - one[:2], 0, None))
    areas = np.prod(np.clip(others[:, 2:4] - others[:, :2], 0, None), axis=1)
    ratio: Floats = shared / np.maximum(area + areas - shared, 1e-7)
    return ratio


def _placed(
    size: tuple[int, int], within: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Size of the picture in the network's, and its left upper corner there."""
    scale = min(within[0] / size[0], within[1] / size[1])
    inner = (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
    # A pixel that cannot be halved goes to the right and below.
    left, top = (round((all_ - own) / 2 - 0.1) for all_, own in zip(within, inner, strict=True))
    return inner, (left, top)


def _in_picture(boxes: Floats, within: tuple[int, int], size: tuple[int, int]) -> Floats:
    """Boxes [n, 4] in the network's picture -> the same in the photo, cut off at its edges."""
    _, corner = _placed(size, within)
    scale = min(within[0] / size[0], within[1] / size[1])
    moved = (boxes - np.array(corner * 2, np.float32)) / np.float32(scale)
    clipped: Floats = np.clip(moved, 0, np.array(size * 2, np.float32))
    return clipped


def _usable(side: object) -> bool:
    return isinstance(side, int) and _STEP <= side <= _GREATEST


def _literal(text: str) -> Any:
    """A Python literal in the file's metadata; None if it is none."""
    if len(text) > _LONGEST_METADATA:
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def load(name: str, settings: IsolateSettings, project: Path) -> YoloIsolator:
    """The detector in the file after the colon of `crop`, relative to the site project.

    Raises:
        BollardsError: no file is named, or it cannot be read.
    """
    file = settings.crop.partition(":")[2]
    model = project / file
    if not file or not model.is_file():
        found = f"{model}: there is no such file" if file else f'isolate.crop: "{name}" names none'
        raise BollardsError(
            f"{found}. Expected a detector in ONNX format, as `yolo export format=onnx` writes it,"
            f' with its place in the project: crop = "{name}:models/bollards.onnx".'
            ' Or set crop = "auto" under [isolate].'
        )
    return YoloIsolator(name, model, settings.classes)
