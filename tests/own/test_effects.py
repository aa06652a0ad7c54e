"""Entries without effect are reported: keys beside others, misspelt folders, unused messages."""

from pathlib import Path

import pytest

from generator.config import load_settings
from generator.own.prose_links import doubtful_links
from generator.project import Project
from tests.own.conftest import Reading

PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("[group]\n\ntypes = 5\n", 'line 3: group.types has no effect beside method = "linkage"'),
        ('[embed]\npooling = "cls"\n', "line 2: embed.pooling has no effect"),
        ('[embed]\nmodel = "x"\n', "line 2: embed.model has no effect"),
        ('[deploy]\nto = "out"\nendpoint = "https://s3.example.org"\n', 'only beside "s3://…"'),
        (
            '[site]\nbase_url = "https://a.example.org"\n'
            '[deploy]\nto = "out"\ndomain = "a.example.org"\n',
            'line 5: deploy.domain has no effect beside to = "out"',
        ),
    ],
)
def test_a_key_that_another_makes_useless_is_reported_with_its_line(
    own: Reading, settings: str, told: str
) -> None:
    _, problems = own({}, settings)

    assert len(problems) == 1
    assert problems[0].startswith("site.toml: line ") and told in problems[0]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("page/visit.md", "page/: has no effect. Did you mean pages/?"),
        ("Static/CNAME", "Static/: has no effect. Did you mean static/?"),
        ("slot/footer.html", "slot/: has no effect. Did you mean slots/?"),
        ("sites.css", "sites.css: has no effect. Did you mean site.css?"),
        ("photo.csv", "photo.csv: has no effect. Did you mean photos.csv?"),
    ],
)
def test_a_misspelt_folder_or_file_is_reported_with_the_right_name(
    own: Reading, file: str, told: str
) -> None:
    _, problems = own({file: ""})

    assert problems == [told]


def test_copies_and_files_of_other_programs_are_not_reported(own: Reading) -> None:
    _, problems = own({"site.toml.bak": "", "README.md": "", "Makefile": "", "docs/x.md": ""})

    assert problems == []


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("locale/de.po", 'msgid "Idenfity"\nmsgstr "x"\n', "line 4: no page has the message"),
        ("locale/fr.po", 'msgid "Identify"\nmsgstr "x"\n', "the site has no language fr"),
        ("locale/de/de.po", "", "a message file is locale/TAG.po"),
        ("locale/de.txt", "", "a message file is locale/TAG.po"),
    ],
)
def test_a_message_or_message_file_without_effect_is_reported(
    own: Reading, file: str, text: str, told: str
) -> None:
    _, problems = own({file: PO + text}, '[site]\nlanguages = ["de"]\n')

    assert len(problems) == 1
    assert problems[0].startswith(f"{file}: ") and told in problems[0]
    if "Idenfity" in text:
        assert 'Did you mean "Identify"?' in problems[0]


def test_a_message_of_a_slot_of_the_owner_has_an_effect(own: Reading) -> None:
    files = {
        "slots/footer.html": "{{ _('Write to us') }}",
        "locale/de.po": f'{PO}msgid "Write to us"\nmsgstr "Schreib uns"\n',
    }
    _, problems = own(files, '[site]\nlanguages = ["de"]\n')

    assert problems == []


def test_links_in_prose_are_checked_without_a_site(own: Reading, tmp_path: Path) -> None:
    files = {
        "notes/about.md": "Fine: [a](../map/), [b](visit.md), [c](https://x.org), [d](#top)\n"
        "\n[wrong](../countrys/)",
        "pages/visit.md": "# Visit\n[fine](/plan.png)\n[wrong](vist.md)",
        "static/plan.png": "",
    }
    site, _ = own(files)
    project = Project(tmp_path)
    assert load_settings(project.settings)

    assert [f"{one.file}: {one.reason}" for one in doubtful_links(project, site)] == [
        "notes/about.md: line 3: ../countrys/ leads nowhere. Did you mean countries?",
        "pages/visit.md: line 3: vist.md leads nowhere. Did you mean visit?",
    ]


@pytest.mark.parametrize("name", ["notes", "pages", "slots", "static"])
@pytest.mark.parametrize("leads_to", ["", "nowhere", "itself"])
def test_a_folder_that_cannot_be_read_is_told(
    own: Reading, tmp_path: Path, name: str, leads_to: str
) -> None:
    if leads_to:
        (tmp_path / name).symlink_to(name if leads_to == "itself" else leads_to)
    else:
        (tmp_path / name).write_text("a file")

    _, problems = own({})

    assert [one.partition(" (")[0] for one in problems] == [f"{name}: is not a readable folder"]
