"""Try everything as often as asked for, and print tries and failures as a table.

With `--log`, each round of a part adds its tries to a file. Rounds in that file are not repeated,
and the table shows the whole file: a long run may be interrupted and continued.
"""

import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from tests.torture import PARTS, Count, run


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all by default")
    parser.add_argument("--tries", type=int, help="for each part, instead of its own number")
    parser.add_argument("--short", action="store_true", help="as few tries as `make test` has")
    parser.add_argument("--seed", type=int, default=12, help="of the first round")
    parser.add_argument("--rounds", type=int, default=1, help="take the parts in turn so often")
    parser.add_argument("--log", type=Path, help="a file that keeps the counts")
    parser.add_argument("--scratch", type=Path, help="an empty folder; on memory it is fastest")
    return parser.parse_args()


def main() -> int:
    chosen = parsed()
    counts = list(logged(chosen.log)) if chosen.log else []
    done = {(count.part, count.seed) for count in counts}
    # Whoever ends a run in the background wants its counts.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # No settings of the person who runs this.
    for name in list(os.environ):
        if name.startswith(("AWS_", "GIT_", "RSYNC_")):
            del os.environ[name]
    os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
    with tempfile.TemporaryDirectory(prefix="torture-", dir=chosen.scratch) as scratch:
        os.environ["HOME"] = scratch
        for seed in range(chosen.seed, chosen.seed + chosen.rounds):
            for name in chosen.parts or PARTS:
                if (name, seed) in done:
                    continue
                number = PARTS[name].short if chosen.short else PARTS[name].full
                tries = -(-(chosen.tries or number) // chosen.rounds)
                count = run(name, Path(scratch), tries, seed)
                counts.append(count)
                for failure in count.failures[:20]:
                    print(f"FAILED {name}: {failure}", flush=True)
                print(f"{name}: {count.tries} tries, {len(count.failures)} failures", flush=True)
                if chosen.log:
                    with chosen.log.open("a", encoding="utf-8") as log:
                        log.write(json.dumps(asdict(count)) + "\n")
                if count.tries < tries:
                    return table(counts)
    return table(counts)


def logged(log: Path) -> Iterable[Count]:
    """The counts in a log."""
    if log.exists():
        for line in log.read_text(encoding="utf-8").splitlines():
            yield Count(**json.loads(line))


def table(counts: Iterable[Count]) -> int:
    """Print the counts; returns 1 if anything failed."""
    found = list(counts)
    print("\n| part | tries | failures | seconds |\n| --- | ---: | ---: | ---: |")
    for name in PARTS:
        own = [count for count in found if count.part == name]
        if own:
            tries, failed = sum(one.tries for one in own), sum(len(one.failures) for one in own)
            print(f"| {name} | {tries:,} | {failed:,} | {sum(one.seconds for one in own):.0f} |")
    return int(any(count.failures for count in found))


if __name__ == "__main__":
    sys.exit(main())
