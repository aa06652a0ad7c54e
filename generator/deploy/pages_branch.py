"""Deploys to a branch, as GitHub Pages and others serve it, through the program git.

The branch holds the site as a single commit without parents: it contains no history of the sources,
and the repository does not grow with each deploy. Still only new content is sent: the present
commit is fetched without its files, which tells git what the remote has. All this happens in a
temporary repository; the owner's is only read.

A branch changes all at once, so the order of files does not matter.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generator.deploy.plan import Difference, Site
from generator.deploy.target import DEFAULT_REMOTE, PagesBranch, without_password
from generator.errors import BollardsError, printable
from generator.progress import Progress
from generator.project import Project
from generator.published import CATALOGUE

# Files that hosts and people add to a site; GitHub writes the custom domain to CNAME.
# https://docs.github.com/pages/configuring-a-custom-domain-for-your-github-pages-site
_DOMAIN = "CNAME"
_HARMLESS = {_DOMAIN, "README.md", "LICENSE", ".nojekyll", ".gitignore", ".gitattributes"}
# `git config --show-scope` came with 2.26, GIT_CONFIG_COUNT with 2.31 (2021).
_OLDEST = (2, 31)
# The owner's repository has the credentials for the remote; actions/checkout, for example, keeps
# the workflow's token there.
_ACCESS = ("http.", "credential.", "core.sshcommand", "core.gitproxy", "url.", "ssh.")
# The remote's name in the temporary repository.
_HOST = "host"
# The commit must not publish a person's name or address.
_AUTHOR = {"NAME": "bollards", "EMAIL": "bollards@localhost"}


@dataclass(frozen=True, slots=True)
class PagesTarget:
    """A branch to deploy to, and the temporary repository in which a deploy is prepared.

    Attributes:
        remote: the address or path of the repository to push to.
        workshop: the temporary repository.
        access: an environment with the owner's settings for access to the remote.
        tip: the branch's present commit; "" if there is no branch yet.
        before: the blobs of that commit, by path.
        blobs: git's id of the content of each file of the site, by path.
    """

    remote: str
    branch: str
    workshop: Path
    access: Mapping[str, str]
    tip: str
    before: Mapping[str, str]
    blobs: Mapping[str, str]

    def difference(self, site: Site) -> Difference:
        """The difference from the branch. Writes nothing outside of the temporary repository.

        Raises:
            BollardsError: the branch contains something that is not a site of ours.
        """
        foreign = sorted(path for path in self.before if path not in _HARMLESS)
        if foreign and CATALOGUE not in self.before:
            shown = ", ".join(foreign[:3]) + (", …" if len(foreign) > 3 else "")
            raise BollardsError(
                printable(
                    f"{self.named()}: holds {shown}, which is no site that bollards made, and a"
                    " deploy replaces the whole branch. Name another one (pages:REMOTE#BRANCH), or"
                    " delete this one first."
                )
            )
        blobs = self.blobs
        kept = {_DOMAIN} - blobs.keys()
        return Difference(
            new=frozenset(blobs.keys() - self.before.keys()),
            changed=frozenset(
                path for path, blob in blobs.items() if self.before.get(path, blob) != blob
            ),
            removed=frozenset(self.before.keys() - blobs.keys() - kept),
        )

    def send(self, site: Site, difference: Difference, progress: Progress) -> Callable[[], None]:
        """Push the site as the only commit of the branch.

        Returns:
            What does nothing, as old files are gone already.

        Raises:
            BollardsError: the push was refused; the branch has not changed.
        """
        sent = sorted(difference.new | difference.changed)
        with progress.bar("Sending", len(sent), "files") as advance:
            # Objects that the remote has need not be here.
            _hashed(site, sent, self.workshop, self.named(), keep=True)
            tree = self._tree()
            commit = self._git("commit-tree", "-m", "Site made by bollards", tree).strip()
            reference = f"refs/heads/{self.branch}"
            # The lease prevents overwriting a push that came in between.
            self._git(
                "push",
                "--quiet",
                f"--force-with-lease={reference}:{self.tip}",
                _HOST,
                f"{commit}:{reference}",
            )
            advance(len(sent))
        return lambda: None

    def named(self) -> str:
        """The branch and its address, safe to display."""
        return _named(self.remote, self.branch)

    def _git(self, *arguments: str, text: str | None = None) -> str:
        return _git(arguments, self.workshop, self.access, self.named(), text)

    def _tree(self) -> str:
        entries = dict(self.blobs)
        if _DOMAIN in self.before:
            entries.setdefault(_DOMAIN, self.before[_DOMAIN])
        index = "".join(f"100644 {blob}\t{path}\0" for path, blob in sorted(entries.items()))
        self._git("update-index", "-z", "--add", "--index-info", text=index)
        return self._git("write-tree", "--missing-ok").strip()


@contextmanager
def open_pages(target: PagesBranch, project: Project, site: Site) -> Iterator[PagesTarget]:
    """Look at the branch of a remote.

    Args:
        target: the name, address or path of the remote, and the branch.
        project: its repository knows the names of remotes.
        site: the site to deploy.

    Raises:
        BollardsError: git is missing, the remote cannot be reached, or the owner did not name it
            and the repository around the project is not the project's.
    """
    _check_version()
    root = project.root
    remote = _address(target.remote, root)
    if not target.is_named:
        _refuse_other_repository(remote, target.branch, project)
    with tempfile.TemporaryDirectory(prefix="bollards-") as folder:
        workshop = Path(folder) / "pages.git"
        named = _named(remote, target.branch)
        _git(["init", "--quiet", "--bare", str(workshop)], None, {}, named)
        # git fetches without content only from a configured remote, where it could get the content
        # later.
        _git(["remote", "add", _HOST, remote], workshop, {}, named)
        access = _access(root)
        valid = ["check-ref-format", f"refs/heads/{target.branch}"]
        _git(valid, workshop, {}, f"{target.branch}: this cannot be the name of a branch")
        reference = f"refs/heads/{target.branch}"
        heads = _git(["ls-remote", _HOST, reference], workshop, access, named)
        before: dict[str, str] = {}
        tip = ""
        if any(line.endswith(f"\t{reference}") for line in heads.splitlines()):
            # Fetch the commit and the names of its files, without their content.
            fetch = ["fetch", "--quiet", "--depth=1", "--no-tags", "--filter=blob:none"]
            _git([*fetch, _HOST, reference], workshop, access, named)
            tip = _git(["rev-parse", "FETCH_HEAD"], workshop, {}, named).strip()
            for line in _git(["ls-tree", "-r", "-z", tip], workshop, {}, named).split("\0"):
                if line:
                    about, _, path = line.partition("\t")
                    before[path] = about.split()[2]
        paths = sorted(site.files)
        hashes = _hashed(site, paths, workshop, named)
        blobs = dict(zip(paths, hashes, strict=True))
        yield PagesTarget(remote, target.branch, workshop, access, tip, before, blobs)


def _hashed(
    site: Site, paths: Sequence[str], workshop: Path, named: str, *, keep: bool = False
) -> list[str]:
    """git's ids of the content of files; with `keep`, the files are added to the repository."""
    listed = "".join(f"{_quoted(f'{site.root.absolute()}/{path}')}\n" for path in paths)
    # --no-filters keeps line ends and everything else as built, whatever git's settings.
    command = ["hash-object", "--no-filters", "--stdin-paths", *(["-w"] if keep else [])]
    return _git(command, workshop, {}, named, listed).split()


