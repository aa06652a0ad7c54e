"""The reference describes everything in the program, and nothing else."""

import json
import tomllib
from typing import Any, Literal, get_args, get_origin

import annotated_types
import click
import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from generator import plugins
from generator.cli import cli
from generator.collect.table import COLUMNS
from generator.config import Settings, SiteWords
from generator.config.collection import AttributeSettings, ValueSettings
from generator.curation import BollardCuration, Family, InCountry, PhotoCuration, TypeCuration
from generator.deploy.plan import Manifest
from generator.errors import EXIT_FAILED, EXIT_INTERRUPTED
from generator.render.schema import CATALOGUE
from generator.report.changes import Why
from tests.docs.conftest import Workshop
from tests.docs.markdown import Row, keys, reference, sections

COMMANDS = sections(reference("commands"))
SETTINGS = sections(reference("site-toml"))
CURATION = sections(reference("curation-toml"))
FORMATS = sections(reference("formats"))


def documented_settings() -> dict[str, type[BaseModel]]:
    """The tables of site.toml by their heading."""
    models = {f"[{name}]": field.annotation for name, field in Settings.model_fields.items()}
    inner = {
        "[site.translations.TAG]": SiteWords,
        "[[collection.attributes]]": AttributeSettings,
        "[[collection.attributes.values]]": ValueSettings,
    }
    return models | inner  # type: ignore[return-value]


def key_of(name: str, field: FieldInfo) -> str:
    return field.alias or name


class TestCommands:
    def test_every_command_has_its_section_and_every_section_its_command(self) -> None:
        titles = {title for title in COMMANDS if title.startswith("bollards ")}

        assert titles == {f"bollards {name}" for name in cli.commands}

    @pytest.mark.parametrize("name", sorted(cli.commands))
    def test_every_option_is_documented_and_every_documented_one_exists(self, name: str) -> None:
        parameters = cli.commands[name].params
        options = {
            word
            for one in parameters
            if isinstance(one, click.Option)
            for word in (*one.opts, *one.secondary_opts)
        }
        documented = {key for key in keys(COMMANDS[f"bollards {name}"]) if key.startswith("-")}

        assert documented == options

    @pytest.mark.parametrize("name", sorted(cli.commands))
    def test_every_argument_is_documented(self, name: str) -> None:
        arguments = [one for one in cli.commands[name].params if isinstance(one, click.Argument)]
        words = {(one.metavar or one.name or "").strip("[]").upper() for one in arguments}

        assert words <= {key.upper() for key in keys(COMMANDS[f"bollards {name}"])}

    @pytest.mark.parametrize("name", sorted(cli.commands))
    def test_choices_and_defaults_are_given(self, name: str) -> None:
        rows = {key: row for row in COMMANDS[f"bollards {name}"] for key in row.keys}
        for one in cli.commands[name].params:
            if not isinstance(one, click.Option) or one.is_flag:
                continue
            text = " ".join(rows[one.opts[0]].cells)
            choices = one.type.choices if isinstance(one.type, click.Choice) else ()
            shown = [one.default] if one.show_default else []
            assert [word for word in (*choices, *shown) if str(word) not in text] == []

    def test_the_options_of_the_group_are_documented(self) -> None:
        own = {word for one in cli.params for word in one.opts} | {"--help", "-h"}

        assert keys(COMMANDS["Commands"]) == own


class TestSettings:
    def test_every_table_has_its_section_and_every_section_its_table(self) -> None:
        titles = {title for title in SETTINGS if title.startswith("[")}

        assert titles == set(documented_settings())

    @pytest.mark.parametrize("title", sorted(documented_settings()))
    def test_every_key_is_documented_and_every_documented_one_exists(self, title: str) -> None:
        fields = documented_settings()[title].model_fields

        assert keys(SETTINGS[title]) == {key_of(name, field) for name, field in fields.items()}

    @pytest.mark.parametrize("title", sorted(documented_settings()))
    def test_defaults_are_those_of_the_program(self, title: str) -> None:
        fields = documented_settings()[title].model_fields
        # A key that must be given has an empty cell.
        documented = {
            row.keys[0]: value_of(row.cells[1]) for row in SETTINGS[title] if row.cells[1]
        }

        assert documented == {
            key_of(name, field): plain(field.get_default(call_default_factory=True))
            for name, field in fields.items()
            if not field.is_required()
        }

    @pytest.mark.parametrize("title", sorted(documented_settings()))
    def test_allowed_values_and_limits_are_given(self, title: str) -> None:
        rows = {row.keys[0]: row for row in SETTINGS[title]}
        for name, field in documented_settings()[title].model_fields.items():
            row = rows[key_of(name, field)]
            assert [word for word in limits_of(field) if word not in row.cells[2]] == []

    @pytest.mark.parametrize(
        ("seam", "title", "key"),
        [
            (plugins.EMBEDDERS, "[embed]", "embedder"),
            (plugins.ISOLATORS, "[isolate]", "crop"),
            (plugins.DESCRIBERS, "[describe]", "with"),
        ],
        ids=lambda value: value if isinstance(value, str) else value.noun,
    )
    def test_every_built_in_choice_is_documented(
        self, seam: plugins.Seam, title: str, key: str
    ) -> None:
        (row,) = (row for row in SETTINGS[title] if row.keys[0] == key)

        assert [name for name in plugins.names(seam) if f'"{name}"' not in row.cells[2]] == []


