"""Try everything as often as asked for, and print tries and failures as a table."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.torture import PARTS, run


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all by default")
    parser.add_argument("--tries", type=int, help="for each part, instead of its own number")
    parser.add_argument("--short", action="store_true", help="as few tries as `make test` has")
    parser.add_argument("--seed", type=int, default=12)
    parser.add_argument("--scratch", type=Path, help="an empty folder; on memory it is fastest")
    return parser.parse_args()


def main() -> int:
    chosen = parsed()
    rows = []
    # No settings of the person who runs this.
    for name in list(os.environ):
        if name.startswith(("AWS_", "GIT_", "RSYNC_")):
            del os.environ[name]
    os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
    with tempfile.TemporaryDirectory(prefix="torture-", dir=chosen.scratch) as scratch:
        os.environ["HOME"] = scratch
        for name in chosen.parts or PARTS:
            begun = time.monotonic()
            number = PARTS[name].short if chosen.short else PARTS[name].full
            tries, failures = run(name, Path(scratch), chosen.tries or number, chosen.seed)
            rows.append((name, tries, len(failures), time.monotonic() - begun))
            for failure in failures[:20]:
                print(f"FAILED {name}: {failure}", flush=True)
            print(f"{name}: {tries} tries, {len(failures)} failures", flush=True)
    print("\n| part | tries | failures | seconds |\n| --- | ---: | ---: | ---: |")
    for name, tries, failed, seconds in rows:
        print(f"| {name} | {tries:,} | {failed:,} | {seconds:.0f} |")
    return int(any(failed for _, _, failed, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
