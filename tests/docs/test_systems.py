"""The table of the systems that the research names."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SYSTEMS = [
    "imgbeddings",
    "CLIP",
    "SigLIP",
    "DINOv2",
    "DINOv3",
    "MobileCLIP2",
    "FashionCLIP",
    "mlx-embeddings",
    "mlx_clip",
    "YOLOv8",
    "YOLO-World",
    "OWL-ViT",
    "Florence-2",
    "SAM",
    "SAM 2",
    "SAM 3",
    "rembg",
    "Moondream",
    "Google Vision",
    "AWS Rekognition",
    "Chroma",
    "FAISS",
    "Milvus",
    "k-means",
    "HDBSCAN",
]


def test_every_system_has_one_row_which_names_a_test_or_says_that_it_is_not_built() -> None:
    text = (ROOT / "docs/guides/systems.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    found = [row for row in rows if row[0] in SYSTEMS]
    assert [row[0] for row in found] == SYSTEMS
    assert {len(row) for row in found} == {6}
    above: list[str] = []
    for row in found:
        # "The same" and "likewise" refer to the tests of the row above.
        named = re.findall(r"tests/[\w/]+\.py", row[4]) or above
        assert row[1] == "not built" or named, row[0]
        assert all((ROOT / name).is_file() for name in named), row[0]
        above = named
