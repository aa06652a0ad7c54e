"""`bollards eval` from photos to figures: they agree with the built site and are explained."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from selectolax.lexbor import LexborHTMLParser
from sklearn.metrics import adjusted_rand_score, v_measure_score

import generator.recogniser.model as model_module
from generator.build import build
from generator.cli import cli
from generator.evaluate import Evaluation, Wanted, evaluate
from generator.evaluate.mistakes_page import write_mistakes_page
from generator.evaluate.report import to_json, to_text
from generator.progress import Progress
from generator.project import Project
from tests.evaluate.made import COLUMNS, draw_folder, read_rows, write_labels
from tests.evaluate.test_measures import slow_bcubed

SHIPPED = Path(model_module.__file__).with_name("bollards.onnx")
QUIET = Progress(quiet=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("labelled") / "photos"
    draw_folder(folder)
    return folder


@pytest.fixture(scope="module")
def evaluation(folder: Path) -> Evaluation:
    return evaluate(Wanted(folder, folds=2, cache=folder.parent / "cache.sqlite"), QUIET)


def figures_of_site(labels: list[dict[str, str]], catalogue: Mapping[str, Any]) -> dict[str, float]:
    """The figures computed again, slowly and from the published catalogue alone."""
    row_of = {row["file"]: row for row in labels}
    label = {photo["id"]: row_of[photo["file"]] for photo in catalogue["photos"]}
    kind = {
        key: tuple(row[name] for name in ("form", "body", "pattern", "accent"))
        for key, row in label.items()
    }
    found: dict[str, list[bool]] = {}
    for photo in catalogue["photos"]:
        key, near = photo["id"], [one["photo"] for one in photo["neighbours"]]
        own = {other for other in label if label[other]["bollard"] == label[key]["bollard"]}
        for k in (1, 3, 10):
            hit = any(other in own for other in near[:k])
            found.setdefault(f"same-bollard@{k}", []).append(hit)
        others = [other for other in near if other not in own]
        if any(kind[other] == kind[key] for other in label if other not in own):
            for k in (1, 3):
                hit = any(kind[other] == kind[key] for other in others[:k])
                found.setdefault(f"same-kind@{k}", []).append(hit)
    truth = [str(kind[photo["id"]]) for photo in catalogue["photos"]]
    types = [photo["type"] or "alone " + photo["id"] for photo in catalogue["photos"]]
    inside = [row for row, photo in enumerate(catalogue["photos"]) if photo["type"]]
    precision, recall = slow_bcubed(truth, types)
    return {
        **{name: sum(hits) / len(hits) for name, hits in found.items()},
        "bcubed": 2 * precision * recall / (precision + recall),
        "v": v_measure_score([truth[row] for row in inside], [types[row] for row in inside]),
        "ari": adjusted_rand_score([truth[row] for row in inside], [types[row] for row in inside]),
        "grouped": len(inside) / len(types),
        "types": len(catalogue["types"]),
    }


def test_the_figures_are_those_of_the_built_site(
    folder: Path, evaluation: Evaluation, tmp_path: Path
) -> None:
    (tmp_path / "site.toml").write_text("", encoding="utf-8")
    shutil.copytree(folder, tmp_path / "photos")
    build(Project(tmp_path), QUIET)
    text = (tmp_path / "public" / "data" / "catalogue.json").read_text(encoding="utf-8")

    site = figures_of_site(read_rows(folder / "labels.csv"), json.loads(text))

    whole = evaluation.whole
    assert whole is not None
    ours = {**whole.figures, **whole.clusterings["linkage"]}
    assert {name: ours[name] for name in site} == pytest.approx(site)


def test_the_shipped_model_is_never_called_held_out(evaluation: Evaluation) -> None:
    assert evaluation.held_out is False
    assert "NOT held out" in to_text(evaluation)
    assert json.loads(to_json(evaluation))["held_out"] is False


def test_text_and_json_agree(evaluation: Evaluation) -> None:
    told = json.loads(to_json(evaluation))
    lines = {line.split("  ")[0]: line.split() for line in to_text(evaluation).splitlines() if line}

    assert told["whole"]["photos"] == 16
    assert told["folds"]["count"] == len(told["folds"]["each"]) == 2
    for name, value in told["whole"]["figures"].items():
        assert lines[name][1] == f"{value:.3f}"
    for one in evaluation.compared:
        assert one.key in told["whole"]["clusterings"]
        assert one.key in told["folds"]["clusterings"]


def test_a_second_run_embeds_nothing_and_prints_the_same(
    folder: Path, evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a photo was embedded again")

    monkeypatch.setattr("generator.recogniser.model.Recogniser.embed", refuse)
    again = evaluate(Wanted(folder, folds=2, cache=folder.parent / "cache.sqlite"), QUIET)
    assert to_json(again) == to_json(evaluation)


def test_fold_models_are_measured_only_on_bollards_that_they_never_saw(
    folder: Path, tmp_path: Path
) -> None:
    for number in range(2):
        shutil.copy(SHIPPED, tmp_path / f"fold{number}.onnx")
    held_out = [["0", "1", "2"], [3, 4]]
    (tmp_path / "folds.json").write_text(json.dumps(held_out), encoding="utf-8")

    found = evaluate(
        Wanted(folder, fold_models=tmp_path, cache=folder.parent / "cache.sqlite"), QUIET
    )

    assert found.held_out is True
    assert found.whole is None
    assert [fold.bollards for fold in found.folds] == [3, 2]
    assert [problem.reason[:9] for problem in found.problems] == ["6 photos "]
    assert "Held out: every photo" in to_text(found)
    json.loads(to_json(found))


def test_the_mistakes_page_shows_each_photo_and_escapes_labels(
    folder: Path, tmp_path: Path
) -> None:
    labels = read_rows(folder / "labels.csv")
    for number, row in enumerate(labels):
        # Labels that nothing can guess make every finding a mistake.
        row["form"] = f"<script>alert({number // 2})</script>"
    write_labels(tmp_path / "wrong.csv", [[row[name] for name in COLUMNS] for row in labels])
    found = evaluate(
        Wanted(folder, tmp_path / "wrong.csv", cache=folder.parent / "cache.sqlite"), QUIET
    )

    page = write_mistakes_page(found, tmp_path / "mistakes")

    html = LexborHTMLParser(page.read_text(encoding="utf-8"))
    assert html.css("script") == []
    pictures = {image.attributes["src"] or "" for image in html.css("img")}
    assert pictures
    assert {path.name for path in (tmp_path / "mistakes" / "pictures").iterdir()} == {
        source.removeprefix("pictures/") for source in pictures
    }
    assert "expected <script>alert(" in html.text()
    assert (tmp_path / "mistakes" / "figures.json").is_file()


def test_the_same_mistakes_give_the_same_page(evaluation: Evaluation, tmp_path: Path) -> None:
    first, second = (write_mistakes_page(evaluation, tmp_path / name) for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert write_mistakes_page(evaluation, tmp_path / "a").read_bytes() == second.read_bytes()


def test_another_page_is_never_replaced(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine", encoding="utf-8")
    arguments = [folder, "--folds", "0", "--cache", folder.parent / "cache.sqlite"]
    result = CliRunner().invoke(cli, ["eval", *map(str, arguments), "--out", str(tmp_path)])
    assert "another page has this name" in str(result.exception)
    assert (tmp_path / "index.html").read_text(encoding="utf-8") == "mine"


def test_the_command_prints_json_when_asked(folder: Path) -> None:
    arguments = [folder, "--folds", "0", "--json", "--cache", folder.parent / "cache.sqlite"]
    result = CliRunner().invoke(cli, ["eval", *map(str, arguments)])
    assert result.exit_code == 0
    figures = json.loads(result.stdout)["whole"]["figures"]
    assert 0 <= np.min(list(figures.values())) <= 1
