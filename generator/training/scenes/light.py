"""Sun, sky, weather and camera."""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from generator.training.scenes.designs import Rgb
from generator.training.scenes.textures import sample

Floats = npt.NDArray[np.floating[Any]]
WEATHERS = ("clear", "hazy", "overcast", "rain", "dusk", "snowfall")


@dataclass(frozen=True)
class Light:
    """The light of a scene, in the camera's frame (x right, d away from the camera, z up).

    `sun` is the unit vector towards the sun, `glare` the sunlight on a surface that faces it and
    `sky` the light of the open sky, both as RGB factors of a surface's own colour. A level
    surface in the open gets about `level`.
    """

    weather: str
    sun: tuple[float, float, float]
    glare: Rgb
    sky: Rgb
    haze: Rgb
    mist: float

    @property
    def clear(self) -> bool:
        """Whether the sun casts shadows."""
        return max(self.glare) > 0.1

    @property
    def bounce(self) -> float:
        """Share of the sky's light on an upright surface, including reflections of the ground."""
        return 1.25 if self.clear else 0.92

    @property
    def level(self) -> Floats:
        """Light on level ground in the open, RGB float32."""
        return (np.array(self.sky) + np.array(self.glare) * self.sun[2]).astype(np.float32)


@dataclass(frozen=True)
class Camera:
    """The position and the properties of the camera: metres, radians, shares of the picture.

    `blur` is a share of the picture's height, `noise` the grain's standard deviation on a scale
    of 1, `quality` JPEG's.
    """

    height: float
    distance: float
    roll: float
    blur: float
    depth_blur: float
    noise: float
    quality: int
    exposure: float
    contrast: float
    saturation: float
    warmth: float
    vignette: float


def random_light(rng: np.random.Generator, weather: str | None = None) -> Light:
    """Returns a random light; raises ValueError for a weather that is not in `WEATHERS`."""
    if weather is None:
        weather = str(rng.choice(WEATHERS, p=(0.42, 0.16, 0.26, 0.06, 0.06, 0.04)))
    if weather not in WEATHERS:
        raise ValueError(f"weather must be one of {', '.join(WEATHERS)}; found {weather!r}")
    azimuth = rng.uniform(0, 2 * np.pi)
    rise = np.radians(rng.uniform(22, 65))
    if weather == "dusk":
        rise = np.radians(rng.uniform(6, 16))
    sun = (
        float(np.cos(rise) * np.sin(azimuth)),
        float(np.cos(rise) * np.cos(azimuth)),
        float(np.sin(rise)),
    )
    blue = rng.uniform(0.0, 0.09)
    if weather == "clear":
        share = rng.uniform(0.52, 0.7)
        glare = _tinted(share / sun[2] * 1.02, (1.03, 1.0, 0.93), 1.25)
        sky = _tinted(1 - share, (1 - blue, 1.0, 1.06 + blue), 1)
    elif weather == "hazy":
        share = rng.uniform(0.25, 0.45)
        glare = _tinted(share / sun[2], (1.02, 1.0, 0.96), 0.9)
        sky = _tinted(1 - share, (1.0, 1.0, 1.02), 1)
    elif weather == "dusk":
        glare = _tinted(rng.uniform(0.2, 0.8), (1.25, 0.88, 0.55), 2)
        sky = _tinted(rng.uniform(0.38, 0.6), (0.92, 0.95, 1.16), 1)
    else:
        glare = (0.02, 0.02, 0.02)
        bright = rng.uniform(0.72, 1.0) if weather != "rain" else rng.uniform(0.55, 0.8)
        sky = _tinted(bright, (0.97, 1.0, 1.03), 1)
    # The camera's white balance: level ground keeps its own colour but for a trace of the light's.
    keep = 0.6 if weather == "dusk" else 0.2
    cast = np.array(sky) + np.array(glare) * sun[2]
    even = (cast / cast.mean()) ** (keep - 1)
    glare = (glare[0] * even[0], glare[1] * even[1], glare[2] * even[2])
    sky = (sky[0] * even[0], sky[1] * even[1], sky[2] * even[2])
    mist = {"clear": 0.05, "hazy": 0.2, "rain": 0.35, "snowfall": 0.5}.get(weather, 0.12)
    tone = float(np.mean(sky) + np.mean(glare) * sun[2] * 0.7)
    haze = (0.76 * tone, 0.80 * tone, 0.86 * tone)
    return Light(weather, sun, glare, sky, haze, float(mist * rng.uniform(0.4, 1.3)))


def _tinted(strength: float, tint: Rgb, limit: float) -> Rgb:
    strength = min(strength, limit)
    return (strength * tint[0], strength * tint[1], strength * tint[2])


