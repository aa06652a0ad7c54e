"""Notes: the owner's Markdown as safe HTML."""

import markdown
import nh3
from markupsafe import Markup

# The elements that prose needs. No images: a note cannot name a published picture, and a picture
# from another host would be a third-party request.
_TAGS = {
    "a", "abbr", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h2", "h3", "h4", "hr", "li",
    "ol", "p", "pre", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}}


def note_html(text: str) -> Markup:
    """Turn Markdown into HTML without scripts, styles or foreign pictures.

    A first-level heading becomes a second-level one, because the page has its own first-level
    heading.
    """
    if not text.strip():
        return Markup("")
    html = markdown.markdown(text, extensions=["sane_lists", "smarty", "tables"])
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    return Markup(clean)  # noqa: S704 - nh3 has just made it safe
