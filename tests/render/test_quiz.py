"""The data of the quiz: every photo of a type, by country, and nothing that reveals the answer."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.catalogue import Box, Catalogue, Family, Lookalike
from generator.config import PictureSettings
from generator.output import Output
from generator.render.pictures import plan_pictures
from generator.render.quiz import continents_of, write_quiz
from generator.render.type_index import type_index
from generator.resources import STATIC
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
                assert {made.photo[photo].country or "" for photo, *_ in views} == {code}
                assert len({made.photo[photo].bollard for photo, *_ in views}) == 1
        told = {view[0] for bollards in photos.values() for views in bollards for view in views}
        assert told == set(kind.photos)


def test_no_path_of_a_picture_reveals_country_or_type(tmp_path: Path) -> None:
    _, types = written(sample.catalogue(), tmp_path)

    paths = [
        path
        for data in types.values()
        for bollards in data["photos"].values()
        for views in bollards
        for _, *pictures in views
        for path in pictures[:2]
    ]
    assert all(path.startswith("pictures/") for path in paths)
    assert not any("AT" in path or "DE" in path or "type" in path for path in paths)


def test_a_small_crop_of_a_street_view_is_marked(tmp_path: Path) -> None:
    made = sample.catalogue()
    first, *others = made.types[0].photos
    crop = Box(10, 10, 60, 110)
    pictures = plan_pictures(first, (636, 800), crop, PictureSettings())
    photos = tuple(
        replace(photo, crop=crop, pictures=pictures) if photo.id == first else photo
        for photo in made.photos
    )

    _, types = written(replace(made, photos=photos), tmp_path)

    views = [view for found in types["type-0"]["photos"].values() for one in found for view in one]
    assert {view[0] for view in views if view[3:] == [1]} == {first}
    assert {view[0] for view in views if not view[3:]} == set(others)


def test_notes_and_families_of_the_owner_are_included(tmp_path: Path) -> None:
    made = sample.catalogue()
    told = (Lookalike("type-1", 0.8, "The cap is flat."), Lookalike("type-2", 0.7))
    made = sample.with_type(made, "type-0", lookalikes=told)
    made = replace(made, families=(Family("posts", "Posts", ("type-0", "type-2")),))

    index, types = written(made, tmp_path)

    assert types["type-0"]["notes"] == {"type-1": "The cap is flat."}
    assert index["families"] == {"posts": ["type-0", "type-2"]}


def test_continents_are_those_of_the_countries() -> None:
    assert continents_of(sample.catalogue()) == ["EU"]


ASK = """
const [module, known, index, files, ...sets] = process.argv.slice(1);
globalThis.fetch = async (url) => ({ ok: true, json: async () => JSON.parse(files)[url] });
const { Questions } = await import(module);
const questions = new Questions(JSON.parse(known), JSON.parse(index), "");
const all = (set) => questions.cards("country", questions.set(set));
const cards = (set) => all(set).filter((card) => card.includes("//"));
const question = await questions.ask("country//DE", questions.set(""));
console.log(JSON.stringify({ cards: sets.map(cards), question }));
"""


def test_country_questions_ask_about_unsorted_bollards_too(tmp_path: Path) -> None:
    made = sample.catalogue()
    index, _ = written(made, tmp_path)
    assert {code: count for code, (count, _) in index["unsorted"].items()} == {"DE": 1, "SI": 1}
    files = {
        path: json.loads((tmp_path / path).read_text("utf-8"))
        for _, path in index["unsorted"].values()
    }
    known = json.loads(type_index(made, {kind.id: "" for kind in made.types}, {}))
    command = [str(Path(sys.executable).with_name("node")), "--input-type=module", "-e", ASK]
    command += [(STATIC / "js/quiz-questions.js").as_uri(), json.dumps(known), json.dumps(index)]
    command += [json.dumps(files), "", "DE,AT", "type-0"]

    result = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    # A set of types has no unsorted ones.
    assert [sorted(cards) for cards in result["cards"]] == [
        ["country//DE", "country//SI"],
        ["country//DE"],
        [],
    ]
    question = result["question"]
    (lone,) = (one for one in made.one_offs if one.country == "DE")
    assert question["photo"][0] in lone.photos
    assert {one["country"]: one["right"] for one in question["options"]}["DE"] is True
    assert sum(one["right"] for one in question["options"]) == 1
    assert question["type"]["address"] == f"photos/{lone.photos[0]}/"
