"""Only site.toml decides which embedder is loaded."""

from pathlib import Path

import numpy as np

from generator.config import EmbedSettings
from generator.embed import load_embedder
from tests.embed.conftest import PICTURES, Run


def test_the_built_in_recogniser_is_the_default_and_one_for_all(tmp_path: Path) -> None:
    embedder = load_embedder(EmbedSettings(), tmp_path)
    assert embedder is load_embedder(EmbedSettings(), tmp_path)
    assert embedder.name == "builtin" and len(embedder.fingerprint) == 64
    assert embedder.has_words
    rows = embedder.embed(PICTURES)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(rows[[2]], embedder.embed(PICTURES[2:3]), atol=1e-6)


def test_knowing_the_fingerprint_opens_no_model_and_imports_no_heavy_library(python: Run) -> None:
    done = python("""
        import sys
        from pathlib import Path
        from generator.config import EmbedSettings
        from generator.embed import load_embedder
        print(load_embedder(EmbedSettings(), Path()).fingerprint)
        heavy = {"onnxruntime", "transformers", "huggingface_hub", "sklearn", "torch"}
        assert not heavy & set(sys.modules), heavy & set(sys.modules)
    """)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.strip()) == 64
