"""The folders of the program's own files: templates, static files, the starter site."""

from pathlib import Path

_HERE = Path(__file__).parent
# In a wheel they are inside the package; in a checkout they are beside it, easy to find and edit.
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
