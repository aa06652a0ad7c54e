"""Prepares photos on the workers of a Dask cluster, with the results of one machine.

A shard is a batch of photos. A worker opens, crops, embeds and scales them with the same code as
`in_threads`, and sends back what that would have written. Whatever runs shards is a
`concurrent.futures.Executor`; Dask's starts the shards of a lost worker again on others.
"""

import importlib.metadata
import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from generator import __version__
from generator.build.engine import FloatArray, Shard, Work
from generator.build.prepare import Preparation
from generator.cache import Key
from generator.catalogue import Source
from generator.config import Settings
from generator.embed import Embedder, load_embedder
from generator.errors import BollardsError
from generator.isolate import Isolator, load_isolator
from generator.pull.record import Record
from generator.pull.source import DroppedError, RefusedError, RemoteFile, open_source
from generator.pull.transfer import fetch

# What decides about the bytes of results, besides the program.
_LIBRARIES = ("numpy", "onnxruntime", "pillow", "pillow-heif", "scipy")
_PATIENCE_S = 30


@dataclass(frozen=True)
class Task:
    """What all shards of a build have in common; it travels to the workers.

    Attributes:
        project: the folder of the site project, as it is called on this machine.
        settings: all of site.toml.
        fingerprints: of the embedder, and of the isolator or "".
        versions: of the program and its libraries.
    """

    project: Path
    settings: Settings
    fingerprints: tuple[str, str]
    versions: tuple[tuple[str, str], ...]


@dataclass
class Results:
    """Takes the place of the cache on a worker."""

    known: Mapping[Key, FloatArray]
    texts: dict[Key, str] = field(default_factory=dict)
    vectors: dict[Key, FloatArray] = field(default_factory=dict)

    def prepared(self, keys: Sequence[Key]) -> dict[Key, str]:
        """Nothing: what is complete is not sent to workers."""
        return {}

    def keep_prepared(self, items: Mapping[Key, str]) -> None:
        """See `Cache.keep_prepared`."""
        self.texts.update(items)

    def embeddings(self, keys: Sequence[Key], fingerprint: str) -> dict[Key, FloatArray]:
        """See `Cache.embeddings`."""
        return dict(self.known)

    def keep_embeddings(self, fingerprint: str, items: Mapping[Key, FloatArray]) -> None:
        """See `Cache.keep_embeddings`."""
        self.vectors.update(items)

    def keep_made(self, digests: Mapping[str, str]) -> None:
        """Nothing: whoever gets the pictures computes their digests again."""


def versions() -> tuple[tuple[str, str], ...]:
    """The versions that must be the same on all machines for results of the same bytes."""
    libraries = ((name, importlib.metadata.version(name)) for name in _LIBRARIES)
    return (("bollards", __version__), *libraries)


def work(
    task: Task,
    sources: Sequence[Source],
    remote: Sequence[RemoteFile | None],
    known: Mapping[Key, FloatArray],
) -> Shard:
    """Prepare some photos; runs on a worker.

    Args:
        task: what all shards have in common.
        sources: the photos.
        remote: for each photo, its file at `from` under [photos], if it was pulled from there.
        known: vectors that these photos have already.

    Raises:
        BollardsError: this worker cannot give the same results, or cannot read the photos.
    """
    embedder, isolator = _tools(task)
    with TemporaryDirectory() as folder:
        photos, pictures = Path(folder, "photos"), Path(folder, "pictures")
        for one in (photos, pictures):
            one.mkdir()
        for source, file in zip(sources, remote, strict=True):
            _provide(task, source, file, photos)
        results = Results(known)
        preparation = Preparation(
            sources, photos, pictures, task.settings, results, embedder, isolator
        )
        preparation.work(sources)
        made = {path.name: path.read_bytes() for path in sorted(pictures.iterdir())}
        return Shard(results.texts, results.vectors, made, tuple(preparation.problems))


def _tools(task: Task) -> tuple[Embedder, Isolator | None]:
    """The embedder and the isolator, loaded once a process."""
    refuse_others(dict(task.versions), dict(versions()), "a worker")
    embedder, isolator = _LOADED.get(task)
    found = (embedder.fingerprint, isolator.fingerprint if isolator else "")
    if found != task.fingerprints:
        raise BollardsError(
            "A worker has another model than this machine: its vectors would differ. Give all"
            " machines the same model files."
        )
    return embedder, isolator


