"""Hosts are told how long files stay good and what pages may do."""

from pathlib import Path

from generator.output import Output
from generator.publish import write_host_files
from generator.publish.headers import CONTENT_SECURITY_POLICY, cache_control


def parsed(text: str) -> dict[str, dict[str, str]]:
    rules: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            rules[line] = {}
        else:
            name, value = line.strip().split(": ", 1)
            rules[list(rules)[-1]][name] = value
    return rules


def test_the_rules_are_written_as_hosts_read_them(tmp_path: Path) -> None:
    write_host_files(Output(tmp_path))

    rules = parsed((tmp_path / "_headers").read_text())
    assert rules["/*"]["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert rules["/*"]["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in rules["/assets/*"]["Cache-Control"]
    assert "immutable" in rules["/pictures/*"]["Cache-Control"]
    assert rules["/data/*"]["Access-Control-Allow-Origin"] == "*"
    assert (tmp_path / ".nojekyll").exists()


def test_pages_may_run_nothing_but_the_sites_own_scripts() -> None:
    rules = dict(rule.split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split("; "))

    assert rules["default-src"] == "'self'"
    # WebAssembly, for identification, is no way in for script.
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert CONTENT_SECURITY_POLICY.count("unsafe") == 1
    assert rules["object-src"] == rules["base-uri"] == rules["frame-ancestors"] == "'none'"


def test_only_files_whose_names_change_with_their_content_are_kept_for_ever() -> None:
    assert "immutable" in cache_control("pictures/0123-240.webp")
    assert "immutable" not in cache_control("index.html")
    assert "immutable" not in cache_control("data/catalogue.json")
    assert "immutable" not in cache_control("types/assets/index.html")
