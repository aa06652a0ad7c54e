"""A decision that could not be saved is not made: repeating the request makes it."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from generator.project import Project
from generator.review.decisions import Request
from generator.review.session import Session

FULL = 40_000
LONG = f"# {'My notes. ' * 10_000}\n"


@contextmanager
def no_room(size: int) -> Iterator[None]:
    """Files cannot grow beyond `size` bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def request(session: Session, action: dict[str, Any]) -> Request:
    version = session.state()["version"]
    return Request.model_validate({"id": "abcdefgh", "version": version, "action": action})


@pytest.fixture
def session(project: Project) -> Session:
    project.curation.write_text(LONG, encoding="utf-8")
    return Session(project)


def test_a_decision_that_did_not_fit_on_the_disk_is_saved_by_the_retry(
    project: Project, session: Session
) -> None:
    kind = session.state()["types"][0]["id"]
    decision = request(session, {"do": "name", "type": kind, "name": "Blue"})

    with no_room(FULL), pytest.raises(OSError):
        session.decide(decision)

    assert session.state()["undo"] is None
    assert project.curation.read_text(encoding="utf-8") == LONG
    session.decide(decision)
    assert "Blue" in project.curation.read_text(encoding="utf-8")
    assert session.undo() == f"{kind_name(session, kind)}: named “Blue”"
    assert project.curation.read_text(encoding="utf-8") == LONG


def test_undo_that_does_not_fit_on_the_disk_can_be_retried(
    project: Project, session: Session
) -> None:
    kind = session.state()["types"][0]["id"]
    session.decide(request(session, {"do": "name", "type": kind, "name": "Blue"}))

    with no_room(FULL), pytest.raises(OSError):
        session.undo()

    assert "Blue" in project.curation.read_text(encoding="utf-8")
    assert session.state()["undo"] is not None
    session.undo()
    assert project.curation.read_text(encoding="utf-8") == LONG


def test_a_suggestion_whose_refusal_could_not_be_saved_is_still_there(session: Session) -> None:
    decision = request(session, {"do": "settle", "key": "alike:a+b"})

    with no_room(10), pytest.raises(OSError):
        session.decide(decision)

    assert session.state()["undo"] is None
    session.decide(decision)
    assert session.state()["undo"]["label"] == "Suggestion turned down"


def kind_name(session: Session, kind: str) -> str:
    return next(one["name"] for one in session.state()["types"] if one["id"] == kind)
