"""The text tower of an encoder: texts -> vectors beside those of pictures, on onnxruntime.

The tokens are those of the reference's own tokenizer, whose file comes with the model.
"""

import re
import string
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.embed import FloatArray
from generator.embed.encoders import TextTower
from generator.errors import BollardsError
from generator.inference import open_session, unit_rows

# A sentence; what is longer is cut to the tower's context anyway.
_LONGEST = 2000
_TYPES = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}


class TextEncoder:
    """One text tower. Opens its files at the first text. Safe for several threads."""

    def __init__(self, tower: TextTower, model: Path, tokenizer: Path, device: str = "") -> None:
        """
        Args:
            tower: its row.
            model, tokenizer: its files.
            device: the accelerator beside the CPU, or "".
        """
        self._tower = tower
        self._model, self._tokenizer = model, tokenizer
        self._device = device
        self._lock = threading.Lock()
        self._opened: tuple[Any, Any, str] | None = None

    def embed(self, texts: Sequence[str]) -> FloatArray:
        """Texts -> float32 [n, d], n at least 1, rows of unit length.

        Raises:
            BollardsError: the files are not those of the tower that the table describes.
        """
        tokenizer, session, output = self._open()
        rows = []
        for text in texts:
            try:
                (found,) = session.run([output], _feed(session, self._encoded(tokenizer, text)))
            except Exception as error:  # onnxruntime has a dozen classes, with no common base
                raise BollardsError(
                    f"{self._model}: the text model cannot be run: {error}"
                ) from error
            rows.append(np.asarray(found[0], np.float32).reshape(-1))
        return unit_rows(np.stack(rows), self._model)

    def tokens(self, text: str) -> list[int]:
        """The tokens of a text, as many as the tower's context has."""
        tokenizer, _, _ = self._open()
        ids: list[int] = self._encoded(tokenizer, text)[0][0].tolist()
        return ids

    def _encoded(self, tokenizer: Any, text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Tokens and the mask of those that are not padding, each int64 [1, context]."""
        cleaned = clean(text[:_LONGEST], self._tower.clean)
        ids = tokenizer.encode(cleaned).ids[: self._tower.context]
        row = np.full((1, self._tower.context), self._tower.padding, np.int64)
        mask = np.zeros_like(row)
        row[0, : len(ids)], mask[0, : len(ids)] = ids, 1
        return row, mask

    def _open(self) -> tuple[Any, Any, str]:
        with self._lock:
            if self._opened is None:
                tokenizer = _open_tokenizer(self._tokenizer, self._tower.context)
                session = open_session(self._model, self._device)
                names = [node.name for node in session.get_outputs()]
                # A graph of texts alone has only one output that can be meant, whatever its name.
                wanted = self._tower.output if self._tower.output in names else ""
                if not wanted and len(names) != 1:
                    raise BollardsError(
                        f"{self._model}: not a text model of this encoder: expected the output"
                        f' "{self._tower.output}"; found {", ".join(names)}.'
                    )
                self._opened = tokenizer, session, wanted or names[0]
            return self._opened


def clean(text: str, how: str) -> str:
    """A text as the reference implementation gives it to the tokenizer.

    Args:
        text: of the owner.
        how: see `TextTower.clean`. "canonical" is `canonicalize_text` of SigLIP: no punctuation,
            single spaces.
    """
    lower = text.lower()
    if how == "canonical":
        lower = lower.translate(str.maketrans("", "", string.punctuation))
        lower = re.sub(r"\s+", " ", lower).strip()
    return lower


def _open_tokenizer(path: Path, context: int) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception
        raise BollardsError(
            f"{path}: cannot be read as a tokenizer: {error}. Fetch it again."
        ) from None
    tokenizer.enable_truncation(context)
    tokenizer.no_padding()
    return tokenizer


def _feed(session: Any, encoded: tuple[NDArray[np.int64], NDArray[np.int64]]) -> dict[str, Any]:
    """What the graph asks for: tokens, their mask, and an empty picture for a whole CLIP."""
    ids, mask = encoded
    feed: dict[str, Any] = {}
    for node in session.get_inputs():
        dtype = _TYPES.get(node.type)
        if dtype is None:
            sides = [side if isinstance(side, int) else 224 for side in node.shape[2:]]
            feed[node.name] = np.zeros((1, 3, *sides), np.float32)
        elif node.name == "attention_mask":
            feed[node.name] = mask.astype(dtype)
        elif node.name == "position_ids":
            feed[node.name] = np.arange(ids.shape[1], dtype=dtype)[None]
        else:
            feed[node.name] = ids.astype(dtype)
    return feed
