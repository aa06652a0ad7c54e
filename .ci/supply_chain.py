"""What the program is made of: licences of all packages, and a bill of materials for a release.

    python .ci/supply_chain.py licences            check requirements/licences.csv
    python .ci/supply_chain.py licences --write    bring it up to date
    python .ci/supply_chain.py sbom WHEEL          write WHEEL.cdx.json (CycloneDX 1.6) beside it

The locked lists say which packages there are: requirements/*.txt for Python and
static/package-lock.json for npm. Licences come from the packages' own metadata; for a package that
is not installed here (of another system), the table's line stands. Only the standard library.
"""

import base64
import csv
import hashlib
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import Any

# ruff: noqa: SIM905

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "requirements/licences.csv"

ALLOWED = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause CC0-1.0 CNRI-Python ISC LGPL-2.1-only MIT MIT-0 "
    "MIT-CMU MPL-2.0 OFL-1.1 PSF-2.0 Unicode-3.0 Zlib".split()
)
"""SPDX identifiers of licences under which a package may be used with an MIT program."""

_WORDS = {
    "3-clause bsd license": "BSD-3-Clause",
    "apache": "Apache-2.0",
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache 2.0 license": "Apache-2.0",
    "apache license": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache-2.0 license": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd-3-clause license": "BSD-3-Clause",
    "gnu lesser general public license v2 (lgplv2)": "LGPL-2.1-only",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "mpl 2.0": "MPL-2.0",
    "new bsd license": "BSD-3-Clause",
    "python software foundation license": "PSF-2.0",
    "the mit license (mit)": "MIT",
}


@dataclass(frozen=True, slots=True)
class Package:
    """A locked package: kind "pypi" or "npm", and "site" or "dev" for who needs it."""

    kind: str
    name: str
    version: str
    use: str
    hashes: tuple[str, ...] = ()


def packages() -> list[Package]:
    """All locked packages, those that a site needs first."""
    found: dict[tuple[str, str], Package] = {}
    for use in ("site", "dev"):
        text = (ROOT / f"requirements/{use}.txt").read_text("utf-8")
        for match in re.finditer(r"^([\w.-]+)==(\S+)((?:[^\n]*\n    --hash=\S+)*)", text, re.M):
            name = re.sub(r"[-_.]+", "-", match[1]).lower()
            hashes = tuple(re.findall(r"--hash=sha256:(\w+)", match[3]))
            found.setdefault(("pypi", name), Package("pypi", name, match[2], use, hashes))
    lock = json.loads((ROOT / "static/package-lock.json").read_text("utf-8"))
    for path, entry in lock["packages"].items():
        if path:
            name = path.rpartition("node_modules/")[2]
            use = "dev" if entry.get("dev") else "site"
            package = Package("npm", name, entry["version"], use, (entry.get("integrity", ""),))
            found.setdefault(("npm", name), package)
    return sorted(found.values(), key=lambda p: (p.use != "site", p.kind, p.name))


def licence_of(package: Package) -> str | None:
    """The licence by the package's own metadata, as SPDX; None if it is not installed here."""
    if package.kind == "npm":
        lock = json.loads((ROOT / "static/package-lock.json").read_text("utf-8"))
        entries = lock["packages"].items()
        return next(
            (
                str(entry["license"])
                for path, entry in entries
                if path.endswith(f"node_modules/{package.name}") and "license" in entry
            ),
            None,
        )
    try:
        about = metadata.metadata(package.name)
    except metadata.PackageNotFoundError:
        return None
    assert isinstance(about, Message)
    told = str(about.get("License-Expression") or "").strip()
    if told:
        return told
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier", [])
        if line.startswith("License ::")
    ]
    short = str(about.get("License") or "").strip()
    for words in (short, *classifiers):
        if words in ALLOWED:
            return words
        if spdx := _WORDS.get(words.lower()):
            return spdx
    return (short or "; ".join(classifiers) or "unknown").splitlines()[0]


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression lets us use a package: all that AND joins, one that OR joins."""
    words = re.findall(r"[()]|[^\s()]+", re.sub(r"\s+WITH\s+", "-WITH-", expression))
    try:
        return _any_of(words) and not words
    except IndexError:
        return False


def _any_of(words: list[str]) -> bool:
    """Take an expression from the beginning of the words."""
    allowed = _all_of(words)
    while words[:1] == ["OR"]:
        del words[0]
        allowed |= _all_of(words)
    return allowed


def _all_of(words: list[str]) -> bool:
    allowed = _one(words)
    while words[:1] == ["AND"]:
        del words[0]
        allowed &= _one(words)
    return allowed


def _one(words: list[str]) -> bool:
    word = words.pop(0)
    if word != "(":
        return word in ALLOWED
    allowed = _any_of(words)
    return words.pop(0) == ")" and allowed


def table() -> dict[tuple[str, str], str]:
    """The licences on record, by kind and name."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["name"]): row["licence"] for row in csv.DictReader(file)}


