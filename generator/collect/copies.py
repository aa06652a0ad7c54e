"""Files with equal content: which of them is the photo, and where the others disagree with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from generator.filenames import FileNames

CountryOf = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class FiledTwice:
    """A photo that has copies in the folders of other countries.

    Attributes:
        photo: its id.
        file: the file that is used.
        country: that of the file, ISO 3166-1 alpha-2.
        others: files with the same content and the countries that they say, ordered by file.
    """

    photo: str
    file: str
    country: str
    others: tuple[tuple[str, str], ...]


def used_once(
    files: Iterable[str], ids: Mapping[str, str], known: Mapping[str, str], country_of: CountryOf
) -> tuple[list[str], dict[str, list[str]]]:
    """One file for each content, and by that file the other files with the same content.

    A file with a country comes before those without one, then the file that an earlier build used,
    then the first in the alphabet.

    Args:
        files: sorted paths below photos/; those without an id are left out.
        ids: the id of the photo in each readable file.
        known: the photo's id for each file that earlier builds saw.
        country_of: the country that a file's folder or row says.
    """
    before = FileNames(known)
    same: dict[str, list[str]] = {}
    for file in files:
        if file in ids:
            same.setdefault(ids[file], []).append(file)

    def rank(file: str) -> tuple[bool, bool]:
        is_new = all(known[name] != ids[file] for name in before.find(file))
        return country_of(file) is None, is_new

    used: list[str] = []
    copies: dict[str, list[str]] = {}
    for own in same.values():
        # Most photos have no copy, and looking up the country of each would take time.
        chosen = min(own, key=rank) if len(own) > 1 else own[0]
        used.append(chosen)
        if len(own) > 1:
            copies[chosen] = [file for file in own if file != chosen]
    return sorted(used), dict(sorted(copies.items()))


def filed_twice(
    copies: Mapping[str, Sequence[str]], ids: Mapping[str, str], country_of: CountryOf
) -> tuple[FiledTwice, ...]:
    """The photos whose copies say another country than they do, ordered by file."""
    found = []
    for file, others in copies.items():
        here = country_of(file)
        told = ((other, country_of(other)) for other in others)
        differ = tuple((other, code) for other, code in told if code and code != here)
        if here and differ:
            found.append(FiledTwice(ids[file], file, here, differ))
    return tuple(found)
