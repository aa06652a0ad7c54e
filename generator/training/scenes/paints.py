"""Colour words, their paints, plastics and foils, and weighted choice."""

import numpy as np

from generator.training.scenes.designs import Rgb

PAINTS: dict[str, tuple[Rgb, ...]] = {
    "white": ((0.90, 0.90, 0.88), (0.86, 0.86, 0.83), (0.93, 0.93, 0.93), (0.84, 0.82, 0.76)),
    "grey": ((0.58, 0.58, 0.57), (0.47, 0.47, 0.46), (0.66, 0.66, 0.64), (0.62, 0.60, 0.55)),
    "black": ((0.09, 0.09, 0.10), (0.13, 0.13, 0.13), (0.16, 0.15, 0.15)),
    "orange": ((0.93, 0.62, 0.10), (0.95, 0.45, 0.12), (0.90, 0.72, 0.16), (0.88, 0.55, 0.12)),
    "red": ((0.78, 0.12, 0.12), (0.70, 0.14, 0.12), (0.84, 0.18, 0.13), (0.62, 0.17, 0.15)),
    "green": ((0.08, 0.45, 0.28), (0.13, 0.52, 0.26), (0.09, 0.33, 0.22), (0.25, 0.62, 0.30)),
    "blue": ((0.10, 0.28, 0.66), (0.13, 0.38, 0.75), (0.15, 0.24, 0.50), (0.36, 0.55, 0.78)),
    "brown": ((0.38, 0.26, 0.18), (0.45, 0.33, 0.24), (0.50, 0.27, 0.17), (0.33, 0.25, 0.20)),
}
REFLECTORS: dict[str, tuple[Rgb, ...]] = {
    "white": ((0.86, 0.87, 0.88), (0.74, 0.77, 0.78), (0.92, 0.92, 0.90)),
    "grey": ((0.62, 0.64, 0.65), (0.54, 0.56, 0.58)),
    "black": ((0.12, 0.12, 0.12),),
    "orange": ((0.98, 0.60, 0.10), (0.95, 0.50, 0.08), (0.98, 0.70, 0.20), (0.90, 0.45, 0.10)),
    "red": ((0.82, 0.10, 0.13), (0.70, 0.09, 0.12), (0.90, 0.18, 0.16), (0.58, 0.10, 0.12)),
    "green": ((0.10, 0.55, 0.32), (0.20, 0.65, 0.35)),
    "blue": ((0.10, 0.30, 0.80), (0.25, 0.50, 0.85), (0.12, 0.22, 0.60)),
    "brown": ((0.45, 0.28, 0.16),),
}


def paint(word: str, rng: np.random.Generator, *, foil: bool = False) -> Rgb:
    """Returns a colour that people call `word`; `foil` for reflectors. KeyError if unknown."""
    table = (REFLECTORS if foil else PAINTS)[word]
    base = np.array(table[int(rng.integers(len(table)))])
    hue = 0.012 if word in ("white", "grey", "black") else 0.04
    mixed = np.clip(base * np.exp(rng.normal(0, hue, 3)) * np.exp(rng.normal(0, 0.05)), 0.02, 0.97)
    return (float(mixed[0]), float(mixed[1]), float(mixed[2]))


def pick(rng: np.random.Generator, options: dict[str, float]) -> str:
    """Returns one of the keys, with a probability proportional to its weight."""
    names = list(options)
    weights = np.array(list(options.values()))
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]