def value_of(cell: str) -> Any:
    """A default as the reference writes it, in TOML."""
    return tomllib.loads(f"value = {cell.strip('`')}")["value"]


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def limits_of(field: FieldInfo) -> list[str]:
    """The limits of a value: words of a choice, the smallest and the largest number."""
    if get_origin(field.annotation) is Literal:
        return [f'"{word}"' for word in get_args(field.annotation)]
    bounds: list[object] = []
    for limit in field.metadata:
        if isinstance(limit, annotated_types.Ge):
            bounds.append(limit.ge)
        elif isinstance(limit, annotated_types.Le):
            bounds.append(limit.le)
    return [str(bound) for bound in bounds]


class TestFilesOfTheOwner:
    @pytest.mark.parametrize(
        ("title", "model"),
        [
            ("[types.ID]", TypeCuration),
            ("[types.ID.countries.CODE]", InCountry),
            ("[families.KEY]", Family),
            ("[bollards.KEY]", BollardCuration),
            ("[photos.KEY]", PhotoCuration),
        ],
    )
    def test_every_key_of_curation_toml_is_documented(
        self, title: str, model: type[BaseModel]
    ) -> None:
        fields = model.model_fields

        assert keys(CURATION[title]) == {key_of(name, field) for name, field in fields.items()}

    def test_every_column_of_photos_csv_is_documented(self) -> None:
        assert keys(sections(reference("photos-csv"))["photos.csv"]) == set(COLUMNS)


class TestFormats:
    def test_the_documentation_of_the_catalogue_matches_its_schema(self) -> None:
        assert keys(FORMATS["The catalogue"]) == set(CATALOGUE["properties"])

    @pytest.mark.parametrize("what", ["photo", "type", "country"])
    def test_the_documentation_of_its_objects_matches_its_schema(self, what: str) -> None:
        assert keys(FORMATS[f"A {what}"]) == set(CATALOGUE["$defs"][what]["properties"])

    @pytest.mark.parametrize(
        ("title", "file"),
        [
            ("data/index.json", "public/data/index.json"),
            ("The report", ".bollards/report.json"),
            ("ledger.json", "ledger.json"),
            ("The bundle for the browser", "public/assets/recogniser/recogniser.*.json"),
        ],
    )
    def test_a_file_has_the_documented_keys(
        self, title: str, file: str, workshop: Workshop
    ) -> None:
        (path,) = (workshop.root / "my-site").glob(file)

        assert keys(FORMATS[title]) == set(json.loads(path.read_text(encoding="utf-8")))

    @pytest.mark.parametrize("group", ["counts", "photos", "bollards", "types", "review"])
    def test_the_inner_keys_of_the_report_are_documented(
        self, group: str, workshop: Workshop
    ) -> None:
        report = json.loads((workshop.root / "my-site/.bollards/report.json").read_bytes())
        (row,) = (row for row in FORMATS["The report"] if row.keys == (group,))

        assert [key for key in report[group] if f"`{key}`" not in row.cells[1]] == []

    @pytest.mark.parametrize(
        ("title", "arguments"),
        [
            (
                "bollards identify --json",
                ("identify", "a.jpg", "b.jpg", "--same", "--site", "my-site"),
            ),
            ("bollards find --json", ("find", "white post", "--site", "my-site", "--top", "1")),
            ("bollards compare --json", ("compare", "a.jpg", "b.jpg")),
            ("bollards pairs --json", ("pairs", "my-site", "--top", "1")),
            ("bollards models --json", ("models", "list", "clip:vit-b-32")),
            ("bollards describe --json", ("describe", "photo.jpg", "--site", "my-site")),
            ("bollards eval --json", ("eval", "labelled", "--folds", "2")),
            ("bollards eval --json, of boxes", ("eval", "street", "--empty", "roads")),
        ],
    )
    def test_a_command_prints_the_documented_keys(
        self, title: str, arguments: tuple[str, ...], workshop: Workshop
    ) -> None:
        printed = workshop.bollards(*arguments, "--json").stdout

        assert keys(FORMATS[title]) == set(json.loads(printed))

    def test_the_list_of_deployed_files_has_the_documented_keys(self) -> None:
        documented = keys(FORMATS["The list of deployed files"])

        assert documented == set(json.loads(Manifest(files={}, finished=True).to_json()))

    def test_the_columns_of_types_csv_are_documented(self, workshop: Workshop) -> None:
        header = (workshop.root / "my-site/public/data/types.csv").read_text().partition("\n")[0]
        columns = ", ".join(f"`{column}`" for column in header.split(","))

        assert columns in reference("formats").read_text(encoding="utf-8")


class TestMessages:
    MESSAGES = sections(reference("messages"))

    def test_every_exit_code_is_documented(self) -> None:
        documented = {first_cell(row) for row in self.MESSAGES["Exit codes"]}

        assert documented == {"0", "2", str(EXIT_FAILED), str(EXIT_INTERRUPTED)}

    def test_every_reason_for_a_move_is_documented(self) -> None:
        documented = keys(self.MESSAGES["Why a photo changed its type"])

        assert documented == set(get_args(Why)) - {""}


def first_cell(row: Row) -> str:
    return row.cells[0]
