"""Reads and opens the shipped models."""

import hashlib
import importlib.resources
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime

# Of ONNX, and of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/): kinds of
# fields, the sizes of those of a fixed size, and the most bytes of a number.
_METADATA = 14
_NUMBER, _BYTES = 0, 2
_FIXED = {1: 8, 5: 4}
_LONGEST = 10


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


def read_metadata(weights: bytes) -> dict[str, str]:
    """The metadata of an ONNX model, read without onnxruntime.

    A build without new photos needs no more than this of a model, and importing onnxruntime and
    opening the model takes longer than the rest of what such a build does with it.

    They are field 14 of a `ModelProto`, entries of a key (1) and a value (2):
    https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

    Raises:
        ValueError: the bytes are no ONNX model.
    """
    told = {}
    try:
        for field, content in _fields(memoryview(weights)):
            if field == _METADATA:
                entry = {number: str(text, "utf-8") for number, text in _fields(content)}
                told[entry[1]] = entry[2]
    except (IndexError, KeyError) as error:
        raise ValueError("the file is no ONNX model, or is damaged") from error
    return told


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """The numbers and contents of the fields of a message that have a length."""
    at = 0
    while at < len(message):
        tag, at = _number(message, at)
        if tag & 7 == _BYTES:
            length, at = _number(message, at)
            if at + length > len(message):
                raise ValueError("the file is no ONNX model, or is damaged")
            yield tag >> 3, message[at : at + length]
            at += length
        elif tag & 7 == _NUMBER:
            _, at = _number(message, at)
        elif tag & 7 in _FIXED:
            at += _FIXED[tag & 7]
        else:
            raise ValueError("the file is no ONNX model, or is damaged")


def _number(message: memoryview, at: int) -> tuple[int, int]:
    """The number at a position, seven bits a byte, the lowest first; and the position after it."""
    number = 0
    for place in range(_LONGEST):
        byte = message[at + place]
        number |= (byte & 127) << 7 * place
        if byte < 128:
            return number, at + place + 1
    raise ValueError("the file is no ONNX model, or is damaged")


def open_session(weights: bytes) -> "onnxruntime.InferenceSession":
    """A session that runs on the calling thread."""
    # Imported late, because it is slow and most commands never need it.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Callers have their own threads, one for each core; a second pool would only compete with them.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
