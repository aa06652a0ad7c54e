"""The domain of the site on GitHub Pages, which reads it from the file CNAME."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from generator.config import Settings
from generator.errors import Problem
from generator.own_files import read_own_text
from generator.project import Project
from generator.toml_files import line_of


def domain_of(
    project: Project, settings: Settings, static: Mapping[str, Path]
) -> tuple[str, list[Problem]]:
    """The domain of `[deploy]`, or "", and the settings that contradict it."""
    domain = settings.deploy.domain
    if not domain:
        return "", []
    text = read_own_text(project.settings)
    line = line_of(text, ("deploy", "domain"))
    said = f"line {line}: deploy.domain is {domain}"
    reasons = []
    if "CNAME" in static:
        reasons.append(f"{said}, so static/CNAME is left out. Remove one of the two.")
    base = settings.site.base_url
    if base and urlsplit(base).hostname != domain:
        where = line_of(text, ("site", "base_url"))
        reasons.append(
            f"{said}, but site.base_url (line {where}) is {base}. Previews and feeds lead to the"
            f' latter. Did you mean base_url = "https://{domain}/"?'
        )
    elif not base:
        reasons.append(f'{said}, but site.base_url is empty. Write base_url = "https://{domain}/".')
    return domain, [Problem(project.settings.name, reason, skipped=False) for reason in reasons]