class _Loaded:
    """The tools of the last task."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._task: Task | None = None
        self._tools: tuple[Embedder, Isolator | None] | None = None

    def get(self, task: Task) -> tuple[Embedder, Isolator | None]:
        """Load them if the task is another one."""
        with self._lock:
            if self._tools is None or self._task != task:
                settings = task.settings
                embedder = load_embedder(settings.embed, task.project)
                isolator = load_isolator(settings.isolate, task.project, embedder.isolator)
                self._task, self._tools = task, (embedder, isolator)
            return self._tools


_LOADED = _Loaded()


def refuse_others(here: Mapping[str, str], there: Mapping[str, str], who: str) -> None:
    """Refuse a worker whose versions differ.

    Raises:
        BollardsError: names what differs.
    """
    differ = [name for name in here if here[name] != there.get(name)]
    if differ:
        told = ", ".join(f"{name} {there.get(name, 'is missing')}" for name in differ)
        wanted = " ".join(f"{name}=={here[name]}" for name in differ)
        raise BollardsError(
            f"{who} would give other results than this machine: it has {told}. Install there:"
            f" {wanted}"
        )


def _provide(task: Task, source: Source, file: RemoteFile | None, photos: Path) -> None:
    """Bring a photo into a folder: from the shared folder, else from where it was pulled."""
    at = photos / source.file
    at.parent.mkdir(parents=True, exist_ok=True)
    shared = task.project / "photos" / source.file
    if at.exists():
        return
    if shared.is_file():
        at.symlink_to(shared)
        return
    if file is None:
        raise BollardsError(
            f"A worker cannot read {shared}. Put the project into a folder that all machines share"
            " under the same path, or the photos into a bucket from which `bollards pull` fetches"
            " them (`from` under [photos])."
        )
    settings = task.settings.photos
    try:
        place = open_source(settings.from_, settings.endpoint)
        arrived = fetch(place, file, photos, threading.Event())
    except (RefusedError, DroppedError) as error:
        raise BollardsError(
            f"A worker cannot fetch {file.path} from {settings.from_}: {error}. Finished photos"
            " are kept: pull, and build again."
        ) from None
    arrived.at.replace(at)


@dataclass(frozen=True)
class Cluster:
    """An engine for `prepare`: the workers of a Dask cluster."""

    address: str
    project: Path
    settings: Settings
    embedder: Embedder
    isolator: Isolator | None

    def __call__(
        self,
        preparation: Work,
        batches: Sequence[Sequence[Source]],
        advance: Callable[[int], None],
        meanwhile: Callable[[], object],
    ) -> None:
        """See `in_threads`.

        Raises:
            BollardsError: there is no such cluster, or a worker cannot do the work. What was
                finished is kept.
        """
        if not batches:
            return
        with opened(self.address) as executor:
            self.run(executor, preparation, batches, advance)

    def run(
        self,
        executor: Executor,
        preparation: Work,
        batches: Sequence[Sequence[Source]],
        advance: Callable[[int], None],
    ) -> None:
        """Have all batches worked on, and take their results as they come."""
        isolator = self.isolator.fingerprint if self.isolator else ""
        prints = (self.embedder.fingerprint, isolator)
        task = Task(self.project.resolve(), self.settings, prints, versions())
        pulled = Record(self.project / "photos", self._named()).files if self._named() else {}
        waiting = {}
        for batch in batches:
            files = [
                RemoteFile(one.file, pulled[one.file].size, pulled[one.file].mark)
                if one.file in pulled
                else None
                for one in batch
            ]
            future = executor.submit(work, task, batch, files, preparation.known(batch))
            waiting[future] = batch
        for done in as_completed(list(waiting)):
            # The cluster keeps a result as long as somebody here has its future.
            batch = waiting.pop(done)
            with _explaining(self.address, batch):
                preparation.take(done.result())
            advance(len(batch))

    def _named(self) -> str:
        settings = self.settings.photos
        return open_source(settings.from_, settings.endpoint).named if settings.from_ else ""


@contextmanager
def opened(address: str) -> Iterator[Executor]:
    """The executor of a Dask cluster.

    Args:
        address: "dask://HOST:PORT", that of its scheduler.

    Raises:
        BollardsError: Dask is not installed, nobody answers, or no worker fits.
    """
    found = re.fullmatch(r"dask://([^/\s:]+|\[[0-9a-fA-F:]+\]):(\d+)/?", address)
    if not found:
        raise BollardsError(
            f'--on: expected "dask://HOST:PORT", where a Dask scheduler is; found "{address}".'
        )
    try:
        from distributed import Client
    except ImportError:
        raise BollardsError(
            "To build on a cluster, the library distributed is needed, which is not installed with"
            " bollards alone. Add it: pip install 'bollards[cluster]'"
        ) from None
    # It logs a lost scheduler with tracebacks, where one message is enough.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    try:
        client = Client(f"tcp://{found[1]}:{found[2]}", timeout=_PATIENCE_S, set_as_default=False)
    except OSError:
        raise BollardsError(
            f"{address}: no Dask scheduler answers there. Start one (`dask scheduler`) and workers"
            " (`dask worker`), correct the address, or build without --on."
        ) from None
    try:
        _refuse_workers(client, address)
        executor = client.get_executor(pure=False)
        try:
            yield executor
        finally:
            # Cancels what has not begun.
            executor.shutdown(wait=False)
    finally:
        client.close()


def _refuse_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_PATIENCE_S)
    except TimeoutError:
        raise BollardsError(
            f"{address}: the scheduler has no workers. Start some: dask worker {address[7:]}"
        ) from None
    answers = client.run(versions, on_error="return")
    for worker, answer in answers.items():
        if isinstance(answer, Exception):
            raise BollardsError(
                f"{worker} cannot work for bollards: {answer}. Install bollards there, with the"
                " same version as here."
            )
        refuse_others(dict(versions()), dict(answer), f"The worker {worker}")


@contextmanager
def _explaining(address: str, batch: Sequence[Source]) -> Iterator[None]:
    """Turn Dask's failures into messages for the owner."""
    from distributed.scheduler import KilledWorker

    kept = "Finished photos are kept; the next build goes on from there."
    try:
        yield
    except KilledWorker:
        names = ", ".join(f"photos/{one.file}" for one in batch)
        raise BollardsError(
            f"{address}: several workers died while they worked on {names}. Perhaps their memory is"
            f" too small (`dask worker --memory-limit`). {kept}"
        ) from None
    except CancelledError:
        raise BollardsError(
            f"{address}: the connection to the scheduler was lost. {kept}"
        ) from None
