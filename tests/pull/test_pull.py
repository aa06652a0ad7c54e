"""A pull fetches what changed, whole and checked, and touches nothing of the owner's."""

import errno
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import boto3
import pytest

from generator.build import build
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from generator.pull import Pulled, pull
from generator.pull.plan import decide
from generator.pull.record import Record
from generator.pull.source import RefusedError, RemoteFile, open_source
from generator.pull.transfer import fetch
from tests.command import bollards
from tests.deploy.conftest import ROOT, S3Server, wait_for
from tests.pull.conftest import Put
from tests.sites import ProjectAt, give_kept

PHOTOS = {"germany/1a.jpg": b"one", "germany/1b.jpg": b"two", "Côte d’Ivoire/x y+z%.JPG": b"three"}
QUIET = Progress(quiet=True)


def run(project: Project, **how: bool) -> Pulled:
    return pull(project, QUIET, **how)


def here(project: Project) -> dict[str, bytes]:
    """The photos of a project; what is hidden is the program's."""
    return {
        path.relative_to(project.photos).as_posix(): path.read_bytes()
        for path in project.photos.rglob("*")
        if path.is_file() and ".pulled" not in path.parts
    }


def parts(project: Project) -> list[Path]:
    return list((project.photos / ".pulled").glob("*.part"))


def told(found: Pulled) -> list[tuple[str, str]]:
    return [(one.file, one.reason) for one in (*found.notes, *found.failed)]


def test_everything_below_the_prefix_arrives_and_a_second_pull_fetches_nothing(
    project: Project, s3: S3Server, put: Put
) -> None:
    put(PHOTOS)
    put({"elsewhere/2.jpg": b"no"}, prefix="")

    first = run(project)

    assert here(project) == PHOTOS
    assert first.lines[0] == (
        "Fetched 3 files (0.0 MB) from s3://bucket/posts/, removed 0; 0 were up to date."
    )
    s3.forget()
    before = (project.photos / ".pulled/list.jsonl").stat().st_mtime_ns
    assert "3 were up to date" in run(project).lines[0]
    assert s3.downloads() == []
    assert (project.photos / ".pulled/list.jsonl").stat().st_mtime_ns == before


def test_only_what_changed_is_fetched_and_what_is_gone_is_removed(
    project: Project, s3: S3Server, put: Put
) -> None:
    put(PHOTOS)
    run(project)
    put({"germany/1a.jpg": b"another", "france/3.jpg": b"new"})
    s3.client.delete_object(Bucket="bucket", Key="posts/Côte d’Ivoire/x y+z%.JPG")
    s3.forget()

    run(project)

    assert sorted(s3.downloads()) == ["posts/france/3.jpg", "posts/germany/1a.jpg"]
    assert here(project) == {
        "germany/1a.jpg": b"another",
        "germany/1b.jpg": b"two",
        "france/3.jpg": b"new",
    }
    assert not (project.photos / "Côte d’Ivoire").exists()


def test_a_site_of_pulled_photos_is_that_of_the_same_photos_in_a_folder(
    tmp_path: Path, s3: S3Server, put: Put, project_at: ProjectAt, built_site: Path
) -> None:
    local = project_at(tmp_path / "local")
    table = b"file,credit,country\ngermany/00a.jpg,Ann,DE\n"
    local.photo_table.write_bytes(table)
    put(here(local) | {"photos.csv": table})
    project = project_at(tmp_path / "pulled", 'photos = "s3://bucket/posts"\n', photos=False)
    give_kept(built_site, project)

    assert bollards("pull", project.root, "--endpoint", s3.address).returncode == 0
    sites = []
    for one in (local, project):
        build(one, QUIET)
        names = (path for path in one.public.rglob("*") if path.is_file())
        sites.append({str(path.relative_to(one.public)): path.read_bytes() for path in names})

    assert project.photo_table.read_bytes() == table
    assert b'"Ann"' in sites[0]["data/catalogue.json"]
    assert sites[0] == sites[1]


def test_a_connection_that_breaks_off_in_mid_file_is_continued_where_it_broke(
    project: Project, s3: S3Server, put: Put
) -> None:
    content = bytes(range(256)) * 4000
    put({"germany/1.jpg": content})
    s3.cut(300_000, 2)

    run(project)

    assert here(project) == {"germany/1.jpg": content}
    first, *rest = s3.ranges()
    assert first == "whole"
    begun = [int(one.removeprefix("bytes=").removesuffix("-")) for one in rest]
    assert len(begun) == 2 and 0 < begun[0] < begun[1] < len(content)


