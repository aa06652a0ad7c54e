"""The package imgbeddings: CLIP ViT-B/32 as 8-bit ONNX, 768 values a picture.

Its model is not part of the program: it comes from the Hugging Face hub, or from a local file
(`model` under `[embed]`). Of the hub, only that one file is needed: the package would also fetch a
tokenizer, which pictures have no use for, and a preprocessor configuration, whose published
numbers are below.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from generator.config import EmbedSettings
from generator.embed import Embedder, FloatArray, ModelFacts
from generator.embed.huggingface import HubUnreachableError, hub_file, import_transformers
from generator.errors import BollardsError
from generator.inference import bounded, fingerprint, open_session, unit_rows

DIMENSIONS = 768
_REPOSITORY = "minimaxir/imgbeddings"
_FILE = "patch32_v1.onnx"
_VERSION = "imgbeddings 0.1.0, preparation 1"
# openai/clip-vit-base-patch32, preprocessor_config.json; without the crop, as imgbeddings sets it.
_PREPARATION = {
    "do_resize": True,
    "size": {"shortest_edge": 224},
    "resample": Image.Resampling.BICUBIC,
    "do_center_crop": False,
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
    "do_convert_rgb": True,
}


class ImgbeddingsEmbedder(Embedder):
    """Asks `imgbeddings.to_embeddings`. Opens its model at the first picture."""

    name = "imgbeddings"

    def __init__(self, model: Path) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._package: Any = None
        self.fingerprint = fingerprint([model], _VERSION)

    @property
    def dimensions(self) -> int:
        return DIMENSIONS

    def facts(self) -> ModelFacts:
        return ModelFacts(self._model.stat().st_size, "MIT", "unchecked")

    def embed(self, images: Sequence[Image.Image]) -> FloatArray:
        """RGB crops of any size -> float32 [n, 768], rows of unit length.

        Raises:
            BollardsError: the file is not a model of imgbeddings.
        """
        package = self._opened()
        if not images:
            return np.empty((0, DIMENSIONS), np.float32)
        # One at a time: an 8-bit model scales its numbers by the largest of the whole batch, so a
        # picture's vector would depend on its company. On one thread it is not slower.
        rows = np.vstack([package.to_embeddings([bounded(image)]) for image in images])
        return unit_rows(rows, self._model)

    def _opened(self) -> Any:
        with self._lock:
            if self._package is None:
                self._package = _package(self._model)
            return self._package


def load(name: str, settings: EmbedSettings, project: Path) -> ImgbeddingsEmbedder:
    """The embedder with the model that site.toml names, or else with the hub's.

    Raises:
        BollardsError: there is no such file, or the hub does not answer.
    """
    if settings.model:
        return ImgbeddingsEmbedder(_local_model(settings.model, project))
    try:
        model = hub_file(_REPOSITORY, _FILE)
    except HubUnreachableError as error:
        raise BollardsError(_how_to_get_it(str(error), project)) from error
    if model is None:
        raise BollardsError(_how_to_get_it(f"{_REPOSITORY} has no {_FILE}", project))
    return ImgbeddingsEmbedder(model)


def _package(model: Path) -> Any:
    """An `imgbeddings` object on `model`, with a session and a preparation of ours.

    It is made without the package's own `__post_init__`, which needs `cached_download` (dropped by
    huggingface_hub 0.26), `CLIPProcessor.feature_extractor` (dropped by transformers 5) and the
    hub, and opens a session that takes all cores. What turns pictures into vectors is the package's
    own code, unchanged.
    """
    session = open_session(model)
    inputs = [node.name for node in session.get_inputs()]
    outputs = [node.name for node in session.get_outputs()]
    if inputs != ["pixel_values"] or "embeddings" not in outputs:
        raise BollardsError(
            f'{model}: not a model of imgbeddings: expected the input "pixel_values" and the output'
            f' "embeddings"; found {", ".join(inputs)} and {", ".join(outputs)}.\n'
            '  For any other model set embedder = "onnx" under [embed] in site.toml.'
        )
    created = object.__new__(_import_imgbeddings())
    created.session = session
    created.processor = _processor()
    return created


def _import_imgbeddings() -> Any:
    import huggingface_hub

    import_transformers()
    names = vars(huggingface_hub)
    lent = "cached_download" not in names and not hasattr(huggingface_hub, "cached_download")
    if lent:
        # The package imports the name; nothing here calls it. Taken back at once, so that other
        # code still sees what the installed release really has.
        names["cached_download"] = None
    try:
        from imgbeddings import imgbeddings
    finally:
        if lent:
            names.pop("cached_download", None)
    return imgbeddings


def _processor() -> Any:
    """CLIP's image processor on Pillow; without tokenizer, torch or hub.

    transformers 5 calls the Pillow one `CLIPImageProcessorPil`; up to 4.57 it is the plain name.
    """
    # Checked on 21 real photos and 10 pictures of noise from 7 x 5 to 1000 x 1000 px: with
    # transformers 4.57.6 / huggingface_hub 0.36.2 and with 5.23.0 / 2.4.0 the prepared values equal
    # those of the package itself, unaided, on 4.45.2 / 0.25.2: the largest difference is 0.
    transformers = import_transformers()
    kind = getattr(transformers, "CLIPImageProcessorPil", None) or transformers.CLIPImageProcessor
    return kind(**_PREPARATION)


def _local_model(setting: str, project: Path) -> Path:
    path = project / setting
    if path.is_dir():
        path = path / _FILE
    if not path.is_file():
        raise BollardsError(
            f"site.toml: embed.model: expected the model file of imgbeddings; there is no {path}.\n"
            f"{_ways_out(project)}"
        )
    return path


def _how_to_get_it(reason: str, project: Path) -> str:
    return (
        f'embedder = "imgbeddings" needs the file {_FILE} (about 90 MB) from the Hugging Face hub,'
        f" and it cannot be downloaded: {reason}\n{_ways_out(project)}"
    )


def _ways_out(project: Path) -> str:
    return (
        f"  Either download https://huggingface.co/{_REPOSITORY}/resolve/main/{_FILE}\n"
        f"  on a machine with network, put it at {project / 'models' / _FILE}\n"
        f'  and set model = "models/{_FILE}" under [embed] in site.toml;\n'
        '  or set embedder = "builtin", which needs no download.'
    )
