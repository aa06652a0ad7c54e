"""An empty project, and photos in the bucket of a real S3 server."""

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.project import Project

# The server that deploys are tested with, and protection from the settings of whoever runs this.
from tests.deploy.conftest import S3Server, nobody, s3, s3_process  # noqa: F401

Put = Callable[..., None]


@pytest.fixture
def project(tmp_path: Path, s3: S3Server) -> Project:  # noqa: F811
    """A project whose photos are in the bucket, below `posts/`."""
    project = Project(tmp_path / "project")
    project.root.mkdir()
    project.settings.write_text(
        f'[photos]\nfrom = "s3://bucket/posts"\nendpoint = "{s3.address}"\n', encoding="utf-8"
    )
    return project


@pytest.fixture
def put(s3: S3Server) -> Put:  # noqa: F811
    """Puts files into the bucket: put({"germany/1a.jpg": b"..."})."""

    def put(files: dict[str, bytes], prefix: str = "posts/") -> None:
        for path, content in files.items():
            s3.client.put_object(Bucket="bucket", Key=prefix + path, Body=content)
        s3.forget()

    return put
