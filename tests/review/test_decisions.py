"""How decisions on the page are written into curation.toml and shown."""

import tomllib
from typing import Any

import pytest

from generator.build import build
from generator.progress import Progress
from generator.project import Project
from tests.review.conftest import Window


def written(project: Project) -> dict[str, Any]:
    return tomllib.loads(project.curation.read_text(encoding="utf-8"))


def test_a_type_that_gets_a_name_is_no_longer_listed_as_unnamed(
    project: Project, window: Window
) -> None:
    before = window.state()
    kind = before["types"][0]["id"]

    after = window.decided({"do": "name", "type": kind, "name": "Milestone"})

    assert written(project)["types"][kind]["name"] == "Milestone"
    assert after["progress"]["named"] == before["progress"]["named"] + 1
    assert all(one.get("type") != kind for one in after["questions"] if one["kind"] == "unnamed")
    assert after["changes"]["renamed"][0]["after"] == "Milestone"


def test_merging_shows_where_the_address_redirects(project: Project, window: Window) -> None:
    kept, gone = [kind["id"] for kind in window.state()["types"]][:2]

    after = window.decided({"do": "merge", "gone": gone, "kept": kept, "name": "Both"})

    assert written(project)["merges"] == {gone: kept}
    assert gone not in [kind["id"] for kind in after["types"]]
    [merged] = after["changes"]["merged"]
    assert (merged["type"], merged["into"]) == (gone, kept)
    assert written(project)["types"][kept]["name"] == "Both"


def test_merging_in_a_circle_is_refused_with_an_explanation(window: Window) -> None:
    a, b = [kind["id"] for kind in window.state()["types"]][:2]
    window.decided({"do": "merge", "gone": a, "kept": b})

    status, found = window.decide({"do": "merge", "gone": b, "kept": b})

    assert status == 422
    assert "itself" in found["error"]


def test_bollards_split_off_become_a_type_with_an_address_of_its_own(
    project: Project, window: Window
) -> None:
    kind = window.state()["types"][0]
    off = kind["bollards"][:1]

    after = window.decided({"do": "split", "bollards": off, "name": "The Odd One"})

    new = next(one for one in after["types"] if one["name"] == "The Odd One")
    assert new["id"] == "the-odd-one"
    assert new["bollards"] == off
    assert written(project)["types"]["the-odd-one"]["split_from"] == kind["id"]
    assert [born["type"] for born in after["changes"]["born"]] == ["the-odd-one"]


def test_a_split_that_would_leave_nothing_is_refused(window: Window) -> None:
    kind = window.state()["types"][0]

    status, found = window.decide({"do": "split", "bollards": kind["bollards"], "name": ""})

    assert status == 422
    assert "Leave some of them" in found["error"]


def test_all_views_of_a_bollard_move_together(project: Project, window: Window) -> None:
    first, second = window.state()["types"][:2]
    bollard = first["bollards"][0]

    after = window.decided({"do": "move", "bollards": [bollard], "type": second["id"]})

    target = next(kind for kind in after["types"] if kind["id"] == second["id"])
    assert bollard in target["bollards"]
    assert after["bollards"][bollard]["pinned"] == second["id"]
    [moved] = after["changes"]["moved"]
    assert (moved["before"], moved["after"]) == (first["id"], second["id"])
    [entry] = written(project)["bollards"].values()
    assert entry == {"type": second["id"]}


def test_a_second_decision_on_a_bollard_extends_the_entry_of_the_owner(
    project: Project, window: Window
) -> None:
    first, second = window.state()["types"][:2]
    bollard = first["bollards"][0]
    project.curation.write_text(
        f'[bollards."{bollard}"] # looked at in March\ntype = "{first["id"]}"\n', encoding="utf-8"
    )

    window.state()

    window.decided({"do": "move", "bollards": [bollard], "type": second["id"]})

    text = project.curation.read_text(encoding="utf-8")
    assert list(tomllib.loads(text)["bollards"]) == [bollard]
    assert "# looked at in March" in text


def test_a_bollard_that_is_kept_out_of_a_type_is_unsorted_until_it_is_let_in(
    window: Window,
) -> None:
    kind = window.state()["types"][0]
    bollard = kind["bollards"][0]

    out = window.decided({"do": "keep-out", "bollards": [bollard], "type": kind["id"]})
    back = window.decided({"do": "let-in", "bollards": [bollard], "type": kind["id"]})

    assert bollard in out["oneOffs"]
    assert bollard not in back["oneOffs"]


def test_a_bollard_that_is_unsorted_on_purpose_is_never_asked_about_again(window: Window) -> None:
    kind = window.state()["types"][0]
    bollard = kind["bollards"][0]
    window.decided({"do": "keep-out", "bollards": [bollard], "type": kind["id"]})

    after = window.decided({"do": "one-off", "bollards": [bollard]})

    assert bollard in after["oneOffs"]
    assert all(one.get("bollard") != bollard for one in after["questions"])


