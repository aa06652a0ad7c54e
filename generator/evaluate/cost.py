"""What one photo costs an embedder: processor time and memory, in a process of its own.

Run as `python -m generator.evaluate.cost`, it reads one JSON object from its input (`embed`, the
section [embed]; `files`, photos) and prints another (see `Cost`). A fresh process, because memory
that a model has taken is not given back, and another model's must not count.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from generator.config import EmbedSettings, Settings
from generator.embed import EMBEDDER_PIXELS, load_embedder
from generator.errors import BollardsError
from generator.look import limits_of, open_picture

PHOTOS = 8
"""How many photos are timed."""
# With these, a model of a gigabyte on a slow machine is measured, too.
_PATIENCE_S = 1800


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of an embedder.

    Attributes:
        seconds: processor time a photo, with the photo already open.
        megabytes: the most memory in use, less than was before the model was opened; None where
            the system does not tell.
    """

    seconds: float
    megabytes: float | None


def cost_of(embed: EmbedSettings, files: Sequence[Path]) -> Cost:
    """Measure an embedder on a few photos.

    Raises:
        BollardsError: it cannot embed them.
    """
    with tempfile.TemporaryDirectory() as folder:
        return _asked(embed, _small(files[:PHOTOS], Path(folder)))


def _small(files: Sequence[Path], folder: Path) -> list[str]:
    """Copies of embedder size: opening large photos takes memory that is no model's."""
    made = []
    for position, path in enumerate(files):
        picture = open_picture(path, limits_of(Settings()), at_least=EMBEDDER_PIXELS)
        picture.thumbnail((EMBEDDER_PIXELS, EMBEDDER_PIXELS))
        picture.save(folder / f"{position}.png")
        made.append(str(folder / f"{position}.png"))
    return made


def _asked(embed: EmbedSettings, files: Sequence[str]) -> Cost:
    asked = {"embed": embed.model_dump(mode="json"), "files": list(files)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "generator.evaluate.cost"],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        return Cost(**json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        raise BollardsError(
            f"{embed.embedder}: {PHOTOS} photos took more than {_PATIENCE_S} s."
        ) from None
    except (ValueError, TypeError):
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BollardsError(f"{embed.embedder}: cannot be measured: {last}") from None


def _measured(embed: EmbedSettings, files: Sequence[Path]) -> Cost:
    pictures = [open_picture(one, limits_of(Settings()), at_least=EMBEDDER_PIXELS) for one in files]
    before = _most_memory()
    embedder = load_embedder(embed, Path())
    # The first picture opens the model.
    embedder.embed(pictures[:1])
    began = time.process_time()
    for one in pictures:
        embedder.embed([one])
    seconds = (time.process_time() - began) / len(pictures)
    after = _most_memory()
    return Cost(round(seconds, 4), None if before is None or after is None else after - before)


def _most_memory() -> float | None:
    """The most memory that this process has used so far, in MB."""
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(most / (1e6 if sys.platform == "darwin" else 1e3), 1)


def main() -> None:
    """Answer one question."""
    asked = json.loads(sys.stdin.read())
    try:
        found = _measured(EmbedSettings(**asked["embed"]), [Path(one) for one in asked["files"]])
    except BollardsError as error:
        sys.exit(" ".join(str(error).split()))
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
