"""The same bytes under another user, time zone, locale, hash seed and order of files."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from generator.project import Project
from tests.torture.sites import Sites, digests

_ROOT = Path(__file__).parents[2]
_ZONES = ("Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", "UTC", "Pacific/Niue")
_LOCALES = ("C", "C.UTF-8", "POSIX", "de_DE.UTF-8", "tr_TR.UTF-8", "ja_JP.SJIS")


def machines(sites: Sites, folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Build in a new process on what might be another machine."""
    chance, other = random.Random(seed), _another_user()
    for number in range(tries):
        # A path of another length and depth.
        home = folder / ("x" * (number % 7 + 1)) / "Ä sites"
        project = Project(home / "one")
        shutil.rmtree(home, ignore_errors=True)
        _placed(sites.changed.root, project.root, chance)
        cores = sorted(os.sched_getaffinity(0))
        used = cores[: chance.randint(1, len(cores))]
        environment = os.environ | {
            "TZ": chance.choice(_ZONES),
            "LC_ALL": chance.choice(_LOCALES),
            "PYTHONHASHSEED": str(chance.randrange(2**32)),
            "PYTHONUTF8": chance.choice(("0", "1")),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(home),
            "USER": f"user{number}",
        }
        user = other if number % 2 else []
        result = subprocess.run(
            [*user, sys.executable, "-m", "generator", "build", "--quiet", str(project.root)],
            cwd=_ROOT,
            env=environment,
            umask=chance.choice((0o022, 0o077, 0o002)),
            preexec_fn=lambda used=used: os.sched_setaffinity(0, used),
            check=False,
            capture_output=True,
            text=True,
        )
        wrong = "" if result.returncode == 0 else result.stderr[-2000:]
        if not wrong:
            after, wanted = digests(project.public), sites.after
            different = [path for path in {*after, *wanted} if after.get(path) != wanted.get(path)]
            wrong = f"files differ: {', '.join(sorted(different)[:8])}" if different else ""
        if not wrong and project.ledger.read_bytes() != sites.new.ledger.read_bytes():
            wrong = "the ledger differs"
        names = ("TZ", "LC_ALL", "PYTHONHASHSEED", "PYTHONUTF8")
        said = {name: environment[name] for name in names}
        yield f"{said}, {len(used)} cores, as {user}: {wrong}" if wrong else ""


def _placed(source: Path, target: Path, chance: random.Random) -> None:
    """Copy a project's sources to the disk in random order."""
    target.mkdir(parents=True)
    files = [path for path in source.rglob("*") if path.is_file()]
    chance.shuffle(files)
    for path in files:
        inner = path.relative_to(source)
        if inner.parts[0] in (".bollards", "public"):
            continue
        place = target / inner
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        moment = chance.randrange(10**9, 2 * 10**9)
        os.utime(place, (moment, moment))


def _another_user() -> list[str]:
    """The command that starts a program as another user; empty if that is not allowed."""
    start = ["unshare", "--user", "--map-user=1234", "--map-group=1234"]
    try:
        started = subprocess.run([*start, "true"], check=False, capture_output=True)
    except OSError:
        return []
    return start if started.returncode == 0 else []
