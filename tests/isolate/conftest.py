"""The classes, words and pictures with which the tiny detectors were made (tests/isolate/tiny)."""

from pathlib import Path

from PIL import Image

from tests.embed.conftest import picture

NAMES = ("post", "bollard's", "sign")
SIDE = 96
# One is longer than an OWL-ViT reads.
OWL_PROMPTS = ("Bollard", "a red and white post", "road marker, " * 12)
# Signs that fill up texts, letters outside of ASCII, what CLIP's tokenizer splits or joins.
OWL_ODD_PROMPTS = (
    "!",
    "post!",
    "! ! post",
    "Poller für Straßen",
    "BORNE ÉCLAIRÉE",
    "電柱 🚧",
    "a\n b",
)
OWL_SIDE = 96
DINO_PROMPTS = ("Bollard", "a red post!", "Straßenpfosten")
DINO_SIDE = 96
TOKENIZER = Path(__file__).parents[1] / "embed/tiny/text-clip.json"


def _blocks(width: int, height: int, times: int) -> Image.Image:
    """A picture whose pixels are squares of so many pixels."""
    size = (width * times, height * times)
    return picture(width, height, seed=1).resize(size, Image.Resampling.NEAREST)


# Random networks magnify a difference of one level in a pixel. So these are reduced exactly: a
# square, grey above, grey beside, and likewise from larger ones.
PICTURES = [
    _blocks(*size) for size in ((96, 96, 1), (96, 61, 1), (50, 96, 1), (96, 55, 5), (41, 96, 3))
]
# Enlarged and reduced by odd factors: interpolation rounds, and so its pixels are compared.
INTERPOLATED = [picture(*size, seed=1) for size in ((60, 80), (251, 133))]
