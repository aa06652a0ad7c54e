"""Deploys to a folder, here or on another machine, through rsync (https://rsync.samba.org).

Each stage of a plan is one run of rsync, because rsync sends files in an order of its own, but a
page must not arrive before its pictures. Files are compared by content (`--checksum`), because
times do not show which ones have changed. Each file appears in one step, by a rename.
"""

import contextlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.deploy.plan import (
    MANIFEST,
    Difference,
    Manifest,
    Site,
    parse_manifest,
    refuse_foreign,
    removal,
    stages,
)
from generator.errors import BollardsError, printable
from generator.progress import Progress
from generator.project import write_atomically

# The first version with --mkpath, of 2020: https://download.samba.org/pub/rsync/NEWS#3.2.3
_OLDEST = (3, 2, 3)
_GET_IT = (
    "Install it (Debian, Ubuntu: `apt install rsync`; macOS: `brew install rsync`; Windows: within"
    " WSL) and deploy again."
)

# Web servers must be able to read the site, whatever the owner's umask. Times are not copied: an
# unchanged file keeps its time in the target, so that browsers need not load it again.
_SEND = ("--checksum", "--links", "--perms", "--chmod=D755,F644", "--mkpath")

# https://download.samba.org/pub/rsync/rsync.1#EXIT_VALUES
_REASONS = {
    5: "the rsync server refused",
    10: "the connection broke off",
    11: "a file or folder cannot be read or written there",
    12: "no connection to an rsync on that machine; it may be missing there",
    23: "not all files could be sent",
    30: "the other side did not answer in time",
    35: "the other side did not answer in time",
    127: "no connection to an rsync on that machine; it may be missing there",
    255: "no connection by ssh",
}
# "<i>" or ">f" and nine flags: https://download.samba.org/pub/rsync/rsync.1#opt--itemize-changes
_ITEM = re.compile(r"[<>]f(\S{9}) (.*)")


class _RsyncError(BollardsError):
    """rsync failed; `said` is its own message."""

    def __init__(self, message: str, said: str) -> None:
        super().__init__(message)
        self.said = said


