"""Pictures go to a bucket or folder of their own: before the pages, and away after them."""

from pathlib import Path

import pytest

from generator.deploy import deploy
from generator.deploy.plan import MANIFEST
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from tests.command import bollards
from tests.deploy.conftest import S3Server, fetch
from tests.deploy.find import needed
from tests.deploy.sites import build_version

AWAY = "http://localhost:9000/bucket/seen/"
PAGES, PICTURES = "s3://bucket/site", "s3://bucket/seen"


def send(project: Project, s3: S3Server, **options: bool) -> tuple[list[str], list[str]]:
    return deploy(
        project,
        PAGES,
        Progress(quiet=True),
        endpoint=s3.address,
        pictures_to=PICTURES,
        **options,
    )


def served(s3: S3Server) -> set[str]:
    found = s3.client.list_objects_v2(Bucket="bucket")
    return {entry["Key"] for entry in found.get("Contents", [])}


def without_manifests(keys: list[str]) -> list[str]:
    return [key for key in keys if not key.endswith(MANIFEST)]


def test_pictures_arrive_before_any_page_and_old_ones_leave_after_all(
    project: Project, s3: S3Server
) -> None:
    build_version(project, 1, AWAY)
    told, _ = send(project, s3)
    assert [line.partition(" (")[0] for line in told] == ["Sent 2 files", "Sent 13 files"]
    first = without_manifests(s3.uploads())[:2]
    assert sorted(first) == ["seen/pictures/p1.webp", "seen/pictures/p3.webp"]
    assert not [key for key in served(s3) if key.startswith("site/pictures/")]
    status, headers, body = fetch(f"{s3.address}/bucket/seen/pictures/p1.webp")
    assert (status, headers["content-type"]) == (200, "image/webp")
    assert "immutable" in headers["cache-control"]
    assert body == (project.public / "pictures" / "p1.webp").read_bytes()

    s3.forget()
    build_version(project, 2, AWAY)
    send(project, s3)
    requests = [one for one in s3.requests() if one[0] in ("PUT", "DELETE")]
    requests = [one for one in requests if not one[1].endswith(MANIFEST)]
    first = sorted(key for _, key in requests[:2])
    assert first == ["seen/pictures/p2.webp", "seen/pictures/p4.webp"]
    assert sorted(requests[-2:]) == [
        ("DELETE", "seen/pictures/p1.webp"),
        ("DELETE", "seen/pictures/p3.webp"),
    ]
    assert ("DELETE", "site/types/a/index.html") in requests[:-2]

    s3.forget()
    told, _ = send(project, s3)
    assert [line.partition(":")[0] for line in told] == ["Nothing to send"] * 2
    assert s3.uploads() == []


def test_old_pictures_stay_while_pages_could_not_be_sent(project: Project, s3: S3Server) -> None:
    build_version(project, 1, AWAY)
    send(project, s3)
    build_version(project, 2, AWAY)
    s3.client.put_object(Bucket="bucket", Key=f"site/{MANIFEST}", Body=b"damaged")
    with pytest.raises(BollardsError, match="not a list of deployed files"):
        send(project, s3)
    assert {"seen/pictures/p1.webp", "site/types/a/index.html"} <= served(s3)

    # With the list gone as the message asks for, the next deploy ends what this one began.
    s3.client.delete_object(Bucket="bucket", Key=f"site/{MANIFEST}")
    send(project, s3)
    there = {key for key in served(s3) if key.startswith("seen/pictures/")}
    assert there == {"seen/pictures/p2.webp", "seen/pictures/p4.webp"}


def test_a_site_whose_pictures_move_away_loses_them_beside_its_pages(
    project: Project, tmp_path: Path
) -> None:
    needed("rsync")
    build_version(project, 1)
    pages, pictures = tmp_path / "pages", tmp_path / "pictures"
    deploy(project, str(pages), Progress(quiet=True))
    assert (pages / "pictures" / "p1.webp").is_file()

    build_version(project, 1, "https://pictures.example.org/")
    deploy(project, str(pages), Progress(quiet=True), pictures_to=str(pictures))
    assert not (pages / "pictures").exists()
    assert (pages / "types" / "a" / "index.html").is_file()
    here = {path.relative_to(pictures).as_posix() for path in pictures.rglob("*.*")}
    assert here == {"pictures/p1.webp", "pictures/p3.webp", MANIFEST}


def test_a_dry_run_plans_both_and_sends_nothing(project: Project, s3: S3Server) -> None:
    build_version(project, 1, AWAY)
    told, _ = send(project, s3, dry_run=True)
    assert any(line.startswith(f"{PICTURES}: 2 files of 2 to send") for line in told)
    assert any(line.startswith(f"{PAGES}: 13 files of 13 to send") for line in told)
    assert served(s3) == set()


@pytest.mark.parametrize(
    ("built_for", "settings", "pictures_to", "reason"),
    [
        (AWAY, f'[pictures]\nbase_url = "{AWAY}"', "", "Where do the pictures go"),
        (AWAY, f'[pictures]\nbase_url = "{AWAY}"', "pages", "cannot go to a branch"),
        (AWAY, f'[pictures]\nbase_url = "{AWAY}"', PAGES, "have the same target"),
        (AWAY, "", PICTURES, "Build the site again"),
        ("", f'[pictures]\nbase_url = "{AWAY}"', PICTURES, "Build the site again"),
        ("", "", PICTURES, "the pages look for them beside themselves"),
    ],
)
def test_a_target_without_an_address_or_an_address_without_a_target_is_refused(
    project: Project, built_for: str, settings: str, pictures_to: str, reason: str
) -> None:
    build_version(project, 1, built_for)
    project.settings.write_text(settings, encoding="utf-8")
    options = ["--to", PAGES, *(["--pictures-to", pictures_to] if pictures_to else [])]
    ended = bollards("deploy", project.root, *options)
    assert ended.returncode != 0
    assert reason in ended.stderr
