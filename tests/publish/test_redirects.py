"""Hosts that read `_redirects` redirect the addresses of types that are gone."""

from dataclasses import replace
from pathlib import Path

import pytest

from generator.catalogue import Moved
from generator.output import Output
from generator.publish import write_redirects
from tests.render import sample

MOVED = (Moved("old", type="type-0"), Moved("scattered", one_offs=True), Moved("gone"))


@pytest.mark.parametrize(
    ("base_url", "root"), [("", "/"), ("https://example.org/bollards/", "/bollards/")]
)
def test_each_rule_redirects_from_the_old_address_to_the_new_one(
    tmp_path: Path, base_url: str, root: str
) -> None:
    made = replace(sample.catalogue(sample.settings(base_url=base_url)), moved=MOVED)

    write_redirects(made, Output(tmp_path))

    rules = [line.split() for line in (tmp_path / "_redirects").read_text().splitlines()]
    assert rules == [
        [f"{root}types/old/", f"{root}types/type-0/", "301"],
        [f"{root}types/scattered/", f"{root}one-offs/", "301"],
        [f"{root}types/gone/", root, "301"],
    ]


def test_without_a_type_that_is_gone_there_are_no_rules(tmp_path: Path) -> None:
    write_redirects(sample.catalogue(), Output(tmp_path))

    assert not (tmp_path / "_redirects").exists()