def _quoted(path: str) -> str:
    """A path in quotes as in C, so that git reads line breaks in it."""
    plain = path.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\{ord(match[0]):03o}", plain) + '"'


def _named(remote: str, branch: str) -> str:
    return printable(f"branch {branch} of {without_password(remote)}")


def _refuse_other_repository(remote: str, branch: str, project: Project) -> None:
    """Refuse a repository that merely contains the project, such as a clone of the program."""
    tracked = ["ls-files", "--error-unmatch", "--", project.settings.name]
    if _quiet_git(["-C", str(project.root), *tracked]) is not None:
        return
    around = (_quiet_git(["-C", str(project.root), "rev-parse", "--show-toplevel"]) or "").strip()
    raise BollardsError(
        printable(
            f"{project.settings}: is not in the git repository around it ({around}), so its remote"
            f" {without_password(remote)} may not be meant for this site, and nothing was sent. If"
            f" it is, add the settings (git add {project.settings.name}), or name it: --to"
            f" pages:{DEFAULT_REMOTE}#{branch}. If not, name the site's own repository: --to"
            f" pages:ADDRESS#{branch}"
        )
    )


def _address(remote: str, root: Path) -> str:
    """The address behind a remote's name; addresses and paths stay as they are."""
    known = _quiet_git(["-C", str(root), "remote"])
    if known is not None and remote in known.split():
        address = _quiet_git(["-C", str(root), "remote", "get-url", "--push", remote])
        remote = (address or remote).strip()
    elif remote == "origin":
        raise BollardsError(
            f"{root}: expected a git repository with a remote named origin, as `pages` alone means;"
            " found none. Add one (git remote add origin ADDRESS), or name the repository:"
            " --to pages:ADDRESS"
        )
    if re.match(r"[^/:]+:", remote):
        return remote
    path = Path(remote).expanduser()
    # A remote's relative path is relative to its repository, but git runs elsewhere.
    return str(path if path.is_absolute() else (root / path).resolve())


