"""The workflows that `bollards init --ci` writes do what they say, run step by step."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator import __version__
from generator.errors import BollardsError
from generator.starter import start_project
from tests.deploy.conftest import ROOT


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A new project with a small site, in a git repository with a remote."""
    root = tmp_path / "mine"
    start_project(root, with_examples=False)
    (root / "ledger.json").write_text("{}\n")
    for command in (
        ["init", "--quiet", "--bare", str(tmp_path / "remote.git")],
        ["init", "--quiet", "--initial-branch=main", str(root)],
        ["-C", str(root), "remote", "add", "origin", str(tmp_path / "remote.git")],
        ["-C", str(root), "add", "--all"],
        ["-C", str(root), "-c", "user.name=o", "-c", "user.email=o@x", "commit", "-qm", "Mine"],
        ["-C", str(root), "push", "--quiet", "origin", "main"],
    ):
        subprocess.run(["git", *command], check=True)
    return root


def run(script: str, root: Path, tmp_path: Path, **environment: str) -> None:
    """Run a step as the service would, with a build that takes no time."""
    programs = tmp_path / "programs"
    if not programs.exists():
        programs.mkdir()
        bollards = programs / "bollards"
        bollards.write_text(
            "#!/bin/sh\n"
            'if [ "$1" = build ]; then\n'
            "  mkdir -p public/data && echo '{}' > public/data/catalogue.json\n"
            "  echo '<p>Site</p>' > public/index.html\n"
            "  echo '{\"types\": 1}' > ledger.json\n"
            f'else PYTHONPATH={ROOT} exec {sys.executable} -m generator "$@"; fi\n'
        )
        bollards.chmod(0o755)
        python = programs / "python"
        python.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/installed\n')
        python.chmod(0o755)
    settings = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", **environment}
    subprocess.run(["sh", "-e", "-c", script], cwd=root, env=settings, check=True)


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_github_workflow_builds_keeps_the_ledger_and_deploys(
    repository: Path, tmp_path: Path
) -> None:
    start_project(repository, with_examples=False, ci="github")
    text = (repository / ".github/workflows/site.yml").read_text(encoding="utf-8")
    workflow: dict[Any, Any] = yaml.safe_load(text)

    # YAML 1.1 takes the key "on" for a truth value.
    assert "main" in workflow[True]["push"]["branches"]
    assert workflow["permissions"] == {"contents": "write"}
    steps = workflow["jobs"]["site"]["steps"]
    caches = [step["with"]["path"] for step in steps if "cache" in step.get("uses", "")]
    assert caches == [".bollards"]
    for step in steps:
        if "run" in step:
            run(step["run"], repository, tmp_path, **workflow["env"])

    assert (tmp_path / "installed").read_text() == f"-m pip install bollards[s3]=={__version__}\n"
    remote = tmp_path / "remote.git"
    assert git(remote, "show", "gh-pages:index.html") == "<p>Site</p>\n"
    assert git(remote, "show", "main:ledger.json") == '{"types": 1}\n'
    # With nothing new there is nothing to commit, and no failure.
    for step in steps[-2:]:
        run(step["run"], repository, tmp_path, **workflow["env"])


def test_the_gitlab_workflow_builds_and_leaves_the_site_to_pages(
    repository: Path, tmp_path: Path
) -> None:
    start_project(repository, with_examples=False, ci="gitlab")
    workflow = yaml.safe_load((repository / ".gitlab-ci.yml").read_text(encoding="utf-8"))

    job = workflow["pages"]
    assert job["cache"]["paths"] == [".bollards/"]
    assert "public" in job["artifacts"]["paths"]
    place = {"CI_JOB_TOKEN": "x", "CI_SERVER_HOST": "127.0.0.1:9", "CI_PROJECT_PATH": "a/b"}
    elsewhere = {"TARGET": "pages"}
    for step in job["script"]:
        run(step, repository, tmp_path, **workflow["variables"], **place)
    assert (repository / "public" / "index.html").is_file()
    run(job["script"][-1], repository, tmp_path, **{**workflow["variables"], **elsewhere})
    assert git(tmp_path / "remote.git", "show", "gh-pages:index.html") == "<p>Site</p>\n"


def test_an_existing_workflow_is_not_replaced(tmp_path: Path) -> None:
    start_project(tmp_path / "mine", with_examples=False, ci="gitlab")
    (tmp_path / "mine" / ".gitlab-ci.yml").write_text("mine")
    with pytest.raises(BollardsError, match="there is a workflow already"):
        start_project(tmp_path / "mine", with_examples=False, ci="gitlab")
    assert (tmp_path / "mine" / ".gitlab-ci.yml").read_text() == "mine"
    # And without being asked for, none is written.
    start_project(tmp_path / "other", with_examples=False)
    assert not (tmp_path / "other" / ".github").exists()