def test_a_pull_that_is_killed_in_mid_file_leaves_nothing_half_and_the_next_one_continues(
    project: Project, s3: S3Server, put: Put
) -> None:
    content = bytes(range(256)) * 4000
    put({"germany/1.jpg": content})
    s3.cut(600_000, 1, hangs=True)
    command = [sys.executable, "-m", "generator", "pull", str(project.root)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        wait_for(lambda: any(one.stat().st_size for one in parts(project)), "the first bytes")
        process.kill()
    assert here(project) == {}
    (part,) = parts(project)
    kept = part.stat().st_size
    s3.mend()
    s3.forget()

    run(project)

    assert here(project) == {"germany/1.jpg": content}
    assert s3.ranges() == [f"bytes={kept}-"]
    assert parts(project) == []


def test_what_was_replaced_in_the_bucket_is_never_continued_with_the_new_content(
    s3: S3Server, put: Put
) -> None:
    put({"germany/1.jpg": b"A" * 1000})
    source = open_source("s3://bucket/posts", s3.address)
    (file,) = source.files()
    put({"germany/1.jpg": b"B" * 1000})

    with pytest.raises(RefusedError, match="was replaced while it was fetched"):
        list(source.read(file, 10))


class Damaging:
    """A place whose first transfers arrive damaged: `damages` has the first byte of each."""

    named = "damaging:"

    def __init__(self, damages: bytes) -> None:
        self._damages = iter(damages)

    def files(self) -> list[RemoteFile]:
        return []

    def read(self, file: RemoteFile, start: int) -> Iterator[bytes]:
        first = next(self._damages, None)
        yield (b"whole" if first is None else bytes([first]) + b"hole")[start:]


@pytest.mark.parametrize(
    ("damages", "arrives"),
    [(b"", b"whole"), (b"x", b"whole"), (b"xy", b"whole"), (b"xx", b"xhole"), (b"xyz", None)],
)
def test_a_damaged_transfer_is_repeated_and_an_etag_that_is_no_digest_is_not_taken_for_one(
    tmp_path: Path, damages: bytes, arrives: bytes | None
) -> None:
    md5 = hashlib.md5(b"whole").hexdigest()
    file = RemoteFile("1.jpg", 5, "mark", md5)
    place = Damaging(damages)

    if arrives is None:
        with pytest.raises(RefusedError, match="arrives damaged"):
            fetch(place, file, tmp_path, Event())
        assert list(tmp_path.glob("*.part")) == []
    else:
        assert fetch(place, file, tmp_path, Event()).at.read_bytes() == arrives


def test_nothing_of_the_owners_is_overwritten_or_removed(
    project: Project, s3: S3Server, put: Put
) -> None:
    put(PHOTOS | {"photos.csv": b"file,credit\n"})
    run(project)
    own = {"germany/1a.jpg": b"ONE", "germany/1b.jpg": b"longer", "own/9.jpg": b"mine"}
    for path, content in own.items():
        (project.photos / path).parent.mkdir(exist_ok=True)
        (project.photos / path).write_bytes(content)
    project.photo_table.write_bytes(b"file,credit\nown/9.jpg,Ann\n")
    put({"germany/1a.jpg": b"1.2", "photos.csv": b"file,licence\n", "own/9.jpg": b"your"})
    s3.client.delete_object(Bucket="bucket", Key="posts/germany/1b.jpg")

    found = run(project)

    assert here(project) == {**PHOTOS, **own}
    assert project.photo_table.read_bytes() == b"file,credit\nown/9.jpg,Ann\n"
    assert {file: reason.split(",")[0] for file, reason in told(found)} == {
        "photos/germany/1b.jpg": "is gone from there",
        "photos/germany/1a.jpg": "is another one than that from there: your own",
        "photos/own/9.jpg": "is another one than that from there: your own",
        "photos.csv": "is another one than that from there: your own",
    }
    # The same again, and still nothing is fetched or lost.
    s3.forget()
    run(project)
    assert s3.downloads() == [] and here(project) == {**PHOTOS, **own}


def test_photos_that_are_here_already_are_not_fetched_again(
    project: Project, s3: S3Server, put: Put
) -> None:
    put(PHOTOS)
    for path, content in PHOTOS.items():
        (project.photos / path).parent.mkdir(parents=True, exist_ok=True)
        (project.photos / path).write_bytes(content)

    assert "3 were up to date" in run(project).lines[0]
    assert s3.downloads() == []
    s3.client.delete_object(Bucket="bucket", Key="posts/germany/1a.jpg")
    assert "removed 1" in run(project).lines[0]


def test_photos_sent_in_several_parts_have_no_md5_and_are_compared_by_content(
    project: Project, s3: S3Server
) -> None:
    where = {"Bucket": "bucket", "Key": "posts/germany/1.jpg"}
    upload = s3.client.create_multipart_upload(**where)["UploadId"]
    tag = s3.client.upload_part(**where, UploadId=upload, PartNumber=1, Body=b"parts")["ETag"]
    s3.client.complete_multipart_upload(
        **where, UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": tag}]}
    )
    at = project.photos / "germany/1.jpg"
    at.parent.mkdir(parents=True)
    for content, downloads in ((b"parts", 1), (b"PARTS", 0)):
        at.write_bytes(content)
        s3.forget()
        found = run(project)
        assert at.read_bytes() == content
        assert len(s3.downloads()) == downloads
        assert bool(found.notes) == (content == b"PARTS")


@pytest.mark.parametrize(
    "path",
    ["../../x.jpg", "/x.jpg", "a//x.jpg", "a/../x.jpg", "./x.jpg", "a\nb.jpg", "x" * 300 + ".jpg"],
)
def test_a_name_that_leads_out_of_the_folder_or_cannot_be_is_refused(
    tmp_path: Path, path: str
) -> None:
    good = RemoteFile("a/good.jpg", 4, "mark")
    plan = decide(Project(tmp_path), [RemoteFile(path, 4, "mark"), good], Record(tmp_path, "x"))

    assert plan.fetch == [good]
    assert [(one.file, one.skipped) for one in plan.problems] == [(f"photos/{path}", True)]


def test_a_folder_that_is_a_link_or_a_file_here_costs_only_what_is_in_it(
    tmp_path: Path, project: Project, put: Put
) -> None:
    (tmp_path / "outside").mkdir()
    project.photos.mkdir()
    (project.photos / "link").symlink_to(tmp_path / "outside")
    (project.photos / "file").write_bytes(b"")
    put({"link/sub/x.jpg": b"bad", "file/x.jpg": b"bad", "a/good.jpg": b"good"})

    found = run(project)

    assert here(project) == {"a/good.jpg": b"good", "file": b""}
    assert list((tmp_path / "outside").iterdir()) == []
    assert [one.file for one in found.failed] == ["photos/file/x.jpg", "photos/link/sub/x.jpg"]


def test_nothing_is_removed_behind_a_link_that_has_taken_the_place_of_a_folder(
    tmp_path: Path, project: Project, s3: S3Server, put: Put
) -> None:
    put(PHOTOS)
    run(project)
    outside = (project.photos / "germany").rename(tmp_path / "outside")
    (project.photos / "germany").symlink_to(outside)
    s3.client.delete_object(Bucket="bucket", Key="posts/germany/1a.jpg")

    run(project)

    assert (outside / "1a.jpg").read_bytes() == b"one"


def test_only_photos_and_the_table_are_fetched(project: Project, put: Put) -> None:
    put(
        {
            "a/1.jpg": b"1",
            "a/notes.txt": b"",
            "x.zip": b"",
            ".cache/2.jpg": b"",
            "a/@eaDir/3.jpg": b"",
        }
    )
    put({"photos.csv": b"file\n", "a/photos.csv": b"file\n", "folder/": b""})

    found = run(project)

    assert set(here(project)) == {"a/1.jpg"}
    assert project.photo_table.read_bytes() == b"file\n"
    assert found.lines[1].endswith("were left there: 3.")


def test_a_dry_run_names_what_would_change_and_changes_nothing(
    project: Project, s3: S3Server, put: Put
) -> None:
    put(PHOTOS)
    run(project)
    put({"germany/1a.jpg": b"another"})
    s3.client.delete_object(Bucket="bucket", Key="posts/germany/1b.jpg")

    assert run(project, dry_run=True).lines == (
        "s3://bucket/posts/: 1 to fetch (0.0 MB), 1 to remove, 1 up to date.",
        "  fetch   germany/1a.jpg",
        "  remove  germany/1b.jpg",
        "Nothing was fetched (--dry-run).",
    )
    assert here(project) == PHOTOS


def test_photos_of_an_earlier_address_stay_and_are_told(project: Project, put: Put) -> None:
    put(PHOTOS)
    run(project)
    put({"1.jpg": b"other"}, prefix="later/")

    found = run(project, address="s3://bucket/later")

    assert here(project) == {**PHOTOS, "1.jpg": b"other"}
    assert "fetched from s3://bucket/posts/ before" in found.lines[-1]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("s3://nowhere", r"there is no such bucket.*`endpoint` under \[photos\]"),
        ("s3://bucket/post", "there is nothing there. Check the address; nothing was changed"),
        ("ftp://host/x", r"(?s)not a place of photos.*s3://BUCKET"),
        ("davs://me:secret@host/x", r"davs://host/x: passwords.*WEBDAV_PASSWORD"),
        ("file:///nowhere/at/all", "is not there. Check the address"),
    ],
)
def test_each_wrong_address_is_one_clear_message(
    project: Project, put: Put, address: str, says: str
) -> None:
    put(PHOTOS)
    run(project)

    with pytest.raises(BollardsError, match=says) as caught:
        run(project, address=address)

    assert "secret" not in str(caught.value)
    assert here(project) == PHOTOS