def faults(recorded: Mapping[tuple[str, str], str]) -> list[str]:
    """What is wrong with the table, a line each."""
    wrong = []
    for package in packages():
        key = (package.kind, package.name)
        licence, own = recorded.get(key), licence_of(package)
        if licence is None:
            wrong.append(f"{package.name}: not in {TABLE.name}; its own metadata says {own}")
        elif not is_allowed(licence):
            wrong.append(f"{package.name}: {licence} is not among the licences that are allowed")
        elif own and own != licence and own != "unknown" and is_allowed(own):
            wrong.append(f"{package.name}: {TABLE.name} says {licence}, its own metadata {own}")
    gone = recorded.keys() - {(package.kind, package.name) for package in packages()}
    return wrong + [f"{name}: in {TABLE.name}, but no longer used" for _, name in sorted(gone)]


def write_table() -> None:
    """Licences by metadata; where that is unclear or absent, the line that a person wrote."""
    recorded = table() if TABLE.exists() else {}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("kind", "name", "use", "licence"))
        for package in packages():
            own = licence_of(package)
            sure = own if own and is_allowed(own) else None
            licence = sure or recorded.get((package.kind, package.name)) or own or "unknown"
            writer.writerow((package.kind, package.name, package.use, licence))


def bill(wheel: Path) -> dict[str, Any]:
    """The bill of materials of a wheel, in CycloneDX 1.6.

    https://cyclonedx.org/docs/1.6/json/. No time and no random serial number: the same wheel and
    the same locked lists give the same bytes.
    """
    name, version = wheel.name.split("-")[:2]
    recorded = table()
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    root = f"pkg:pypi/{name}@{version}"
    components = []
    for package in packages():
        if package.use == "site":
            licence = recorded[package.kind, package.name]
            simple = " " not in licence
            components.append(
                {
                    "type": "library",
                    "bom-ref": _purl(package),
                    "name": package.name,
                    "version": package.version,
                    "purl": _purl(package),
                    "licenses": [
                        {"license": {"id": licence}} if simple else {"expression": licence}
                    ],
                    "externalReferences": _distributions(package),
                }
            )
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": name,
                "version": version,
                "purl": root,
                "licenses": [{"license": {"id": "MIT"}}],
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
        },
        "components": components,
        "dependencies": [{"ref": root, "dependsOn": [part["bom-ref"] for part in components]}],
    }


def _purl(package: Package) -> str:
    return f"pkg:{package.kind}/{package.name.replace('@', '%40')}@{package.version}"


def _distributions(package: Package) -> list[dict[str, Any]]:
    """The files of a package that the locked lists allow, by their digests."""
    if package.kind == "pypi":
        hashes = [("SHA-256", digest) for digest in package.hashes]
        url = f"https://pypi.org/project/{package.name}/{package.version}/"
    else:
        hashes = [
            ("SHA-512", base64.b64decode(digest.removeprefix("sha512-")).hex())
            for digest in package.hashes
            if digest.startswith("sha512-")
        ]
        url = f"https://www.npmjs.com/package/{package.name}/v/{package.version}"
    return [
        {
            "type": "distribution",
            "url": url,
            "hashes": [{"alg": algorithm, "content": content}],
        }
        for algorithm, content in hashes
    ]


def main(arguments: list[str]) -> int:
    """Run one of the commands above; returns the exit status."""
    match arguments:
        case ["licences", "--write"]:
            write_table()
        case ["licences"]:
            pass
        case ["sbom", wheel]:
            path = Path(wheel)
            text = json.dumps(bill(path), indent=1) + "\n"
            path.with_name(f"{path.name}.cdx.json").write_text(text, "utf-8")
            return 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    wrong = faults(table())
    print("\n".join(wrong) or f"{len(packages())} packages, all under allowed licences.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