def test_hidden_photos_pictures_countries_notes_and_families(
    project: Project, window: Window
) -> None:
    first, second = window.state()["types"][:2]
    collection = window.ask("GET", "/api/collection")[1]
    a, b = first["bollards"][:2]
    hidden, chosen = collection["bollards"][a][0], collection["bollards"][b][1]

    window.decided({"do": "hide", "photos": [hidden]})
    window.decided({"do": "picture", "type": first["id"], "photo": chosen})
    window.decided({"do": "country", "bollards": [b], "country": "NO"})
    window.decided({"do": "describe", "type": first["id"], "description": "Tall."})
    window.decided(
        {"do": "lookalike", "type": first["id"], "other": second["id"], "text": "Look at its top."}
    )
    after = window.decided({"do": "family", "type": first["id"], "name": "White posts"})

    data = written(project)
    assert data["photos"][hidden] == {"hidden": True}
    assert data["types"][first["id"]]["picture"] == chosen
    assert data["types"][first["id"]]["lookalikes"] == {second["id"]: "Look at its top."}
    assert data["families"]["white-posts"] == {"name": "White posts", "types": [first["id"]]}
    kind = next(one for one in after["types"] if one["id"] == first["id"])
    assert kind["cover"] == chosen
    assert kind["description"] == "Tall."
    assert kind["family"] == "white-posts"
    assert ["NO", 1] in kind["countries"]
    assert after["hidden"][0]["photo"] == hidden
    assert after["changes"]["hidden"] == [hidden]

    shown = window.decided({"do": "show", "photos": [hidden]})
    assert shown["hidden"] == []


def test_what_the_owner_knows_of_a_type_in_a_country_is_written_shown_and_undone(
    project: Project, window: Window
) -> None:
    kind = next(one for one in window.state()["types"] if one["countries"][0][0])
    key, code = kind["id"], kind["countries"][0][0]
    said = {"do": "known", "type": key, "country": code, "note": " Front reflector bright red. "}

    after = window.decided({**said, "frequency": "rare"})

    told = {"frequency": "rare", "note": "Front reflector bright red."}
    assert written(project)["types"][key]["countries"] == {code: told}
    assert next(one for one in after["types"] if one["id"] == key)["known"] == {code: told}
    assert after["changes"]["known"] == [{"type": key, "country": code}]

    window.decided({**said, "frequency": ""})
    assert written(project)["types"][key]["countries"] == {code: {"note": told["note"]}}
    window.undo()
    assert written(project)["types"][key]["countries"] == {code: told}


def test_words_about_a_country_replace_those_under_another_spelling_of_it(
    project: Project, window: Window
) -> None:
    kind = window.state()["types"][0]["id"]
    project.curation.write_text(
        f'[types.{kind}.countries.norway]\nnote = "Old."\nnotes = {{ de = "Alt." }} # mine\n',
        encoding="utf-8",
    )
    window.state()

    window.decided(
        {"do": "known", "type": kind, "country": "NO", "frequency": "common", "note": "New."}
    )

    assert written(project)["types"][kind]["countries"] == {
        "norway": {"frequency": "common", "note": "New.", "notes": {"de": "Alt."}}
    }
    assert "# mine" in project.curation.read_text(encoding="utf-8")


def test_a_frequency_that_does_not_exist_is_refused(window: Window) -> None:
    kind = window.state()["types"][0]["id"]

    status, _ = window.decide(
        {"do": "known", "type": kind, "country": "NO", "frequency": "often", "note": ""}
    )

    assert status == 422


def test_a_refused_suggestion_does_not_come_back(project: Project, window: Window) -> None:
    key = "alike:a+b"

    window.decided({"do": "settle", "key": key})

    assert not project.curation.exists()
    assert window.state()["undo"]["label"] == "Suggestion turned down"


def test_an_impossible_decision_is_refused(window: Window) -> None:
    window.state()

    assert window.decide({"do": "name", "type": "no-such-type", "name": "x"})[0] == 422
    assert window.decide({"do": "move", "bollards": ["no/such"], "type": "x"})[0] == 422
    assert window.decide({"do": "explode"})[0] == 422


def test_a_chosen_address_is_written_shown_as_pending_and_taken_by_the_next_build(
    project: Project, window: Window
) -> None:
    kind = window.state()["types"][0]["id"]

    after = window.decided({"do": "slug", "type": kind, "slug": "tall-ones"})

    assert written(project)["types"][kind] == {"slug": "tall-ones"}
    assert after["changes"]["addressed"] == [{"type": kind, "slug": "tall-ones"}]
    assert next(one for one in after["types"] if one["id"] == kind)["slug"] == "tall-ones"


def test_an_emptied_address_gives_the_type_its_former_one_back(
    project: Project, window: Window
) -> None:
    kind = window.state()["types"][0]["id"]
    window.decided({"do": "slug", "type": kind, "slug": "tall-ones"})
    build(project, Progress(quiet=True))
    window.state()

    # The address as it is, confirmed once more, stays.
    window.decided({"do": "slug", "type": "tall-ones", "slug": "tall-ones"})
    assert written(project)["types"][kind] == {"slug": "tall-ones"}

    after = window.decided({"do": "slug", "type": "tall-ones", "slug": ""})
    assert kind not in written(project).get("types", {})
    assert after["changes"]["addressed"] == [{"type": "tall-ones", "slug": kind}]

    build(project, Progress(quiet=True))
    assert kind in [one["id"] for one in window.state()["types"]]


@pytest.mark.parametrize(
    ("slug", "said"),
    [
        ("Tall Ones", "Did you mean tall-ones?"),
        ("../x", "cannot be an address"),
    ],
)
def test_what_is_no_address_is_refused_with_the_nearest_one(
    window: Window, slug: str, said: str
) -> None:
    kind = window.state()["types"][0]["id"]

    answer = window.decide({"do": "slug", "type": kind, "slug": slug})

    assert said in str(answer)


def test_the_address_of_another_type_is_refused(window: Window) -> None:
    first, second = window.state()["types"][:2]

    answer = window.decide({"do": "slug", "type": first["id"], "slug": second["id"]})

    assert "is or was the address of a type" in str(answer)
