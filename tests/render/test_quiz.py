"""What the quiz asks about: every photo of a type, by country, and nothing that gives it away."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.catalogue import Catalogue, Family, Lookalike
from generator.output import Output
from generator.render.quiz import continents_of, write_quiz
from tests.render import sample


def written(made: Catalogue, folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    index = json.loads((folder / write_quiz(made, Output(folder))).read_text(encoding="utf-8"))
    types = {
        key: json.loads((folder / path).read_text(encoding="utf-8"))
        for key, path in index["types"].items()
    }
    return index, types


def test_each_type_has_its_photos_by_country_and_bollard(tmp_path: Path) -> None:
    made = sample.catalogue()

    _, types = written(made, tmp_path)

    for kind in made.types:
        photos = types[kind.id]["photos"]
        assert set(photos) == {share.code or "" for share in kind.countries}
        for code, bollards in photos.items():
            for views in bollards:
                assert {made.photo[photo].country or "" for photo, _, _ in views} == {code}
                assert len({made.photo[photo].bollard for photo, _, _ in views}) == 1
        told = {view[0] for bollards in photos.values() for views in bollards for view in views}
        assert told == set(kind.photos)


def test_no_path_of_a_picture_tells_country_or_type(tmp_path: Path) -> None:
    _, types = written(sample.catalogue(), tmp_path)

    paths = [
        path
        for data in types.values()
        for bollards in data["photos"].values()
        for views in bollards
        for _, *pictures in views
        for path in pictures
    ]
    assert all(path.startswith("pictures/") for path in paths)
    assert not any("AT" in path or "DE" in path or "type" in path for path in paths)


def test_a_persons_notes_and_families_come_along(tmp_path: Path) -> None:
    made = sample.catalogue()
    told = (Lookalike("type-1", 0.8, "The cap is flat."), Lookalike("type-2", 0.7))
    made = sample.with_type(made, "type-0", lookalikes=told)
    made = replace(made, families=(Family("posts", "Posts", ("type-0", "type-2")),))

    index, types = written(made, tmp_path)

    assert types["type-0"]["notes"] == {"type-1": "The cap is flat."}
    assert index["families"] == {"posts": ["type-0", "type-2"]}


def test_continents_are_those_of_the_countries() -> None:
    assert continents_of(sample.catalogue()) == ["EU"]
