"""The headers for hosts: how long files stay valid, and what pages may do."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from generator.config import SecuritySettings
from generator.output import Output
from generator.policy import content_security_policy, widening
from generator.publish import write_host_files
from generator.publish.headers import cache_control, headers_of_all

STRICT = content_security_policy(SecuritySettings())


def parsed(text: str) -> dict[str, dict[str, str]]:
    rules: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            rules[line] = {}
        else:
            name, value = line.strip().split(": ", 1)
            rules[list(rules)[-1]][name] = value
    return rules


def test_the_rules_have_the_syntax_of_the_hosts(tmp_path: Path) -> None:
    write_host_files(Output(tmp_path), SecuritySettings())

    rules = parsed((tmp_path / "_headers").read_text())
    assert rules["/*"]["Content-Security-Policy"] == STRICT
    assert rules["/*"]["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in rules["/assets/*"]["Cache-Control"]
    assert "immutable" in rules["/pictures/*"]["Cache-Control"]
    assert rules["/data/*"]["Access-Control-Allow-Origin"] == "*"
    assert (tmp_path / ".nojekyll").exists()


def test_pages_may_run_only_the_scripts_of_the_site() -> None:
    rules = dict(rule.split(" ", 1) for rule in STRICT.split("; "))

    assert rules["default-src"] == "'self'"
    # WebAssembly, for identification, is no way in for script.
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert STRICT.count("unsafe") == 1
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"


def test_only_files_whose_names_change_with_their_content_are_cached_for_ever() -> None:
    assert "immutable" in cache_control("pictures/0123-240.webp")
    assert "immutable" not in cache_control("index.html")
    assert "immutable" not in cache_control("data/catalogue.json")
    assert "immutable" not in cache_control("types/assets/index.html")


def test_hosts_that_the_owner_names_widen_the_policy_and_nothing_else(tmp_path: Path) -> None:
    wider = SecuritySettings(
        scripts=("https://stats.example.org",), pictures=("https://*.example.net:8443",)
    )
    write_host_files(Output(tmp_path), wider)
    policy = headers_of_all(tmp_path)["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert rules.pop("script-src") == "'self' 'wasm-unsafe-eval' https://stats.example.org"
    assert rules.pop("img-src") == "'self' https://*.example.net:8443"
    strict = dict(rule.split(" ", 1) for rule in STRICT.split("; "))
    del strict["script-src"]
    assert rules == strict


def test_a_page_contains_the_policy_except_for_what_only_headers_can_set() -> None:
    in_page = content_security_policy(SecuritySettings(), in_page=True)
    assert {*in_page.split("; "), "frame-ancestors 'none'"} == {*STRICT.split("; ")}
    assert "frame-ancestors" not in in_page


@pytest.mark.parametrize(
    "host",
    [
        "http://stats.example.org",
        "stats.example.org",
        "https://stats.example.org/path",
        "https://*",
        "*",
        "'unsafe-inline'",
        "https://a.example.org; script-src *",
        "https://a.example.org\n  X: y",
        "https://a.example.org\n",
        "https://a.example.org https://b.example.org",
        "https://",
        "data:",
    ],
)
def test_only_a_host_widens_the_policy(host: str) -> None:
    with pytest.raises(ValidationError, match="a list of hosts"):
        SecuritySettings(scripts=(host,))


def test_a_build_reports_what_widens_the_policy() -> None:
    assert widening(SecuritySettings(), "site.toml") == []
    (problem,) = widening(SecuritySettings(scripts=("https://stats.example.org",)), "site.toml")
    assert "security.scripts: pages may use https://stats.example.org" in problem.reason
