"""Finds embedders, isolators, segmenters, describers and stores by name, through entry points.

A package adds a choice to `site.toml` by naming a function in its `pyproject.toml`:

    [project.entry-points."bollards.embedders"]
    mine = "my_package:load"

The built-in choices are registered in the same way, in this program's own `pyproject.toml`. These
classes document the arguments and the result of the function: `generator.embed.Embedder`,
`generator.isolate.Isolator`, `generator.embed.segment.Segmenter`, `generator.describe.Describer`,
`generator.stores.Writer`, `generator.relate.index.Finder`.

A name is looked up in this program's own metadata first (one small file), and only then among all
installed packages. Every command imports this module, so modules that are slow to import are
imported where they are used.
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
# Less similar suggestions confuse more than they help.
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Seam:
    """A setting to which packages may add choices.

    Attributes:
        group: the group of entry points.
        noun: the name of one choice in messages.
        always: names in `site.toml` that need no entry point.
    """

    group: str
    noun: str
    always: tuple[str, ...] = ()


EMBEDDERS = Seam("bollards.embedders", "embedder")
ISOLATORS = Seam("bollards.isolators", "isolator", always=("given", "whole"))
SEGMENTERS = Seam("bollards.segmenters", "segmenter", always=("none",))
STORES = Seam("bollards.stores", "vector store")
INDEXES = Seam("bollards.indexes", "neighbour index", always=("exact",))
DESCRIBERS = Seam("bollards.describers", "describer")


class UnknownNameError(BollardsError):
    """No installed package provides the name.

    Attributes:
        expected: the valid names, as the object of "expected".
        hint: the advice, in one sentence.
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
    """All names that `site.toml` may use: built-in ones first, then those of other packages.

    Raises:
        BollardsError: this program is not installed.
    """
    from importlib.metadata import entry_points

    own = [entry.name for entry in _own(seam)]
    others = {entry.name for entry in entry_points(group=seam.group)} - set(own)
    return [*seam.always, *own, *sorted(others)]


def entry_point(seam: Seam, name: str) -> "EntryPoint":
    """The entry point called `name`. The built-in one takes precedence over others of that name.

    Raises:
        UnknownNameError: no installed package provides it. BollardsError: several packages provide
            it, or this program's own metadata is out of date.
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
    """Import the object of the entry point `name`.

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
    """Refuse an object of the wrong class from a package's function.

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
    """The source files or folders of a choice from another package; empty for a built-in one.

    A site is built again when one of them changes. The choice must be loaded already.
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
            f"{_PACKAGE} is not installed, so its {seam.noun}s cannot be found."
            f" Install it: {_how_to_install()}"
        ) from None
    return sorted(found, key=lambda entry: (entry.name != "builtin", entry.name))


def _declared(seam: Seam) -> dict[str, str]:
    """The names that this program's source code declares; empty for an installed wheel."""
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
        f' {seam.noun} "{name}".\n  Update it: {_how_to_install()}'
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
