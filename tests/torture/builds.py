"""Builds that are killed, run out of disk or lose their power."""

import errno
import itertools
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from generator.project import Project
from tests.torture.attempt import KILLED, attempt, copied, forked, killed_at, spread
from tests.torture.disk import WRITING, Disk, Operation, Tree, replayed
from tests.torture.sites import Sites, digests, mended, owners, torn

_PAGE = 4096


def kills(sites: Sites, folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Kill a build before an operation on files; each operation once before any comes twice.

    One in ten of the next builds is killed as well.

    Yields:
        What went wrong in each try; "" for success.
    """
    operations = recorded(sites, folder)
    chance = random.Random(seed)
    for number in spread(len(operations), tries, seed):
        project = Project(copied(sites.changed.root, folder / "killed"))
        cuts = [number]
        if chance.random() < 0.1:
            cuts.append(chance.randint(1, len(operations)))
        wrong = ""
        for one in cuts:

            def prepare(project: Project = project, number: int = one) -> None:
                Disk(project.root, killed_at(number)).watch()

            outcome = attempt(["build", project.root, "--quiet"], prepare)
            # Threads take turns in an order of their own: the last numbers may not come up.
            if outcome.code not in (KILLED, 0):
                wrong = wrong or f"ended with {outcome.code}: {outcome.text}"
            wrong = wrong or torn(sites, project)
        wrong = wrong or mended(sites, project)
        yield f"killed before operations {cuts}: {wrong}" if wrong else ""


def full_disk(sites: Sites, folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Let every operation from a certain one on fail for a full disk, then free some space."""
    writes = [one for one in recorded(sites, folder) if one.name in WRITING]
    for number in spread(len(writes), tries, seed):
        project = Project(copied(sites.changed.root, folder / "full"))

        def prepare(project: Project = project, number: int = number) -> None:
            Disk(project.root, _full_from(number)).watch()

        outcome = attempt(["build", project.root, "--quiet"], prepare)
        wrong = "" if outcome.is_clean else f"ended with {outcome.code}: {outcome.text}"
        wrong = wrong or torn(sites, project) or mended(sites, project)
        yield f"no room from write {number} on: {wrong}" if wrong else ""


def small_disk(sites: Sites, folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Build on an in-memory file system that is too small, then enlarge it.

    Yields:
        Nothing if this process may not mount one.
    """
    place = folder / "disk"
    place.mkdir()
    chance = random.Random(seed)
    need = _room(sites.changed.root)
    more = max(0, _room(sites.new.root) * 2 - need)
    for _ in range(tries):
        room = need + chance.randint(0, more) // _PAGE * _PAGE
        if not _mounted(place, room):
            return
        try:
            project = Project(copied(sites.changed.root, place / "site"))
            outcome = attempt(["build", project.root, "--quiet"])
            wrong = "" if outcome.is_clean else f"ended with {outcome.code}: {outcome.text}"
            wrong = wrong or torn(sites, project)
            _mounted(place, 4 * (need + more), again=True)
            wrong = wrong or mended(sites, project)
        finally:
            subprocess.run(["umount", str(place)], check=True)
        yield f"{room:,} bytes of room: {wrong}" if wrong else ""


def _room(root: Path) -> int:
    """Bytes that the files below a folder take on a file system of memory, in whole pages."""
    sizes = {path.stat().st_ino: path.stat().st_size for path in root.rglob("*") if path.is_file()}
    return sum(-(-size // _PAGE) * _PAGE for size in sizes.values())


def _mounted(place: Path, room: int, *, again: bool = False) -> bool:
    options = f"{'remount,' if again else ''}size={room}"
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(place)]
    try:
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def losses(sites: Sites, folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Cut the power after an operation: written data that was not synced is lost, or part of it."""
    operations = recorded(sites, folder)
    rng = np.random.default_rng(seed)
    tree, done = Tree(sites.changed.root), 0
    ways = itertools.cycle(_WAYS.items())
    for number in sorted(spread(len(operations), tries, seed)):
        replayed(tree, operations[done:number])
        done = number
        way, kept = next(ways)
        project = Project(folder / "lost")
        shutil.rmtree(project.root, ignore_errors=True)
        tree.write(project.root, lambda now, synced, kept=kept: kept(rng, now, synced))
        _lose_cache(project, sites, folder / "recorded", rng)
        wrong = torn(sites, project)
        if not wrong and owners(project) != owners(sites.changed):
            wrong = "a file of the owner's has changed"
        wrong = wrong or mended(sites, project)
        yield f"no power after operation {number}, writes {way}: {wrong}" if wrong else ""


def recorded(sites: Sites, folder: Path) -> list[Operation]:
    """The operations of a complete build, in order.

    Raises:
        RuntimeError: doing them once more does not give the same files: something was missed.
    """
    project = Project(copied(sites.changed.root, folder / "recorded"))
    place = folder / "operations.pickle"
    place.unlink(missing_ok=True)

    def work() -> None:
        import pickle

        from generator.build import build
        from generator.progress import Progress

        disk = Disk(project.root)
        disk.watch()
        build(project, Progress(quiet=True))
        place.write_bytes(pickle.dumps(disk.done))

    outcome = forked(work)
    if outcome.code != 0:
        raise RuntimeError(outcome.text)
    import pickle

    operations: list[Operation] = pickle.loads(place.read_bytes())
    moved = [_at(one, project.root, sites.changed.root) for one in operations]
    tree = Tree(sites.changed.root)
    replayed(tree, moved)
    again = folder / "again"
    shutil.rmtree(again, ignore_errors=True)
    tree.write(again, lambda now, synced: now)
    found, real = _without_cache(again), _without_cache(project.root)
    if found != real:
        wrong = sorted(path for path in {*found, *real} if found.get(path) != real.get(path))
        raise RuntimeError(f"The record of a build is not complete: {wrong[:10]}")
    return moved


def _at(operation: Operation, root: Path, place: Path) -> Operation:
    """The same operation in another folder."""
    path, other = (
        str(place) + text[len(str(root)) :] if text.startswith(str(root)) else text
        for text in (operation.path, operation.other)
    )
    return Operation(operation.name, path, other, operation.data, operation.offset)


def _without_cache(root: Path) -> dict[str, str]:
    return {path: text for path, text in digests(root).items() if "cache.sqlite" not in path}


def _full_from(number: int) -> Callable[[int, Operation], None]:
    writes = 0

    def before(_: int, operation: Operation) -> None:
        nonlocal writes
        if operation.name not in WRITING:
            return
        writes += 1
        if writes < number:
            return
        if operation.name != "sql":
            raise OSError(errno.ENOSPC, "No space left on device", operation.path)
        if operation.path in ("INSERT", "CREATE"):
            import sqlite3

            full = sqlite3.OperationalError("database or disk is full")
            full.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise full

    return before


def _lost(rng: np.random.Generator, now: bytes, synced: bytes) -> bytes:
    return synced


def _cut(rng: np.random.Generator, now: bytes, synced: bytes) -> bytes:
    return now[: int(rng.integers(0, len(now) + 1))]


def _zeroed(rng: np.random.Generator, now: bytes, synced: bytes) -> bytes:
    begin = int(rng.integers(0, len(now) + 1))
    return now[:begin].ljust(len(now), b"\0")


def _any(rng: np.random.Generator, now: bytes, synced: bytes) -> bytes:
    return now if rng.random() < 0.5 else synced


_WAYS: dict[str, Callable[[np.random.Generator, bytes, bytes], bytes]] = {
    "lost": _lost,
    "cut": _cut,
    "zeroed": _zeroed,
    "half of them lost": _any,
}


def _lose_cache(project: Project, sites: Sites, built: Path, rng: np.random.Generator) -> None:
    """SQLite protects its own file; it may be as before, as afterwards, or gone."""
    sources = (sites.changed.work, built / ".bollards", None)
    source = sources[int(rng.integers(0, len(sources)))]
    for path in project.work.glob("cache.sqlite*"):
        path.unlink()
    if source is not None:
        for path in source.glob("cache.sqlite*"):
            shutil.copy2(path, project.work / path.name)
