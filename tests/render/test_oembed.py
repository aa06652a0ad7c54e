"""What other sites get for a page's address (oEmbed 1.0)."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser

from generator.render.oembed import plain
from tests.render import sample

BASE = "https://example.org/bollards/"
# https://oembed.com, 2.3.4: what every response has, may have, and each type must have.
SHARED = {"type": str, "version": str}
OPTIONAL = {
    "title": str,
    "author_name": str,
    "author_url": str,
    "provider_name": str,
    "provider_url": str,
    "cache_age": int,
    "thumbnail_url": str,
    "thumbnail_width": int,
    "thumbnail_height": int,
}
OF_TYPE = {"photo": {"url": str, "width": int, "height": int}, "link": {}}
BEYOND = {"license": str, "license_url": str}


def described(site: Path, address: str) -> dict[str, Any]:
    """The content of the file that a page names."""
    page = LexborHTMLParser((site / address / "index.html").read_text(encoding="utf-8"))
    link = page.css_first('link[rel="alternate"][type="application/json+oembed"]')
    assert link is not None and link.attributes["title"]
    href = link.attributes["href"] or ""
    assert href.startswith(BASE)
    found = json.loads((site / href.removeprefix(BASE)).read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_every_type_and_photo_is_described_as_the_specification_says(addressed_site: Path) -> None:
    made = sample.catalogue()
    addresses = [f"types/{kind.id}" for kind in made.types]
    addresses += [f"photos/{photo.id}" for photo in made.photos]
    for address in addresses:
        said = described(addressed_site, address)
        assert said["version"] == "1.0"
        needed = SHARED | OF_TYPE[said["type"]]
        assert needed.keys() <= said.keys()
        allowed = needed | OPTIONAL | BEYOND
        assert {key: type(value) for key, value in said.items()} == {
            key: allowed[key] for key in said
        }
        for key in ("url", "thumbnail_url"):
            if key in said:
                with Image.open(addressed_site / said[key].removeprefix(BASE)) as picture:
                    prefix = key.removesuffix("url")
                    assert picture.size == (said[f"{prefix}width"], said[f"{prefix}height"])


def test_a_photo_states_its_credit_and_licence(addressed_site: Path) -> None:
    photo = next(photo for photo in sample.catalogue().photos if photo.credit)
    said = described(addressed_site, f"photos/{photo.id}")
    assert said["author_name"] == "Ann Example"
    assert said["license"] == "CC BY 4.0"
    assert said["license_url"] == "https://creativecommons.org/licenses/by/4.0/"
    assert said["title"] == "White post, Austria" and said["provider_name"] == "Bollards"


def test_another_language_has_files_of_its_own(tmp_path: Path) -> None:
    chosen = sample.settings(base_url=BASE)
    made = sample.catalogue(chosen)
    french = sample.with_type(made, "type-0", name="Poteau blanc")
    french = replace(french, site=replace(made.site, language="fr", prefix="fr/"))
    sample.draw(made, chosen, tmp_path)
    sample.rendered(made, tmp_path, chosen, translated=[french])
    said = described(tmp_path, "fr/types/type-0")
    assert said["title"] == "Poteau blanc" and said["provider_url"] == f"{BASE}fr/"
    assert described(tmp_path, "types/type-0")["title"] == "White post"


def test_a_site_without_a_base_url_has_no_such_files(site: Path) -> None:
    assert not (site / "data" / "oembed").exists()
    assert "oembed" not in (site / "types/type-0/index.html").read_text(encoding="utf-8")
    assert "oEmbed" not in (site / "about/data/index.html").read_text(encoding="utf-8")


def test_the_page_about_the_data_lists_them(addressed_site: Path) -> None:
    html = (addressed_site / "about/data/index.html").read_text(encoding="utf-8")
    assert "data/oembed/types/{id}.json" in html and "data/oembed/photos/{id}.json" in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<script>alert(1)</script>", "scriptalert(1)/script"),
        ("two\nlines\x07", "two lines"),
        ("Ångström & “Söhne”", "Ångström & “Söhne”"),
        ("x" * 1000, "x" * 300),
    ],
)
def test_no_text_in_them_can_become_markup(text: str, said: str) -> None:
    assert plain(text) == said
