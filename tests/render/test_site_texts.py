"""The site's search finds what the owner wrote: own pages, the about page, and notes."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from generator.catalogue import Catalogue
from generator.own_site import OwnPage, OwnSite, PageText
from generator.render.site_texts import site_texts
from generator.resources import STATIC
from tests.render import sample

SCRIPT = """
const [module, texts, ...queries] = process.argv.slice(1);
const { textsWith } = await import(module);
const found = (query) => textsWith(JSON.parse(texts).texts, query).map(({ address }) => address);
console.log(JSON.stringify(queries.map(found)));
"""
VISIT = PageText(
    "pages/visit.md",
    "Visit us",
    "In Ghent",
    "# Hours\n\nOn *Sundays*; the café & <b>bar</b>.",
    5,
    "en",
)


def written() -> Catalogue:
    made = sample.catalogue()
    first = made.types[0]
    share = replace(first.countries[0], note="Faded after two winters.")
    made = replace(made, site=replace(made.site, about=""))
    return sample.with_type(made, first.id, note="See the **harbour**.", countries=(share,))


def texts(*pages: OwnPage) -> dict[str, str]:
    content = site_texts(written(), OwnSite(pages=pages))
    assert content
    return {address: text for address, _, text in json.loads(content)["texts"]}


def test_pages_and_notes_are_there_as_the_words_that_visitors_read() -> None:
    found = texts(OwnPage("visit", {"en": VISIT}))
    assert found == {
        "visit/": "Visit us In Ghent Hours On Sundays; the café & bar.",
        "types/type-0/": "See the harbour.",
        "types/type-0/#in-at": "Faded after two winters.",
    }


def test_a_page_in_another_language_only_is_not_there() -> None:
    assert "visit/" not in texts(OwnPage("visit", {"de": VISIT}, only="de"))


def test_a_site_without_words_of_the_owners_has_no_such_file() -> None:
    made = sample.catalogue()
    types = tuple(replace(kind, note="", lookalikes=()) for kind in made.types)
    bare = replace(made, site=replace(made.site, about=""), types=types)
    assert site_texts(bare, OwnSite()) is None


def test_every_word_of_the_query_must_begin_a_word_and_titles_come_first() -> None:
    both = [
        ["one/", "About caps", "Posts at the harbour and a museum."],
        ["two/", "The museum", "Opening hours of the café."],
    ]
    queries = ["museum", "harbour muse", "CAFE", "arbour", "museum nowhere", "of"]
    command = [str(Path(sys.executable).with_name("node")), "--input-type=module", "-e", SCRIPT]
    command += [(STATIC / "js/search-texts.js").as_uri(), json.dumps({"texts": both}), *queries]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(result.stdout) == [["two/", "one/"], ["one/"], ["two/"], [], [], []]
