"""The made-up site, rendered once for all tests that only read it."""

from pathlib import Path

import pytest

from tests.render import sample


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered site without a base_url."""
    out = tmp_path_factory.mktemp("site")
    chosen = sample.settings()
    made = sample.laid_out(sample.catalogue(chosen))
    sample.draw(made, chosen, out)
    return sample.rendered(made, out, chosen)


@pytest.fixture(scope="session")
def addressed_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site for https://example.org/bollards/."""
    out = tmp_path_factory.mktemp("addressed")
    chosen = sample.settings(base_url="https://example.org/bollards/")
    made = sample.laid_out(sample.catalogue(chosen))
    sample.draw(made, chosen, out)
    return sample.rendered(made, out, chosen)
