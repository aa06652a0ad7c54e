"""Clusters that are computed once: a build in which no photo came or went need not group again.

Grouping takes a moment, and its libraries take longer to import than the rest of such a build.
"""

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator import __version__, group
from generator.config import GroupSettings
from generator.group import Described, Views, cluster
from generator.project import write_atomically

FloatArray = NDArray[np.float32]


def clusters(
    embeddings: FloatArray,
    photo_ids: Sequence[str],
    views: Views,
    settings: GroupSettings,
    described: Described | None,
    embedder: str,
    kept: Path,
) -> dict[str, int]:
    """The same as `group.cluster`, from the file `kept` where its answer is already there.

    Args:
        embeddings: float32 [photos, d], rows of unit length.
        photo_ids: of each row.
        views: the photos of each bollard.
        settings: how to group.
        described: what the embedder says in words of each row, if it has words.
        embedder: its fingerprint, which stands for those words.
        kept: a file in the cache folder; only ever a shortcut.
    """
    key = _key(embeddings, photo_ids, views, settings, embedder)
    try:
        known = json.loads(kept.read_text(encoding="utf-8"))
        if known["key"] == key:
            return {bollard: int(label) for bollard, label in known["labels"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    labels = cluster(embeddings, views, settings, described)
    write_atomically(kept, json.dumps({"key": key, "labels": labels}))
    return labels


def _key(
    embeddings: FloatArray,
    photo_ids: Sequence[str],
    views: Views,
    settings: GroupSettings,
    embedder: str,
) -> str:
    """A digest of everything that the clusters depend on, the code that makes them included."""
    digest = hashlib.sha256()
    made_by = [__version__, embedder, *map(version, ("hdbscan", "scikit-learn", "scipy"))]
    code = sorted((Path(group.__file__).parent).glob("*.py"))
    made_by += [hashlib.sha256(path.read_bytes()).hexdigest() for path in code]
    members = [
        [bollard, [photo_ids[row] for row in rows]]
        for bollard, rows in zip(views.bollards, views.rows, strict=True)
    ]
    digest.update(json.dumps([made_by, settings.model_dump(), members]).encode())
    digest.update(embeddings[[row for rows in views.rows for row in rows]].tobytes())
    return digest.hexdigest()
