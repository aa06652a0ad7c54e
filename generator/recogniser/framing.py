"""The crop around a detected bollard that the recogniser is shown."""

SHARE = 0.72
"""How much of the crop's height the bollard fills, as in the photos the recogniser learnt from."""


def framed(
    box: tuple[float, float, float, float], size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """The crop that shows a detected bollard as the recogniser's training photos show theirs.

    The bollard fills SHARE of the crop's height and stands in its middle; the crop is as wide as
    the recogniser looks, and keeps within the photo (width, height). Beside the photo's border it
    gets narrower on both sides, so that the bollard stays in the middle.
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
