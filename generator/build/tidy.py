"""Removes the debris of killed builds and failing disks before a build begins."""

from generator.errors import Problem
from generator.keep import damage_warning, sweep, sweep_temporary
from generator.project import Project

# Folders of `.bollards/` whose files all come from `generator.keep.kept`.
_FOLDERS = ("packed", "sheet", "icons", "og", "locale", "templates", "world", "rendered")


def tidy(project: Project) -> list[Problem]:
    """Remove damaged cache files and half-written ones; the caller must hold the project's lock.

    Half-written files of a review stay: one may be open. It removes them itself when it starts.

    Returns:
        A warning for each folder that had damaged files. The build makes them again.
    """
    sweep_temporary(project.root, of=lambda name: name == project.ledger.name)
    sweep_temporary(project.work, of=lambda name: name != project.history.name)
    problems = []
    for name in _FOLDERS:
        damaged = sweep(project.work / name)
        if damaged:
            folder = f"{project.work.name}/{name}"
            problems.append(Problem(folder, damage_warning(damaged), skipped=False))
    return problems
