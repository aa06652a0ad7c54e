"""A bucket gets only changed files, in an order without gaps, with the right headers."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from generator.deploy import deploy
from generator.deploy.plan import MANIFEST, kind_of
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from tests.deploy.conftest import ROOT, S3Server, fetch, wait_for
from tests.deploy.sites import build_version, holes

TO = "s3://bucket/some/where"


def send(project: Project, s3: S3Server, to: str = TO, **options: bool) -> list[str]:
    return deploy(project, to, Progress(quiet=True), endpoint=s3.address, **options)[0]


def reader(s3: S3Server, prefix: str = "some/where/") -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        status, headers, body = fetch(f"{s3.address}/bucket/{prefix}{path}")
        if status != 200:
            return None
        return gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body

    return read


def served(s3: S3Server) -> set[str]:
    found = s3.client.list_objects_v2(Bucket="bucket")
    return {entry["Key"] for entry in found.get("Contents", [])}


def test_the_whole_site_is_uploaded_below_its_prefix(project: Project, s3: S3Server) -> None:
    files = build_version(project, 1)
    send(project, s3)

    read = reader(s3)
    wanted = {path: files[path] for path in files if path not in ("_headers", ".nojekyll")}
    assert {path: read(path) for path in wanted} == wanted
    assert served(s3) == {f"some/where/{path}" for path in (*wanted, MANIFEST)}
    assert holes(read) == []


def test_only_changed_files_are_sent_and_old_ones_are_removed(
    project: Project, s3: S3Server
) -> None:
    send(project, s3)
    s3.forget()
    assert send(project, s3) == [f"Nothing to send: {TO} is up to date."]
    assert s3.uploads() == []
    # Nor are single objects asked for: the list and the manifest tell all.
    assert [method for method, _ in s3.requests() if method == "HEAD"] == []

    build_version(project, 2)
    send(project, s3)

    prefix = "some/where/"
    sent = [key.removeprefix(prefix) for key in s3.uploads()]
    assert sorted(sent) == sorted(
        [
            MANIFEST,
            MANIFEST,
            "404.html",
            "about/index.html",
            "assets/site.2.css",
            "data/catalogue.json",
            "feed.xml",
            "index.html",
            "pictures/p2.webp",
            "pictures/p4.webp",
            "types/b/index.html",
            "types/c/index.html",
        ]
    )
    deleted = {key.removeprefix(prefix) for method, key in s3.requests() if method == "DELETE"}
    assert deleted == {
        "assets/site.1.css",
        "pictures/p1.webp",
        "pictures/p3.webp",
        "types/a/index.html",
    }
    assert holes(reader(s3)) == []


def test_assets_are_sent_before_pages_and_old_files_are_removed_last(
    project: Project, s3: S3Server
) -> None:
    send(project, s3)
    build_version(project, 2)
    s3.forget()
    send(project, s3)

    steps = [
        (method, key.removeprefix("some/where/"))
        for method, key in s3.requests()
        if method in ("PUT", "DELETE")
    ]
    position = {step: number for number, step in enumerate(steps)}
    resources = [
        n for (method, key), n in position.items() if kind_of(key) == "resource" and method == "PUT"
    ]
    pages = [
        n for (method, key), n in position.items() if kind_of(key) == "page" and method == "PUT"
    ]
    deletions = [n for (method, _), n in position.items() if method == "DELETE"]
    assert max(resources) < min(pages)
    # A new page is there before the data that leads to it, and that before the home page.
    assert position["PUT", "types/b/index.html"] < position["PUT", "data/catalogue.json"]
    assert position["PUT", "data/catalogue.json"] < position["PUT", "types/c/index.html"]
    assert max(pages) == position["PUT", "index.html"] < min(deletions)
    assert position["DELETE", "types/a/index.html"] < position["DELETE", "pictures/p1.webp"]


def test_a_deploy_killed_at_any_moment_leaves_no_gaps_and_the_next_one_continues_it(
    project: Project, s3: S3Server
) -> None:
    send(project, s3)
    build_version(project, 2)
    command = [sys.executable, "-m", "generator", "deploy", str(project.root), "--to", TO]
    command += ["--endpoint", s3.address]
    # The manifest is the first upload of each. Then come 3 pictures and styles, a new page, 2 files
    # of data, 3 changed pages, the home page; deletions; the manifest. What one sent is there for
    # the next, so that each is killed later on the way than the one before.
    for count in (0, 3, 3, 4, 4):
        s3.forget()
        (s3.folder / "hanging").unlink(missing_ok=True)
        s3.stop_after(count)
        process = subprocess.Popen([*command, "--quiet"], cwd=ROOT, stderr=subprocess.DEVNULL)
        wait_for(lambda: (s3.folder / "hanging").exists(), "the deploy to reach that upload")
        process.kill()
        process.wait()
        s3.stop_after(None)
        assert len(s3.uploads()) == count
        assert holes(reader(s3)) == []
    assert not [key for key in served(s3) if "types/a/" in key or "p1.webp" in key]

    s3.forget()
    send(project, s3)

    # Only the manifest was missing.
    assert set(s3.uploads()) == {f"some/where/{MANIFEST}"}
    assert json.loads(reader(s3)("data/catalogue.json") or b"")["version"] == 2
    assert send(project, s3) == [f"Nothing to send: {TO} is up to date."]


def test_types_lifetimes_and_compression_are_right(project: Project, s3: S3Server) -> None:
    send(project, s3)

    def told(path: str) -> tuple[str, str, str | None]:
        _, headers, _ = fetch(f"{s3.address}/bucket/some/where/{path}")
        return (
            headers["content-type"],
            headers["cache-control"],
            headers.get("content-encoding"),
        )

    for_ever, fresh = "public, max-age=31536000, immutable", "public, max-age=0, must-revalidate"
    assert told("index.html") == ("text/html; charset=utf-8", fresh, "gzip")
    assert told("assets/site.1.css") == ("text/css; charset=utf-8", for_ever, "gzip")
    assert told("assets/icon.svg") == ("image/svg+xml; charset=utf-8", for_ever, None)
    assert told("pictures/p1.webp") == ("image/webp", for_ever, None)
    assert told("data/catalogue.json") == ("application/json", fresh, None)
    assert told("data/types.csv") == ("text/csv; charset=utf-8", fresh, None)
    assert told("data/bollard-types.ts") == ("text/plain; charset=utf-8", fresh, None)
    assert told("feed.xml") == ("application/xml; charset=utf-8", fresh, None)
    assert told(MANIFEST) == ("application/json", "no-store", None)


def test_dry_run_counts_files_by_kind_lists_them_on_demand_and_writes_nothing(
    project: Project, s3: S3Server
) -> None:
    send(project, s3)
    before = served(s3)
    build_version(project, 2)
    s3.forget()

    text = "\n".join(send(project, s3, dry_run=True))

    assert {method for method, _ in s3.requests()} <= {"GET", "HEAD"}
    assert served(s3) == before
    assert "10 files of 14 to send" in text
    assert "4 files to remove" in text
    assert "Would send new pages: " in text
    assert "types/b/index.html" not in text
    assert text.endswith("Nothing was sent (--dry-run).")

    every = "\n".join(send(project, s3, dry_run=True, every_file=True))
    assert "  types/b/index.html (" in every
    assert "  pictures/p1.webp" in every


def test_other_files_in_the_bucket_are_neither_removed_nor_overwritten(
    project: Project, s3: S3Server
) -> None:
    client = s3.client
    client.put_object(Bucket="bucket", Key="invoices.pdf", Body=b"mine")
    send(project, s3, "s3://bucket")
    build_version(project, 2)
    send(project, s3, "s3://bucket")
    assert reader(s3, "")("invoices.pdf") == b"mine"

    client.put_object(Bucket="bucket", Key="shop/index.html", Body=b"another site")
    with pytest.raises(BollardsError, match=r"holds index\.html that bollards did not put there"):
        send(project, s3, "s3://bucket/shop")
    assert reader(s3, "shop/")("index.html") == b"another site"


@pytest.mark.parametrize("name", ["x\nR /foreign.txt", "*", "**/foreign.txt", "?", "foreign%2Etxt"])
def test_a_name_in_the_list_of_a_bucket_removes_only_the_object_of_that_name(
    project: Project, s3: S3Server, name: str
) -> None:
    s3.client.put_object(Bucket="bucket", Key="some/where/foreign.txt", Body=b"mine")
    s3.client.put_object(Bucket="bucket", Key="foreign.txt", Body=b"mine")
    send(project, s3)
    before = served(s3)
    key = f"some/where/{MANIFEST}"
    kept = json.loads(s3.client.get_object(Bucket="bucket", Key=key)["Body"].read())
    kept["files"][name] = ""
    s3.client.put_object(Bucket="bucket", Key=key, Body=json.dumps(kept).encode())
    send(project, s3)
    assert served(s3) == before


@pytest.mark.parametrize("name", ["../foreign.txt", "/x", "x/", "", "x\0y"])
def test_a_bucket_list_with_impossible_file_names_is_refused(
    project: Project, s3: S3Server, name: str
) -> None:
    send(project, s3)
    key = f"some/where/{MANIFEST}"
    kept = json.loads(s3.client.get_object(Bucket="bucket", Key=key)["Body"].read())
    kept["files"][name] = ""
    s3.client.put_object(Bucket="bucket", Key=key, Body=json.dumps(kept).encode())
    before = served(s3)
    with pytest.raises(BollardsError, match="not a list of deployed files"):
        send(project, s3)
    assert served(s3) == before


@pytest.mark.parametrize(
    ("to", "environment", "says"),
    [
        ("s3://nowhere", {}, "there is no such bucket.*Make it first"),
        (TO, {"AWS_ACCESS_KEY_ID": ""}, "no complete credentials.*AWS_ACCESS_KEY_ID"),
        (TO, {"AWS_PROFILE": "gone"}, "no complete credentials.*gone"),
        ("s3:/bucket", {}, "not a target for a deploy"),
    ],
)
def test_each_failure_is_one_clear_message(
    project: Project,
    s3: S3Server,
    monkeypatch: pytest.MonkeyPatch,
    to: str,
    environment: dict[str, str],
    says: str,
) -> None:
    for name, value in environment.items():
        if value:
            monkeypatch.setenv(name, value)
        else:
            monkeypatch.delenv(name)
    with pytest.raises(BollardsError, match=f"(?s){says}"):
        send(project, s3, to)


def test_unknown_keys_are_reported(project: Project, s3: S3Server) -> None:
    with (
        s3.asking_for_rights(),
        pytest.raises(BollardsError, match=r"does not know these credentials.*Check"),
    ):
        send(project, s3)


def test_an_unreachable_server_is_reported(project: Project, s3: S3Server) -> None:
    with pytest.raises(BollardsError, match=r"cannot be reached.*--endpoint"):
        deploy(project, TO, Progress(quiet=True), endpoint="http://127.0.0.1:9")


def test_without_boto3_the_message_says_how_to_get_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(BollardsError, match=r"pip install 'bollards\[s3\]'"):
        deploy(project, TO, Progress(quiet=True))
