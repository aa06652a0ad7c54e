"""The models of rembg (U²-Net and IS-Net) on onnxruntime alone: no other package is needed.

Preparation and result are those of rembg's sessions (https://github.com/danielgatis/rembg, classes
U2netpSession and DisSession); tests compare them. The files are used from where the owner or rembg
put them; this program fetches none.
"""

import difflib
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.config import EmbedSettings
from generator.embed.segment import Segmenter
from generator.errors import BollardsError
from generator.inference import accelerator, fingerprint, open_session

_VERSION = "rembg 1"
_IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
_HALF = ((0.5, 0.5, 0.5), (1.0, 1.0, 1.0))


@dataclass(frozen=True, slots=True)
class Session:
    """A model of rembg.

    Attributes:
        side: of the model's input in px.
        mean, std: of each channel, for values from 0 to 1.
    """

    side: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


SESSIONS = {
    "u2netp": Session(320, *_IMAGENET),
    "u2net": Session(320, *_IMAGENET),
    "silueta": Session(320, *_IMAGENET),
    "isnet-general-use": Session(1024, *_HALF),
}


class RembgSegmenter(Segmenter):
    """One model of rembg. Opens it at the first picture."""

    def __init__(self, session: Session, model: Path) -> None:
        self._how = session
        self._model = model
        self.bytes = model.stat().st_size
        self._device = accelerator()
        self._lock = threading.Lock()
        self._session: Any = None
        self.fingerprint = fingerprint([model], repr(session), _VERSION, self._device)

    def mask(self, image: Image.Image) -> NDArray[np.float32]:
        """See `Segmenter.mask`.

        Raises:
            BollardsError: the file is another model.
        """
        session = self._opened()
        node = session.get_inputs()[0]
        try:
            (first, *_) = session.run(None, {node.name: self._prepared(image)})
            found = np.asarray(first, np.float32).reshape(self._how.side, self._how.side)
        except Exception as error:  # onnxruntime has a dozen classes, with no base of their own
            raise BollardsError(
                f"{self._model}: not a segmentation model of rembg, or another one than its name"
                f" says: {' '.join(str(error).split())[:300]}"
            ) from error
        span = float(found.max() - found.min())
        if not np.isfinite(span) or span == 0:
            return np.zeros((image.height, image.width), np.float32)
        small = Image.fromarray(((found - found.min()) / span * 255).astype(np.uint8))
        whole = small.resize(image.size, Image.Resampling.LANCZOS)
        return np.asarray(whole, np.float32) / np.float32(255)

    def _prepared(self, image: Image.Image) -> NDArray[np.float32]:
        how = self._how
        small = image.convert("RGB").resize((how.side, how.side), Image.Resampling.LANCZOS)
        values = np.asarray(small, np.float64)
        values /= max(float(values.max()), 1e-6)
        normal = (values - np.array(how.mean)) / np.array(how.std)
        return np.ascontiguousarray(normal.transpose(2, 0, 1)[None], np.float32)

    def _opened(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = open_session(self._model, self._device)
            return self._session


def load(name: str, settings: EmbedSettings, project: Path) -> RembgSegmenter:
    """The model after the colon: a session's name, or a file of the project called like one.

    Raises:
        BollardsError: there is no such session or file.
    """
    wanted = settings.mask.partition(":")[2] or "u2netp"
    stem = Path(wanted).stem if wanted.endswith(".onnx") else wanted
    if stem not in SESSIONS:
        near = difflib.get_close_matches(stem, SESSIONS, n=1, cutoff=0.5)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        raise BollardsError(
            f'embed.mask: rembg has no model "{stem}" that this program knows: expected one of'
            f" {', '.join(SESSIONS)}.{hint}"
        )
    folder = Path(os.environ.get("U2NET_HOME") or Path.home() / ".u2net")
    model = project / wanted if wanted.endswith(".onnx") else folder / f"{stem}.onnx"
    if not model.is_file():
        raise BollardsError(
            f"{model}: there is no such file. Get {stem}.onnx from the releases of rembg"
            " (https://github.com/danielgatis/rembg/releases), put it there, or name its place in"
            f' the project: mask = "{name}:models/{stem}.onnx". Or set mask = "none" under'
            " [embed], which needs nothing."
        )
    return RembgSegmenter(SESSIONS[stem], model)
