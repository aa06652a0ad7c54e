"""bollards describe with Amazon Rekognition, against moto's server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from PIL import Image

from tests.command import Ended, bollards


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "DEFAULT_REGION"):
        monkeypatch.setenv(f"AWS_{name}", "us-east-1")


def describe(folder: Path, address: str) -> Ended:
    Image.new("RGB", (60, 80), (250, 250, 250)).save(folder / "white.png")
    (folder / "site.toml").write_text(
        f'[describe]\nwith = "rekognition"\nendpoint = "{address}"\nbudget = 1\n'
    )
    return bollards("describe", folder / "white.png", "--site", folder)


@pytest.mark.usefixtures("keys")
def test_labels_of_rekognition_are_printed(tmp_path: Path, address: str) -> None:
    ended = describe(tmp_path, address)
    assert ended.returncode == 0
    # moto answers the example of Amazon's documentation.
    assert "100%  Mobile Phone" in ended.stdout


def test_missing_keys_are_told_before_anything_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "PROFILE"):
        monkeypatch.delenv(f"AWS_{name}", raising=False)
    for name in ("SHARED_CREDENTIALS_FILE", "CONFIG_FILE"):
        monkeypatch.setenv(f"AWS_{name}", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    ended = describe(tmp_path, "http://127.0.0.1:9")
    assert ended.returncode == 1 and "AWS_ACCESS_KEY_ID" in ended.stderr


@pytest.mark.usefixtures("keys")
def test_a_refusal_says_what_to_set(tmp_path: Path, address: str) -> None:
    ended = describe(tmp_path, f"{address}/nothing-here")
    assert ended.returncode == 1 and "Amazon Rekognition" in ended.stderr