@dataclass(frozen=True, slots=True)
class RsyncTarget:
    """A folder that rsync can access.

    Attributes:
        address: the folder as rsync names it; absolute if it is on this machine.
        local: the folder if it is on this machine, else None.
    """

    address: str
    local: Path | None

    def difference(self, site: Site) -> Difference:
        """The difference according to rsync. Writes nothing.

        Raises:
            BollardsError: rsync is missing or too old, or the folder cannot be reached or contains
                files of others.
        """
        _check_version()
        manifest = self._manifest()
        new, changed = set(), set()
        if self.local is None or self.local.exists():
            with _listed(site.files) as names:
                out = ("--dry-run", "--out-format=%i %n", *_SEND, *names)
                for line in self._run([*out, f"{site.root}/", self._inside()]):
                    match = _ITEM.fullmatch(line)
                    if not match:
                        continue
                    # "+++++++++" means that the file is missing, a leading "c" that its content
                    # differs. Otherwise only permissions differ, which is not worth a line.
                    if match[1].startswith("+"):
                        new.add(_unescaped(match[2]))
                    elif match[1].startswith("c"):
                        changed.add(_unescaped(match[2]))
        else:
            new.update(site.files)
        notes = []
        if manifest is None and len(new) < len(site.files):
            notes.append(
                f"{self.address}: no earlier `bollards deploy` has been here, so nothing of what is"
                " there is removed."
            )
        removed = frozenset(manifest.files if manifest else ()) - site.files.keys()
        done = Manifest(dict.fromkeys(site.files, ""), finished=True)
        unfinished = manifest is None or manifest != done
        difference = Difference(
            frozenset(new), frozenset(changed), removed, unfinished, tuple(notes)
        )
        if manifest is None:
            refuse_foreign(self.address, site, difference)
        return difference

    def send(self, site: Site, difference: Difference, progress: Progress) -> Callable[[], None]:
        """Send what differs, in order.

        Returns:
            What removes the old files, once nothing needs them.

        Raises:
            BollardsError: rsync failed. A later deploy continues where this one ended.
        """
        # Send the list of all present and coming files first, so that the next deploy can tidy up
        # if this one is interrupted.
        if self.local is not None and not self.local.exists():
            # Web servers must be able to read it, whatever the owner's umask.
            self.local.mkdir(parents=True)
            self.local.chmod(0o755)
        claimed = dict.fromkeys((*site.files, *difference.removed), "")
        self._keep_manifest(Manifest(claimed, finished=False))
        planned = stages(difference)
        total = sum(len(stage.files) for stage in planned)
        with progress.bar("Sending", total, "files") as advance:
            for stage in planned:
                with _listed(stage.files) as names:
                    # --delay-updates sends all files first and then puts them in place together, so
                    # that pages of two builds are mixed only for a moment.
                    command = ["--delay-updates", "--out-format=%i %n", *_SEND, *names]
                    for line in self._run([*command, f"{site.root}/", self._inside()]):
                        if _ITEM.fullmatch(line):
                            advance(1)
        return lambda: self._tidy(site, difference)

    def _tidy(self, site: Site, difference: Difference) -> None:
        for stage in removal(difference):
            folders = _folders(stage.files)
            exposed = (*stage.files, *sorted(folders - _folders(site.files)))
            self._remove(site, ["/" + _literal(path) for path in exposed])
        if difference.is_unfinished:
            self._remove(site, _left_behind((*site.files, *difference.removed)))
        self._keep_manifest(Manifest(dict.fromkeys(site.files, ""), finished=True))

    def _inside(self) -> str:
        return self.address if self.address.endswith(("/", ":")) else f"{self.address}/"

    def _manifest(self) -> Manifest | None:
        where = f"{self._inside()}{MANIFEST}"
        with tempfile.TemporaryDirectory(prefix="bollards-") as folder:
            if self.local is not None:
                kept = self.local / MANIFEST
            else:
                kept = Path(folder) / MANIFEST
                try:
                    self._finish([where, f"{folder}/"])
                except _RsyncError as error:
                    if "No such file or directory" in error.said:
                        return None
                    raise
            try:
                return parse_manifest(kept.read_bytes(), where)
            except FileNotFoundError:
                return None

    def _keep_manifest(self, manifest: Manifest) -> None:
        text = manifest.to_json()
        if self.local is not None:
            write_atomically(self.local / MANIFEST, text)
            return
        with tempfile.TemporaryDirectory(prefix="bollards-") as folder:
            (Path(folder) / MANIFEST).write_text(text, encoding="utf-8")
            self._finish([*_SEND, f"{folder}/{MANIFEST}", self._inside()])

    def _remove(self, site: Site, patterns: Iterable[str]) -> None:
        """Remove exactly the matching files, and folders that become empty.

        rsync deletes files that the source lacks, except protected ones. The rules protect
        everything but these files ("R" exposes, "P" protects; the first match decides), and hide
        them in the source ("H"), which has pictures that go elsewhere. Rules end with NUL, so a
        line break in a name cannot begin another rule. A folder with files of others is not empty,
        and stays.
        """
        with tempfile.TemporaryDirectory(prefix="bollards-") as folder:
            rules = Path(folder) / "rules"
            exposed = "".join(f"H {pattern}\0R {pattern}\0" for pattern in patterns)
            rules.write_bytes(f"{exposed}P **\0".encode())
            command = [
                "--recursive",
                "--from0",
                "--delete-after",
                "--existing",
                "--ignore-existing",
            ]
            command += [f"--filter=merge {rules}", f"{site.root}/", self._inside()]
            self._finish(command)

    def _finish(self, arguments: Sequence[str]) -> None:
        for _ in self._run(arguments):
            pass

    def _run(self, arguments: Sequence[str]) -> Iterator[str]:
        """Run rsync and yield its lines as it prints them."""
        with tempfile.TemporaryFile() as complaints:
            # rsync keeps the terminal, so that ssh can ask for a password.
            process = subprocess.Popen(  # noqa: S603 (a list of arguments, no shell)
                [_program(), "--8-bit-output", *arguments],
                stdout=subprocess.PIPE,
                stderr=complaints,
                text=True,
                encoding="utf-8",
                errors="surrogateescape",
            )
            try:
                assert process.stdout is not None
                for line in process.stdout:
                    yield line.rstrip("\n")
                code = process.wait()
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
                if process.stdout is not None:
                    process.stdout.close()
            if code:
                complaints.seek(0)
                said = complaints.read().decode("utf-8", "replace")
                raise _RsyncError(self._explained(code, said), said)

    def _explained(self, code: int, said: str) -> str:
        lines = [line for line in said.splitlines() if line.strip()]
        # The last line only names a line of rsync's source.
        told = [line for line in lines if not line.startswith("rsync error:")] or lines
        reason = _REASONS.get(code, f"rsync ended with code {code}")
        text = (
            f"{self.address}: {reason}. Solve this and deploy again: files that arrived are not"
            " sent twice."
        )
        return printable("\n".join([text, *(f"  {line}" for line in told[:5])]))


