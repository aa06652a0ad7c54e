"""A branch has the site as one commit, gets only new content, and keeps other people's pushes."""

import subprocess
from pathlib import Path

import pytest

from generator.deploy import deploy, pages_branch
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from tests.deploy.sites import build_version


def git(*arguments: str, at: Path, text: str | None = None) -> str:
    identity = ["-c", "user.name=Owner", "-c", "user.email=owner@example.org"]
    command = ["git", "-C", str(at), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, input=text).stdout


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    path = tmp_path / "remote.git"
    git("init", "--quiet", "--bare", str(path), at=tmp_path)
    # Keep what is pushed in packs, to be counted.
    git("config", "receive.unpackLimit", "1", at=path)
    git("config", "uploadpack.allowFilter", "true", at=path)
    return path


@pytest.fixture
def sources(project: Project, remote: Path) -> Project:
    """The project in a git repository of its own whose `origin` is the remote."""
    git("init", "--quiet", "--initial-branch=main", at=project.root)
    git("remote", "add", "origin", str(remote), at=project.root)
    (project.root / ".gitignore").write_text("public/\n.bollards/\n")
    git("add", "--all", at=project.root)
    git("commit", "--quiet", "-m", "Secret sources", at=project.root)
    return project


def send(project: Project, to: str, **options: bool) -> list[str]:
    return deploy(project, to, Progress(quiet=True), **options)[0]


def branch(remote: Path, name: str = "gh-pages") -> dict[str, bytes]:
    names = git("ls-tree", "-r", "-z", "--name-only", name, at=remote).split("\0")
    shown = ["git", "-C", str(remote), "show"]
    return {
        path: subprocess.run([*shown, f"{name}:{path}"], check=True, capture_output=True).stdout
        for path in names
        if path
    }


def newest_pack(remote: Path) -> list[str]:
    """The kinds of the objects that the last push brought."""
    packs = sorted((remote / "objects" / "pack").glob("*.idx"), key=lambda p: p.stat().st_mtime_ns)
    told = git("verify-pack", "--verbose", str(packs[-1]), at=remote).splitlines()
    kinds = [line.split()[1] for line in told if len(line.split()) > 4]
    return [kind for kind in kinds if kind in ("commit", "tree", "blob", "tag")]


def test_the_branch_is_the_site_in_one_commit_without_the_sources(
    sources: Project, remote: Path
) -> None:
    for version in (1, 2):
        files = build_version(sources, version)
        send(sources, "pages")
        assert branch(remote) == files
        history = git("log", "--format=%an <%ae> %s", "gh-pages", at=remote).splitlines()
        assert history == ["bollards <bollards@localhost> Site made by bollards"]
    assert "Secret sources" not in git("log", "--all", "--format=%s", at=remote)
    # The owner's repository has nothing of it.
    assert git("status", "--short", at=sources.root) == ""
    assert "main" in git("branch", "--all", at=sources.root).split()
    assert "gh-pages" not in git("branch", "--all", at=sources.root)


@pytest.mark.parametrize("partial", ["true", "false"])
def test_only_new_content_is_sent(sources: Project, remote: Path, partial: str) -> None:
    git("config", "uploadpack.allowFilter", partial, at=remote)
    send(sources, f"pages:{remote.as_uri()}")
    assert newest_pack(remote).count("blob") > 12
    pages = sources.public / "about" / "index.html"
    pages.write_text("<p>New words.</p>", encoding="utf-8")

    sent = send(sources, f"pages:{remote.as_uri()}")

    assert sent[0].startswith("Sent 1 file (")
    kinds = newest_pack(remote)
    assert (kinds.count("commit"), kinds.count("blob")) == (1, 1)
    # Of the folder and of the root; and the one before, which git keeps beside a difference to it.
    assert kinds.count("tree") <= 3
    assert send(sources, f"pages:{remote.as_uri()}")[0].startswith("Nothing to send")


@pytest.mark.parametrize("name", ["two\nlines.txt", 'a "b" \\c*.txt', "tab\tand\x01"])
def test_unusual_names_are_added_and_removed(sources: Project, remote: Path, name: str) -> None:
    (sources.public / name).write_text("odd")
    send(sources, "pages")
    assert branch(remote)[name] == b"odd"
    (sources.public / name).unlink()
    send(sources, "pages")
    assert name not in branch(remote)


def test_dry_run_lists_everything_and_pushes_nothing(sources: Project, remote: Path) -> None:
    assert "16 files of 16 to send" in "\n".join(send(sources, "pages", dry_run=True))
    assert git("branch", "--list", at=remote) == ""
    send(sources, "pages")
    before = git("rev-parse", "gh-pages", at=remote)
    build_version(sources, 2)

    text = "\n".join(send(sources, "pages", dry_run=True))

    assert "10 files of 16 to send" in text
    assert "4 files to remove" in text
    assert git("rev-parse", "gh-pages", at=remote) == before


def test_the_target_is_printed_without_passwords(sources: Project, remote: Path) -> None:
    address = "https://me:s3c@ret@example.org/site.git"
    git("remote", "set-url", "origin", address, at=sources.root)
    # What stands for the server here.
    git("config", f"url.{remote}.insteadOf", address, at=sources.root)
    told = f"pages (branch gh-pages of {remote})"
    assert told in "\n".join(send(sources, "pages", dry_run=True))
    assert told in send(sources, "pages")[0]
    assert send(sources, "pages")[0] == f"Nothing to send: {told} is up to date."
    named = pages_branch._named(address, "live")
    assert named == "branch live of https://example.org/site.git"


