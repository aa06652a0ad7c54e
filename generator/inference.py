"""Runs ONNX models: opens them, identifies them by content, and normalises their vectors."""

import hashlib
import mmap
import re
import sys
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.errors import BollardsError
from generator.memory import free_memory

FloatArray = NDArray[np.float32]

# Beyond these limits a crop does not show a bollard, but resizing or padding it to a square can
# take gigabytes; within them nothing is changed.
_MAX_RATIO = 16
_MAX_SIDE = 8192
# transformers 4 takes a picture of three rows or fewer for one whose channels come first.
_MIN_SIDE = 4
# Models of ordinary size run in this, however little is free.
_LEAST_MEMORY = 1_000_000_000
_OPENING = threading.Lock()
_GIT_LFS = b"version https://git-lfs.github.com/spec/"


@cache
def _limit_memory() -> None:
    """Give onnxruntime the free memory: an absurd model fails, and not the machine."""
    import onnxruntime

    limit = max(_LEAST_MEMORY, free_memory() * 3 // 4)
    arena = {"max_mem": limit, "arena_extend_strategy": 1}
    arena |= {"initial_chunk_size_bytes": -1, "max_dead_bytes_per_chunk": -1}
    onnxruntime.create_and_register_allocator(
        onnxruntime.OrtMemoryInfo(
            "Cpu",
            onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR,
            0,
            onnxruntime.OrtMemType.DEFAULT,
        ),
        onnxruntime.OrtArenaCfg(arena),
    )


def accelerator() -> str:
    """The device besides the CPU that can run models: "CoreML", "CUDA" or "".

    Told by the platform and the installed package, not by onnxruntime itself: importing that takes
    longer than a build in which no photo is new.
    """
    if sys.platform == "darwin":
        return "CoreML"
    from importlib.metadata import PackageNotFoundError, version

    try:
        return "CUDA" if version("onnxruntime-gpu") else ""
    except PackageNotFoundError:
        return ""


def open_session(model: Path, beside_cpu: str = "") -> Any:
    """Open an ONNX model: an `onnxruntime.InferenceSession`, on the CPU or on an `accelerator`.

    The session computes on the calling thread alone: callers embed on several threads at once, and
    a sum over a fixed order of threads is the same on every machine. All sessions together get no
    more memory than was free when the first one was opened; a run that needs more fails.

    Raises:
        BollardsError: the file cannot be opened as an ONNX model.
    """
    # Imported late, because a build without new photos never opens a model.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    options.log_severity_level = 3
    with _OPENING:
        _limit_memory()
    options.add_session_config_entry("session.use_env_allocators", "1")
    wanted = (f"{beside_cpu}ExecutionProvider", "CPUExecutionProvider")
    usable = [one for one in wanted if one in onnxruntime.get_available_providers()]
    try:
        return onnxruntime.InferenceSession(model, options, providers=usable)
    except Exception as error:  # onnxruntime has a dozen classes, with no base of their own
        if _begins_with(model, _GIT_LFS):
            raise BollardsError(
                f"{model}: this is only a pointer to the model, as Git leaves it without LFS."
                " `git lfs pull` in that folder fetches the model itself."
            ) from None
        raise BollardsError(
            f"{model}: cannot be opened as an ONNX model: {error}\n"
            "  Fetch or export it again; onnxruntime must know all its operators."
        ) from error


def external_data(model: Path) -> list[str]:
    """Names of the files that hold weights of `model` outside of it, relative to its folder.

    Large exports store their weights this way. The names are found without parsing the whole graph,
    as entries ("location", name) of ONNX's `TensorProto.external_data`
    (https://onnx.ai/onnx/repo-docs/ExternalData.html): field 1 of length 8, then field 2.
    """
    if model.stat().st_size == 0:
        return []
    with model.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        names = set()
        for entry in re.finditer(rb"\x0a\x08location\x12([\x01-\x7f])", content):
            # One byte holds a length up to 127; longer names are not in use.
            raw = content[entry.end() : entry.end() + entry[1][0]]
            names.add(raw.decode("utf-8", "replace"))
    inside = (PurePosixPath(name) for name in names)
    return sorted(str(name) for name in inside if not name.is_absolute() and ".." not in name.parts)


def fingerprint(files: Iterable[Path], *texts: str) -> str:
    """SHA-256 hex digest over the contents of `files` and over `texts`, in this order.

    Raises:
        BollardsError: a file cannot be read.
    """
    total = hashlib.sha256()
    for path in files:
        try:
            with path.open("rb") as file:
                total.update(b"file" + hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise BollardsError(f"{path}: cannot be read: {error.strerror}.") from None
    for text in texts:
        total.update(b"text" + hashlib.sha256(text.encode()).digest())
    return total.hexdigest()


def bounded(image: Image.Image) -> Image.Image:
    """The picture as RGB, of a size that every image processor can take.

    Nothing changes from 4 to 8192 px, up to 16 times as long as wide; longer pictures are cropped
    to the middle part.
    """
    if image.mode != "RGB":
        image = image.convert("RGB")
    width, height = image.size
    longest = _MAX_RATIO * min(width, height)
    if max(width, height) > longest:
        keep_x, keep_y = min(width, longest), min(height, longest)
        left, top = (width - keep_x) // 2, (height - keep_y) // 2
        image = image.crop((left, top, left + keep_x, top + keep_y))
    if max(image.size) > _MAX_SIDE:
        image = image.copy()
        image.thumbnail((_MAX_SIDE, _MAX_SIDE), Image.Resampling.BICUBIC)
    if min(image.size) < _MIN_SIDE:
        image = image.resize(
            (max(image.width, _MIN_SIDE), max(image.height, _MIN_SIDE)), Image.Resampling.NEAREST
        )
    return image


def unit_rows(vectors: NDArray[np.floating], model: Path) -> FloatArray:
    """Scale each row of float [n, d] to unit length, as float32.

    Raises:
        BollardsError: a row is zero or not finite: the model is broken, or not made for pictures.
    """
    rows = np.asarray(vectors, np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.all(np.isfinite(lengths) & (lengths > 0)):
        raise BollardsError(
            f"{model}: the model gives zeros or invalid numbers for a picture. A model in"
            " half precision can overflow on a CPU: take the one in full precision, or quantised."
        )
    unit: FloatArray = (rows / lengths).astype(np.float32)
    return unit


def _begins_with(path: Path, beginning: bytes) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(beginning)) == beginning
    except OSError:
        return False