def random_camera(rng: np.random.Generator) -> Camera:
    """Returns a random camera like those in cars and phones: usually sharp enough, never ideal."""
    return Camera(
        height=float(rng.uniform(1.4, 2.7)),
        distance=float(rng.uniform(4.0, 11.0)),
        roll=float(np.clip(rng.normal(0, 0.022), -0.08, 0.08)),
        blur=float(rng.choice((0.0010, 0.0020, 0.0036), p=(0.3, 0.4, 0.3)) * rng.uniform(0.7, 1.6)),
        depth_blur=float(rng.choice((0.0, 0.002, 0.005), p=(0.55, 0.3, 0.15))),
        noise=float(rng.uniform(0.004, 0.022)),
        quality=int(rng.integers(55, 93)),
        exposure=float(np.exp(rng.normal(0.0, 0.14))),
        contrast=float(rng.normal(1.0, 0.08)),
        saturation=float(np.clip(rng.normal(1.0, 0.17), 0.5, 1.4)),
        warmth=float(rng.normal(0.0, 0.03)),
        vignette=float(rng.uniform(0.0, 0.16)),
    )


def soften(image: Floats, radius: float) -> Floats:
    """Returns an RGB picture blurred by `radius` pixels; values beyond 0 to 1.25 are cut."""
    if radius < 0.25:
        return image
    scale = np.float32(204.0)
    small = Image.fromarray(np.clip(image * scale, 0, 255).astype(np.uint8))
    return np.asarray(small.filter(ImageFilter.GaussianBlur(radius))).astype(np.float32) / scale


def develop(image: Floats, camera: Camera, light: Light, rng: np.random.Generator) -> Image.Image:
    """Turns linear-ish light, float32 (h, w, 3), into a photograph: weather, lens, grain, JPEG."""
    height, width = image.shape[:2]
    image = image * _metered(image, camera.exposure)
    if light.weather in ("rain", "snowfall"):
        image = _fall(image, light, rng)
    image = soften(image, camera.blur * height)
    if camera.vignette > 0.01:
        x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
        y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
        image *= (1 - np.float32(camera.vignette * 0.5) * (x * x + y * y))[..., None]
    grey = image @ np.array([0.3, 0.59, 0.11], np.float32)
    image -= grey[..., None]
    image *= np.float32(camera.saturation)
    ox, oy = rng.uniform(0, 1024, 2)
    grain = _grain(width, height, float(ox), float(oy))
    image += (grey + grain * np.float32(camera.noise * 1.2))[..., None]
    image *= np.array([1 + camera.warmth, 1.0, 1 - camera.warmth], np.float32) * np.float32(600)
    data = _tones(camera.contrast)[np.clip(image, 0, 1023).astype(np.int16)]
    buffer = io.BytesIO()
    Image.fromarray(data).save(buffer, "JPEG", quality=camera.quality)
    return Image.open(buffer).convert("RGB")


def _tones(contrast: float) -> npt.NDArray[np.uint8]:
    """Returns the camera's tone curve as bytes, over light in steps of 1/600, 1024 entries."""
    light = (np.arange(1024) / 600 - 0.42) * contrast + 0.42
    # A shoulder instead of a hard edge, as film and sensors have: whites glow before they burn.
    soft = 1.02 - 0.22 * np.exp(np.minimum(0.8 - light, 0) / 0.22)
    curve = np.where(light > 0.8, soft, light)
    return np.clip(curve * 255 + 0.5, 0, 255).astype(np.uint8)


def _metered(image: Floats, exposure: float) -> np.float32:
    """Automatic exposure: brings the mean most of the way to mid-grey, and limits highlights."""
    sparse = image[::5, ::5] @ np.array([0.3, 0.59, 0.11], np.float32)
    middle, bright = float(sparse.mean()), float(np.percentile(sparse, 97))
    gain = (0.50 / max(middle, 0.02)) ** 0.8
    gain = min(gain, max(1.3 / max(bright, 0.05), 0.9)) if bright > 0.6 else gain
    return np.float32(np.clip(gain, 0.6, 3.0) * exposure)


def _grain(width: int, height: int, ox: float, oy: float) -> Floats:
    x = np.arange(width, dtype=np.float32)[None, :] + np.float32(ox)
    y = np.arange(height, dtype=np.float32)[:, None] + np.float32(oy)
    fine = sample("white", x, y, 1.0).astype(np.float32) - 128
    coarse = sample("fine", x * 0.7, y * 0.7, 1.0).astype(np.float32) - 128
    return (0.6 * fine + 0.5 * coarse) / np.float32(100)


def _fall(image: Floats, light: Light, rng: np.random.Generator) -> Floats:
    """Draws rain streaks or snowflakes over the picture."""
    height, width = image.shape[:2]
    x = np.arange(width, dtype=np.float32)[None, :] * np.float32(800 / height)
    y = np.arange(height, dtype=np.float32)[:, None] * np.float32(800 / height)
    ox, oy = (float(o) for o in rng.uniform(0, 1024, 2))
    pale = np.array(light.haze, np.float32)
    if light.weather == "rain":
        slant = np.float32(rng.normal(0, 0.12))
        streaks = sample("streak", (x + slant * y) * 2.2 + ox, y * 0.7 + oy, 1.0)
        amount = np.clip((streaks.astype(np.float32) - 215) / 90, 0, 0.28)
    else:
        amount = np.zeros((height, width), np.float32)
        for scale in (1.0, 0.45):
            flakes = sample("fine", x * scale + ox, y * scale + oy, 1.0).astype(np.float32)
            amount = np.maximum(amount, np.clip((flakes - 236) / 14, 0, 0.75))
    return image + amount[..., None] * (pale * 1.15 - image)
