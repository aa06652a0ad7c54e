"""Draws the example project of `docs/guides/any-collection.md`: manhole covers of five designs."""

import json
import math
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from PIL import Image, ImageDraw, ImageFilter

SETTINGS = """\
[site]
languages = ["de", "fr", "es"]
base_url = "https://covers.example.org/"

[collection]
thing = "manhole cover"
things = "manhole covers"

[collection.translations]
de = { thing = "Schachtdeckel", things = "Schachtdeckel" }
fr = { thing = "plaque d’égout", things = "plaques d’égout" }
es = { thing = "tapa de alcantarilla", things = "tapas de alcantarilla" }

[[collection.attributes]]
name = "shape"
translations.de = { label = "Form" }
translations.fr = { label = "Forme" }
translations.es = { label = "Forma" }

[[collection.attributes.values]]
name = "round"
words = ["circular", "disc"]
emblem = "emblems/round.svg"
translations.de = { label = "rund", words = ["kreisrund"] }
translations.fr = { label = "ronde" }
translations.es = { label = "redonda" }

[[collection.attributes.values]]
name = "square"
emblem = "emblems/square.svg"
translations.de = { label = "quadratisch" }
translations.fr = { label = "carrée" }
translations.es = { label = "cuadrada" }

[[collection.attributes]]
name = "metal"
translations.de = { label = "Metall" }
translations.fr = { label = "Métal" }
translations.es = { label = "Metal" }
values = [
  { name = "iron", colour = "#5a5855", translations.de.label = "Eisen" },
  { name = "brass", colour = "#b08a3c", words = ["golden"], translations.de.label = "Messing" },
]

[[collection.attributes]]
name = "design"
label = "Pattern"
values = ["rings", "rays", "grid", "waffle", "dots"]

[embed]
embedder = "onnx"
model = "encoder"
"""
EMBLEMS = {
    "round": '<circle cx="50" cy="50" r="46" fill="currentColor"/>',
    "square": '<path d="M6 6h88v88H6z" fill="currentColor"/>',
}
DESIGNS = ("rings", "rays", "grid", "waffle", "dots")
SQUARE = ("grid", "waffle")
BRASS = ("rings", "waffle")
_COUNTRIES = ("germany", "france", "spain", "japan")
_COVERS = 3
_SIDE = 320
_PIXELS = 64


def draw_project(root: Path) -> None:
    """Write site.toml, photos/ and encoder/ of a project that is not built yet."""
    rng = np.random.default_rng(8)
    root.mkdir(parents=True, exist_ok=True)
    (root / "site.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "emblems").mkdir()
    for name, shape in EMBLEMS.items():
        drawing = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{shape}</svg>'
        (root / "emblems" / f"{name}.svg").write_text(drawing, encoding="utf-8")
    table = ["file,shape,metal,design"]
    for kind, design in enumerate(DESIGNS):
        for number in range(_COVERS):
            country = _COUNTRIES[(kind + number) % len(_COUNTRIES)]
            place = root / "photos" / country
            place.mkdir(parents=True, exist_ok=True)
            file = f"{design}-{number + 1}.jpg"
            draw_cover(design, rng).save(place / file, quality=88)
            # The owner has labelled two covers of each design, and no photo of the third.
            if number + 1 < _COVERS:
                shape = "square" if design in SQUARE else "round"
                metal = "brass" if design in BRASS else "iron"
                table.append(f"{country}/{file},{shape},{metal},{design}")
    (root / "photos.csv").write_text("\n".join(table), encoding="utf-8")
    write_encoder(root / "encoder")


def draw_cover(design: str, rng: np.random.Generator) -> Image.Image:
    """A cover in a road, seen from above: square for grid and waffle, else round."""
    grain = rng.normal(0, 9, (_SIDE, _SIDE, 1)) + rng.integers(120, 150)
    picture = Image.fromarray(np.clip(grain.repeat(3, 2), 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    half = rng.integers(118, 132)
    middle = _SIDE / 2
    box = (middle - half, middle - half, middle + half, middle + half)
    dark, light = (52, 50, 48), (168, 164, 158)
    if design in BRASS:
        dark, light = (92, 66, 20), (206, 164, 80)
    if design in SQUARE:
        pen.rectangle(box, fill=dark, outline=light, width=7)
        step = half * 2 / (4 if design == "waffle" else 8)
        for line in np.arange(box[0] + step, box[2] - 1, step):
            pen.line((line, box[1], line, box[3]), fill=light, width=5)
            if design == "waffle":
                pen.line((box[0], line, box[2], line), fill=light, width=18)
    else:
        pen.ellipse(box, fill=dark, outline=light, width=7)
        _pattern(pen, design, middle, float(half), light)
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def _pattern(
    pen: ImageDraw.ImageDraw, design: str, middle: float, half: float, paint: tuple[int, int, int]
) -> None:
    if design == "rings":
        for share in (0.25, 0.5, 0.75):
            radius = half * share
            box = (middle - radius, middle - radius, middle + radius, middle + radius)
            pen.ellipse(box, outline=paint, width=14)
    elif design == "rays":
        for turn in range(12):
            angle = math.tau * turn / 12
            end = (middle + half * math.cos(angle), middle + half * math.sin(angle))
            pen.line((middle, middle, *end), fill=paint, width=9)
    else:
        for across in range(-3, 4):
            for down in range(-3, 4):
                if math.hypot(across, down) < 3.4:
                    x, y = middle + across * half / 4.2, middle + down * half / 4.2
                    pen.ellipse((x - 11, y - 11, x + 11, y + 11), fill=paint)


def write_encoder(folder: Path) -> None:
    """A small ONNX encoder with its preparation: the mean brightness of 16 by 16 fields."""
    folder.mkdir()
    field = _PIXELS // 16
    nodes = [
        helper.make_node(
            "AveragePool",
            ["pixel_values"],
            ["fields"],
            kernel_shape=[field, field],
            strides=[field, field],
        ),
        helper.make_node("Flatten", ["fields"], ["image_embeds"]),
    ]
    pixels = ["pictures", 3, _PIXELS, _PIXELS]
    graph = helper.make_graph(
        nodes,
        "fields",
        [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, pixels)],
        [helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, ["pictures", 768])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    onnx.save(model, folder / "model.onnx")
    preparation = {
        "image_processor_type": "CLIPImageProcessor",
        "do_resize": True,
        "size": {"shortest_edge": _PIXELS},
        "resample": 3,
        "do_center_crop": True,
        "crop_size": {"height": _PIXELS, "width": _PIXELS},
        "do_rescale": True,
        "rescale_factor": 1 / 255,
        "do_normalize": True,
        "image_mean": [0.4, 0.4, 0.4],
        "image_std": [0.25, 0.25, 0.25],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(preparation), encoding="utf-8")
