"""Every dependency is locked, listed, licensed and named in a release."""

import hashlib
import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def supply_chain() -> ModuleType:
    path = ROOT / ".ci/supply_chain.py"
    spec = importlib.util.spec_from_file_location("supply_chain", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_package_is_listed_under_an_allowed_licence(supply_chain: ModuleType) -> None:
    """If not: `.venv/bin/python .ci/supply_chain.py licences --write`, then read the new lines."""
    assert supply_chain.faults(supply_chain.table()) == []


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT OR GPL-2.0-only) AND OFL-1.1", True),
        ("unknown", False),
        ("", False),
        ("MIT OR", False),
        ("__import__('os')", False),
    ],
)
def test_a_licence_expression_is_allowed_if_its_parts_are(
    supply_chain: ModuleType, expression: str, allowed: bool
) -> None:
    assert supply_chain.is_allowed(expression) is allowed


def test_a_new_a_changed_and_an_unused_package_are_reported(supply_chain: ModuleType) -> None:
    listed = dict(supply_chain.table())
    del listed["pypi", "numpy"]
    listed["pypi", "babel"] = "AGPL-3.0-only"
    listed["npm", "left-pad"] = "MIT"
    found = "\n".join(supply_chain.faults(listed))
    assert "numpy: not in" in found
    assert "babel: AGPL-3.0-only is not among" in found
    assert "left-pad: in licences.csv, but no longer used" in found


def test_a_bill_of_materials_names_the_wheel_and_all_that_it_needs(
    supply_chain: ModuleType, tmp_path: Path
) -> None:
    wheel = tmp_path / "bollards-1.2.3-py3-none-any.whl"
    wheel.write_bytes(b"wheel")
    assert supply_chain.main(["sbom", str(wheel)]) == 0
    bill = json.loads((tmp_path / f"{wheel.name}.cdx.json").read_text("utf-8"))

    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    about = bill["metadata"]["component"]
    assert about["purl"] == "pkg:pypi/bollards@1.2.3"
    assert about["hashes"][0]["content"] == hashlib.sha256(b"wheel").hexdigest()
    purls = [component["purl"] for component in bill["components"]]
    assert len(purls) == len(set(purls)) == len(bill["dependencies"][0]["dependsOn"])
    assert {purl.split("@")[0] for purl in purls} >= {
        "pkg:pypi/numpy",
        "pkg:pypi/onnxruntime",
        "pkg:npm/onnxruntime-web",
        "pkg:npm/world-atlas",
    }
    assert not any("/pytest@" in purl or "/typescript@" in purl for purl in purls)
    for component in bill["components"]:
        assert component["licenses"] and component["externalReferences"]


def test_workflows_name_actions_by_commit() -> None:
    workflows = [*ROOT.glob(".github/workflows/*.yml"), *ROOT.glob("generator/starter/workflows/*")]
    used = [
        line
        for path in workflows
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"\s*(- )?uses:", line)
    ]
    assert len(used) > 8
    for line in used:
        assert re.search(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line
