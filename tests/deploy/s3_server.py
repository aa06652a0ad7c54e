"""moto's S3 as a process of its own that records requests, and can be made to hang or break off.

python -m tests.deploy.s3_server PORT FOLDER
"""

import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple


class Recorder:
    def __init__(self, application: Any, folder: Path) -> None:
        self._application = application
        self._log = folder / "log"
        self._stop = folder / "stop-after"
        self._cut = folder / "cut"
        self._ranges = folder / "ranges"
        self._lock = threading.Lock()
        self._log.touch()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        # Key without the bucket.
        key = environ["PATH_INFO"].lstrip("/").partition("/")[2]
        with self._lock:
            if method == "PUT" and key:
                before = self._log.read_text(encoding="utf-8").count("PUT ")
                stop = self._stop.exists() and before >= int(self._stop.read_text())
            else:
                stop = False
            if not stop:
                with self._log.open("a", encoding="utf-8") as log:
                    log.write(f"{method} {key}\n")
        if stop:
            # The upload never arrives: whoever waits for it is killed meanwhile.
            (self._stop.parent / "hanging").touch()
            while self._stop.exists():
                time.sleep(0.05)
            start_response("503 Service Unavailable", [])
            return [b""]
        content = self._application(environ, start_response)
        if method == "GET" and key:
            with self._lock:
                with self._ranges.open("a", encoding="utf-8") as log:
                    log.write(environ.get("HTTP_RANGE", "whole") + "\n")
                cut = self._most()
            if cut is not None:
                return self._broken_off(content, *cut)
        return content

    def _most(self) -> tuple[int, bool] | None:
        """How many bytes of this download arrive, and whether it hangs then; None means all."""
        try:
            most, times, hangs = map(int, self._cut.read_text(encoding="utf-8").split())
        except FileNotFoundError:
            return None
        if times:
            self._cut.write_text(f"{most} {times - 1} {hangs}", encoding="utf-8")
        return (most, bool(hangs)) if times else None

    def _broken_off(self, content: Iterable[bytes], most: int, hangs: bool) -> Iterable[bytes]:
        yield b"".join(content)[:most]
        while hangs and self._cut.exists():
            time.sleep(0.05)
        raise ConnectionResetError("as the test wants it")


if __name__ == "__main__":
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    application = Recorder(DomainDispatcherApplication(create_backend_app), folder)
    run_simple("127.0.0.1", port, application, threaded=True)
