"""Reads and opens the shipped models."""

import hashlib
import importlib.resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime


def read_weights(path: Path | None, shipped: str) -> bytes:
    """The bytes of an ONNX file; without a path, those of the shipped file of that name.

    Raises:
        OSError: the file cannot be read.
    """
    if path is None:
        return (importlib.resources.files("generator.recogniser") / shipped).read_bytes()
    return path.read_bytes()


def fingerprint_of(weights: bytes, prepared: str) -> str:
    """A digest that changes with the model and with the preparation of its input."""
    digest = hashlib.sha256(weights)
    digest.update(prepared.encode())
    return digest.hexdigest()


def open_session(weights: bytes) -> "tuple[onnxruntime.InferenceSession, dict[str, str]]":
    """A session that runs on the calling thread, and the model's metadata."""
    # Imported late, because it is slow and most commands never need it.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Callers have their own threads, one for each core; a second pool would only compete with them.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    return session, dict(session.get_modelmeta().custom_metadata_map)
