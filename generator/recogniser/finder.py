"""Finding the bollard in a photo: a small network draws its mask, the mask gives the box.

Needs numpy, scipy, Pillow and onnxruntime only. The input is the whole photo, made to fit a
square: to repeat it elsewhere,

1. ``k = SIDE / max(w, h)``; the photo is resized to ``max(1, round(w k))`` x ``max(1, round(h k))``
   with a triangle filter (Pillow's ``BILINEAR``, ``reducing_gap=2.0``);
2. it is laid in the middle (halves rounded down) of a SIDE x SIDE square of grey 128;
3. RGB, 0..255 as float32, channels first. The graph itself does the normalisation.

The answer is a mask of half that size: the share of bollard, 0..1.
"""

import hashlib
import importlib.resources
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from PIL import Image

if TYPE_CHECKING:
    import onnxruntime

MODEL_FILE = "find.onnx"
SIDE = 192
STEP = 2
PADDING = 128
VERSION = "1"
SHARE = 0.72
REDUCING_GAP = 2.0

Mask = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Found:
    """Where the bollard is: (left, top, right, bottom) in pixels of the photo, right and bottom
    exclusive, and how sure that is, 0..1: how clear this one is, and, as its confidence, that
    times how much of all that looks like bollard it is."""

    box: tuple[int, int, int, int]
    confidence: float
    clearness: float


def fit_square(image: Image.Image) -> tuple[npt.NDArray[np.uint8], tuple[int, int, int, int]]:
    """The photo in its square, uint8 [SIDE, SIDE, 3], and where: (left, top, width, height)."""
    if image.mode != "RGB":
        image = image.convert("RGB")
    scale = SIDE / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    small = image.resize((width, height), Image.Resampling.BILINEAR, None, REDUCING_GAP)
    left, top = (SIDE - width) // 2, (SIDE - height) // 2
    square = np.full((SIDE, SIDE, 3), PADDING, np.uint8)
    square[top : top + height, left : left + width] = np.asarray(small)
    return square, (left, top, width, height)


def framed(box: tuple[int, int, int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The crop that shows a found bollard as the recogniser's training photos show theirs.

    The bollard fills SHARE of the crop's height and stands in its middle; the crop is as wide as
    the recogniser looks, and keeps within the photo (width, height). Beside the photo's border it
    gets narrower on both sides, so that the bollard stays in the middle.
    """
    left, top, right, bottom = box
    high = max((bottom - top) / SHARE, (right - left) / SHARE * 2)
    centre, middle = (left + right) / 2, (top + bottom) / 2
    upper, lower = max(0, round(middle - high / 2)), min(size[1], round(middle + high / 2))
    reach = min((lower - upper) / 4, centre, size[0] - centre)
    reach = max(reach, (right - left) / 2)
    return (
        max(0, round(centre - reach)),
        upper,
        min(size[0], round(centre + reach)),
        lower,
    )


def box_of(mask: Mask) -> tuple[tuple[float, float, float, float], float] | None:
    """The box of the clearest bollard in a mask, in mask pixels, and the confidence; or None.

    Parts of a post that the mask leaves apart (a band in the colour of the grass) count as one
    where they stand above each other. Of several posts the one with most certain pixels wins.
    The confidence is the mean share within, weighted by itself: low where the mask is vague; and
    lower where there are several.
    """
    found = _clearest(mask)
    return found and (found[0], found[1] * found[2])


def _clearest(mask: Mask) -> tuple[tuple[float, float, float, float], float, float] | None:
    """The box, how clear the mask is there, and which part of all that is likely it is."""
    likely = mask > 0.5
    if not likely.any():
        return None
    # A quarter of a second to import, which builds that find nothing need not wait for.
    from scipy import ndimage

    bridged = ndimage.binary_closing(
        np.pad(likely, ((12, 12), (0, 0))), structure=np.ones((13, 1), bool)
    )[12:-12]
    parts, count = ndimage.label(bridged | likely, structure=np.ones((3, 3), bool))
    weights = ndimage.sum_labels(mask * likely, parts, np.arange(1, count + 1))
    best = int(np.argmax(weights)) + 1
    inside = (parts == best) & likely
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    shares = mask[parts == best]
    clearness = float((shares**2).sum() / max(shares.sum(), 1e-6))
    return (
        (float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)),
        clearness,
        # How much of all that looks like bollard is this one: two posts make the choice unsure.
        float(weights[best - 1] / weights.sum()),
    )


class Finder:
    """The finding network, ready for several threads; the graph is loaded at first use."""

    name = "builtin"

    def __init__(self, path: Path | None = None) -> None:
        """``path``: an ONNX file; the default is the one shipped. Raises OSError."""
        if path is None:
            resource = importlib.resources.files("generator.recogniser") / MODEL_FILE
            self.weights = resource.read_bytes()
        else:
            self.weights = path.read_bytes()
        digest = hashlib.sha256(self.weights)
        digest.update(b"find " + VERSION.encode())
        self.fingerprint: str = digest.hexdigest()
        self._lock = threading.Lock()
        self._loaded: onnxruntime.InferenceSession | None = None

    def find(self, image: Image.Image) -> Found | None:
        """The bollard in an upright sRGB photo, or None where the network sees none."""
        mask, (left, top, width, height) = self.mask(image)
        found = _clearest(mask)
        if found is None:
            return None
        (x0, y0, x1, y1), clearness, part = found
        across, down = image.width / width, image.height / height
        box = (
            max(0, round((x0 * STEP - left) * across)),
            max(0, round((y0 * STEP - top) * down)),
            min(image.width, round((x1 * STEP - left) * across)),
            min(image.height, round((y1 * STEP - top) * down)),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            return None
        return Found(box, clearness * part, clearness)

    def mask(self, image: Image.Image) -> tuple[Mask, tuple[int, int, int, int]]:
        """The share of bollard in each place of the square, float32 [SIDE / STEP, SIDE / STEP],
        and where in the square the photo lies: (left, top, width, height), in square pixels."""
        square, place = fit_square(image)
        batch = square.transpose(2, 0, 1)[None].astype(np.float32)
        (mask,) = self._session().run(["mask"], {"image": batch})
        return mask[0, 0], place

    def _session(self) -> "onnxruntime.InferenceSession":
        with self._lock:
            if self._loaded is None:
                # Imported late: most commands never need it.
                import onnxruntime

                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = 1
                options.inter_op_num_threads = 1
                self._loaded = onnxruntime.InferenceSession(
                    self.weights, options, providers=["CPUExecutionProvider"]
                )
            return self._loaded
