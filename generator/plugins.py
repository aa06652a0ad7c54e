"""The open seams: embedders, isolators and describers, found by name through entry points.

A package adds a choice to `site.toml` by naming a function in its `pyproject.toml`:

    [project.entry-points."bollards.embedders"]
    mine = "my_package:load"

The built-in choices are registered in the same way, in this program's own `pyproject.toml`. What
the function takes and gives is written where each seam is defined: `generator.embed.Embedder`,
`generator.isolate.Isolator`, `generator.describe.Describer`.

An entry point is looked up only for the name that is asked for, first in this program's own
metadata (one small file), and only then among all installed packages. The command imports this
module at its start, so that whatever takes time to import is imported where it is used.
"""

import contextlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator import resources
from generator.errors import BollardsError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_PACKAGE = "bollards"
# Below this likeness a suggestion puzzles more than it helps.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Seam:
    """One place where packages may add choices.

    Attributes:
        group: the group of entry points.
        noun: what one choice is called in messages.
        always: names in `site.toml` that need no entry point.
    """

    group: str
    noun: str
    always: tuple[str, ...] = ()


EMBEDDERS = Seam("bollards.embedders", "embedder")
ISOLATORS = Seam("bollards.isolators", "isolator", always=("given", "whole"))
DESCRIBERS = Seam("bollards.describers", "describer")


class UnknownNameError(BollardsError):
    """No installed package provides the name.

    Attributes:
        expected: what would have been right, to follow "expected".
        hint: what to do, a sentence.
    """

    def __init__(self, seam: Seam, name: str, known: Sequence[str]) -> None:
        import difflib

        quoted = ", ".join(f'"{one}"' for one in known)
        self.expected = f"an installed {seam.noun}: {quoted}"
        near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=_ALIKE)
        self.hint = (
            f'Did you mean "{near[0]}"?'
            if near
            else f"If a package provides it, install that package here:"
            f" {_python()} -m pip install PACKAGE"
        )
        super().__init__(f'expected {self.expected}; found "{name}". {self.hint}')


def names(seam: Seam) -> list[str]:
    """Every name that `site.toml` may use: the built-in ones first, then those of other packages.

    Raises:
        BollardsError: this program is not installed.
    """
    from importlib.metadata import entry_points

    own = [entry.name for entry in _own(seam)]
    others = {entry.name for entry in entry_points(group=seam.group)} - set(own)
    return [*seam.always, *own, *sorted(others)]


def entry_point(seam: Seam, name: str) -> "EntryPoint":
    """The entry point called `name`. A built-in name wins over the same name elsewhere.

    Raises:
        UnknownNameError: no installed package has it.
        BollardsError: several packages have it, or this program's own metadata is out of date.
    """
    for entry in _own(seam):
        if entry.name == name:
            return entry
    from importlib.metadata import entry_points

    found = {entry.value: entry for entry in entry_points(group=seam.group, name=name)}
    if len(found) > 1:
        packages = " and ".join(sorted(_package_of(entry) for entry in found.values()))
        raise BollardsError(
            f'The {seam.noun} "{name}" is provided by {packages}. Uninstall all but one of them.'
        )
    if found:
        return next(iter(found.values()))
    if name in _declared(seam):
        raise _stale(seam, name)
    raise UnknownNameError(seam, name, names(seam))


def load(seam: Seam, name: str) -> Any:
    """Import what the entry point called `name` points to.

    Raises:
        UnknownNameError: no installed package has it.
        BollardsError: its package cannot be imported; the message says what to install.
    """
    entry = entry_point(seam, name)
    try:
        return entry.load()
    except ImportError as error:
        package = _package_of(entry)
        extras = f"[{','.join(entry.extras)}]" if entry.extras else ""
        raise BollardsError(
            f'The {seam.noun} "{name}" needs a package that is not installed: {error}.\n'
            f'  Install what it needs: {_python()} -m pip install "{package}{extras}"'
        ) from error
    except AttributeError as error:
        raise BollardsError(
            f'The {seam.noun} "{name}" of the package {_package_of(entry)} cannot be loaded:'
            f' its entry point "{entry.value}" names nothing ({error}).'
        ) from error


def check(seam: Seam, name: str, made: object, expected: type) -> None:
    """Refuse what a factory made where it is not what the seam asks for.

    Raises:
        BollardsError: `made` is not an instance of `expected`.
    """
    if not isinstance(made, expected):
        entry = entry_point(seam, name)
        raise BollardsError(
            f'The {seam.noun} "{name}" of the package {_package_of(entry)} is not usable: expected'
            f' that "{entry.value}" returns a {expected.__module__}.{expected.__qualname__}; it'
            f" returned {type(made).__name__}."
        )


def files_of(seam: Seam, name: str) -> list[Path]:
    """The source files or folders of a choice from another package; none for a built-in one.

    A site is built again when one of them changes. The choice must have been loaded before.
    """
    entry = entry_point(seam, name)
    if entry in _own(seam):
        return []
    module = sys.modules.get(entry.module.partition(".")[0])
    folders = [Path(folder) for folder in getattr(module, "__path__", [])]
    file = getattr(module, "__file__", None)
    return folders or ([Path(file)] if file else [])


def _own(seam: Seam) -> "list[EntryPoint]":
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        found = list(distribution(_PACKAGE).entry_points.select(group=seam.group))
    except PackageNotFoundError:
        raise BollardsError(
            f"{_PACKAGE} is not installed here, so that its {seam.noun}s cannot be found."
            f" Install it: {_how_to_install()}"
        ) from None
    return sorted(found, key=lambda entry: (entry.name != "builtin", entry.name))


def _declared(seam: Seam) -> dict[str, str]:
    """The names that this program's source declares; of an installed wheel nothing is known."""
    if resources.CHECKOUT is None:
        return {} if _own(seam) else {"builtin": ""}
    import tomllib

    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        text = (resources.CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
        return dict(tomllib.loads(text)["project"]["entry-points"][seam.group])
    return {}


def _stale(seam: Seam, name: str) -> BollardsError:
    return BollardsError(
        f"The installation of {_PACKAGE} is older than its source code: it does not know the"
        f' {seam.noun} "{name}".\n  Renew it: {_how_to_install()}'
    )


def _how_to_install() -> str:
    if resources.CHECKOUT is None:
        return f"{_python()} -m pip install --force-reinstall {_PACKAGE}"
    return (
        f"{_python()} -m pip install --no-build-isolation --no-deps --editable {resources.CHECKOUT}"
    )


def _package_of(entry: "EntryPoint") -> str:
    return entry.dist.name if entry.dist else entry.module


def _python() -> str:
    return Path(sys.executable).name or "python"