def _program() -> str:
    found = shutil.which("rsync")
    if found is None:
        raise BollardsError(f"To deploy into a folder, the program rsync is needed. {_GET_IT}")
    return found


def _check_version() -> None:
    command = [_program(), "--version"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
    match = re.search(r"version v?(\d+)\.(\d+)\.(\d+)", said)
    if not said.startswith("rsync ") or not match or tuple(map(int, match.groups())) < _OLDEST:
        first = printable(said.splitlines()[0]) if said else "nothing"
        oldest = ".".join(map(str, _OLDEST))
        raise BollardsError(
            f"{command[0]}: expected rsync {oldest} or newer; found: {first}. {_GET_IT}"
        )


@contextlib.contextmanager
def _listed(paths: Iterable[str]) -> Iterator[list[str]]:
    """Arguments that make rsync send exactly these files."""
    with tempfile.TemporaryDirectory(prefix="bollards-") as folder:
        names = Path(folder) / "names"
        names.write_bytes(
            b"".join(path.encode("utf-8", "surrogateescape") + b"\0" for path in sorted(paths))
        )
        yield ["--from0", f"--files-from={names}"]


def _unescaped(name: str) -> str:
    r"""A name as it is on disk; rsync prints unprintable bytes as \#123 (octal)."""
    raw = name.encode("utf-8", "surrogateescape")
    plain = re.sub(rb"\\#([0-7]{3})", lambda match: bytes([int(match[1], 8)]), raw)
    return plain.decode("utf-8", "surrogateescape")


def _left_behind(paths: Iterable[str]) -> list[str]:
    """Patterns of the files that a killed rsync leaves in the target.

    An incomplete file is called .NAME.XXXXXX, and delayed ones are in a folder .~tmp~ (rsync.1,
    --temp-dir and --delay-updates).
    """
    patterns = [".~tmp~/", ".~tmp~/**"]
    for path in sorted(paths):
        folder, slash, name = path.rpartition("/")
        patterns.append(f"/{_escaped(folder)}{slash}.{_escaped(name)}.??????")
    return patterns


def _folders(paths: Iterable[str]) -> set[str]:
    """All folders that have some of these files, each with a slash at its end."""
    return {
        path.rsplit("/", depth)[0] + "/"
        for path in paths
        for depth in range(1, path.count("/") + 1)
    }


def _literal(path: str) -> str:
    """A path as a pattern that matches nothing else."""
    # rsync takes backslashes literally unless the pattern has a wildcard.
    return _escaped(path) if re.search(r"[*?\[]", path) else path


def _escaped(text: str) -> str:
    """Text as part of a pattern that has wildcards elsewhere."""
    return re.sub(r"([*?\[\]\\])", r"\\\1", text)