def test_a_bucket_without_permission_is_one_clear_message(
    project: Project, s3: S3Server, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(PHOTOS)
    keys = {"aws_access_key_id": "owner", "aws_secret_access_key": "secret"}
    iam = boto3.client("iam", endpoint_url=s3.address, region_name="us-east-1", **keys)
    iam.create_user(UserName="guest")
    guest = iam.create_access_key(UserName="guest")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", guest["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", guest["SecretAccessKey"])
    with s3.asking_for_rights():
        ended = bollards("pull", project.root)
        assert ended.returncode == 1
        assert ended.stderr == (
            "Error: s3://bucket/posts/: access denied. The credentials need to list the bucket and"
            " to read objects in it (s3:ListBucket, s3:GetObject).\n"
        )
        rule = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [rule]})
    iam.put_user_policy(UserName="guest", PolicyName="list", PolicyDocument=document)
    s3.client.delete_bucket_policy(Bucket="bucket")
    with s3.asking_for_rights():
        ended = bollards("pull", project.root, "--quiet")
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"photos/{path}: access denied: the credentials need s3:GetObject for it."
        for path in sorted(PHOTOS)
    ]
    assert here(project) == {}


def test_a_network_that_stays_away_ends_the_pull_with_what_has_arrived(
    project: Project, s3: S3Server, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put({"germany/1.jpg": bytes(1000)})
    monkeypatch.setattr("generator.pull.transfer._WAITS_S", (0.0, 0.0))
    s3.cut(0, 100)

    with pytest.raises(BollardsError, match=r"broke off.*continues there, also within germany/1"):
        run(project)
    with pytest.raises(BollardsError, match=r"cannot be reached.*`endpoint` under \[photos\]"):
        run(project, endpoint="http://127.0.0.1:9")

    assert here(project) == {}


def test_a_full_disk_ends_the_pull_and_the_next_one_continues(
    project: Project, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(PHOTOS)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("generator.pull.transfer.os.fsync", full)
        with pytest.raises(BollardsError, match=r"disk is full.*`bollards pull` continues"):
            run(project)
    assert here(project) == {}

    run(project)
    assert here(project) == PHOTOS


@pytest.mark.parametrize(
    ("library", "address", "extra"),
    [
        ("boto3", "s3://bucket/x", "s3"),
        ("gcsfs", "gs://bucket/x", "gcs"),
        ("webdav4.fsspec", "davs://host/x", "webdav"),
    ],
)
def test_without_its_library_the_message_says_how_to_get_it(
    project: Project, monkeypatch: pytest.MonkeyPatch, library: str, address: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(BollardsError, match=rf"pip install 'bollards\[{extra}\]'"):
        run(project, address=address)


def test_a_folder_of_this_machine_is_pulled_from_like_a_bucket(
    tmp_path: Path, project: Project
) -> None:
    share = tmp_path / "a share"
    for path, content in PHOTOS.items():
        (share / path).parent.mkdir(parents=True, exist_ok=True)
        (share / path).write_bytes(content)
    run(project, address=share.as_uri())
    assert here(project) == PHOTOS

    (share / "germany/1a.jpg").write_bytes(b"another")
    (share / "germany/1b.jpg").unlink()
    assert "Fetched 1 files" in run(project, address=share.as_uri()).lines[0]
    assert here(project) == {
        "germany/1a.jpg": b"another",
        "Côte d’Ivoire/x y+z%.JPG": b"three",
    }


def test_without_an_address_and_before_the_first_pull_the_messages_say_what_to_do(
    project: Project, tmp_path: Path
) -> None:
    with pytest.raises(BollardsError, match=r"`bollards pull` fetches them from s3://bucket/posts"):
        build(project, QUIET)
    project.settings.write_text("", encoding="utf-8")
    with pytest.raises(
        BollardsError, match=r"From where\? Name a place with --from, or set `from`"
    ):
        run(project)
