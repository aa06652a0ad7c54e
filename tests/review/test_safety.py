"""Nothing is lost: hand edits, two windows, a broken file, a killed server, undo and redo."""

import socket
import time
import uuid
from collections.abc import Callable

import pytest

from generator.project import Project
from tests.review.conftest import Window, reviewing

HAND = """\
# My types, since 2019.

[types.elsewhere]   # was nice
name = 'Quoted  oddly'
"""


def _name(kind: str, name: str) -> dict[str, str]:
    return {"do": "name", "type": kind, "name": name}


def test_comments_and_layout_of_a_hand_edit_survive(project: Project, window: Window) -> None:
    kind = window.state()["types"][0]["id"]
    project.curation.write_text(HAND, encoding="utf-8")

    window.decided(_name(kind, "Milestone"))

    text = project.curation.read_text(encoding="utf-8")
    assert text.startswith(HAND)
    assert 'name = "Milestone"' in text


def test_undo_and_redo_restore_the_file_to_the_letter(project: Project, window: Window) -> None:
    project.curation.write_text(HAND, encoding="utf-8")
    a, b = [kind["id"] for kind in window.state()["types"]][:2]
    window.decided(_name(a, "First"))
    named = project.curation.read_text(encoding="utf-8")
    window.decided({"do": "merge", "gone": b, "kept": a})
    merged = project.curation.read_text(encoding="utf-8")

    assert window.undo()[0] == 200
    assert project.curation.read_text(encoding="utf-8") == named
    assert window.undo()[0] == 200
    assert project.curation.read_text(encoding="utf-8") == HAND
    window.redo()
    window.redo()
    assert project.curation.read_text(encoding="utf-8") == merged


def test_undo_keeps_later_hand_edits(project: Project, window: Window) -> None:
    a, b = [kind["id"] for kind in window.state()["types"]][:2]
    window.decided(_name(a, "First"))
    text = project.curation.read_text(encoding="utf-8")
    by_hand = f'{text}\n# mine\n[types.{b}]\nname = "By hand"\n'
    project.curation.write_text(by_hand, encoding="utf-8")

    status, after = window.undo()

    text = project.curation.read_text(encoding="utf-8")
    assert status == 200
    assert "First" not in text
    assert "# mine" in text
    assert 'name = "By hand"' in text
    assert after["progress"]["named"] == 1


def test_undo_does_not_overwrite_a_hand_edit_of_the_same_entry(
    project: Project, window: Window
) -> None:
    kind = window.state()["types"][0]["id"]
    window.decided(_name(kind, "First"))
    by_hand = project.curation.read_text(encoding="utf-8").replace("First", "Better")
    project.curation.write_text(by_hand, encoding="utf-8")

    status, found = window.undo()

    assert status == 409
    assert "changed since" in found["error"]
    assert project.curation.read_text(encoding="utf-8") == by_hand


def test_undo_reaches_back_beyond_the_start_of_the_server(project: Project) -> None:
    with reviewing(project) as (window, _):
        kind = window.state()["types"][0]["id"]
        window.decided(_name(kind, "First"))
    with reviewing(project) as (window, _):
        assert window.state()["undo"]["label"].endswith("named “First”")
        window.undo()

    assert "First" not in project.curation.read_text(encoding="utf-8")


def test_two_windows_work_side_by_side(
    project: Project, window: Window, another: Callable[[], Window]
) -> None:
    other = another()
    a, b = [kind["id"] for kind in window.state()["types"]][:2]
    other.state()

    window.decided(_name(a, "First"))
    other.decided(_name(b, "Second"))

    names = {kind["name"] for kind in window.state()["types"]}
    assert {"First", "Second"} <= names


def test_a_window_that_missed_a_decision_is_asked_before_it_overwrites_it(
    window: Window, another: Callable[[], Window]
) -> None:
    other = another()
    kind = window.state()["types"][0]["id"]
    other.state()
    window.decided(_name(kind, "First"))

    status, found = other.decide(_name(kind, "Second"))

    assert status == 409
    assert "First" in found["error"]
    after = other.decided(_name(kind, "Second"), anyway=True)
    assert next(one for one in after["types"] if one["id"] == kind)["name"] == "Second"


