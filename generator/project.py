"""A site project on disk: the owner's files, and the program's."""

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

    The owner's: `site.toml`, `photos/`, `photos.csv`, `notes/`, `pages/`, `static/`, `slots/`,
    `site.css`, `curation.toml`.
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
    def pages(self) -> Path:
        """The owner's pages: Markdown with a front matter."""
        return self.root / "pages"

    @property
    def static(self) -> Path:
        """The owner's files that are published as they are."""
        return self.root / "static"

    @property
    def slots(self) -> Path:
        """The owner's additions to the program's pages."""
        return self.root / "slots"

    @property
    def style(self) -> Path:
        """The owner's style sheet, which comes after the program's."""
        return self.root / "site.css"

    @property
    def own_folders(self) -> tuple[Path, ...]:
        """The owner's folders, each of which a build reads whole."""
        return (
            self.photos,
            self.notes,
            self.pages,
            self.static,
            self.slots,
            self.templates,
            self.locale,
            self.fonts,
        )

    @property
    def curation(self) -> Path:
        return self.root / "curation.toml"

    @property
    def templates(self) -> Path:
        """The owner's templates, which replace the program's of the same name."""
        return self.root / "templates"

    @property
    def locale(self) -> Path:
        """The owner's message files, which add languages or change words."""
        return self.root / "locale"

    @property
    def fonts(self) -> Path:
        """The owner's fonts, for names in scripts that the program's fonts lack."""
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
    def answers(self) -> Path:
        """What describers have answered about photos."""
        return self.work / "answers.sqlite"

    @property
    def staging(self) -> Path:
        """The folder of the next site. It begins as the site before the published one.

        It is on the same file system as `public/`, so that the two can be exchanged in one step.
        """
        return self.work / "staging"

    @property
    def places(self) -> Path:
        return self.work / "places.json"

    @property
    def country_names(self) -> Path:
        return self.work / "country-names.json"

    @property
    def clusters(self) -> Path:
        return self.work / "clusters.json"

    @property
    def relations(self) -> Path:
        return self.work / "relations.json"

    @property
    def pictures(self) -> Path:
        return self.work / "pictures"

    @property
    def rendered(self) -> Path:
        """What the pages of the last build were made from, see `generator.page_store`."""
        return self.work / "rendered"

    @property
    def index(self) -> Path:
        return self.work / "index.npz"

    @property
    def hidden(self) -> Path:
        """The photos that each entry of curation.toml hid, also in a build that did not finish."""
        return self.work / "hidden.json"

    @property
    def private(self) -> Path:
        """Unpublished details of the last build's photos, for the review page."""
        return self.work / "private.json"

    @property
    def report(self) -> Path:
        """The report of the last build as data; `report_page` is the same for the owner to read."""
        return self.work / "report.json"

    @property
    def report_page(self) -> Path:
        return self.work / "report.html"

    @property
    def deployed(self) -> Path:
        """Exists once the site was deployed from this machine."""
        return self.work / "deployed"

    @property
    def state(self) -> Path:
        return self.work / "state.json"

    @property
    def history(self) -> Path:
        """The decisions made in reviews, so that they can be undone."""
        return self.work / "review.json"

    @property
    def session_key(self) -> Path:
        """The secret that admits a browser to `serve` and `review`; private to the owner."""
        return self.work / "session-key"

    @property
    def retired(self) -> Path:
        """The old site while the new one takes its place."""
        return self.work / "retired"

    @contextlib.contextmanager
    def locked(
        self,
        work: Literal["build", "review"] = "build",
        *,
        waiting: Callable[[], None] | None = None,
    ) -> Iterator[None]:
        """Lock the project, so that two builds, or two reviews, do not work on it at once.

        Args:
            work: the reason for the lock.
            waiting: called once if another process holds the lock; then this one waits for it.
                Without it, a lock that is held is an error.

        Raises:
            BollardsError: another process holds the lock.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        # The system releases the lock when the process ends, even if it is killed: no lock file
        # goes stale.
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
                    f"{self.root}: another bollards process is building this site right now."
                    " Wait for it to finish."
                )
            yield


def refuse_endless_folders(project: Project) -> None:
    """Refuse a folder of the owner's that is a link to one around the project, such as `/`.

    Reading all files below it would read the whole disk, or never end.

    Raises:
        BollardsError: names the first such folder.
    """
    for folder in (*project.own_folders, project.public):
        with contextlib.suppress(OSError, RuntimeError):
            if folder.is_symlink() and project.root.resolve().is_relative_to(folder.resolve()):
                raise BollardsError(
                    f"{folder.name} is a link to {folder.resolve()}, which contains this project."
                    f" Replace it by a folder, or by a link to the folder that you mean."
                )


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
    """Wait for the lock, in a way that Ctrl-C interrupts."""
    try:
        import fcntl
    except ImportError:
        while not _lock(descriptor):
            time.sleep(0.2)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def write_atomically(path: Path, text: str) -> None:
    """Replace a file's text in one step: a reader sees either the old or the new text.

    Once it returns, the text survives a power cut. A file with the same text is not touched.
    """
    with contextlib.suppress(OSError, ValueError):
        if path.read_text(encoding="utf-8") == text:
            return
    write_whole(path, text.encode(), durable=True)
