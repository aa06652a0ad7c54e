"""Deploys that are killed before any operation leave no gap, and the next one continues."""

import contextlib
import gzip
import itertools
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.deploy import deploy
from generator.progress import Progress
from generator.project import Project
from tests.deploy.sites import build_version, holes
from tests.torture.attempt import KILLED, Outcome, copied, forked, spread
from tests.torture.disk import Disk

_Read = Callable[[str], bytes | None]
_ROOT = Path(__file__).parents[2]
_NOT_IN_BUCKETS = ("_headers", ".nojekyll")


def folders(folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Cut deploys to a folder, by rsync."""
    first = _project(folder / "first", 1)
    second = _project(folder / "second", 2)
    deployed = folder / "deployed"
    _send(first, str(deployed))
    www = folder / "www"

    def read(path: str) -> bytes | None:
        place = www / path
        return place.read_bytes() if place.is_file() else None

    def fresh() -> str:
        copied(deployed, www)
        return str(www)

    yield from _cut(second, fresh, read, www, tries, seed)


def branches(folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Cut deploys to a branch, by git."""
    first = _project(folder / "first", 1)
    second = _project(folder / "second", 2)
    deployed, remote = folder / "deployed.git", folder / "remote.git"
    _git("init", "--quiet", "--bare", str(deployed), at=folder)
    copied(deployed, remote)
    for project in (first, second):
        _git("init", "--quiet", "--initial-branch=main", at=project.root)
        _git("remote", "add", "origin", str(remote), at=project.root)
        _git("add", "site.toml", at=project.root)
    _send(first, "pages")
    shutil.rmtree(deployed)
    copied(remote, deployed)

    def read(path: str) -> bytes | None:
        show = ["git", "-C", str(remote), "show", f"gh-pages:{path}"]
        shown = subprocess.run(show, check=False, capture_output=True)
        return shown.stdout if shown.returncode == 0 else None

    def fresh() -> str:
        copied(deployed, remote)
        return "pages"

    yield from _cut(second, fresh, read, second.root, tries, seed)


def buckets(folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Cut deploys to a bucket, at a server in a process of its own."""
    first = _project(folder / "first", 1)
    second = _project(folder / "second", 2)
    prefixes = (f"try-{number}" for number in itertools.count())
    prefix = ""
    with _s3(folder) as address:

        def read(path: str) -> bytes | None:
            try:
                with urllib.request.urlopen(f"{address}/bucket/{prefix}/{path}") as answer:
                    body: bytes = answer.read()
                    packed = answer.headers.get("content-encoding") == "gzip"
            except urllib.error.HTTPError as error:
                error.close()
                return None
            return gzip.decompress(body) if packed else body

        def fresh() -> str:
            nonlocal prefix
            prefix = next(prefixes)
            _send(first, f"s3://bucket/{prefix}", address)
            return f"s3://bucket/{prefix}"

        yield from _cut(second, fresh, read, second.root, tries, seed, address)


def _cut(
    project: Project,
    fresh: Callable[[], str],
    read: _Read,
    watched: Path,
    tries: int,
    seed: int,
    endpoint: str = "",
) -> Iterator[str]:
    """Cut deploys, each before another operation; half of the next deploys are cut as well.

    Args:
        project: with version 2 of the site.
        fresh: brings the target back to version 1; returns it.
        read: what a visitor of the target gets.
        watched: the folder whose files are operated on.
        tries: how often; each operation once before any comes twice.
        seed: of the operations to begin with.
        endpoint: of a bucket.
    """
    files = build_version(project, 2)

    def cut(to: str, number: int) -> Outcome:
        def work() -> None:
            operations = _watch(watched, number)
            _send(project, to, endpoint)
            print(operations())

        return forked(work)

    chance = random.Random(seed)
    whole = cut(fresh(), 0)
    if whole.code != 0:
        raise RuntimeError(whole.text)
    operations = int(whole.text.rsplit(maxsplit=1)[-1])
    for number in spread(operations, tries, seed):
        to = fresh()
        cuts = [number]
        if chance.random() < 0.5:
            cuts.append(chance.randint(1, operations))
        wrong = ""
        for one in cuts:
            outcome = cut(to, one)
            wrong = wrong or ("" if outcome.code in (KILLED, 0) else outcome.text)
            wrong = wrong or ", ".join(holes(read))
        _send(project, to, endpoint)
        wrong = wrong or _different(read, files, endpoint)
        yield f"killed before operations {cuts}: {wrong}" if wrong else ""


def _different(read: _Read, files: Mapping[str, bytes], endpoint: str) -> str:
    skipped = _NOT_IN_BUCKETS if endpoint else ()
    missing = [path for path in files if path not in skipped and read(path) != files[path]]
    old = [path for path in ("types/a/index.html", "pictures/p1.webp") if read(path) is not None]
    return f"after the next deploy: wrong {missing}, still there {old}" if missing or old else ""


def _watch(folder: Path, number: int) -> Callable[[], int]:
    """End this process, and those that it started, before its operation of this number.

    Operations are those on files, starting and hearing of other programs, and requests.

    Returns:
        How many there have been so far.
    """
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1
        if count == number:
            os.killpg(0, signal.SIGKILL)

    Disk(folder, step).watch()
    started = subprocess.Popen.__init__
    ended = subprocess.Popen.wait

    def start(self: Any, *arguments: Any, **named: Any) -> None:
        step()
        started(self, *arguments, **named)

    def wait(self: Any, *arguments: Any, **named: Any) -> int:
        code = ended(self, *arguments, **named)
        step()
        return code

    subprocess.Popen.__init__ = start  # type: ignore[method-assign]
    subprocess.Popen.wait = wait  # type: ignore[method-assign]
    bar = Progress.bar

    @contextlib.contextmanager
    def counted(self: Progress, *arguments: Any) -> Iterator[Callable[[int], None]]:
        with bar(self, *arguments) as advance:

            def moved(by: int) -> None:
                step()
                advance(by)

            yield moved

    Progress.bar = counted  # type: ignore[method-assign]
    from urllib3.connectionpool import HTTPConnectionPool

    asked = HTTPConnectionPool.urlopen

    def urlopen(self: Any, *arguments: Any, **named: Any) -> Any:
        step()
        answer = asked(self, *arguments, **named)
        step()
        return answer

    HTTPConnectionPool.urlopen = urlopen  # type: ignore[method-assign]
    return lambda: count


def _project(root: Path, version: int) -> Project:
    project = Project(root)
    root.mkdir(parents=True)
    project.settings.write_text("", encoding="utf-8")
    build_version(project, version)
    return project


def _send(project: Project, to: str, endpoint: str = "") -> None:
    deploy(project, to, Progress(quiet=True), endpoint=endpoint)


def _git(*arguments: str, at: Path) -> None:
    subprocess.run(["git", *arguments], cwd=at, check=True, capture_output=True)


@contextlib.contextmanager
def _s3(folder: Path) -> Iterator[str]:
    import boto3

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    command = [sys.executable, "-m", "tests.deploy.s3_server", str(port), str(folder)]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=_ROOT, stdout=output, stderr=output)
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((folder / "output").read_text(encoding="utf-8"))
            time.sleep(0.05)
        client = boto3.client("s3", endpoint_url=address, region_name="us-east-1")
        client.create_bucket(Bucket="bucket")
        everybody = (
            '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",'
            ' "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket/*"}]}'
        )
        client.put_bucket_policy(Bucket="bucket", Policy=everybody)
        yield address
    finally:
        process.kill()
        process.wait()
