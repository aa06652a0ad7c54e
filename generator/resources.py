"""Where the program's own files lie: templates, static files, the starter site."""

from pathlib import Path

_HERE = Path(__file__).parent
# A wheel carries them inside the package; a checkout keeps them beside it, easy to find and edit.
_ROOT = _HERE / "bundled" if (_HERE / "bundled").is_dir() else _HERE.parent

CHECKOUT = None if _ROOT.name == "bundled" else _ROOT
"""The folder of the source code, with its pyproject.toml; None for an installed wheel."""

TEMPLATES = _ROOT / "templates"
STATIC = _ROOT / "static"
LOCALE = _ROOT / "locale"
LICENCES = STATIC / "licences"
FLAGS = STATIC / "vendor" / "flags"
WORLD = STATIC / "vendor" / "world"
ORT = STATIC / "vendor" / "ort"
FONTS = STATIC / "vendor" / "fonts"
