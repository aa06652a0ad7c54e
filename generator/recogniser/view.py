"""Turns a crop into the network's input, in the same way for training, running and the browser.

The network sees an upright window, as high as the crop and half as wide as it is high, in the
middle: bollards are tall, so a narrow window shows them larger. The steps, for other
implementations (such as a canvas in a browser):

1. take the crop as upright sRGB, ``w`` x ``h`` pixels;
2. the window is ``x0 = w/2 - h/4``, ``x1 = w/2 + h/4``, ``y0 = 0``, ``y1 = h`` (real numbers);
3. if the crop is narrower than the window, keep the crop's own width, and fill the rest with
   grey (128) left and right, the picture in the middle;
4. resize the window to 96 x 192 with a triangle filter whose support grows with the reduction
   (Pillow's ``BILINEAR`` with ``box``); where the window is at least four times larger than the
   input, Pillow first averages whole blocks (``reducing_gap=2.0``);
5. RGB, 0..255 as float32, channels first. The graph itself does the normalisation.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

HEIGHT = 192
WIDTH = 96
PADDING = 128
REDUCING_GAP = 2.0
VERSION = "1"


def prepare(image: Image.Image) -> npt.NDArray[np.uint8]:
    """The network's input window of one crop, uint8 [HEIGHT, WIDTH, 3], RGB."""
    if image.mode != "RGB":
        image = image.convert("RGB")
    width, height = image.size
    window = height * WIDTH / HEIGHT
    if width >= window:
        left = (width - window) / 2
        box = (left, 0.0, left + window, float(height))
        small = image.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box, REDUCING_GAP)
        return np.asarray(small)
    narrow = max(1, round(WIDTH * width / window))
    small = image.resize((narrow, HEIGHT), Image.Resampling.BILINEAR, None, REDUCING_GAP)
    padded = np.full((HEIGHT, WIDTH, 3), PADDING, np.uint8)
    start = (WIDTH - narrow) // 2
    padded[:, start : start + narrow] = np.asarray(small)
    return padded
