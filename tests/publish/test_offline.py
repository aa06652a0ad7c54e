"""What a visitor can keep for use without a network."""

import json
from pathlib import Path


def test_everything_has_the_map_and_what_one_country_alone_has(built_site: Path) -> None:
    public = built_site / "public"
    sets = json.loads((public / "offline.json").read_text(encoding="utf-8"))["sets"]
    whole = {"map/", "only-here/", "one-offs/", "about/"}
    there = {page for page in whole if (public / page / "index.html").exists()}

    assert {"map/", "only-here/"} <= there <= set(sets[""]["pages"])
    assert not any(whole & set(own["pages"]) for code, own in sets.items() if code)
