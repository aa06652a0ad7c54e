"""The mistakes page: one HTML page with the worst mistakes, and its small pictures."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TypeVar

from PIL import Image

from generator.collect.open import PhotoError
from generator.config import Settings
from generator.errors import BollardsError
from generator.evaluate import Evaluation
from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.measures import Sample
from generator.evaluate.mistakes import Misread, Missed, Mixed, misread, missed, mixed
from generator.evaluate.report import held_out_note, to_json, to_text
from generator.look import limits_of, open_picture
from generator.project import write_atomically
from generator.render.environment import make_environment

PAGE = "index.html"
TEMPLATE = "mistakes.html"
# Identifies a page as one of ours, which may be replaced.
MARK = "bollards eval"
_MISSED, _MISREAD_EACH, _MIXED, _OF_A_TYPE = 40, 8, 24, 24
_HEIGHT = 240
_One = TypeVar("_One", Missed, Misread, Mixed)


@dataclass(frozen=True, slots=True)
class Worst:
    """The mistakes to show, and the total number of each sort.

    Attributes:
        misses: the most confident wrong neighbours.
        misreadings: for each attribute the most confident wrong values.
        types: the types with most photos of a wrong kind.
    """

    misses: tuple[Missed, ...]
    misreadings: dict[str, tuple[Misread, ...]]
    types: tuple[Mixed, ...]
    all_misses: int
    all_misreadings: int
    all_types: int

    def photos(self) -> Iterator[LabelledPhoto]:
        """Every photo to show; some occur several times."""
        for miss in self.misses:
            yield from (miss.photo, miss.view, miss.found)
        for misreading in chain.from_iterable(self.misreadings.values()):
            yield misreading.photo
        for one in self.types:
            yield from one.photos[:_OF_A_TYPE]


def worst_of(evaluation: Evaluation) -> Worst:
    """The worst mistakes in the samples of an evaluation."""
    default = evaluation.compared[0]
    samples = evaluation.samples
    misses = _worst(samples, missed, lambda one: one.found_score)
    misreadings = _worst(samples, misread, lambda one: one.confidence)
    types = _worst(samples, lambda sample: mixed(sample, default), lambda one: one.others)
    return Worst(
        misses=tuple(misses[:_MISSED]),
        misreadings=_some_of_each(misreadings),
        types=tuple(types[:_MIXED]),
        all_misses=len(misses),
        all_misreadings=len(misreadings),
        all_types=len(types),
    )


def write_mistakes_page(evaluation: Evaluation, folder: Path) -> Path:
    """Write `folder/index.html` with its pictures, and the figures as `figures.json`.

    Args:
        evaluation: the evaluation to search for mistakes.
        folder: created if missing; an earlier mistakes page in it is replaced.

    Returns:
        The path of the page.

    Raises:
        BollardsError: the folder has an index.html that is not a mistakes page.
    """
    page = folder / PAGE
    if page.exists() and f'content="{MARK}"' not in page.read_text(
        encoding="utf-8", errors="replace"
    ):
        raise BollardsError(
            f"{page}: another page has this name. Give --out an empty or a new folder."
        )
    worst = worst_of(evaluation)
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    shown = {photo.id: photo for photo in worst.photos()}
    names = {key: f"{key}.webp" for key, photo in shown.items() if _thumbnail(photo, pictures)}
    for left in pictures.glob("*.webp"):
        if left.stem not in names:
            left.unlink()
    environment = make_environment((Path(__file__).parent,), "en", None)
    html = environment.get_template(TEMPLATE).render(
        worst=worst,
        pictures=names,
        of_a_type=_OF_A_TYPE,
        note=held_out_note(evaluation),
        tables=to_text(evaluation),
        clustering=evaluation.compared[0].title,
        mark=MARK,
    )
    write_atomically(folder / "figures.json", to_json(evaluation) + "\n")
    write_atomically(page, html)
    return page


def _worst(
    samples: Iterable[Sample],
    find: Callable[[Sample], list[_One]],
    badness: Callable[[_One], float],
) -> list[_One]:
    """The mistakes of all samples, the worst first; equally bad ones keep their order."""
    return sorted((one for sample in samples for one in find(sample)), key=badness, reverse=True)


def _some_of_each(misreadings: Sequence[Misread]) -> dict[str, tuple[Misread, ...]]:
    """The worst few of each attribute; one that is often wrong must not hide the others."""
    names = dict.fromkeys(one.attribute for one in misreadings)
    return {
        name: tuple([one for one in misreadings if one.attribute == name][:_MISREAD_EACH])
        for name in names
    }


def _thumbnail(photo: LabelledPhoto, folder: Path) -> bool:
    """Write a small picture of a photo, without its metadata, unless it exists already."""
    target = folder / f"{photo.id}.webp"
    if target.exists():
        return True
    try:
        image = open_picture(photo.path, limits_of(Settings()), at_least=2 * _HEIGHT)
    except PhotoError:
        # It existed when its vector was made, perhaps in an earlier run.
        return False
    image.thumbnail((2 * _HEIGHT, _HEIGHT), Image.Resampling.LANCZOS)
    image.save(target, quality=80)
    return True
