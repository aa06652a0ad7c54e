"""Long steps show how far they are: plain lines in a log, a bar in a terminal."""

import io
import os
import threading
import time

import pytest

import generator.progress
from generator.progress import Progress


def test_without_a_terminal_it_prints_plain_lines() -> None:
    stream = io.StringIO()

    with Progress(stream).bar("Photos", 3, "photos") as advance:
        advance(3)

    first, last = stream.getvalue().splitlines()
    assert first == "Photos: 3 photos"
    assert last.startswith("Photos: done, ")
    assert "\r" not in stream.getvalue()


def test_one_photo_is_counted_in_the_singular() -> None:
    stream = io.StringIO()

    with Progress(stream).bar("Photos", 1, "photos") as advance:
        advance(1)

    assert stream.getvalue().startswith("Photos: 1 photo\n")


def test_a_long_step_shows_its_rate_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator.progress, "_PLAIN_EVERY_S", 0.01)
    stream = io.StringIO()

    with Progress(stream).bar("Photos", 100, "photos") as advance:
        time.sleep(0.02)
        advance(50)

    words = stream.getvalue().splitlines()[1].split(", ")
    assert words[0] == "Photos: 50 of 100"
    assert words[1].endswith("photos/s")
    assert words[2].endswith("s left")


def test_quiet_and_empty_steps_print_nothing() -> None:
    stream = io.StringIO()

    with Progress(stream, quiet=True).bar("Photos", 3, "photos") as advance:
        advance(3)
    with Progress(stream).bar("Photos", 0, "photos"):
        pass

    assert stream.getvalue() == ""


def test_a_failed_step_is_not_reported_as_done() -> None:
    stream = io.StringIO()

    with pytest.raises(OSError), Progress(stream).bar("Photos", 3, "photos"):
        raise OSError("disk full")

    assert "done" not in stream.getvalue()


def test_threads_do_not_lose_each_others_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generator.progress, "_PLAIN_EVERY_S", 0.0)
    stream = io.StringIO()

    with Progress(stream).bar("Photos", 4000, "photos") as advance:
        threads = [
            threading.Thread(target=lambda: [advance(1) for _ in range(1000)]) for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert "Photos: 4000 of 4000," in stream.getvalue()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_in_a_terminal_it_draws_a_bar_and_clears_it() -> None:
    reader, writer = os.openpty()
    with os.fdopen(writer, "w") as stream:
        with Progress(stream).bar("Photos", 2, "photos") as advance:
            advance(2)
            time.sleep(0.15)
        shown = os.read(reader, 65536).decode()
    os.close(reader)

    assert "Photos" in shown
    assert "2/2" in shown
    assert "photos/s" in shown


def test_times_of_steps_add_up_by_name_even_when_one_fails() -> None:
    progress = Progress(io.StringIO())

    with progress.step("collect"):
        time.sleep(0.01)
    with pytest.raises(ValueError), progress.step("photos"):
        raise ValueError
    with progress.step("collect"):
        time.sleep(0.01)

    assert list(progress.seconds) == ["collect", "photos"]
    assert progress.seconds["collect"] >= 0.02
