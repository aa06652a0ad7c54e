"""What the tests of filters and of the search see on the home page, and do there."""

from playwright.sync_api import Locator, Page, expect


def shown(page: Page) -> Locator:
    """The cards that match for certain, or all without a search."""
    return page.locator("#all:visible .type-card, #matches:visible .type-card")


def names(page: Page) -> list[str]:
    # Not what is drawn: of cards outside of the window that is nothing.
    return [text.strip() for text in page.locator("#matches .name").all_text_contents()]


def searched(page: Page, words: str) -> None:
    """Search for words, and wait for what they find: nothing that was found before is left."""
    found = page.locator("#found")
    page.get_by_role("searchbox").fill("")
    expect(found).to_be_hidden()
    page.get_by_role("searchbox").fill(words)
    expect(found).to_be_visible()
