"""bollards describe with Google Vision and Moondream, on a server with their protocols."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from generator.describe import ask
from generator.project import Project
from tests.command import Ended, bollards
from tests.describe.services import KEY, Answer, Services, services


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """The server; nobody waits for it, and the owner has a key."""
    monkeypatch.setattr(
        ask, "PATIENCE", ask.Patience(tries=3, seconds=2, first_wait=0, longest_wait=5)
    )
    monkeypatch.setenv("GOOGLE_API_KEY", KEY)
    monkeypatch.delenv("MOONDREAM_API_KEY", raising=False)
    with services() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site project that has never been built, and three photos, one of them with a position."""
    for shade in (40, 120, 250):
        exif = Image.Exif()
        exif.get_ifd(0x8825)[2] = (48.0, 12.0, 0.0)
        Image.new("RGB", (1600, 900), (shade,) * 3).save(tmp_path / f"{shade}.jpg", exif=exif)
    return tmp_path


def describe(folder: Path, service: Services, with_: str, *more: str, budget: float = 1) -> Ended:
    """Describe the three photos with a service of the test's."""
    settings = f'[describe]\nwith = "{with_}"\nendpoint = "{service.address}"\nbudget = {budget}\n'
    (folder / "site.toml").write_text(settings, encoding="utf-8")
    photos = sorted(folder.glob("*.jpg"), key=lambda path: int(path.stem))
    return bollards("describe", *photos, "--site", folder, *more)


def test_labels_of_google_vision_are_printed_best_first(service: Services, folder: Path) -> None:
    ended = describe(folder, service, "google-vision", "--json")
    rows = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.returncode == 0 and len(rows) == 3
    assert [label["name"] for label in rows[0]["labels"]] == ["Guard rail", "Snow"]
    assert [label["name"] for label in rows[2]["labels"]] == ["Snow", "Guard rail"]


def test_captions_of_moondream_need_no_key_and_no_budget_on_this_machine(
    service: Services, folder: Path
) -> None:
    ended = describe(folder, service, "moondream", "--json", budget=0)
    first = json.loads(ended.stdout.splitlines()[0])
    assert first["caption"] == "A post beside a road in the snow." and first["labels"] == []
    assert "x-moondream-auth" not in service.asked[0][1]


def test_pictures_are_sent_small_and_without_metadata(service: Services, folder: Path) -> None:
    describe(folder, service, "google-vision")
    for content in service.pictures():
        with Image.open(io.BytesIO(content)) as image:
            assert image.size == (1024, 576) and not image.getexif() and image.format == "JPEG"


def test_no_photo_is_sent_twice_also_under_another_name(service: Services, folder: Path) -> None:
    first = describe(folder, service, "google-vision")
    (folder / "40.jpg").rename(folder / "41.jpg")
    again = describe(folder, service, "google-vision")
    assert len(service.asked) == 3 and again.stdout == first.stdout.replace("40.jpg", "41.jpg")


