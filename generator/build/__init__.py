"""build: turns photos on disk into a live site.

collect -> isolate -> embed -> group -> relate -> catalogue -> render -> publish

`pipeline` has the steps in their order. This module handles builds with nothing to do, the lock,
and failures in the owner's words.
"""

import errno

from generator.build.freshness import is_fresh
from generator.errors import BollardsError
from generator.progress import Progress
from generator.project import Project
from generator.report import Report, last_problems


def build(
    project: Project,
    progress: Progress,
    *,
    force: bool = False,
    dry_run: bool = False,
    strict: bool = False,
) -> Report:
    """Build the site of a project into its `public/`.

    Args:
        project: the paths of the site project.
        progress: shows the progress.
        force: build even when nothing has changed.
        dry_run: publish nothing and leave the ledger as it is; results for new photos are cached
            all the same.
        strict: refuse to change or drop an address that is published.

    Raises:
        BollardsError: the site could not be built, or `strict` forbids the build; the live site has
            not changed.
    """
    # This comes first: unchanged files that were valid at the last build need no validation.
    if not force and is_fresh(project):
        return Report(project.public, unchanged=True, problems=last_problems(project.report))
    # The one place where the steps are imported late: that takes longer than everything above.
    from generator.build.pipeline import run
    from generator.config import load_settings
    from generator.publish.swap import recover, refuse_foreign

    # Outside the lock, which makes a folder: a wrong path must leave no trace.
    load_settings(project.settings)
    try:
        with project.locked(waiting=progress.waits):
            # The build that we waited for may have built just this.
            if not force and not dry_run and is_fresh(project):
                return Report(
                    project.public, unchanged=True, problems=last_problems(project.report)
                )
            recover(project.public, project.retired)
            refuse_foreign(project.public)
            return run(project, progress, dry_run=dry_run, strict=strict)
    except OSError as error:
        raise _explained(project, error) from error


def _explained(project: Project, error: OSError) -> BollardsError:
    """An input or output failure in the owner's words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return BollardsError(
            f"{project.root}: the disk is full. Nothing was published; the site that was live"
            " still is. Make room and build again: what was done so far is kept."
        )
    where = f"{error.filename}: " if error.filename else ""
    return BollardsError(
        f"{where}{error.strerror or error}. Nothing was published; the site that was live still is."
    )
