"""Do types last? Labelled photos, curated once, then changed as real collections change.

    python -m tests.bench.replay FOLDER [--fold-models DIR] [--blur 0.7] [--seeds N]

FOLDER is labelled as `bollards eval` wants it. A random half of the photos makes the first site.
The labels replace the owner's decisions, once: types of one kind are merged, bollards in a wrong
type are pinned to the right one or kept out, and every type gets a name. Then the other half is
added in ten random steps. A tenth of all photos is removed. A tenth is renamed and moved to other
folders. Finally another embedder embeds everything, and the removed photos come back.

The same functions as in a build decide the types from the same vectors, without writing pages. For
comparison, the common way: HDBSCAN on all photos after every change, where a new cluster takes the
name of the type that most of its bollards had.

A recogniser that has learnt from these photos finds their types too easily. Give the models of a
cross-validation, or blur the vectors until the first neighbour is correct as often as on held-out
photos: `--blur 0.7` does so for the built-in one.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from hdbscan import HDBSCAN
from numpy.typing import NDArray

from generator.build.types import find_types
from generator.cache import Cache
from generator.catalogue import Bollard
from generator.config import EmbedSettings, GroupSettings
from generator.curation import Curation
from generator.curation.references import look_up
from generator.embed import load_embedder
from generator.evaluate import Wanted, evaluate
from generator.evaluate.measures import Sample
from generator.evaluate.vectors import embed_labelled
from generator.group import members_of
from generator.group.ledger import Ledger, slugify
from generator.progress import Progress
from generator.recogniser.model import Recogniser
from generator.relate.candidates import doubtful
from generator.rows import PhotoRows, views_of
from generator.vectors import mean_directions
from generator.vocabulary import Probabilities
from tests.bench.small_eye import write_small_eye

STEPS = 10
DAY = date(2025, 1, 1)
Types = dict[str, str]
"""The type of each bollard that has one."""


@dataclass(frozen=True)
class Look:
    """One embedder's vectors of all photos, float32 [photos, d], and their attributes, if any."""

    name: str
    embeddings: NDArray[np.float32]
    described: Sequence[Probabilities] | None


@dataclass
class Site:
    """A site that changes: its rows, their files, and the embedder."""

    rows: list[int]
    files: dict[int, str]
    look: Look
    curation: dict[str, Any] = field(default_factory=dict)


class Ours:
    """The program's own way, with one of its three settings of `[group] new`."""

    def __init__(self, sample: Sample, new: Literal["join", "propose", "recluster"]) -> None:
        self.name = f'`new = "{new}"`'
        self._photos = sample.photos
        self._settings = GroupSettings(new=new)
        self._ledger = Ledger()
        self._scratch = TemporaryDirectory()
        self.candidates: dict[str, tuple[str, ...]] = {}

    def build(self, site: Site) -> Types:
        photos = [self._photos[row] for row in site.rows]
        bollards = [photo.label.bollard for photo in photos]
        members: dict[str, list[str]] = defaultdict(list)
        for photo, bollard in zip(photos, bollards, strict=True):
            members[bollard].append(photo.id)
        files = {photo.id: site.files[row] for photo, row in zip(photos, site.rows, strict=True)}
        described = site.look.described
        seen = PhotoRows(
            ids=tuple(photo.id for photo in photos),
            bollards=tuple(bollards),
            files=tuple(files[photo.id] for photo in photos),
            embeddings=site.look.embeddings[site.rows],
            described=tuple(described[row] for row in site.rows) if described else None,
            embedder=site.look.name,
        )
        book = Curation.model_validate(site.curation)
        found = find_types(
            seen,
            look_up(book, members, files, self._ledger.files),
            self._ledger,
            self._settings,
            DAY,
            Path(self._scratch.name) / "clusters.json",
        )
        self._ledger = found.ledger
        bollard_of = dict(zip(seen.ids, bollards, strict=True))
        types = {
            bollard_of[photo]: key for key, own in found.decided.types.items() for photo in own
        }
        self.candidates = {
            one.bollard: tuple(kind.type for kind in one.candidates)
            for one in doubtful(
                [Bollard(key, (key,), None, types.get(key)) for key in found.bollards],
                found.bollards,
                found.vectors,
                near=found.near,
            )
        }
        return types

    def has_page(self, key: str) -> bool:
        """Whether the address of an earlier type still shows something."""
        return key in self._ledger.types or key in self._ledger.retired