def test_the_remote_of_a_repository_that_only_contains_the_site_is_not_used(
    sources: Project, remote: Path
) -> None:
    git("rm", "--quiet", "--cached", "site.toml", at=sources.root)
    for options in ({"dry_run": True}, {}):
        with pytest.raises(
            BollardsError, match=r"not in the git repository around it .*git add site\.toml"
        ) as caught:
            send(sources, "pages", **options)
        assert str(remote) in str(caught.value)
    with pytest.raises(BollardsError, match=r"pages:origin#live"):
        send(sources, "pages:#live")
    assert git("branch", "--list", at=remote) == ""

    send(sources, "pages:origin")
    assert branch(remote) == build_version(sources, 1)
    git("add", "site.toml", at=sources.root)
    assert send(sources, "pages")[0].startswith("Nothing to send")


def test_another_remote_and_branch_can_be_named(
    sources: Project, remote: Path, tmp_path: Path
) -> None:
    git("remote", "add", "host", "../remote.git", at=sources.root)
    send(sources, "pages:host#site/live")
    assert branch(remote, "site/live") == build_version(sources, 1)
    # A folder that is no git repository serves as well.
    plain = Project(tmp_path / "plain")
    plain.root.mkdir()
    plain.settings.write_text(f'[deploy]\nto = "pages:{remote}#other"\n', encoding="utf-8")
    files = build_version(plain, 2)
    send(plain, "")
    assert branch(remote, "other") == files


def test_the_custom_domain_of_the_branch_stays(sources: Project, remote: Path) -> None:
    send(sources, "pages")
    tip = git("rev-parse", "gh-pages", at=remote).strip()
    blob = git("hash-object", "-w", "--stdin", at=remote, text="example.org\n").strip()
    tree = git("ls-tree", tip, at=remote) + f"100644 blob {blob}\tCNAME\n"
    with_domain = git("mktree", at=remote, text=tree).strip()
    commit = git("commit-tree", "-p", tip, "-m", "Domain", with_domain, at=remote).strip()
    git("update-ref", "refs/heads/gh-pages", commit, at=remote)

    files = build_version(sources, 2)
    send(sources, "pages")

    assert branch(remote) == {**files, "CNAME": b"example.org\n"}


def test_a_branch_with_other_content_is_refused(sources: Project, remote: Path) -> None:
    git("push", "--quiet", "origin", "main", at=sources.root)
    before = git("rev-parse", "main", at=remote)
    with pytest.raises(BollardsError, match=r"holds site\.toml, which is no site that bollards"):
        send(sources, "pages:origin#main")
    assert git("rev-parse", "main", at=remote) == before


def test_a_push_by_somebody_else_meanwhile_is_not_overwritten(
    sources: Project, remote: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(sources, "pages")
    build_version(sources, 2)
    tip = git("rev-parse", "gh-pages", at=remote).strip()
    compare = pages_branch.PagesTarget.difference

    def slowly(self: pages_branch.PagesTarget, site: object) -> object:
        found = compare(self, site)  # type: ignore[arg-type]
        newer = git("commit-tree", "-m", "Another", f"{tip}^{{tree}}", at=remote).strip()
        git("update-ref", "refs/heads/gh-pages", newer, at=remote)
        return found

    monkeypatch.setattr(pages_branch.PagesTarget, "difference", slowly)
    with pytest.raises(BollardsError, match=r"somebody else deployed there just now"):
        send(sources, "pages")
    assert git("log", "--format=%s", "gh-pages", at=remote) == "Another\n"


def test_a_refused_push_is_one_clear_message(sources: Project, remote: Path) -> None:
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'the quota is used up' >&2; exit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    with pytest.raises(BollardsError, match=r"the push was refused(?s:.*)the quota is used up"):
        send(sources, "pages")


def test_an_unreachable_target_is_reported_without_passwords(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(
        BollardsError, match=r"expected a git repository with a remote named origin"
    ):
        send(project, "pages")
    with pytest.raises(BollardsError, match=r"cannot be reached"):
        send(project, f"pages:{tmp_path / 'nowhere.git'}")
    with pytest.raises(BollardsError, match=r"cannot be reached") as caught:
        send(project, "pages:http://me:s3cret@127.0.0.1:9/site.git")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(BollardsError, match=r"cannot be the name of a branch"):
        send(project, f"pages:{tmp_path}#a..b")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BollardsError, match=r"the program git is needed"):
        send(project, "pages")


def test_the_push_address_of_the_repository_is_used(
    sources: Project, remote: Path, tmp_path: Path
) -> None:
    # As actions/checkout leaves its token: in the settings of the checkout alone.
    git("remote", "set-url", "origin", "https://example.org/site.git", at=sources.root)
    git("config", f"url.{remote}.insteadOf", "https://example.org/site.git", at=sources.root)
    git("config", "http.https://example.org/.extraheader", "AUTHORIZATION: x", at=sources.root)
    send(sources, "pages:https://example.org/site.git")
    assert branch(remote) == build_version(sources, 1)
    told = pages_branch._access(sources.root)
    assert "AUTHORIZATION: x" in told.values()
