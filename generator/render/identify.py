"""What the page for identification, and the worker that keeps it for later, need to know."""

from dataclasses import dataclass

# Only where the built-in recogniser made the site: no other runs in a browser.
ADDRESS = "identify/"


@dataclass(frozen=True, slots=True)
class WebLookup:
    """The published recogniser; paths relative to the site's root.

    Attributes:
        recogniser: the JSON file that describes everything else.
        bytes: what is fetched before the first answer.
    """

    recogniser: str
    bytes: int
