"""Pages of the owner's: what a file says, where its page is, and what is told about mistakes."""

import pytest

from generator.own.pages import slug
from tests.own.conftest import Reading

VISIT = "---\ntitle: Visit us\ndescription: When we are open.\nmenu: 2\n---\nOn **Sundays**.\n"


def names(menu: tuple[object, ...]) -> list[str]:
    return [one.section or one.page or one.href for one in menu]  # type: ignore[attr-defined]


def test_a_page_has_the_title_and_the_place_that_its_front_matter_gives(own: Reading) -> None:
    site, problems = own({"pages/visit.md": VISIT})

    (page,) = site.pages
    assert (page.name, page.texts["en"].title, page.texts["en"].line) == ("visit", "Visit us", 6)
    assert names(site.main)[:3] == ["types", "visit", "identify"]
    assert problems == []


def test_front_matter_may_be_toml(own: Reading) -> None:
    site, problems = own({"pages/imprint.md": '+++\ntitle = "Imprint"\nmenu = "footer"\n+++\nAnn'})

    assert site.pages[0].texts["en"].title == "Imprint"
    assert names(site.footer) == ["imprint"]
    assert problems == []


def test_without_front_matter_the_first_heading_is_the_title(own: Reading) -> None:
    site, problems = own({"pages/visit.md": "# Visit us #\n\nOn Sundays."})

    text = site.pages[0].texts["en"]
    assert (text.title, text.text.strip(), text.line) == ("Visit us", "On Sundays.", 3)
    assert problems == []


def test_the_menu_of_the_settings_decides_about_pages_that_ask_for_a_place(own: Reading) -> None:
    site, problems = own({"pages/visit.md": VISIT}, '[menu]\nmain = ["map", "types"]\n')

    assert names(site.main) == ["map", "types"]
    assert len(problems) == 1 and 'Add "visit" there' in problems[0]


def test_an_entry_that_names_no_page_is_reported_with_its_line_and_the_nearest_name(
    own: Reading,
) -> None:
    settings = '[site]\ntitle = "A"\n\n[menu]\nfooter = ["vist"]\n'
    site, problems = own({"pages/visit.md": VISIT}, settings)

    assert site.footer == ()
    assert problems[0].startswith("site.toml: line 5: menu.footer[0]")
    assert "Did you mean visit?" in problems[0]


def test_a_translation_is_the_same_page_and_a_page_of_one_language_is_only_there(
    own: Reading,
) -> None:
    files = {
        "pages/visit.md": VISIT,
        "pages/visit.de.md": "# Besuch",
        "pages/impressum.md": "---\ntitle: Impressum\nlanguage: de\n---\nAnna",
    }
    site, problems = own(files, '[site]\nlanguages = ["de", "fr"]\n')

    pages = {page.name: page for page in site.pages}
    titles = {
        (name, tag): text.title if (text := page.in_language(tag, "en")) else None
        for name, page in pages.items()
        for tag in ("en", "de", "fr")
    }
    assert titles["visit", "de"] == "Besuch" and titles["visit", "fr"] == "Visit us"
    assert titles["impressum", "de"] == "Impressum"
    assert titles["impressum", "en"] is None and titles["impressum", "fr"] is None
    assert problems == []


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("pages/visit.fr.md", "# Visite", 'no language "fr"'),
        ("pages/about.md", "# About", "notes/about.md"),
        ("pages/types.md", "# Types", "page of the program's"),
        ("pages/deep/visit.md", "# Visit", "Move it to pages/visit.md"),
        ("pages/visit.markdown", "# Visit", "Rename it to visit.md"),
        ("pages/plan.png", "", "static/plan.png"),
        ("pages/visit.md", "---\ntitle: Visit\n", "line 1: the front matter has no end"),
        ("pages/visit.md", "---\nmenu: 1\ntitle: a: b\n---\n", "line 3: the front matter"),
        ("pages/visit.md", '+++\na = "b"\ntitle = b\n+++\n', "line 3"),
        ("pages/visit.md", "---\ntitle: V\ntitel: W\n---\n", "line 3: titel: no such key"),
        ("pages/visit.md", "---\ntitle: V\nmenu: [1]\n---\n", "line 3: menu: expected a place"),
        ("pages/visit.md", "Only text.", "needs a title"),
        ("pages/visit.md", b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_page_with_a_mistake_is_reported_with_its_file(
    own: Reading, file: str, text: str | bytes, told: str
) -> None:
    _, problems = own({file: text})

    assert len(problems) == 1
    assert problems[0].startswith(f"{file}: ") and told in problems[0]


def test_a_wrong_key_costs_neither_the_page_nor_the_other_keys(own: Reading) -> None:
    site, _ = own({"pages/visit.md": "---\ntitle: Visit\nmenu: seven\n---\nText"})

    assert site.pages[0].texts["en"].title == "Visit"


def test_a_language_in_the_name_and_another_in_the_file_exclude_each_other(own: Reading) -> None:
    files = {"pages/v.de.md": "---\ntitle: V\nlanguage: fr\n---\n"}
    site, problems = own(files, '[site]\nlanguages = ["de", "fr"]\n')

    assert site.pages == ()
    assert "exclude each other" in problems[0]


@pytest.mark.parametrize(
    ("name", "address"),
    [("Visit us", "visit-us"), ("Über uns", "uber-uns"), ("展示", "展示"), ("a_b--c", "a-b-c")],
)
def test_an_address_is_made_from_the_name_of_the_file(name: str, address: str) -> None:
    assert slug(name) == address
