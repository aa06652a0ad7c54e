"""The cache gives back its entries unchanged, and never prevents a build."""

import hashlib
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from generator.cache import SCHEMA, Cache
from generator.errors import BollardsError

KEYS = st.tuples(
    st.text("0123456789abcdef", min_size=64, max_size=64),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
)
VECTORS = hnp.arrays(np.float32, 5, elements=st.floats(-1, 1, width=32))


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".bollards" / "cache.sqlite3"


def settled(file: Path) -> Any:
    """The stat of a file as if it had been left alone for a minute."""
    stat, minute = file.stat(), 60 * 10**9
    return SimpleNamespace(
        st_size=stat.st_size,
        st_mtime_ns=stat.st_mtime_ns - minute,
        st_ctime_ns=stat.st_ctime_ns - minute,
        st_ino=stat.st_ino,
    )


@settings(max_examples=30, deadline=None)
@given(items=st.dictionaries(KEYS, VECTORS, max_size=20), absent=KEYS)
def test_embeddings_come_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, items: dict, absent: tuple[str, str]
) -> None:
    path = tmp_path_factory.mktemp("cache") / "cache.sqlite3"
    with Cache.open(path) as cache:
        cache.keep_embeddings("print", items)
    with Cache.open(path) as cache:
        asked = [*reversed(items), absent, *items]
        found = cache.embeddings(asked, "print")
        assert cache.embeddings(asked, "another print") == {}
    assert found.keys() == items.keys()
    for key, vector in items.items():
        assert found[key].dtype == np.float32
        np.testing.assert_array_equal(found[key], vector)


def test_the_last_embedding_that_was_kept_wins(path: Path) -> None:
    key = (sha("photo"), "")
    with Cache.open(path) as cache:
        cache.keep_embeddings("print", {key: np.zeros(3)})
        cache.keep_embeddings("print", {key: np.ones(3)})
        np.testing.assert_array_equal(cache.embeddings([key], "print")[key], np.ones(3))


def test_prepared_texts_are_reused_for_the_same_settings_only(path: Path) -> None:
    keys = [(sha("a"), "webp 240"), (sha("a"), "webp 480"), (sha("b"), "webp 240")]
    with Cache.open(path) as cache:
        cache.keep_prepared({keys[0]: '{"width": 1}', keys[2]: '{"taken": "2024-05-01 é"}'})
        assert cache.prepared(keys) == {
            keys[0]: '{"width": 1}',
            keys[2]: '{"taken": "2024-05-01 é"}',
        }


def test_a_digest_is_known_until_the_file_changes(path: Path, tmp_path: Path) -> None:
    photo = tmp_path / os.fsdecode(b"\xff <b>\xe7\x82\xb9.jpg")
    photo.write_bytes(b"one")
    before = settled(photo)
    with Cache.open(path) as cache:
        assert cache.digest(str(photo), before) is None
        cache.keep_digests([(str(photo), before, sha("one"))])
        assert cache.digest(str(photo), before) == sha("one")
        assert cache.digests()(str(photo), before) == sha("one")
        assert cache.digest(str(photo) + "x", before) is None
        assert cache.digests()(str(photo) + "x", before) is None
        photo.write_bytes(b"two")
        assert cache.digest(str(photo), photo.stat()) is None
        assert cache.digests()(str(photo), photo.stat()) is None


def test_a_file_that_was_just_written_is_not_trusted_yet(path: Path, tmp_path: Path) -> None:
    photo = tmp_path / "new.jpg"
    photo.write_bytes(b"one")
    with Cache.open(path) as cache:
        cache.keep_digests([(str(photo), photo.stat(), sha("one"))])
        assert cache.digest(str(photo), photo.stat()) is None


def test_threads_share_one_cache(path: Path) -> None:
    with Cache.open(path) as cache, ThreadPoolExecutor(8) as pool:

        def work(number: int) -> bool:
            key = (sha(str(number)), "")
            cache.keep_embeddings("print", {key: np.full(8, number)})
            return bool((cache.embeddings([key], "print")[key] == number).all())

        assert all(pool.map(work, range(200)))
        keys = [(sha(str(number)), "") for number in range(200)]
        assert len(cache.embeddings(keys, "print")) == 200


