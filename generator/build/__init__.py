"""build: turns photos on disk into a live site.

collect -> isolate -> embed -> group -> relate -> catalogue -> render -> publish

`pipeline` has the steps in their order. This module handles builds with nothing to do, the lock,
and failures in the owner's words.
"""

import errno

from generator.build.freshness import is_fresh
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project, refuse_endless_folders
from generator.report import Report
from generator.report.last import last_problems

_OTHER_KINDS = frozenset({errno.EEXIST, errno.EISDIR, errno.ELOOP, errno.ENOTDIR})


def build(
    project: Project,
    progress: Progress,
    *,
    force: bool = False,
    dry_run: bool = False,
    strict: bool = False,
    on: str = "",
) -> Report:
    """Build the site of a project into its `public/`.

    Args:
        project: the paths of the site project.
        progress: shows the progress.
        force: build even when nothing has changed.
        dry_run: publish nothing and leave the ledger as it is; results for new photos are cached
            all the same.
        strict: refuse to change or drop an address that is published.
        on: the Dask cluster that prepares new photos, "dask://HOST:PORT"; "" means this machine.

    Raises:
        BollardsError: the site could not be built, or `strict` forbids the build; the live site has
            not changed.
    """
    refuse_endless_folders(project)
    # This comes first: unchanged files that were valid at the last build need no validation.
    if not force and is_fresh(project):
        return Report(project.public, unchanged=True, problems=last_problems(project.report))
    # The one place where the steps are imported late: that takes longer than everything above.
    from generator.build.hidden_looks import remember_hidden
    from generator.build.mistakes import refuse_mistakes
    from generator.build.pipeline import run
    from generator.publish.swap import recover, refuse_foreign

    # This comes before everything that can fail.
    remember_hidden(project)
    # Outside the lock, which makes a folder: a wrong path must leave no trace.
    refuse_mistakes(project)
    waited = False

    def waits() -> None:
        nonlocal waited
        waited = True
        progress.waits()

    try:
        with project.locked(waiting=waits):
            # The build that we waited for may have built just this.
            if waited and not force and not dry_run and is_fresh(project):
                return Report(
                    project.public, unchanged=True, problems=last_problems(project.report)
                )
            recover(project.public, project.retired)
            refuse_foreign(project.public)
            return run(project, progress, on, dry_run=dry_run, strict=strict)
    except OSError as error:
        raise _explained(project, error) from error


def _explained(project: Project, error: OSError) -> BollardsError:
    """An input or output failure in the owner's words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return BollardsError(
            f"{project.root}: the disk is full. Nothing was published; the published"
            " site has not changed. Free some space and build again; finished work is kept."
        )
    # A file that was to be renamed has two names; the owner knows the second one.
    name = error.filename2 or error.filename
    where = f"{name}: " if name else ""
    told = (
        f"{where}{error.strerror or error}. Nothing was published; the published site has"
        " not changed."
    )
    if error.errno in _OTHER_KINDS and str(name).startswith(str(project.work)):
        told += (
            " The program makes everything in .bollards/ itself, and expected another kind of file"
            " here: move it away and build again."
        )
    return BollardsError(told)
