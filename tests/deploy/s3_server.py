"""moto's S3 as a process of its own that records requests, and can be made to hang.

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
        return self._application(environ, start_response)


if __name__ == "__main__":
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    application = Recorder(DomainDispatcherApplication(create_backend_app), folder)
    run_simple("127.0.0.1", port, application, threaded=True)
