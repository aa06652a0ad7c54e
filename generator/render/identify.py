"""The data that the identify page needs, and the worker that keeps it for offline use."""

from dataclasses import dataclass

# Only if the built-in recogniser made the site: no other runs in a browser.
ADDRESS = "identify/"


@dataclass(frozen=True, slots=True)
class WebLookup:
    """The published recogniser; paths relative to the site's root.

    Attributes:
        recogniser: the JSON file that describes everything else.
        bytes: the size of the download before the first answer.
    """

    recogniser: str
    bytes: int
