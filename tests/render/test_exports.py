"""The catalogue for other programs is valid, complete and harmless."""

import csv
import io
import json
import subprocess
import sysconfig
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from generator import resources
from generator.catalogue import Catalogue
from generator.output import Output
from generator.render.exports import (
    catalogue_json,
    types_csv,
    typescript_module,
    write_exports,
)
from generator.render.schema import CATALOGUE
from tests.render import sample

EVIL = '</script>*/ "`${x}\u2028=1+1'


@pytest.fixture(scope="module")
def made() -> Catalogue:
    return sample.catalogue()


def named(catalogue: Catalogue, name: str) -> Catalogue:
    """The catalogue with this title, and this name for everything."""
    changed = sample.with_type(catalogue, "type-0", name=name, description=name)
    return replace(changed, site=replace(changed.site, title=name))


def empty() -> Catalogue:
    full = sample.catalogue()
    return replace(full, photos=(), bollards=(), types=(), countries=())


@pytest.mark.parametrize("which", ["sample", "evil", "empty"])
def test_the_catalogue_follows_its_own_schema(made: Catalogue, which: str) -> None:
    catalogue = {"sample": made, "evil": named(made, EVIL), "empty": empty()}[which]

    jsonschema.Draft202012Validator.check_schema(CATALOGUE)
    jsonschema.Draft202012Validator(CATALOGUE).validate(json.loads(catalogue_json(catalogue)))


def invalid(data: dict[str, Any]) -> bool:
    return not jsonschema.Draft202012Validator(CATALOGUE).is_valid(data)


def test_the_schema_refuses_wrong_data(made: Catalogue) -> None:
    good = json.loads(catalogue_json(made))

    assert invalid(good | {"version": 2})
    assert invalid({key: value for key, value in good.items() if key != "types"})
    for change in (
        {"country": "Germany"},
        {"crop": [0, 0, 10]},
        {"neighbours": [{"photo": "a", "score": 2}]},
        {"id": ""},
    ):
        assert invalid(good | {"photos": [good["photos"][0] | change]})


def test_it_has_the_keys_that_readers_rely_on(made: Catalogue) -> None:
    data = json.loads(catalogue_json(made))

    assert data["version"] == 1
    photo, shown = data["photos"][0], made.photos[0]
    assert (photo["id"], photo["file"], photo["bollard"]) == (shown.id, shown.file, shown.bollard)
    assert [one["photo"] for one in photo["neighbours"]] == [n.photo for n in shown.neighbours]
    assert {p["country"] for p in data["photos"]} == {"AT", "DE", "SI", None}
    assert None in {p["type"] for p in data["photos"]}
    kind = data["types"][0]
    assert kind["photos"] == list(made.types[0].photos)
    assert {"code", "name", "photos"} <= set(kind["countries"][0])
    assert {row["code"] for row in data["countries"]} == {"AT", "DE", "SI", None}
    assert set(data["countries"][0]["types"]) <= {row["id"] for row in data["types"]}


def test_one_photo_is_one_line(made: Catalogue) -> None:
    lines = catalogue_json(made).splitlines()

    for photo in made.photos:
        assert sum(line.strip().startswith(f'{{"id": "{photo.id}"') for line in lines) == 1


def test_the_table_has_a_row_for_each_type_and_country(made: Catalogue) -> None:
    rows = list(csv.DictReader(io.StringIO(types_csv(made))))

    assert len(rows) == sum(len(kind.countries) for kind in made.types)
    for kind in made.types:
        own = [row for row in rows if row["type"] == kind.id]
        assert sum(int(row["bollards"]) for row in own) == len(kind.bollards)
        assert sum(float(row["share"]) for row in own) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_name_becomes_a_formula_in_a_spreadsheet(made: Catalogue, name: str) -> None:
    rows = list(csv.DictReader(io.StringIO(types_csv(named(made, name)), newline="")))

    assert rows[0]["name"] == f"'{name.strip()}"


def test_all_files_are_written_with_the_same_line_ends_everywhere(
    made: Catalogue, tmp_path: Path
) -> None:
    write_exports(made, Output(tmp_path))

    written = {path.name: path.read_bytes() for path in (tmp_path / "data").iterdir()}
    assert set(written) == {
        "catalogue.json",
        "catalogue.schema.json",
        "bollard-types.ts",
        "types.csv",
    }
    assert all(b"\r" not in content and content.endswith(b"\n") for content in written.values())


def test_no_name_can_end_the_comment_or_a_script_in_the_module(made: Catalogue) -> None:
    text = typescript_module(named(made, EVIL))

    head = text.split("export", 1)[0]
    assert head.count("*/") == 2
    assert "</script" not in text.split("\n", 1)[1]
    assert "\u2028" not in text


_COMPILER = resources.STATIC / "node_modules" / "typescript" / "bin" / "tsc"
_NODE = Path(sysconfig.get_path("scripts")) / "node"
_USE = """\
import { bollardTypes, type BollardType, type BollardTypeId, type CountryCode } from "./FILE";
const all: readonly BollardType[] = Object.values(bollardTypes);
const codes: readonly CountryCode[] = all.flatMap((one) => one.countries);
const first: BollardTypeId | undefined = all[0]?.lookalikes[0];
export const told: string = `${codes.length} ${first ?? "none"}`;
"""
_MISUSE = """\
import { bollardTypes, type BollardTypeId } from "./sample.js";
// @ts-expect-error: no such type
export const wrong: BollardTypeId = "no-such-type";
// @ts-expect-error: what was published is read only
bollardTypes["type-0"].name = "x";
"""


@pytest.mark.skipif(not _COMPILER.exists(), reason="typescript is not installed: make test does it")
def test_the_module_compiles_under_the_strictest_rules(made: Catalogue, tmp_path: Path) -> None:
    catalogues = {"sample": made, "evil": named(made, EVIL), "empty": empty()}
    for name, catalogue in catalogues.items():
        (tmp_path / f"{name}.ts").write_text(typescript_module(catalogue), encoding="utf-8")
        (tmp_path / f"use-{name}.ts").write_text(_USE.replace("FILE", f"{name}.js"))
    (tmp_path / "misuse.ts").write_text(_MISUSE)
    (tmp_path / "package.json").write_text('{"type": "module"}')

    result = subprocess.run(
        [
            *(str(_NODE), str(_COMPILER), "--strict", "--noUncheckedIndexedAccess"),
            *("--exactOptionalPropertyTypes", "--verbatimModuleSyntax", "--isolatedModules"),
            *("--noEmit", "--target", "es2022", "--module", "nodenext"),
            *sorted(path.name for path in tmp_path.glob("*.ts")),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.stdout + result.stderr == ""
    assert result.returncode == 0
