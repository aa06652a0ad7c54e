"""A build on a cluster gives the bytes of a build on one machine, also if a worker is lost."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from distributed import Client

from generator.build import build, cluster, prepare
from generator.build.cluster import Cluster, Task, versions, work
from generator.build.prepare import Preparation
from generator.cache import Cache
from generator.catalogue import Source
from generator.config import load_settings
from generator.embed import load_embedder
from generator.errors import BollardsError
from generator.isolate import load_isolator
from generator.progress import Progress
from generator.project import Project
from generator.pull import pull
from generator.pull.record import Record
from generator.pull.source import RemoteFile
from tests.deploy.conftest import S3Server, nobody, s3, s3_process  # noqa: F401
from tests.sites import ProjectAt

QUIET = Progress(quiet=True)
ROOT = Path(__file__).parents[2]


def wait_for(condition: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < until, f"waited too long for {what}"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Dask scheduler and three workers, each in a process of its own."""
    folder = tmp_path_factory.mktemp("cluster")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    dask = [sys.executable, "-m", "dask"]
    at = f"tcp://127.0.0.1:{port}"
    begin = ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
    join = ["worker", at, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    join += ["--host", "127.0.0.1", "--local-directory", str(folder)]
    running = []
    try:
        for number, arguments in enumerate((begin, join, join, join)):
            with (folder / f"output-{number}").open("wb") as output:
                running.append(
                    subprocess.Popen(
                        [*dask, *arguments], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
                    )
                )
        with Client(at, timeout=120, set_as_default=False) as client:
            client.wait_for_workers(3, timeout=120)
        yield at.replace("tcp", "dask")
    finally:
        for process in running:
            process.kill()
            process.wait()


def files(site: Path) -> dict[str, bytes]:
    paths = (path for path in (site / "public").rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in paths}


class Killing(Progress):
    """Kills a worker that has something to do, once the first photos are ready."""

    def __init__(self, client: Client) -> None:
        super().__init__(quiet=True)
        self.client = client
        self.pids: dict[str, int] = client.run(os.getpid)
        self.killed: list[str] = []
        self.counted = 0

    def bar(self, title: str, total: int, unit: str) -> Any:
        bar = super().bar(title, total, unit)
        if title != "Photos":
            return bar
        return _Watched(self)

    def advance(self, count: int) -> None:
        self.counted += count
        if not self.killed:
            busy = [one for one, keys in self.client.processing().items() if keys]
            self.killed = busy[:1]
            os.kill(self.pids[busy[0]], signal.SIGKILL)


class _Watched:
    def __init__(self, progress: Killing) -> None:
        self.progress = progress

    def __enter__(self) -> Callable[[int], None]:
        return self.progress.advance

    def __exit__(self, *_: object) -> None:
        pass


def test_a_build_on_a_cluster_that_loses_a_worker_gives_the_bytes_of_one_machine(
    scheduler: str,
    tmp_path: Path,
    built_site: Path,
    project_at: ProjectAt,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Nine shards, so that each worker has several.
    monkeypatch.setattr(prepare, "_BATCH", 2)
    project = project_at(tmp_path / "site", cold=True)

    with Client(scheduler.replace("dask", "tcp"), set_as_default=False) as client:
        progress = Killing(client)
        build(project, progress, on=scheduler)
        left = set(client.run(os.getpid))

    assert set(progress.pids) - left == set(progress.killed) != set()
    assert progress.counted == 18
    assert files(project.root) == files(built_site)


def task_of(project: Project) -> Task:
    settings = load_settings(project.settings)
    embedder = load_embedder(settings.embed, project.root)
    isolator = load_isolator(settings.isolate, project.root, embedder.isolator)
    prints = (embedder.fingerprint, isolator.fingerprint if isolator else "")
    return Task(project.root, settings, prints, versions())


def sources_in(project: Project) -> list[Source]:
    names = sorted(path.relative_to(project.photos) for path in project.photos.rglob("*.jpg"))
    digests = [hashlib.sha256((project.photos / name).read_bytes()).hexdigest() for name in names]
    return [
        Source(id=digest[:12], file=str(name), sha256=digest, bollard=str(name), country=None)
        for name, digest in zip(names, digests, strict=True)
    ]


@pytest.fixture
def project(make_project: Callable[..., Project]) -> Project:
    """Two photos, one of them damaged."""
    project = make_project(cold=True)
    for path in sorted(project.photos.rglob("*.jpg"))[1:]:
        path.unlink()
    (project.photos / "damaged.jpg").write_bytes(b"no picture")
    return project


def test_a_worker_without_the_folder_fetches_the_photos_from_their_bucket(
    project: Project,
    s3: S3Server,  # noqa: F811
    tmp_path: Path,
) -> None:
    sources = sources_in(project)
    for one in sources:
        content = (project.photos / one.file).read_bytes()
        s3.client.put_object(Bucket="bucket", Key=f"posts/{one.file}", Body=content)
    there = Project(tmp_path / "there")
    there.root.mkdir()
    there.settings.write_text(
        f'[photos]\nfrom = "s3://bucket/posts"\nendpoint = "{s3.address}"\n', encoding="utf-8"
    )
    pull(there, QUIET)
    pulled = Record(there.photos, "s3://bucket/posts/").files
    remote = [RemoteFile(one.file, pulled[one.file].size, pulled[one.file].mark) for one in sources]
    away = replace(task_of(there), project=tmp_path / "not on this machine")

    shared = work(task_of(project), sources, [None, None], {})
    fetched = work(away, sources, remote, {})

    assert shared.pictures == fetched.pictures != {}
    assert shared.prepared == fetched.prepared
    assert [vector.tobytes() for vector in shared.vectors.values()] == [
        vector.tobytes() for vector in fetched.vectors.values()
    ]
    # A damaged photo costs itself, with the message of a build on one machine.
    assert shared.problems == fetched.problems
    assert [one.file for one in shared.problems] == ["photos/damaged.jpg"]

    with pytest.raises(BollardsError, match=r"cannot read .*not on this machine.*`bollards pull`"):
        work(away, sources, [None, None], {})
    s3.client.delete_object(Bucket="bucket", Key=f"posts/{sources[0].file}")
    with pytest.raises(BollardsError, match=f"cannot fetch {sources[0].file} from s3://bucket"):
        work(away, sources, remote, {})


def test_a_worker_with_another_version_or_model_is_refused(project: Project) -> None:
    task = task_of(project)
    sources = sources_in(project)

    newer = dict(versions()) | {"numpy": "99"}
    with pytest.raises(BollardsError, match=r"has numpy [\d.]+\. Install there: numpy==99"):
        work(replace(task, versions=tuple(newer.items())), sources, [None, None], {})
    with pytest.raises(BollardsError, match="another model than this machine"):
        work(replace(task, fingerprints=("other", "")), sources, [None, None], {})


def test_any_executor_can_run_the_shards_and_their_results_are_those_of_the_next_build(
    project: Project,
) -> None:
    sources = sources_in(project)
    task = task_of(project)
    embedder = load_embedder(task.settings.embed, project.root)
    isolator = load_isolator(task.settings.isolate, project.root, embedder.isolator)
    engine = Cluster("", project.root, task.settings, embedder, isolator)
    with Cache.open(project.cache) as cache, ThreadPoolExecutor(2) as pool:
        project.pictures.mkdir()
        here = Preparation(
            sources, project.photos, project.pictures, task.settings, cache, embedder, isolator
        )
        counted: list[int] = []
        engine.run(pool, here, [sources[:1], sources[1:]], counted.append)
        again = Preparation(
            sources,
            project.photos,
            project.pictures,
            task.settings,
            cache,
            embedder,
            isolator,
            {path.name for path in project.pictures.iterdir()},
        )

    assert counted == [1, 1]
    # The damaged photo is tried again by each build.
    assert [again.is_done(one) for one in sources] == [True, False]
    kept, made = again.result(sources[0]), here.result(sources[0])
    assert kept is not None and made is not None
    assert kept.embedding.tobytes() == made.embedding.tobytes()
    assert kept.pictures == made.pictures


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("host:8786", '--on: expected "dask://HOST:PORT"'),
        ("dask://127.0.0.1:9", "no Dask scheduler answers there.*or build without --on"),
    ],
)
def test_a_cluster_that_is_not_there_is_one_clear_message(
    project: Project, monkeypatch: pytest.MonkeyPatch, address: str, says: str
) -> None:
    monkeypatch.setattr(cluster, "_PATIENCE_S", 1)
    with pytest.raises(BollardsError, match=says):
        build(project, QUIET, on=address)
    assert not project.public.exists()


def test_without_dask_the_message_says_how_to_get_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BollardsError, match=r"pip install 'bollards\[cluster\]'"):
        build(project, QUIET, on="dask://127.0.0.1:9")
