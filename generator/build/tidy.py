"""What killed builds and failing disks left behind is cleared away before a build begins."""

from generator.errors import Problem
from generator.keep import sweep, sweep_temporary, told
from generator.project import Project

# Folders of `.bollards/` whose files all come from `generator.keep.kept`.
_FOLDERS = ("packed", "sheet", "og", "locale", "templates", "world")


def tidy(project: Project) -> list[Problem]:
    """Remove damaged kept files and half-written ones; the project is held for building.

    What a review was writing is left alone: one may be open. It clears that away when it starts.

    Returns:
        A warning for each folder that had damaged files. The build makes them again.
    """
    sweep_temporary(project.root, of=lambda name: name == project.ledger.name)
    sweep_temporary(project.work, of=lambda name: name != project.history.name)
    problems = []
    for name in _FOLDERS:
        damaged = sweep(project.work / name)
        if damaged:
            problems.append(Problem(f"{project.work.name}/{name}", told(damaged), skipped=False))
    return problems
