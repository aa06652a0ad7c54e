"""Pictures, small models of the real architectures, and a hub on this machine."""

import json
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from PIL import Image

from tests.embed.vit import Vit, build, random_weights

ROOT = Path(__file__).resolve().parents[2]


def picture(width: int, height: int, seed: int = 0) -> Image.Image:
    """A picture with large shapes and some noise, the same for the same arguments."""
    draw = np.random.default_rng((seed, width, height))
    coarse = Image.fromarray(draw.integers(0, 256, (6, 5, 3), dtype=np.uint8))
    smooth = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), np.int16)
    noisy = smooth + draw.integers(-20, 21, smooth.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


PICTURES = [picture(w, h) for w, h in ((60, 80), (33, 32), (120, 50), (40, 240), (7, 9), (64, 64))]


@pytest.fixture
def pictures() -> list[Image.Image]:
    return [image.copy() for image in PICTURES]


@dataclass(frozen=True)
class Model:
    """A model in a folder, and what it was made of."""

    folder: Path
    vit: Vit
    weights: dict[str, Any]
    config: dict[str, Any]


@pytest.fixture
def write_model(tmp_path: Path) -> Callable[..., Model]:
    """Writes a random vision transformer and its preprocessor_config.json into a folder."""

    def write(
        vit: Vit,
        outputs: tuple[str, ...],
        config: dict[str, Any],
        name: str = "model",
        place: str = "model.onnx",
        batch: int | str = "batch",
    ) -> Model:
        weights = random_weights(vit)
        folder = tmp_path / name
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        onnx.save(build(vit, weights, outputs, batch), folder / place)
        (folder / "preprocessor_config.json").write_text(json.dumps(config))
        return Model(folder, vit, weights, config)

    return write


@dataclass
class Hub:
    """A server that answers as the Hugging Face hub does when a file is fetched."""

    files: dict[str, bytes]
    endpoint: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def hub() -> Iterator[Hub]:
    """Serves `hub.files`, by "org/name/path/in/repository", until the test ends."""
    content = Hub({})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def do_GET(self) -> None:
            self._answer(body=True)

        def _answer(self, body: bool) -> None:
            repository, _, rest = self.path.lstrip("/").partition("/resolve/")
            revision, _, file = rest.partition("/")
            content.asked.append(f"{self.command} {repository}/{file}")
            found = content.files.get(f"{repository}/{file}")
            self.send_response(404 if found is None else 200)
            if found is None:
                known = any(name.startswith(repository + "/") for name in content.files)
                self.send_header("X-Error-Code", "EntryNotFound" if known else "RepoNotFound")
            else:
                self.send_header("ETag", f'"{abs(hash(found)):x}"')
            self.send_header("X-Repo-Commit", revision if len(revision) == 40 else "0" * 40)
            self.send_header("Content-Length", str(len(found or b"")))
            self.end_headers()
            if body and found:
                self.wfile.write(found)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    content.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield content
    server.shutdown()
    thread.join()
    server.server_close()


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def python(tmp_path: Path) -> Run:
    """Runs Python code in a process of its own, with an empty cache and the given environment."""

    def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "TRANSF"))}
        given = {"HF_HOME": str(tmp_path / "hf"), "PYTHONPATH": str(ROOT), **environment}
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=tmp_path,
            env=inherited | given,
        )

    return run
