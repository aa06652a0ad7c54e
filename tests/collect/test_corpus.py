"""Unusual pictures are used if viewers show them; others are skipped."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.collect.files import find_files
from generator.collect.open import Limits, PhotoError, decoded
from tests.collect.corpus import BAD, GOOD
from tests.collect.pictures import encoded, quarters

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

LIMITS = Limits(120)


@pytest.mark.parametrize("name", GOOD)
def test_an_unusual_picture_is_used_without_delay(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(GOOD[name]())
    begin = time.thread_time()
    with decoded(path, LIMITS, at_least=512) as photo:
        picture = photo.picture(at_least=512)
    # Of this thread's own time, so that a busy machine changes nothing; a fault of the kind took
    # minutes.
    assert time.thread_time() - begin < 10
    assert picture.mode == "RGB"
    assert picture.info == {}
    assert (photo.remark is not None) == name.startswith("no-end")


@pytest.mark.parametrize("name", BAD)
def test_an_unusable_picture_is_explained(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BAD[name]())
    with pytest.raises(PhotoError) as raised, decoded(path, LIMITS) as photo:
        photo.picture()
    assert raised.value.reason.endswith(".")
    assert raised.value.reason.startswith("is ")


_SEEDS = [encoded(quarters(), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")]
_SEEDS += [encoded(quarters(), "JPEG", progressive=True), GOOD["animated.webp"]()]


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seed=st.sampled_from(_SEEDS),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=6),
    cut=st.floats(0.1, 1),
)
def test_a_mutated_picture_gives_a_picture_or_a_reason(
    tmp_path: Path, seed: bytes, changes: list[tuple[float, bytes]], cut: float
) -> None:
    content = bytearray(seed)
    for place, new in changes:
        at = int(place * len(content))
        content[at : at + len(new)] = new
    path = tmp_path / "x"
    path.write_bytes(content[: int(cut * len(content))])
    try:
        with decoded(path, LIMITS, at_least=64) as photo:
            assert photo.picture(at_least=64).mode == "RGB"
    except PhotoError as error:
        assert error.reason.endswith(".")


def test_a_special_file_with_the_name_of_a_photo_is_neither_read_nor_waited_for(
    tmp_path: Path,
) -> None:
    (tmp_path / "folder.jpg").mkdir()
    os.mkfifo(tmp_path / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.jpg"))
        (tmp_path / "loop.jpg").symlink_to("loop.jpg")
        (tmp_path / "round").symlink_to(".")
        (tmp_path / ("n" * 251 + ".jpg")).write_bytes(encoded(quarters(), "JPEG"))
        (tmp_path / os.fsdecode(b"\xff.jpg")).write_bytes(encoded(quarters(), "JPEG"))
        found = find_files(tmp_path)
    assert [one.file for one in found.files] == ["n" * 251 + ".jpg"]
    assert all(problem.skipped for problem in found.problems)
    assert len(found.problems) == 4


@pytest.mark.parametrize(
    "name",
    [
        "#recycle",
        "@Recycle",
        "$RECYCLE.BIN",
        "RECYCLER",
        ".Trash-1000",
        "Trash",
        "@eaDir",
        ".@__thumb",
        "@__thumb",
        "lost+found",
        "LOST.DIR",
        "#snapshot",
        "Network Trash Folder",
    ],
)
def test_deleted_photos_stay_out(tmp_path: Path, name: str) -> None:
    (tmp_path / name / "france").mkdir(parents=True)
    (tmp_path / name / "france" / "a.jpg").write_bytes(b"x")
    (tmp_path / "snapshots").mkdir()
    (tmp_path / "snapshots" / "b.jfif").write_bytes(b"x")
    assert [one.file for one in find_files(tmp_path).files] == ["snapshots/b.jfif"]


@pytest.mark.parametrize(("kind", "options"), [("PNG", {"compress_level": 1}), ("WEBP", {})])
def test_a_large_picture_is_never_in_memory_twice(
    tmp_path: Path, kind: str, options: dict[str, int]
) -> None:
    path = tmp_path / "large"
    path.write_bytes(encoded(quarters((5000, 4000)), kind, **options))
    code = (
        "import resource, sys; from pathlib import Path;"
        "from generator.collect.open import Limits, decoded;"
        "from PIL import WebPImagePlugin;"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "before = peak()\n"
        f"with decoded(Path({str(path)!r}), Limits(120), at_least=1920) as photo:\n"
        "    photo.picture(at_least=1920)\n"
        "print(peak() - before)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    unit = 1024 if sys.platform != "darwin" else 1
    # Four bytes a pixel, and half as much again for strips and the result.
    assert int(run.stdout) * unit < 6 * 5000 * 4000
