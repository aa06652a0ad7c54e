"""Notes and pages: the owner's Markdown as safe HTML."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from generator.policy import allows
from generator.prose import excess

# The elements that prose needs. No images: a note cannot name a published picture, and a picture
# from another host would be a third-party request.
_TAGS = {
    "a", "abbr", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h2", "h3", "h4", "hr", "li",
    "ol", "p", "pre", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES: dict[str, set[str]] = {"a": {"href", "title"}, "abbr": {"title"}, "ol": {"start"}}


def note_html(text: str) -> Markup:
    """Turn Markdown into HTML without scripts, styles or foreign pictures.

    A first-level heading becomes a second-level one, because the page has its own first-level
    heading.
    """
    if not text.strip():
        return Markup("")
    return Markup(_clean(_converted(text)))  # noqa: S704 - nh3 has just made it safe


def page_html(
    text: str, pages: Collection[str], *, home: str, root: str, hosts: tuple[str, ...] = ()
) -> Markup:
    """The same for a page of the owner's, which may show pictures of the site.

    A link such as `imprint.md` leads to the page of that name. An address that begins with `/` is
    below the site's root: `/types/x/` in the language of the page, `/plan.png` the same for all.

    Args:
        text: Markdown.
        pages: the names of the owner's pages.
        home, root: the relative addresses of the language's home page and of the site's root.
        hosts: those whose pictures the policy lets in.
    """

    def way(element: str, name: str, value: str) -> str | None:
        if (element, name) not in {("a", "href"), ("img", "src")}:
            return value
        try:
            parts = urlsplit(value)
        except ValueError:
            return value
        if parts.scheme or parts.netloc:
            # A picture of another host would be a request to a third party.
            return value if element == "a" or allows(hosts, value) else None
        path, rest = parts.path, value[len(parts.path) :]
        if path.startswith("/"):
            below = path.lstrip("/")
            return ((home if not below or below.endswith("/") else root) + below or "./") + rest
        if element == "a" and path.endswith(".md") and path[:-3] in pages:
            return f"{home}{path[:-3]}/{rest}"
        return value

    import nh3

    tags = _TAGS | {"img"}
    attributes = _ATTRIBUTES | {"img": {"src", "alt", "title"}}
    html = nh3.clean(
        _converted(text),
        tags=tags,
        attributes=attributes,
        attribute_filter=way,
        url_schemes=_SCHEMES,
        link_rel=_REL,
    )
    html = re.sub(r"<img(?![^>]*\ssrc=)[^>]*>", "", html)
    return Markup(html)  # noqa: S704 - nh3 has just made it safe


_SCHEMES = {"http", "https", "mailto"}
_REL = "noopener nofollow"


def _converted(text: str) -> str:
    if excess(text):
        # The report says so; see `generator.prose`.
        return "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())
    # Imported here, because most sites have few notes or none.
    import markdown

    try:
        html = markdown.markdown(text, extensions=["sane_lists", "smarty", "tables"])
    except RecursionError:
        # Hundreds of lists within each other are no text that anybody wrote.
        return f"<p>{escape(text)}</p>"
    return html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")


def _clean(html: str) -> str:
    import nh3

    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=_REL)
