"""A site project on disk: what its owner keeps there, and what the program keeps there."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from generator.errors import BollardsError
from generator.keep import write_whole


@dataclass(frozen=True, slots=True)
class Project:
    """The paths of one site project.

    The owner's: `site.toml`, `photos/`, `photos.csv`, `notes/`, `curation.toml`.
    The program's: `ledger.json` (kept under version control), `.bollards/` and `public/`.
    """

    root: Path

    @property
    def settings(self) -> Path:
        return self.root / "site.toml"

    @property
    def photos(self) -> Path:
        return self.root / "photos"

    @property
    def photo_table(self) -> Path:
        return self.root / "photos.csv"

    @property
    def notes(self) -> Path:
        return self.root / "notes"

    @property
    def curation(self) -> Path:
        return self.root / "curation.toml"

    @property
    def templates(self) -> Path:
        """Templates of the owner's own, which replace the program's of the same name."""
        return self.root / "templates"

    @property
    def locale(self) -> Path:
        """Message files of the owner's own, which add languages or change words."""
        return self.root / "locale"

    @property
    def fonts(self) -> Path:
        """Fonts of the owner, for names in a script that the program's own fonts lack."""
        return self.root / "fonts"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.json"

    @property
    def public(self) -> Path:
        return self.root / "public"

    @property
    def work(self) -> Path:
        return self.root / ".bollards"

    @property
    def cache(self) -> Path:
        return self.work / "cache.sqlite"

    @property
    def staging(self) -> Path:
        """The folder in which the next site grows: what was live before the live one.

        On the same file system as `public/`, so that the two can change places in one step.
        """
        return self.work / "staging"

    @property
    def places(self) -> Path:
        return self.work / "places.json"

    @property
    def clusters(self) -> Path:
        return self.work / "clusters.json"

    @property
    def pictures(self) -> Path:
        return self.work / "pictures"

    @property
    def index(self) -> Path:
        return self.work / "index.npz"

    @property
    def hidden(self) -> Path:
        """Which photos each entry of curation.toml hid, also before a build came to its end."""
        return self.work / "hidden.json"

    @property
    def private(self) -> Path:
        """What the last build knew of photos and did not publish; for the review page."""
        return self.work / "private.json"

    @property
    def report(self) -> Path:
        """What the last build changed, as data; `report_page` is the same for its owner to read."""
        return self.work / "report.json"

    @property
    def report_page(self) -> Path:
        return self.work / "report.html"

    @property
    def state(self) -> Path:
        return self.work / "state.json"

    @property
    def history(self) -> Path:
        """The decisions of reviews, to be taken back."""
        return self.work / "review.json"

    @property
    def session_key(self) -> Path:
        """What a browser proves itself with to `serve` and `review`; for its owner's eyes only."""
        return self.work / "session-key"

    @property
    def retired(self) -> Path:
        """Where the old site waits for its end while the new one takes its place."""
        return self.work / "retired"

    @contextlib.contextmanager
    def locked(
        self,
        work: Literal["build", "review"] = "build",
        *,
        waiting: Callable[[], None] | None = None,
    ) -> Iterator[None]:
        """Hold the project, so that two builds, or two reviews, do not work on it at once.

        Args:
            work: what the project is held for.
            waiting: called once where another program holds the project; then this one waits for
                its end. Without it, the other program is an error.

        Raises:
            BollardsError: another one is at work here.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        # The system drops the lock when the process ends, however it ends: no stale lock file.
        with (self.work / ("lock" if work == "build" else f"{work}.lock")).open("a+") as file:
            free = _lock(file.fileno())
            if not free and waiting is not None:
                waiting()
                _lock_when_free(file.fileno())
                free = True
            if not free and work == "review":
                raise BollardsError(
                    f"{self.root}: another bollards review is open for this site. Use that one;"
                    " it may be opened in several windows."
                )
            if not free:
                raise BollardsError(
                    f"{self.root}: another bollards is building this site right now."
                    " Wait for it to finish."
                )
            yield


def _lock(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_when_free(descriptor: int) -> None:
    """Wait for the lock. Ctrl-C ends the wait."""
    try:
        import fcntl
    except ImportError:
        while not _lock(descriptor):
            time.sleep(0.2)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def write_atomically(path: Path, text: str) -> None:
    """Replace a file's text in one step: a reader sees the old or the new one, never half.

    When it returns, the text survives a power cut. A file that already says so is not touched.
    """
    with contextlib.suppress(OSError, ValueError):
        if path.read_text(encoding="utf-8") == text:
            return
    write_whole(path, text.encode(), durable=True)