class Plain:
    """HDBSCAN again after every change; clusters are matched to types by majority."""

    name = "plain HDBSCAN, matched by majority"

    def __init__(self, sample: Sample) -> None:
        self._photos = sample.photos
        self._types: Types = {}
        self._number = 0

    candidates: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """It asks nobody."""

    def start(self, types: Types) -> None:
        """Begin with the curated types: this method cannot reach them by itself."""
        self._types = dict(types)

    def build(self, site: Site) -> Types:
        photos = [self._photos[row] for row in site.rows]
        views = views_of([p.id for p in photos], [p.label.bollard for p in photos])
        vectors = mean_directions(site.look.embeddings[site.rows], views.rows)
        labels = HDBSCAN(min_cluster_size=2).fit_predict(vectors.astype(np.float64))
        groups = members_of(dict(zip(views.bollards, labels.tolist(), strict=True)))
        votes = []
        for number, members in enumerate(sorted(groups, key=min)):
            known = Counter(self._types[one] for one in members if one in self._types)
            votes += [(-count, key, number) for key, count in known.items()]
        named: dict[int, str] = {}
        for _, key, number in sorted(votes):
            if number not in named and key not in named.values():
                named[number] = key
        types: Types = {}
        for number, members in enumerate(sorted(groups, key=min)):
            if number not in named:
                self._number += 1
                named[number] = f"new-{self._number}"
            types |= dict.fromkeys(members, named[number])
        self._types = types
        return types

    def has_page(self, key: str) -> bool:
        return key in self._types.values()


def curate(types: Types, kinds: Mapping[str, str]) -> dict[str, Any]:
    """The decisions that the labels make about a first site: the content of a curation.toml.

    Args:
        types: of the bollards that have one.
        kinds: of all bollards on the site, as labelled.
    """
    members: dict[str, list[str]] = defaultdict(list)
    for bollard, key in sorted(types.items()):
        members[key].append(bollard)
    majority = {
        key: min(Counter(kinds[one] for one in own).items(), key=lambda kind: (-kind[1], kind[0]))
        for key, own in members.items()
    }
    homes: dict[str, str] = {}
    merges: dict[str, str] = {}
    for key, (kind, _) in sorted(majority.items(), key=lambda one: (-one[1][1], one[0])):
        if homes.setdefault(kind, key) != key:
            merges[key] = homes[kind]
    said: dict[str, Any] = {key: {"name": kind} for kind, key in homes.items()}
    bollards: dict[str, Any] = {}
    many = Counter(kinds.values())
    for bollard, kind in sorted(kinds.items()):
        now = types.get(bollard)
        here = merges.get(now, now) if now is not None else None
        if kind not in homes and many[kind] > 1:
            homes[kind] = f"{slugify(kind)}-made"
            said[homes[kind]] = {"name": kind, "split_from": here or min(members)}
        if kind in homes:
            if here != homes[kind]:
                bollards[bollard] = {"type": homes[kind]}
        elif here is not None:
            bollards[bollard] = {"not": [here]}
    return {"types": said, "merges": merges, "bollards": bollards}


@dataclass
class Tally:
    """What happened to the types of one method, over all changes."""

    kept: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    landed: Counter[str] = field(default_factory=Counter)
    strangers: Counter[str] = field(default_factory=Counter)
    names: list[int] = field(default_factory=list)
    addresses: list[int] = field(default_factory=list)


