"""Train the detector from random weights: `python -m generator.training.train_detector`.

One fold of all real pictures is held out for the figures and the calibration of the confidence.
Further training on all pictures made the choice of the best box worse, because no pictures were
left for the calibration (see CARD.md).
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from generator.evaluate.boxes_report import boxes_text
from generator.recogniser.detector import Detector
from generator.training import export_detector
from generator.training.calibrating import (
    AT_FIRST,
    calibrate,
    crossed,
    figures_apart,
    look_apart,
)
from generator.training.detector_loop import DetectorRecipe, train_detector
from generator.training.detector_material import Sources, Split


def main(arguments: Sequence[str]) -> int:
    """Run the training that the arguments request; 0 for success."""
    parser = argparse.ArgumentParser(prog="python -m generator.training.train_detector")
    parser.add_argument("--photos", type=Path, required=True, help="folder with labels.csv")
    parser.add_argument(
        "--more", type=Path, required=True, help="folder with close/, street/ and roads/"
    )
    parser.add_argument(
        "--masks", type=Path, required=True, help="masks of the photos: photos/ and close/, PNG"
    )
    parser.add_argument("--out", type=Path, required=True, help="the ONNX file to write")
    parser.add_argument("--held-out", type=int, default=0, help="the fold to measure on")
    parser.add_argument("--steps", type=int, default=DetectorRecipe.steps)
    parser.add_argument("--keep", type=Path, default=Path(".bollards/train"), help="scratch folder")
    parser.add_argument("--threads", type=int, default=2)
    wanted = parser.parse_args(arguments)
    torch.set_num_threads(wanted.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    began = time.monotonic()
    wanted.keep.mkdir(parents=True, exist_ok=True)
    sources = Sources(
        photos=wanted.photos,
        close=wanted.more / "close",
        streets=wanted.more / "street",
        roads=wanted.more / "roads",
        masks=wanted.masks,
        scenes=wanted.keep,
    )
    split = Split(wanted.held_out)
    checkpoint = wanted.keep / f"detector-fold{wanted.held_out}.pt"
    recipe = replace(DetectorRecipe(), steps=wanted.steps)
    network = train_detector(sources, split, recipe, checkpoint, device=device)
    trial = checkpoint.with_suffix(".onnx")
    export_detector.write(network, AT_FIRST, trial)
    apart = look_apart(Detector(trial), sources, split)
    for name, figures in figures_apart(crossed(apart)).items():
        print(f"\n{name} that training never saw\n{boxes_text(figures)}", flush=True)
    calibration = calibrate(apart.parts())
    print(f"\ncalibration {calibration}", flush=True)
    export_detector.write(network, calibration, wanted.out)
    print(f"{wanted.out}: {wanted.out.stat().st_size:,} bytes; {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
