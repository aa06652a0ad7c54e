"""Finds or installs the browser for the tests.

    python tests/browser/find.py --install

Debian's `chromium-headless-shell` is installed if apt exists and is allowed, also beside another
browser: it is Chromium without windows, tabs and menus, and takes about half the processor time.
Otherwise an installed browser is used. Otherwise a message explains what to do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
)
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
MISSING = (
    "The browser tests need Chromium or Chrome. Install one (Debian:"
    " `apt-get install chromium-headless-shell`),"
    " or name its program: BROWSER_PATH=/path/to/chrome make test"
)


def find_browser() -> Path | None:
    """The program to run: BROWSER_PATH if set, else the first known name."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        return Path(named) if Path(named).exists() else None
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    return next((Path(place) for place in _PLACES if Path(place).exists()), None)


def apt_install(*packages: str) -> None:
    """Install Debian packages if apt is there and we may use it."""
    if not shutil.which("apt-get"):
        return
    prefix: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            return
        # Never ask for a password: a test run must not stop and wait.
        prefix = ["sudo", "--non-interactive"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *packages]):
        command = [*prefix, "apt-get", "--quiet", *arguments]
        print(" ".join(command), flush=True)
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode:
            return


if __name__ == "__main__":
    named = "BROWSER_PATH" in os.environ
    if "--install" in sys.argv and not named and not shutil.which(_NAMES[0]):
        apt_install(_NAMES[0])
        if find_browser() is None:  # An older Debian, or Ubuntu, has no package of that name.
            apt_install(_NAMES[1])
    browser = find_browser()
    if browser is None:
        sys.exit(MISSING)
    print(f"Browser for the tests: {browser}")
