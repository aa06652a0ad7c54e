"""Two windows of one review, decisions on a full disk, and requests sent twice."""

import errno
import json
import random
import threading
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from generator.curation import load_curation
from generator.errors import BollardsError
from generator.project import Project
from generator.published import read_published
from tests.torture.attempt import copied, forked
from tests.torture.disk import WRITING, Disk, Operation
from tests.torture.sites import Sites

_COUNTRIES = ("DE", "FR", "ES", "IT", "AT", "NO", "PT", "SE")
# So many writes in a hundred find no room.
_FULL = 3


def two_windows(sites: Sites, folder: Path, tries: int, seed: int) -> Iterator[str]:
    """Two windows decide at once, each about its own bollards; confirmed decisions are kept."""
    project = Project(copied(sites.old.root, folder / "review"))
    place = folder / "wrong.json"

    def work() -> None:
        place.write_text(json.dumps(_decide(project, tries, seed)), encoding="utf-8")

    outcome = forked(work)
    if outcome.code != 0:
        yield outcome.text
        return
    wrong: list[str] = json.loads(place.read_text(encoding="utf-8"))
    yield from wrong
    yield from [""] * (tries - len(wrong))


def _decide(project: Project, tries: int, seed: int) -> list[str]:
    """Make the decisions; returns what is wrong afterwards."""
    from generator.review.session import Session

    chance, guard = random.Random(seed), threading.Lock()

    def before(_: int, operation: Operation) -> None:
        with guard:
            is_full = operation.name in WRITING and chance.random() < _FULL / 100
        if is_full:
            raise OSError(errno.ENOSPC, "No space left on device", operation.path)

    # curation.toml names a bollard by one of its photos; here each has one.
    photos = read_published(project.public).photos.values()
    written = {one.bollard: one.id for one in photos}
    bollards = sorted(written)
    session = Session(project)
    Disk(project.root, before).watch()
    windows = [
        _Window(session, bollards[half::2], tries // 2 + (tries % 2) * half, seed + half)
        for half in (0, 1)
    ]
    threads = [threading.Thread(target=window.work) for window in windows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wrong = [text for window in windows for text in window.wrong]
    load_curation(project.curation)
    kept = tomllib.loads(project.curation.read_text(encoding="utf-8")).get("bollards", {})
    for window in windows:
        for bollard, country in window.confirmed.items():
            if kept.get(written[bollard], {}).get("country") != country:
                wrong.append(f"{bollard}: {country} was confirmed; the file has {kept}")
    return wrong


class _Window:
    """One window: it shows the state that it loaded last, which may be old.

    Attributes:
        confirmed: the country that was last confirmed, by bollard.
        wrong: what must not happen.
    """

    def __init__(self, session: Any, bollards: Sequence[str], count: int, seed: int) -> None:
        self._session = session
        self._bollards = bollards
        self._count = count
        self._chance = random.Random(seed)
        self.confirmed: dict[str, str] = {}
        self.wrong: list[str] = []

    def work(self) -> None:
        version = ""
        for number in range(self._count):
            if not version or self._chance.random() < 0.3:
                version = self._session.state()["version"]
            bollard = self._chance.choice(self._bollards)
            country = self._chance.choice(_COUNTRIES)
            name = f"window-{id(self)}-{number}"
            for _ in range(20):
                try:
                    self._ask(name, version, bollard, country)
                except OSError:
                    continue  # No room: the same request again.
                except BollardsError:
                    version = self._session.state()["version"]
                    continue
                except Exception as error:
                    self.wrong.append(f"{type(error).__name__}: {error}")
                else:
                    self.confirmed[bollard] = country
                    if self._chance.random() < 0.1:
                        self._again(name, version, bollard, country)
                break

    def _again(self, name: str, version: str, bollard: str, country: str) -> None:
        """The answer got lost, and the window repeats the request: nothing is decided twice."""
        try:
            self._ask(name, version, bollard, country)
        except Exception as error:
            self.wrong.append(f"a request sent twice: {type(error).__name__}: {error}")

    def _ask(self, name: str, version: str, bollard: str, country: str) -> None:
        from generator.review.decisions import Request

        action = {"do": "country", "bollards": [bollard], "country": country}
        self._session.decide(
            Request.model_validate({"id": name, "version": version, "action": action})
        )