def child(path: Path, body: str, **keywords: object) -> subprocess.Popen[str]:
    code = f"""
        import hashlib, sys
        from pathlib import Path
        import numpy as np
        from generator.cache import Cache
        def sha(text): return hashlib.sha256(text.encode()).hexdigest()
        path = Path({str(path)!r})
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code) + textwrap.dedent(body)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs, these tests maybe among them, are deaf to Ctrl-C.
        **{"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **keywords},
    )


def test_processes_share_one_file_from_its_creation(path: Path) -> None:
    body = """
        with Cache.open(path) as cache:
            for number in range(20):
                key = (sha(f"{MINE} {number}"), "")
                cache.keep_embeddings("print", {key: np.ones(64)})
                assert key in cache.embeddings([key], "print")
            assert not cache.problems
    """
    children = [child(path, body.replace("MINE", str(mine))) for mine in range(4)]
    for process in children:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    with Cache.open(path) as cache:
        keys = [(sha(f"{mine} {number}"), "") for mine in range(4) for number in range(20)]
        assert len(cache.embeddings(keys, "print")) == 80


def test_a_killed_build_keeps_what_it_has_embedded(path: Path) -> None:
    process = child(
        path,
        """
        cache = Cache.open(path)
        for number in range(10**9):
            cache.keep_embeddings("print", {(sha(str(number)), ""): np.full(768, number)})
            print(number, flush=True)
        """,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 25:
            break
    process.send_signal(signal.SIGKILL)
    told = int((process.stdout.read().split() or [line])[-1])
    process.wait()
    process.stdout.close()
    assert process.stderr is not None
    process.stderr.close()
    with Cache.open(path) as cache:
        assert not cache.problems
        keys = [(sha(str(number)), "") for number in range(told + 1)]
        found = cache.embeddings(keys, "print")
        assert [float(found[key][0]) for key in keys] == list(range(told + 1))


def test_ctrl_c_while_writing_leaves_the_cache_usable(path: Path) -> None:
    process = child(
        path,
        """
        with Cache.open(path) as cache:
            try:
                for number in range(10**9):
                    many = {(sha(f"{number} {n}"), ""): np.ones(768) for n in range(50)}
                    cache.keep_embeddings("print", many)
                    print(number, flush=True)
            except KeyboardInterrupt:
                pass
            cache.keep_embeddings("print", {(sha("after"), ""): np.ones(3)})
            assert cache.embeddings([(sha("after"), ""), (sha("0 0"), "")], "print").keys() == {
                (sha("after"), ""), (sha("0 0"), "")}
        """,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= 3:
            break
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"this is no database at all, but a note of mine\n" * 40, id="text"),
        pytest.param(b"SQLite format 3\0" + b"\x93" * 5000, id="broken header"),
    ],
)
def test_a_file_that_is_not_a_database_is_set_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with Cache.open(path) as cache:
        cache.keep_prepared({(sha("a"), "s"): "{}"})
        assert cache.prepared([(sha("a"), "s")])
        assert len(cache.problems) == 1
        assert str(path) in cache.problems[0] and "cache.sqlite3.unusable" in cache.problems[0]
    assert path.with_name("cache.sqlite3.unusable").read_bytes() == content


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        ("CREATE TABLE photos (name)", "another program"),
        (f"PRAGMA user_version = {SCHEMA + 1}", f"version {SCHEMA + 1}"),
    ],
)
def test_a_database_of_another_program_is_set_aside_whole(
    path: Path, prepare: str, reason: str
) -> None:
    if "TABLE" not in prepare:
        Cache.open(path).close()
    path.parent.mkdir(exist_ok=True)
    connection = sqlite3.connect(path)
    connection.execute(prepare)
    connection.commit()
    connection.close()
    with Cache.open(path) as cache:
        assert reason in cache.problems[0]
        cache.keep_prepared({(sha("a"), "s"): "{}"})
    with Cache.open(path) as cache:
        assert cache.problems == []
        assert cache.prepared([(sha("a"), "s")])


def test_damage_met_while_reading_costs_the_cache_only(path: Path) -> None:
    keys = [(sha(str(number)), "") for number in range(400)]
    with Cache.open(path) as cache:
        cache.keep_embeddings("print", {key: np.ones(200) for key in keys})
    content = bytearray(path.read_bytes())
    for page in range(4096 * 5, len(content), 4096):
        content[page : page + 64] = b"\xee" * 64
    path.write_bytes(content)
    with Cache.open(path) as cache:
        assert cache.embeddings(keys, "print") == {}
        assert "damaged" in cache.problems[0]
        cache.keep_embeddings("print", {keys[0]: np.ones(200)})
        assert len(cache.embeddings(keys, "print")) == 1


@pytest.mark.parametrize("damage", ["cut", "zeroed"])
def test_a_lost_page_makes_entries_unknown_and_none_wrong(path: Path, damage: str) -> None:
    keys = [(sha(str(number)), "") for number in range(60)]
    vectors = {key: np.full(200, number, np.float32) for number, key in enumerate(keys)}
    texts = {key: json.dumps({"photo": number}) for number, key in enumerate(keys)}
    made = {f"pictures/{digest}.webp": digest for digest, _ in keys}
    with Cache.open(path) as cache:
        cache.keep_embeddings("print", vectors)
        cache.keep_prepared(texts)
        cache.keep_made(made)
    whole = path.read_bytes()
    assert len(whole) > 20 * 4096

    for start in range(0, len(whole), 4096):
        end = start + 4096
        path.write_bytes(whole[:start] + (bytes(4096) + whole[end:] if damage == "zeroed" else b""))
        with Cache.open(path) as cache:
            for key, vector in cache.embeddings(keys, "print").items():
                np.testing.assert_array_equal(vector, vectors[key])
            assert cache.prepared(keys).items() <= texts.items()
            assert cache.made().items() <= made.items()
            cache.keep_embeddings("print", vectors)
            assert cache.embeddings(keys, "print").keys() == vectors.keys()
        for log in path.parent.glob(f"{path.name}-*"):
            log.unlink()


def test_a_full_disk_is_reported_and_nothing_kept_is_lost(path: Path) -> None:
    # SQLite's own limit raises the very error that a full disk does.
    with Cache.open(path) as cache:
        cache.keep_embeddings("print", {(sha("first"), ""): np.ones(100)})
        cache._database._connection.execute("PRAGMA max_page_count = 12")
        many = {(sha(str(number)), ""): np.ones(4000) for number in range(50)}
        with pytest.raises(BollardsError, match="disk is full") as raised:
            cache.keep_embeddings("print", many)
        assert str(path) in str(raised.value)
        assert len(cache.embeddings([(sha("first"), ""), *many], "print")) == 1


def test_a_failed_write_is_reported(path: Path) -> None:
    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    process = child(
        path,
        """
        from generator.errors import BollardsError
        with Cache.open(path) as cache:
            cache.keep_embeddings("print", {(sha("first"), ""): np.ones(100)})
            try:
                many = {(sha(str(number)), ""): np.ones(4000) for number in range(200)}
                cache.keep_embeddings("print", many)
            except BollardsError as error:
                print(error)
            assert len(cache.embeddings([(sha("first"), ""), *many], "print")) == 1
        """,
        preexec_fn=limit,
    )
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert str(path) in output and "disk full" in output


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / ".bollards").write_text("a file where the folder should be")
    with pytest.raises(BollardsError, match="may be deleted"):
        Cache.open(tmp_path / ".bollards" / "cache.sqlite3")


def test_twenty_thousand_embeddings_need_one_question(path: Path) -> None:
    # No time is asserted; a question for each would make this test crawl, and exceed the limit
    # that SQLite sets to the parameters of one statement.
    keys = [(sha(str(number)), "0,0,636,800") for number in range(20_000)]
    with Cache.open(path) as cache:
        cache.keep_embeddings("print", dict.fromkeys(keys, np.ones(16)))
        start = time.perf_counter()
        assert len(cache.embeddings(keys, "print")) == 20_000
        print(f"20,000 embeddings read in {time.perf_counter() - start:.3f} s")
