"""Caches the clusters, so that a build with the same photos need not cluster again.

Clustering takes a moment, and importing its libraries takes longer than the rest of such a build.
"""

import contextlib
import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from generator import __version__, group
from generator.config import GroupSettings
from generator.group import cluster
from generator.keep import read_checked, write_checked
from generator.rows import PhotoRows


def kept_clusters(rows: PhotoRows, settings: GroupSettings, kept: Path) -> dict[str, int]:
    """The same as `group.cluster`, from the file `kept` if it has the answer.

    Args:
        rows: the photos; the embedder's fingerprint represents their attributes.
        settings: how to group.
        kept: a file in the cache folder; only a shortcut.
    """
    key = _key(rows, settings)
    with contextlib.suppress(FileNotFoundError, ValueError):
        known = json.loads(read_checked(kept))
        if known["key"] == key:
            return {bollard: int(label) for bollard, label in known["labels"].items()}
    labels = cluster(rows, settings)
    write_checked(kept, json.dumps({"key": key, "labels": labels}).encode())
    return labels


def _key(rows: PhotoRows, settings: GroupSettings) -> str:
    """A digest of everything that the clusters depend on, including the clustering code."""
    digest = hashlib.sha256()
    made_by = [__version__, rows.embedder, *map(version, ("hdbscan", "scikit-learn", "scipy"))]
    code = sorted((Path(group.__file__).parent).glob("*.py"))
    made_by += [hashlib.sha256(path.read_bytes()).hexdigest() for path in code]
    views = rows.views
    members = [
        [bollard, [rows.ids[row] for row in own]]
        for bollard, own in zip(views.bollards, views.rows, strict=True)
    ]
    digest.update(json.dumps([made_by, settings.model_dump(), members]).encode())
    digest.update(rows.embeddings[[row for own in views.rows for row in own]].tobytes())
    return digest.hexdigest()