Change = tuple[str, Callable[[Site], None]]


def changes(count: int, looks: Sequence[Look], rng: random.Random) -> Iterator[Change]:
    """The changes of a site that begins with half of the photos, in order."""
    order = list(range(count))
    rng.shuffle(order)
    half = count // 2
    yield "first", lambda site: site.rows.extend(sorted(order[:half]))
    step = -(-(count - half) // STEPS)
    for start in range(half, count, step):
        more = order[start : start + step]
        yield "added", lambda site, more=more: _show(site, [*site.rows, *more])
    gone = set(rng.sample(order, count // 10))
    yield "removed", lambda site: _show(site, [row for row in site.rows if row not in gone])
    renamed = rng.sample(order, count // 10)
    yield (
        "renamed",
        lambda site: site.files.update(
            {row: f"moved/{number}/x{number}.jpg" for number, row in enumerate(renamed)}
        ),
    )
    yield "another embedder", lambda site: _look(site, looks[1], [*site.rows, *gone])


def _show(site: Site, rows: list[int]) -> None:
    site.rows = sorted(rows)


def _look(site: Site, look: Look, rows: list[int]) -> None:
    site.look = look
    _show(site, rows)


def replay(sample: Sample, looks: Sequence[Look], seed: int, way: Ours | Plain) -> Tally:
    """Take one method through all changes."""
    kinds = {photo.label.bollard: photo.kind for photo in sample.photos}
    tally = Tally()
    site = Site([], {row: photo.label.file for row, photo in enumerate(sample.photos)}, looks[0])
    homes: dict[str, str] = {}
    before: Types = {}
    ever: set[str] = set()
    met: set[str] = set()
    for what, change in changes(len(sample.photos), looks, random.Random(seed)):
        change(site)
        here = {sample.photos[row].label.bollard for row in site.rows}
        if what == "first":
            curator = way if isinstance(way, Ours) else Ours(sample, "join")
            machine = curator.build(site)
            site.curation = curate(machine, {one: kinds[one] for one in here})
            before = curator.build(site)
            homes = {kind: key for one, key in before.items() for kind in [kinds[one]]}
            assert all(homes[kinds[one]] == key for one, key in before.items())
            if isinstance(way, Plain):
                way.start(before)
            ever, met = set(before.values()), set(here)
            continue
        now = way.build(site)
        known = [one for one in before if one in here]
        tally.kept[what].append(sum(now.get(one) == before[one] for one in known) / len(known))
        if what == "added":
            for one in here - met:
                home, key = homes.get(kinds[one]), now.get(one)
                if home is None:
                    tally.strangers["wrong" if key in homes.values() else "right"] += 1
                elif key is None:
                    tally.landed["asked" if home in way.candidates.get(one, ()) else "alone"] += 1
                elif key in homes.values():
                    tally.landed["right" if key == home else "wrong"] += 1
                else:
                    tally.landed["alone"] += 1
        met |= here
        before = now
        ever |= set(now.values())
    there = {kinds[one] for one in here}
    living = set(before.values())
    tally.names.append(sum(kind in there and key not in living for kind, key in homes.items()))
    tally.addresses.append(sum(not way.has_page(key) for key in ever))
    return tally


def looks_of(sample: Sample, work: Path, name: str) -> tuple[Look, Look]:
    """The sample's vectors by its own embedder, and by the small one."""
    folder = write_small_eye(work / "small_eye")
    eye = load_embedder(EmbedSettings(embedder="onnx", model=folder.name), work)
    with Cache.open(work / "replay.sqlite") as cache:
        other, _ = embed_labelled(sample.photos, eye, None, cache, Progress())
    assert [photo.id for photo in other.photos] == [photo.id for photo in sample.photos]
    return (
        Look(name, sample.embeddings, sample.described),
        Look("small eye", other.embeddings, other.described),
    )


def blurred(sample: Sample, amount: float) -> Sample:
    """The sample with noise of `amount` times their length on its vectors, and new attributes."""
    noise = np.random.default_rng(0).normal(0, 1, sample.embeddings.shape)
    rows = sample.embeddings + amount * noise / sample.embeddings.shape[1] ** 0.5
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return replace(sample, embeddings=rows, described=tuple(Recogniser().describe(rows)))


def table(tallies: Mapping[str, list[Tally]]) -> Iterator[str]:
    """The figures of each method as a table in Markdown."""

    def row(name: str, cell: Callable[[list[Tally]], str]) -> str:
        return f"| {' | '.join([name, *map(cell, tallies.values())])} |"

    def kept(what: str) -> Callable[[list[Tally]], str]:
        return lambda runs: f"{np.mean([one for run in runs for one in run.kept[what]]):.1%}"

    def landed(*what: str) -> Callable[[list[Tally]], str]:
        def cell(runs: list[Tally]) -> str:
            total = sum((run.landed for run in runs), Counter[str]())
            return f"{sum(total[one] for one in what) / max(1, total.total()):.1%}"

        return cell

    def strangers(runs: list[Tally]) -> str:
        total = sum((run.strangers for run in runs), Counter[str]())
        return f"{total['wrong'] / max(1, total.total()):.1%}"

    def least(runs: list[Tally]) -> str:
        return f"{min(one for run in runs for shares in run.kept.values() for one in shares):.1%}"

    yield f"| {' | '.join(['', *tallies])} |"
    yield "| --- " * (len(tallies) + 1) + "|"
    yield row("keep their type: a twentieth of the photos added", kept("added"))
    yield row("a tenth removed", kept("removed"))
    yield row("a tenth renamed and moved", kept("renamed"))
    yield row("another embedder, and what was removed is back", kept("another embedder"))
    yield row("the worst single change", least)
    yield row("names lost", lambda runs: f"{np.mean([n for run in runs for n in run.names]):.1f}")
    yield row(
        "addresses lost", lambda runs: f"{np.mean([n for run in runs for n in run.addresses]):.1f}"
    )
    yield row("new bollards in the type that a person gave their kind", landed("right"))
    yield row("in another type", landed("wrong"))
    yield row("waiting, with that type as one of two candidates", landed("asked"))
    yield row("one-offs, or in a new type", landed("alone"))
    yield row("new bollards of kinds that have no type, in a type all the same", strangers)


def run(folder: Path, work: Path, fold_models: Path | None, blur: float, seeds: int) -> None:
    """Measure and print."""
    work.mkdir(parents=True, exist_ok=True)
    wanted = Wanted(folder, fold_models=fold_models, folds=0, cache=work / "replay.sqlite")
    found = evaluate(wanted, Progress(), compare=False)
    tallies: dict[str, list[Tally]] = defaultdict(list)
    for number, seen in enumerate(found.samples):
        sample = blurred(seen, blur) if blur else seen
        looks = looks_of(sample, work, f"{found.fingerprint or number} {blur}")
        for seed in range(seeds):
            ways: list[Ours | Plain] = [
                Ours(sample, new) for new in ("join", "propose", "recluster")
            ]
            for way in [*ways, Plain(sample)]:
                tallies[way.name].append(replay(sample, looks, seed, way))
    bollards = sum(len({p.label.bollard for p in sample.photos}) for sample in found.samples)
    print(f"{bollards} bollards in {len(found.samples)} collections, each replayed {seeds} times")
    print("\n".join(table(tallies)))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.replay")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fold-models", type=Path)
    parser.add_argument("--blur", type=float, default=0.0)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--work", type=Path, default=Path("scratch/bench/replay"))
    given = parser.parse_args()
    run(given.folder, given.work, given.fold_models, given.blur, given.seeds)


if __name__ == "__main__":
    main()
