"""How Sphinx builds the documentation: `make docs`."""

import re

from sphinx.application import Sphinx

from generator import __version__

project = "bollards"
author = "the bollards contributors"
project_copyright = f"2026, {author}"
release = __version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
# Headings can be linked to as on GitHub: (page.md#a-heading). Wrong ones are warnings, which
# `make docs` turns into errors.
myst_heading_anchors = 4
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "bollards"
# No page names its source file's text, a time or a machine: the same text gives the same bytes.
html_copy_source = False
html_last_updated_fmt = None
html_theme_options = {"sidebar_hide_name": False}


def _stay_inside(app: Sphinx, name: str, source: list[str]) -> None:
    """Links to the model card lead to its file where people read the source, to its page here."""
    source[0] = re.sub(r"\]\((\.\./)+generator/recogniser/CARD\.md", "](/model-card.md", source[0])


def setup(app: Sphinx) -> None:
    app.connect("source-read", _stay_inside)
