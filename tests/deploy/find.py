"""The programs that the tests of deploying need: rsync, and nginx to serve what was deployed.

    python -m tests.deploy.find --install

As for the browser: apt installs them if it exists and is allowed. Otherwise installed ones are
used. Otherwise a message explains what to do.
"""

import shutil
import sys

import pytest

from tests.browser.find import apt_install

# Debian keeps servers where only root looks.
_PLACES = "/usr/sbin:/usr/local/sbin:/opt/homebrew/bin"
# On macOS the system's rsync is another program of the same name.
_PACKAGES = {"rsync": "rsync", "nginx": "nginx-light"}


def find_program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path=_PLACES)


def needed(name: str) -> str:
    """The program's path. Without it the test fails if `make` could have installed it."""
    found = find_program(name)
    if found is None:
        message = f"The tests of deploying need {name}. Install it (Debian: apt install {name})."
        if shutil.which("apt-get"):
            pytest.fail(message)
        pytest.skip(message)
    return found


if __name__ == "__main__":
    missing = [name for name in _PACKAGES if not find_program(name)]
    if missing and "--install" in sys.argv:
        apt_install(*(_PACKAGES[name] for name in missing))
    for program in _PACKAGES:
        print(f"For the tests of deploying: {find_program(program) or f'{program} is missing'}")
