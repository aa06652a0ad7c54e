"""Which photos are views of one bollard."""

import pytest

from generator.collect.bollards import bollard_keys
from generator.collect.table import Row

PATTERN = r"(?P<bollard>.*\d)[a-z]"


def keys(*files: str, pattern: str = PATTERN, **said: str) -> list[str]:
    rows = {files[int(at[1:])]: Row(2, {"bollard": key}) for at, key in said.items()}
    found = bollard_keys(files, rows, pattern)
    return [found[file] for file in files]


def test_letters_after_a_number_are_views_of_one_bollard() -> None:
    assert keys("no/017a.jpg", "no/017b.jpg", "se/017a.jpg") == ["no/017", "no/017", "se/017"]


@pytest.mark.parametrize("pattern", [PATTERN, ""])
@pytest.mark.parametrize("endings", [("jpg", "png"), ("JPG", "jpg"), ("heic", "jpg")])
def test_one_name_with_two_endings_is_two_bollards(pattern: str, endings: tuple[str, str]) -> None:
    files = [f"france/IMG_8234.{ending}" for ending in endings]
    assert keys(*files, "france/IMG_8235.jpg", pattern=pattern) == [*files, "france/IMG_8235"]


@pytest.mark.parametrize(
    ("files", "bollards"),
    [
        (["IMG_2a.jpg", "IMG_2a.png", "IMG_2b.jpg"], ["IMG_2", "IMG_2a.png", "IMG_2"]),
        (["IMG_2a.jpg", "IMG_2a.png", "IMG_2b.png"], ["IMG_2a.jpg", "IMG_2", "IMG_2"]),
        (["IMG_2a.heic", "IMG_2a.jpg"], ["IMG_2", "IMG_2a.jpg"]),
        (["IMG_2a.jpg", "IMG_2a.png", "IMG_2b.webp"], ["IMG_2", "IMG_2a.png", "IMG_2"]),
        (["IMG_2a.jpg", "IMG_2a.png", "IMG_2a.png.jpg"], ["IMG_2", "IMG_2a.png", "IMG_2a.png.jpg"]),
        (["IMG_2a.jpg", "IMG_2b.png"], ["IMG_2", "IMG_2"]),
    ],
)
def test_a_view_with_two_endings_is_a_view_once(files: list[str], bollards: list[str]) -> None:
    assert keys(*files) == bollards
    in_folder = [f"no/{file}" for file in files]
    assert keys(*in_folder) == [f"no/{key}" for key in bollards]
    assert keys(*reversed(files)) == bollards[::-1]


def test_the_table_can_declare_two_endings_one_bollard() -> None:
    assert keys("fr/1.jpg", "fr/1.png", _0="fr/1", _1="fr/1") == ["fr/1", "fr/1"]
    assert keys("fr/1.jpg", "fr/1.png", _1="fr/1") == ["fr/1", "fr/1"]


def test_no_two_files_without_a_word_share_a_key() -> None:
    files = ("a.jpg", "a.png", "a.jpg.png", "a.jpg.webp")
    assert len(set(keys(*files))) == len(files)
