"""bollards find in a collection of other things: the words of the owner's attributes."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import cli
from generator.errors import BollardsError
from generator.find.fetch import FetchLimits
from generator.find.query import Query
from generator.find.search import find
from generator.project import Project


def found(covers: Path, words: str, *without: str) -> dict[str, float]:
    """The score of each photo that fits, by its file's name."""
    results = find(Query(words=words, without=without), Project(covers), 30, FetchLimits())
    return {Path(hit.photo.file).stem: hit.score for hit in results.hits if hit.score > 0.2}


def run(covers: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["find", "--site", str(covers), *words])


def test_the_owners_words_find_what_has_these_values(covers: Path) -> None:
    waffles = found(covers, "square brass waffle")
    assert waffles and all(name.startswith("waffle-") for name in waffles)
    # A photo without a label has what was learnt, with its doubt.
    rings = found(covers, "brass circular")
    assert rings["rings-1"] == 1 and 0.2 < rings["rings-3"] < 1


@pytest.mark.parametrize("words", ["quadratisch Messing", "golden square", "cuadrada brass"])
def test_translations_and_search_words_count_too(covers: Path, words: str) -> None:
    assert found(covers, words) == found(covers, "square brass")


def test_a_word_for_bollards_means_nothing_here_and_the_message_names_words_that_do(
    covers: Path,
) -> None:
    with pytest.raises(BollardsError) as caught:
        found(covers, "reflector")
    assert 'only those of your attributes ("round", "square", "iron", "brass", ...)' in str(
        caught.value
    )


def test_a_part_of_the_words_that_is_unknown_is_told(covers: Path) -> None:
    answer = run(covers, "round", "unicorn")
    assert answer.exit_code == 0 and "unicorn" in answer.output