def test_other_windows_show_decisions_and_hand_edits(
    project: Project, window: Window, another: Callable[[], Window]
) -> None:
    from http.client import HTTPConnection

    kind = window.state()["types"][0]["id"]
    connection = HTTPConnection("127.0.0.1", window.port, timeout=20)
    connection.request("GET", "/api/events", headers={"Cookie": window.cookie})
    stream = connection.getresponse()

    def told() -> None:
        while not stream.readline().startswith(b"event: look"):
            pass

    told()
    another().decided(_name(kind, "First"))
    told()
    project.curation.write_text('[types.elsewhere]\nname = "x"\n', encoding="utf-8")
    told()
    connection.close()


def test_a_broken_file_is_shown_with_its_line_and_never_overwritten(
    project: Project, window: Window
) -> None:
    kind = window.state()["types"][0]["id"]
    broken = '[types.a]\nname = "x"\n[types.b\nname = "y"\n'
    project.curation.write_text(broken, encoding="utf-8")

    status, found = window.decide(_name(kind, "First"))

    state = window.state()
    assert status == 409
    assert found["why"] == "broken"
    assert state["broken"]["line"] == 3
    assert state["broken"]["text"] == "[types.b"
    assert len(state["types"]) > 0
    assert window.undo()[0] in (200, 409)
    assert project.curation.read_text(encoding="utf-8") == broken


def test_a_file_with_unknown_content_is_not_overwritten(project: Project, window: Window) -> None:
    kind = window.state()["types"][0]["id"]
    project.curation.write_text(f'[types.{kind}]\nnaem = "x"\n', encoding="utf-8")

    status, found = window.decide(_name(kind, "First"))

    assert status == 409
    assert "naem" in found["error"]
    assert "naem" in project.curation.read_text(encoding="utf-8")


def test_a_killed_server_loses_nothing_that_it_confirmed(project: Project) -> None:
    with reviewing(project) as (window, process):
        kinds = [kind["id"] for kind in window.state()["types"]]
        window.decided(_name(kinds[0], "First"))
        process.kill()
        process.wait(timeout=10)
    with reviewing(project) as (window, _):
        state = window.state()

    assert next(kind for kind in state["types"] if kind["id"] == kinds[0])["name"] == "First"


def test_a_decision_that_is_sent_twice_is_made_once(project: Project, window: Window) -> None:
    kind = window.state()["types"][0]
    name = uuid.uuid4().hex
    split = {"do": "split", "bollards": kind["bollards"][:1], "name": "Odd"}

    window.decided(split, id=name)
    again = window.decided(split, id=name)

    assert [one["name"] for one in again["types"]].count("Odd") == 1


def test_a_second_server_for_the_same_project_is_refused(project: Project) -> None:
    import subprocess
    import sys

    with reviewing(project):
        command = [sys.executable, "-m", "generator", "review", str(project.root), "--port", "0"]
        second = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert second.returncode == 1
    assert "another bollards review" in second.stderr


def test_building_publishes_decisions_and_keeps_addresses(project: Project, window: Window) -> None:
    a, b = [kind["id"] for kind in window.state()["types"]][:2]
    window.decided({"do": "merge", "gone": b, "kept": a, "name": "Both"})

    assert window.ask("POST", "/api/build", {})[0] == 202
    deadline = time.monotonic() + 60
    while any(window.state()["changes"].values()) and time.monotonic() < deadline:
        time.sleep(0.2)

    assert not any(window.state()["changes"].values())
    assert "Both" in (project.public / "types" / a / "index.html").read_text(encoding="utf-8")
    assert a in (project.public / "types" / b / "index.html").read_text(encoding="utf-8")


def test_a_page_that_is_closed_while_it_sends_a_decision_changes_nothing(
    project: Project, window: Window, capfd: pytest.CaptureFixture[str]
) -> None:
    before = window.state()
    head = (
        f"POST /api/decide HTTP/1.1\r\nHost: 127.0.0.1:{window.port}\r\nCookie: {window.cookie}\r\n"
        f"Origin: http://127.0.0.1:{window.port}\r\nContent-Type: application/json\r\n"
    )
    for ending in ("Content-Length: 1000\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\n{"):
        with socket.create_connection(("127.0.0.1", window.port), timeout=20) as connection:
            connection.sendall((head + ending).encode())

    assert window.state() == before
    assert not project.curation.exists() or not project.curation.read_text(encoding="utf-8")
    assert "Traceback" not in "".join(capfd.readouterr())
