"""Decodes a still WebP picture at a smaller size, with the libwebp that Pillow includes.

Pillow decodes every WebP picture as an animation, at 17 bytes a pixel. libwebp itself can scale
while it decodes (https://developers.google.com/speed/webp/docs/api, "Advanced decoding API").
"""

import ctypes
import ctypes.util
from functools import cache
from pathlib import Path

import PIL
from PIL import Image

# Of libwebp 1.x (src/webp/decode.h); the library refuses a caller with another upper byte.
_ABI = 0x0209
_RGB, _RGBA = 0, 1


class _Buffer(ctypes.Structure):
    """WebPDecBuffer with its union as WebPRGBABuffer, which WebPYUVABuffer exceeds."""

    _fields_ = (
        ("colorspace", ctypes.c_int),
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("is_external_memory", ctypes.c_int),
        ("rgba", ctypes.c_void_p),
        ("stride", ctypes.c_int),
        ("size", ctypes.c_size_t),
        ("rest_of_union", ctypes.c_uint8 * 56),
        ("pad", ctypes.c_uint32 * 4),
        ("private_memory", ctypes.c_void_p),
    )


class _Features(ctypes.Structure):
    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("has_alpha", ctypes.c_int),
        ("has_animation", ctypes.c_int),
        ("format", ctypes.c_int),
        ("pad", ctypes.c_uint32 * 5),
    )


class _Options(ctypes.Structure):
    _fields_ = (
        ("bypass_filtering", ctypes.c_int),
        ("no_fancy_upsampling", ctypes.c_int),
        ("use_cropping", ctypes.c_int),
        ("crop", ctypes.c_int * 4),
        ("use_scaling", ctypes.c_int),
        ("scaled_width", ctypes.c_int),
        ("scaled_height", ctypes.c_int),
        ("use_threads", ctypes.c_int),
        ("dithering_strength", ctypes.c_int),
        ("flip", ctypes.c_int),
        ("alpha_dithering_strength", ctypes.c_int),
        ("pad", ctypes.c_uint32 * 5),
    )


class _Config(ctypes.Structure):
    _fields_ = (("input", _Features), ("output", _Buffer), ("options", _Options))


def can_scale() -> bool:
    """Whether libwebp is accessible; on Windows Pillow has it built in, so it is not."""
    return _library() is not None


def decode_scaled(data: bytes, size: tuple[int, int]) -> Image.Image:
    """A still WebP picture, RGB or RGBA, of the given size in px.

    Raises:
        OSError: it is damaged.
    """
    library = _library()
    if library is None:
        raise OSError("libwebp is not available")
    config = _Config()
    if not library.WebPInitDecoderConfigInternal(ctypes.byref(config), _ABI):
        raise OSError("libwebp is of another version")
    if library.WebPGetFeaturesInternal(data, len(data), ctypes.byref(config.input), _ABI):
        raise OSError("its header cannot be read")
    mode = "RGBA" if config.input.has_alpha else "RGB"
    stride = size[0] * len(mode)
    pixels = ctypes.create_string_buffer(stride * size[1])
    config.options.use_scaling = 1
    config.options.scaled_width, config.options.scaled_height = size
    config.output.colorspace = _RGBA if config.input.has_alpha else _RGB
    config.output.is_external_memory = 1
    config.output.rgba = ctypes.cast(pixels, ctypes.c_void_p)
    config.output.stride = stride
    config.output.size = len(pixels)
    if library.WebPDecode(data, len(data), ctypes.byref(config)):
        raise OSError("it is truncated, or its data are damaged")
    return Image.frombytes(mode, size, memoryview(pixels).cast("B"), "raw", mode)


@cache
def _library() -> ctypes.CDLL | None:
    package = Path(PIL.__file__).parent
    names = [
        *map(str, sorted((package.parent / "pillow.libs").glob("libwebp-*.so*"))),
        *map(str, sorted((package / ".dylibs").glob("libwebp.*.dylib"))),
        ctypes.util.find_library("webp"),
    ]
    for name in filter(None, names):
        try:
            library = ctypes.CDLL(name)
            data = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p)
            library.WebPDecode.argtypes = data
            library.WebPDecode.restype = ctypes.c_int
            library.WebPGetFeaturesInternal.argtypes = (*data, ctypes.c_int)
            library.WebPGetFeaturesInternal.restype = ctypes.c_int
            library.WebPInitDecoderConfigInternal.argtypes = (ctypes.c_void_p, ctypes.c_int)
            library.WebPInitDecoderConfigInternal.restype = ctypes.c_int
        except (OSError, AttributeError):
            continue
        return library
    return None
