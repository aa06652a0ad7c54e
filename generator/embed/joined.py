"""Several embedders as one: their vectors, weighted and joined."""

import hashlib
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from PIL import Image

from generator.embed import Attributes, Embedder, FloatArray, ModelFacts

_VERSION = "joined 1"


class JoinedEmbedder(Embedder):
    """The members' unit vectors side by side, each times sqrt(weight / sum of weights).

    So a joined vector has unit length, and the cosine similarity of two of them is the weighted
    mean of the members' similarities. Capabilities of single members are kept: the first
    member with words describes, members with text embed texts.
    """

    def __init__(self, members: Sequence[Embedder], weights: Sequence[float]) -> None:
        """`weights`: positive, one for each member."""
        shares = np.asarray(weights, np.float64) / sum(weights)
        self._members = tuple(members)
        self._factors = np.sqrt(shares).astype(np.float32)
        self.name = " + ".join(member.name for member in members)
        parts = [
            _VERSION,
            *(
                f"{one.fingerprint} {share!r}"
                for one, share in zip(members, shares.tolist(), strict=True)
            ),
        ]
        self.fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        self.has_words = any(member.has_words for member in members)
        self.has_text = any(member.has_text for member in members)
        self.knows_bollards = any(member.knows_bollards for member in members)
        self.isolator = next((one.isolator for one in members if one.isolator), "")

    @property
    def dimensions(self) -> int:
        return sum(member.dimensions for member in self._members)

    def embed(self, images: Sequence[Image.Image]) -> FloatArray:
        parts = [
            factor * member.embed(images)
            for member, factor in zip(self._members, self._factors, strict=True)
        ]
        return _unit(np.concatenate(parts, axis=1))

    def describe(self, embeddings: FloatArray) -> list[Attributes]:
        position = next(i for i, member in enumerate(self._members) if member.has_words)
        start, end = self._columns(position)
        return self._members[position].describe(_unit(embeddings[:, start:end]))

    def embed_texts(self, texts: Sequence[str]) -> FloatArray:
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for position, member in enumerate(self._members):
            if member.has_text:
                start, end = self._columns(position)
                rows[:, start:end] = self._factors[position] * member.embed_texts(texts)
        return _unit(rows)

    def facts(self) -> ModelFacts:
        """The sum of the members' sizes, all their licences, and the least certain origin."""
        found = [member.facts() for member in self._members]
        licences = dict.fromkeys(one.licence or "?" for one in found)
        certain = ("own", "unchecked", "released")
        return ModelFacts(
            sum(one.bytes for one in found) if all(one.bytes for one in found) else 0,
            ", ".join(licences),
            min((one.weights for one in found), key=certain.index),
        )

    def _columns(self, position: int) -> tuple[int, int]:
        """Where a member's part of a joined vector begins and ends."""
        ends = list(
            accumulate((one.dimensions for one in self._members[: position + 1]), initial=0)
        )
        return ends[position], ends[position + 1]


def _unit(rows: FloatArray) -> FloatArray:
    unit: FloatArray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
