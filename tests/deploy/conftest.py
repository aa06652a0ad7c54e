"""A project with a finished site, an S3 server in a process of its own, and nginx."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest

from generator.project import Project
from tests.deploy.find import needed
from tests.deploy.sites import build_version

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with version 1 of the small site in its `public/`."""
    project = Project(tmp_path / "project")
    project.root.mkdir()
    project.settings.write_text("", encoding="utf-8")
    build_version(project, 1)
    return project


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hides the settings of the person who runs the tests."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith(("AWS_", "GIT_", "RSYNC_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in small letters) and body of an address."""
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            told = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, told, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {}, b""


def wait_for(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, f"waited too long for {what}"
        time.sleep(0.02)


@dataclass(frozen=True)
class S3Server:
    """moto's S3 in another process.

    `stop_after` makes it hang at a certain upload, `cut` breaks downloads off.
    """

    address: str
    folder: Path
    client: Any

    def requests(self) -> list[tuple[str, str]]:
        """Method and key of every request so far, in order of arrival."""
        lines = (self.folder / "log").read_text(encoding="utf-8").splitlines()
        return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]

    def uploads(self) -> list[str]:
        return [key for method, key in self.requests() if method == "PUT"]

    def downloads(self) -> list[str]:
        return [key for method, key in self.requests() if method == "GET" and key]

    def ranges(self) -> list[str]:
        """What each download asked for: "whole", or a range such as "bytes=100-"."""
        return (self.folder / "ranges").read_text(encoding="utf-8").splitlines()

    def cut(self, most: int, times: int, *, hangs: bool = False) -> None:
        """Break off the next so many downloads after `most` bytes, or let them hang there."""
        (self.folder / "cut").write_text(f"{most} {times} {hangs:d}", encoding="utf-8")

    def mend(self) -> None:
        """Let all downloads arrive whole."""
        (self.folder / "cut").unlink(missing_ok=True)

    @contextmanager
    def asking_for_rights(self) -> Iterator[None]:
        """From now on moto looks at who asks, and what they may do."""

        def look_after(requests: bytes) -> None:
            address = f"{self.address}/moto-api/reset-auth"
            kind = {"Content-Type": "text/plain"}
            asked = urllib.request.Request(address, data=requests, headers=kind, method="POST")
            urllib.request.urlopen(asked, timeout=10).close()

        look_after(b"0")
        try:
            yield
        finally:
            look_after(b"inf")

    def forget(self) -> None:
        for name in ("log", "ranges"):
            (self.folder / name).write_text("", encoding="utf-8")

    def stop_after(self, count: int | None) -> None:
        """Leave uploads unanswered after this many; None answers all again."""
        path = self.folder / "stop-after"
        if count is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(str(count), encoding="utf-8")


@pytest.fixture(scope="session")
def s3_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    folder = tmp_path_factory.mktemp("s3")
    port = free_port()
    command = [sys.executable, "-m", "tests.deploy.s3_server", str(port), str(folder)]
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=output)
    address = f"http://127.0.0.1:{port}"
    keys = {"aws_access_key_id": "owner", "aws_secret_access_key": "secret"}
    client = boto3.client("s3", endpoint_url=address, region_name="us-east-1", **keys)
    server = S3Server(address, folder, client)
    try:
        wait_for(lambda: _answers(port), f"the S3 server; it said {folder / 'output'}")
        yield server
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def s3(s3_process: S3Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Server]:
    """The S3 server with one empty bucket, `bucket`, that everybody may read, and keys to it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    urllib.request.urlopen(
        urllib.request.Request(f"{s3_process.address}/moto-api/reset", method="POST"), timeout=10
    ).close()
    client = s3_process.client
    client.create_bucket(Bucket="bucket")
    everybody = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    rule = {**everybody, "Resource": "arn:aws:s3:::bucket/*"}
    client.put_bucket_policy(
        Bucket="bucket", Policy=json.dumps({"Version": "2012-10-17", "Statement": [rule]})
    )
    s3_process.forget()
    yield s3_process
    s3_process.stop_after(None)
    s3_process.mend()


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Callable[[Path], str]]:
    """Serves folders with nginx; returns their addresses."""
    program = needed("nginx")
    running: list[subprocess.Popen[bytes]] = []

    def serve(folder: Path) -> str:
        port = free_port()
        work = tmp_path / f"nginx-{port}"
        work.mkdir()
        # nginx's workers run as another user if it is started by root: let them in.
        for place in (folder, *folder.parents[: len(folder.parts) - 2]):
            if place.stat().st_uid == os.getuid() and place != Path("/tmp"):
                place.chmod(place.stat().st_mode | 0o111)
        (work / "nginx.conf").write_text(
            f"pid {work}/pid; error_log {work}/errors; daemon off; events {{}}\n"
            "http { include /etc/nginx/mime.types; access_log off;\n"
            + "".join(
                f"{name}_temp_path {work}/{name};\n"
                for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
            )
            + f"server {{ listen 127.0.0.1:{port}; root {folder}; }} }}\n",
            encoding="utf-8",
        )
        command = [program, "-p", str(work), "-e", str(work / "errors"), "-c", "nginx.conf"]
        running.append(subprocess.Popen(command))
        wait_for(lambda: _answers(port), "nginx")
        return f"http://127.0.0.1:{port}/"

    yield serve
    for process in running:
        process.terminate()
        process.wait()
