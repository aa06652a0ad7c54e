"""What is deployed, to which target, in which order, and the limits of hosts."""

import itertools
from pathlib import Path

import pytest

from generator.cli import main
from generator.deploy import deploy
from generator.deploy.hosts import CLOUDFLARE_PAGES, GITHUB_PAGES, NETLIFY, exceeded
from generator.deploy.media import headers_of
from generator.deploy.plan import Difference, Site, removal, stages
from generator.deploy.target import Bucket, Folder, PagesBranch, RsyncHost, parse_target
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/srv/www", Folder(Path("/srv/www"))),
        ("www", Folder(Path("/base/www"))),
        ("./a:b", Folder(Path("/base/a:b"))),
        ("host:www/", RsyncHost("host:www")),
        ("host:/", RsyncHost("host:/")),
        ("me@host::module/x", RsyncHost("me@host::module/x")),
        ("rsync://host/module/", RsyncHost("rsync://host/module")),
        ("pages", PagesBranch("origin", "gh-pages")),
        ("pages:#live", PagesBranch("origin", "live")),
        ("pages:git@host:me/site.git", PagesBranch("git@host:me/site.git", "gh-pages")),
        ("pages:https://host/x.git#live", PagesBranch("https://host/x.git", "live")),
        ("s3://bucket", Bucket("bucket", "")),
        ("s3://bucket/", Bucket("bucket", "")),
        ("s3://bucket/a/b/", Bucket("bucket", "a/b/")),
    ],
)
def test_targets_are_understood(text: str, expected: object) -> None:
    assert parse_target(text, Path("/base")) == expected


@pytest.mark.parametrize(
    "text", ["s3://", "s3:bucket", "ftp://host/x", "https://host/", "-rf", " ", "pages:--upload=x"]
)
def test_a_wrong_target_is_refused_with_a_list_of_the_valid_forms(text: str) -> None:
    with pytest.raises(BollardsError, match=r"is not a target for a deploy\. The forms are:"):
        parse_target(text, Path("/base"))


def test_no_password_is_repeated() -> None:
    with pytest.raises(BollardsError) as caught:
        parse_target("ftp://me:s3cret@host/x", Path("/base"))
    assert "s3cret" not in str(caught.value)


def test_the_upload_order_is_always_pictures_new_pages_data_pages_home_page() -> None:
    paths = ("pictures/1.webp", "assets/a.css", "data/catalogue.json", "types/x/", "index.html")
    files = tuple(path + "index.html" if path.endswith("/") else path for path in paths)
    for states in itertools.product(("new", "changed", "same"), repeat=len(files)):
        of = dict(zip(files, states, strict=True))
        new, changed = (
            frozenset(path for path in files if of[path] == state) for state in ("new", "changed")
        )
        order = [path for stage in stages(Difference(new, changed)) for path in stage.files]
        assert sorted(order) == sorted(new | changed)
        rank = {path: number for number, path in enumerate(order)}
        for page in order:
            if page.endswith(".html"):
                assert all(rank[page] > rank[p] for p in files[:2] if p in rank)
        if "index.html" in rank:
            assert rank["index.html"] == len(order) - 1
        if files[3] in new and files[2] in changed:
            assert rank[files[3]] < rank[files[2]]
    everything = Difference(frozenset(), frozenset(), frozenset(files))
    gone = [path for stage in removal(everything) for path in stage.files]
    assert gone.index("types/x/index.html") < gone.index("pictures/1.webp")


def test_limits_of_hosts_are_reported(tmp_path: Path) -> None:
    (tmp_path / "_redirects").write_text("# moved\n" + "/a /b 301\n" * 2001)
    many = {f"pictures/{number}.webp": 10 for number in range(54_001)}
    site = Site(tmp_path, {**many, "model.onnx": 110_000_000, "_redirects": 10})
    assert [line.split(";")[0] for line in exceeded(GITHUB_PAGES, site)] == [
        "GitHub Pages accepts files of up to 104.9 MB"
    ]
    assert [line.split(";")[0] for line in exceeded(CLOUDFLARE_PAGES, site)] == [
        "Cloudflare Pages accepts up to 20000 files",
        "Cloudflare Pages accepts files of up to 26.2 MB",
        "Cloudflare Pages reads up to 2000 rules of _redirects",
    ]
    assert exceeded(NETLIFY, site) == [
        "Netlify accepts up to 54000 files in a folder; pictures/ has 54001."
    ]
    large = Site(tmp_path, {"pictures/1.webp": 100_000_000, "pictures/2.webp": 900_000_001})
    assert "sites of up to 1.00 GB" in exceeded(GITHUB_PAGES, large)[0]


def test_types_do_not_depend_on_the_machine() -> None:
    assert headers_of("data/bollard-types.ts", 10).content_type == "text/plain; charset=utf-8"
    assert headers_of("assets/find.1.js", 5000).content_type == "text/javascript; charset=utf-8"
    assert headers_of("assets/find.1.js", 5000).encoding == "gzip"
    assert headers_of("pictures/a.webp", 5000).encoding == ""
    assert headers_of("data/catalogue.json", 5_000_000).encoding == ""
    assert headers_of("strange.xyz", 10).content_type == "application/octet-stream"


def test_deploy_does_nothing_without_a_site_or_a_target(tmp_path: Path, project: Project) -> None:
    empty = Project(tmp_path / "empty")
    empty.root.mkdir()
    empty.settings.write_text("", encoding="utf-8")
    with pytest.raises(BollardsError, match=r"there is no finished site to deploy\. Build"):
        deploy(empty, str(tmp_path / "www"), Progress(quiet=True))
    with pytest.raises(BollardsError, match=r"Where to\? Name a target with --to, or set `to`"):
        deploy(project, "", Progress(quiet=True))
    with pytest.raises(BollardsError, match=r"there is no site\.toml here"):
        deploy(Project(tmp_path / "nowhere"), "", Progress(quiet=True))


def test_the_command_takes_its_target_from_the_settings_and_reports_its_work(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Relative to the project, from wherever the command is called.
    project.settings.write_text('[deploy]\nto = "../www"\n', encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["deploy", str(project.root)])
    assert ended.value.code == 0
    assert (tmp_path / "www" / "index.html").is_file()
    printed = capsys.readouterr()
    assert printed.out.startswith("Sent 16 files (")
    # The small site was not built by the program: it cannot be fresh.
    assert "`bollards build` first" in printed.err

    with pytest.raises(SystemExit) as ended:
        main(["deploy", str(project.root), "--to", "s4://x"])
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith('Error: "s4://x" is not a target for a deploy.')


def test_a_deploy_and_a_build_do_not_run_at_the_same_time(project: Project, tmp_path: Path) -> None:
    with project.locked(), pytest.raises(BollardsError, match="Wait for it to finish"):
        deploy(project, str(tmp_path / "www"), Progress(quiet=True))
    assert not (tmp_path / "www").exists()