def _access(root: Path) -> dict[str, str]:
    """The owner's settings for access to remotes, as environment variables for git."""
    told = _quiet_git(["-C", str(root), "config", "--list", "--null", "--show-scope"]) or ""
    words = told.split("\0")
    pairs = [
        entry.partition("\n")
        for scope, entry in zip(words[::2], words[1::2], strict=False)
        if scope in ("local", "worktree")
    ]
    kept = [(key, value) for key, _, value in pairs if key.startswith(_ACCESS) and key != "url."]
    environment = {"GIT_CONFIG_COUNT": str(len(kept))}
    for number, (key, value) in enumerate(kept):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return environment


def _environment() -> dict[str, str]:
    # Variables such as GIT_DIR, which git sets for its hooks, would point to another repository.
    astray = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"}
    environment = {key: value for key, value in os.environ.items() if key not in astray}
    if not sys.stdin.isatty():
        # Nobody may be there to answer; an error is better than waiting for ever.
        environment["GIT_TERMINAL_PROMPT"] = "0"
    return environment


def _quiet_git(arguments: Sequence[str]) -> str | None:
    """git's output, or None if it fails."""
    result = subprocess.run(  # noqa: S603 (a list of arguments, no shell)
        [_program(), *arguments], capture_output=True, text=True, env=_environment(), check=False
    )
    return result.stdout if result.returncode == 0 else None


def _git(
    arguments: Sequence[str],
    workshop: Path | None,
    access: Mapping[str, str],
    named: str,
    text: str | None = None,
) -> str:
    """Run git in the temporary repository and return its output.

    Raises:
        BollardsError: git failed; the message explains why, then quotes git.
    """
    environment = _environment() | dict(access)
    if workshop is not None:
        environment["GIT_DIR"] = str(workshop)
    for role in ("AUTHOR", "COMMITTER"):
        environment |= {f"GIT_{role}_{key}": value for key, value in _AUTHOR.items()}
        if os.environ.get("SOURCE_DATE_EPOCH"):
            environment[f"GIT_{role}_DATE"] = f"@{os.environ['SOURCE_DATE_EPOCH']} +0000"
    result = subprocess.run(  # noqa: S603 (a list of arguments, no shell)
        [_program(), *arguments],
        input=None if text is None else text.encode("utf-8", "surrogateescape"),
        stdin=None if text is not None else subprocess.DEVNULL,
        capture_output=True,
        env=environment,
        check=False,
    )
    if result.returncode:
        raise BollardsError(
            _explained(named, arguments[0], result.stderr.decode("utf-8", "replace"))
        )
    return result.stdout.decode("utf-8", "surrogateescape")


def _explained(named: str, verb: str, said: str) -> str:
    if verb == "check-ref-format":
        return f"{named}. Name another one: pages:REMOTE#BRANCH"
    if verb == "push" and "stale info" in said:
        reason = "somebody else deployed there just now, so nothing was changed. Deploy again."
    elif verb == "push":
        reason = "the push was refused, so nothing was changed there. Put right what git says:"
    elif verb in ("fetch", "ls-remote"):
        reason = "the repository cannot be reached. Correct its address, or get access to it:"
    else:
        reason = f"git {verb} failed:"
    lines = [line for line in said.splitlines() if line.strip()]
    told = "".join(f"\n  {line}" for line in lines[:8])
    return printable(without_password(f"{named}: {reason}{told}"))


def _program() -> str:
    found = shutil.which("git")
    if found is None:
        raise BollardsError(
            "To deploy to a branch, the program git is needed. Install it"
            " (https://git-scm.com/downloads) and deploy again."
        )
    return found


def _check_version() -> None:
    said = _quiet_git(["--version"]) or ""
    match = re.search(r"(\d+)\.(\d+)", said)
    if not match or tuple(map(int, match.groups())) < _OLDEST:
        oldest = ".".join(map(str, _OLDEST))
        raise BollardsError(
            f"{_program()}: expected git {oldest} or newer; found {said.strip()!r}. Update it"
            " (https://git-scm.com/downloads) and deploy again."
        )