def test_a_dry_run_counts_and_sends_nothing_even_without_a_key(
    service: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOOGLE_API_KEY")
    ended = describe(folder, service, "google-vision", "--dry-run", budget=0.004)
    assert "3 photos, 3 of them" in ended.stdout and "at most $0.0045 ($0.0015" in ended.stdout
    assert "enough for 2" in ended.stdout and not service.asked


def test_the_budget_stops_a_run_and_the_next_goes_on(service: Services, folder: Path) -> None:
    ended = describe(folder, service, "google-vision", budget=0.003)
    assert ended.returncode == 1 and "one photo is left" in ended.stderr
    assert len(service.asked) == 2
    assert describe(folder, service, "google-vision", budget=0.003).returncode == 0
    assert len(service.asked) == 3


def test_nothing_is_sent_without_a_budget(service: Services, folder: Path) -> None:
    ended = describe(folder, service, "google-vision", budget=0)
    assert ended.returncode == 1 and "--budget" in ended.stderr and not service.asked
    assert describe(folder, service, "google-vision", "--budget", "1").returncode == 0


def test_passing_failures_are_waited_out(service: Services, folder: Path) -> None:
    service.next = [Answer(429, headers={"Retry-After": "0"}), Answer(503)]
    ended = describe(folder, service, "google-vision")
    assert ended.returncode == 0 and len(service.asked) == 5


def labelled(label: bytes) -> Answer:
    return Answer(200, b'{"responses": [{"labelAnnotations": [' + label + b"]}]}")


SPENT = b'{"error": {"code": 429, "message": "Quota exceeded.", "status": "RESOURCE_EXHAUSTED"}}'


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([Answer(429, SPENT)] * 3, "Quota exceeded."),
        ([Answer(429, SPENT, {"Retry-After": "3600"})], "wait 3600 s"),
        ([Answer(402, b'{"error": "No credit"}')], "no credit left"),
        ([Answer(403, b'{"error": {"message": "blocked"}}')], "does not accept the key"),
        ([Answer(200, b"<html>Sign in</html>")], "something else than JSON"),
        ([Answer(200, b"[1]")], "not as documented"),
        ([Answer(200, b'{"responses": []}')], "not as documented"),
        ([Answer(200, b'{"responses": [{"error": "no"}]}')], "not as documented"),
        ([labelled(b'{"description": "Snow", "score": NaN}')], "not as documented"),
        ([labelled(b'{"description": 7, "score": 1}')], "not as documented"),
        ([Answer(302, headers={"Location": "http://localhost:1/"})], "302"),
        ([Answer(404)], "404"),
        ([Answer(500, b"\x1b[31m")] * 3, "after 3 tries"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_goes_wrong_later_is_one_message_and_costs_no_earlier_answer(
    service: Services, folder: Path, answers: list[Answer], told: str
) -> None:
    describe(folder, service, "google-vision", budget=0.0015)
    service.next = list(answers)
    ended = describe(folder, service, "google-vision")
    assert ended.returncode == 1 and not service.next
    (line,) = ended.stderr.splitlines()
    assert told in line and KEY not in line and "\x1b" not in line
    sent = len(service.asked)
    assert describe(folder, service, "google-vision").returncode == 0
    assert len(service.asked) == sent + 2


def test_a_service_that_hangs_is_given_up(
    service: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ask, "PATIENCE", replace(ask.PATIENCE, tries=2, seconds=0.1))
    service.next = [Answer(200, hangs=True)] * 2
    ended = describe(folder, service, "google-vision")
    assert "no whole answer within 0.1 seconds" in ended.stderr and ended.returncode == 1


def test_a_picture_that_is_refused_costs_that_picture(service: Services, folder: Path) -> None:
    bad = json.dumps({"responses": [{"error": {"code": 3, "message": "Bad image data."}}]})
    service.next = [Answer(200, bad.encode())]
    ended = describe(folder, service, "google-vision", "--json")
    assert ended.returncode == 1 and len(ended.stdout.splitlines()) == 2
    assert "40.jpg" in ended.stderr and "Bad image data." in ended.stderr


def test_broken_characters_of_a_service_are_replaced(service: Services, folder: Path) -> None:
    service.next = [labelled(b'{"description": "a\\ud800\\n b", "score": 1}')]
    ended = describe(folder, service, "google-vision", "--json")
    assert json.loads(ended.stdout.splitlines()[0])["labels"] == [{"name": "a? b", "score": 1.0}]


def test_a_wrong_key_ends_the_run_at_once_and_is_not_shown(
    service: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "wrong-key")
    ended = describe(folder, service, "google-vision")
    assert "does not accept the key" in ended.stderr and "wrong-key" not in ended.stderr
    assert len(service.asked) == 1
    kept = b"".join(path.read_bytes() for path in (folder / ".bollards").rglob("*.sqlite*"))
    assert b"wrong-key" not in kept


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [("http://192.0.2.1/v1", "https://"), ("ftp://localhost", "expected an address")],
)
def test_a_key_goes_to_no_address_that_could_be_overheard(
    service: Services, folder: Path, endpoint: str, told: str
) -> None:
    ended = describe(folder, replace(service, address=endpoint), "google-vision")
    assert ended.returncode == 1 and told in ended.stderr


def test_without_a_key_the_message_names_its_variable(
    service: Services, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOOGLE_API_KEY")
    assert "GOOGLE_API_KEY" in describe(folder, service, "google-vision").stderr
    cloud = replace(service, address="https://api.moondream.ai/v1")
    assert "MOONDREAM_API_KEY" in describe(folder, cloud, "moondream").stderr


def test_published_photos_are_described_and_found_by_these_words(
    service: Services, built_project: Project
) -> None:
    settings = f'[describe]\nwith = "google-vision"\nendpoint = "{service.address}"\n'
    built_project.settings.write_text(settings, encoding="utf-8")
    site = ("--site", built_project.root)
    unknown = bollards("find", "snow", *site)
    assert unknown.returncode == 1 and "none of these words" in unknown.stderr
    (built_project.photos / "new.jpg").write_bytes(b"not yet published")

    assert bollards("describe", *site, "--budget", "1").returncode == 0

    assert len(service.asked) == 18
    shades = {}
    for line in bollards("describe", *site, "--json").stdout.splitlines():
        row = json.loads(line)
        shades[row["file"]] = {one["name"]: one["score"] for one in row["labels"]}["Snow"]
    found = bollards("find", "snow", *site, "--json", "--top", "18")
    files = [json.loads(line)["file"] for line in found.stdout.splitlines()]
    assert [shades[file] for file in files] == sorted(shades.values(), reverse=True)
    assert not found.stderr and len(service.asked) == 18
