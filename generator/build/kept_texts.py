"""Caches the vectors of the owner's words, so that a build need not open the text tower again."""

import base64
import contextlib
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from generator.embed import Embedder
from generator.keep import read_checked, write_checked
from generator.vectors import FloatArray


class KeptTexts:
    """`Embedder.embed_texts`, from the file `kept` where it has the answer."""

    def __init__(self, embedder: Embedder, kept: Path) -> None:
        """
        Args:
            embedder: one that has text.
            kept: a file in the cache folder; only a shortcut.
        """
        self._embedder = embedder
        self._kept = kept

    def __call__(self, texts: Sequence[str]) -> FloatArray:
        """Texts -> float32 [n, d], rows of unit length.

        Raises:
            BollardsError: the text tower is missing or cannot be used.
        """
        key = hashlib.sha256(json.dumps([self._embedder.fingerprint, *texts]).encode()).hexdigest()
        known: dict[str, str] = {}
        with contextlib.suppress(FileNotFoundError, ValueError):
            known = json.loads(read_checked(self._kept))
        if key not in known:
            rows = np.asarray(self._embedder.embed_texts(texts), np.float32)
            known[key] = base64.b64encode(rows.tobytes()).decode()
            write_checked(self._kept, json.dumps(known).encode())
        flat = np.frombuffer(base64.b64decode(known[key]), np.float32)
        return flat.reshape(len(texts), -1)
