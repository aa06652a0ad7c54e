"""Where the browser for the tests is, and how it gets there.

    python tests/browser/find.py --install

Debian's `chromium` is installed where apt is there and allowed; else a browser that is found
serves; else a clear message says what to do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
MISSING = (
    "The browser tests need Chromium or Chrome. Install one (Debian: `apt-get install chromium`),"
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
    if "--install" in sys.argv and not find_browser():
        apt_install("chromium")
    browser = find_browser()
    if browser is None:
        sys.exit(MISSING)
    print(f"Browser for the tests: {browser}")
