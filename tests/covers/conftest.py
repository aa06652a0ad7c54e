"""The site that the tests here share."""

from pathlib import Path

import pytest

from tests.covers.built import built_covers


@pytest.fixture(scope="module")
def covers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_covers(tmp_path_factory)
