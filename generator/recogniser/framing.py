"""The crop around a detected bollard that the recogniser gets, and how boxes overlap."""

from collections.abc import Sequence

SHARE = 0.72
"""The share of the crop's height that the bollard fills, as in the training photos."""


def framed(
    box: tuple[float, float, float, float], size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The crop that shows a detected bollard as training photos show theirs.

    The bollard fills SHARE of the crop's height and is in its middle. The crop is as wide as the
    recogniser's window and stays within the photo (width, height). Near the photo's border it gets
    narrower on both sides, so that the bollard stays in the middle.
    """
    left, top, right, bottom = box
    high = max((bottom - top) / SHARE, (right - left) / SHARE * 2)
    centre, middle = (left + right) / 2, (top + bottom) / 2
    upper, lower = max(0, round(middle - high / 2)), min(size[1], round(middle + high / 2))
    reach = min((lower - upper) / 4, centre, size[0] - centre)
    reach = max(reach, (right - left) / 2)
    return (
        max(0, round(centre - reach)),
        upper,
        min(size[0], round(centre + reach)),
        lower,
    )


def overlap(one: Sequence[float], other: Sequence[float]) -> float:
    """Intersection over union of two boxes (left, top, right, bottom), 0..1."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return wide * high / (areas - wide * high)
