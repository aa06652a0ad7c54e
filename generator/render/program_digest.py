"""A digest of the program itself, for results that are kept between builds."""

import hashlib
import platform
from functools import cache
from pathlib import Path

import babel
import jinja2

_CODE = Path(__file__).parent.parent


@cache
def program_digest() -> str:
    """Changes with the code and with the libraries that pages are made by."""
    whole = hashlib.sha256()
    for version in (platform.python_version(), jinja2.__version__, babel.__version__):
        whole.update(f"{version}\n".encode())
    for path in sorted(_CODE.rglob("*.py")):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(_CODE)} {len(content)}\n".encode() + content)
    return whole.hexdigest()
