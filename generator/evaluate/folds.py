"""Folds over bollards, and the models of a cross-validation."""

import json
from collections.abc import Sequence
from pathlib import Path

from generator.embed.builtin import BuiltinEmbedder
from generator.errors import BollardsError
from generator.evaluate.labelled import LabelledPhoto
from generator.evaluate.labels import folds
from generator.recogniser.model import Recogniser

FOLDS_FILE = "folds.json"


def rows_of_folds(photos: Sequence[LabelledPhoto], count: int) -> list[list[int]]:
    """The rows of each fold, as in training. A bollard is in one fold. 0 means no folds."""
    if not count:
        return []
    parts = folds([photo.label for photo in photos], count)
    return [part.tolist() for part in parts if len(part)]


def load_fold_models(folder: Path) -> list[tuple[BuiltinEmbedder, frozenset[str]]]:
    """The models of a cross-validated training, and the bollards that each has not seen.

    Args:
        folder: contains `fold0.onnx`, `fold1.onnx`, ... and `folds.json`, which lists for each of
            them the bollards (as in the labels) that were held out of its training.

    Raises:
        BollardsError: a file is missing, or `folds.json` has another form.
    """
    path = folder / FOLDS_FILE
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BollardsError(
            f"{path}: there is no such file. Training with --folds and --fold-models writes it,"
            " beside fold0.onnx, fold1.onnx, ..."
        ) from None
    except OSError as error:
        raise BollardsError(f"{path}: cannot be read: {error.strerror or error}.") from None
    except ValueError as error:
        raise BollardsError(f"{path}: not valid JSON: {error}.") from None
    if not (isinstance(told, list) and told and all(isinstance(fold, list) for fold in told)):
        raise BollardsError(
            f"{path}: expected a list of lists of bollards, one list for each model."
        )
    kept_out = [frozenset(str(bollard) for bollard in fold) for fold in told]
    if sum(len(fold) for fold in kept_out) != len(frozenset().union(*kept_out)):
        raise BollardsError(f"{path}: a bollard is in two folds; it has to be in one at most.")
    return [(_model(folder / f"fold{i}.onnx"), fold) for i, fold in enumerate(kept_out)]


def _model(path: Path) -> BuiltinEmbedder:
    try:
        model = Recogniser(path)
        # Open the file now, so that a wrong one is reported here and not in the middle of the work.
        _ = model.vocabulary
    except OSError as error:
        raise BollardsError(f"{path}: cannot be read: {error.strerror or error}.") from None
    except Exception as error:
        # onnxruntime's errors for files that are not models have no other common class.
        raise BollardsError(f"{path}: not a model of this recogniser: {error}") from None
    return BuiltinEmbedder(model)
