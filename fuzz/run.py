"""The coverage-guided fuzzer: mutates what a reader is given, towards code that it has not reached yet.

    pip install '.[fuzz]' && python fuzz/run.py --seconds 180 [TARGET ...]

Each target runs in a process of its own for as long as asked. A crash is written down once for each place in the code,
with the bytes that led to it, in `fuzz/found/`, and the search goes on. Every crash becomes a test.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "tests")]
import mutate  # noqa: E402 - beside this file

FOUND = HERE / "found"
#: The share of changes that are ours and not the fuzzer's own.
_OURS = 0.5


def main() -> int:
    """Fuzz every target asked for, one after the other, and print how often each was run, and what was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("targets", nargs="*")
    parser.add_argument("--seconds", type=int, default=60, help="of CPU, for each target")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=FOUND / "corpus", help="kept from one time to the next")
    parser.add_argument("--one", action="store_true", help="fuzz one target in this process")
    options = parser.parse_args()
    if options.one:
        return _one(options.targets[0], options)
    names = options.targets or _names()
    for name in names:
        command = [
            sys.executable,
            __file__,
            name,
            "--one",
            "--seconds",
            str(options.seconds),
            "--seed",
            str(options.seed),
        ]
        done = subprocess.run([*command, "--corpus", str(options.corpus)], capture_output=True, text=True, check=False)
        print(
            done.stdout.strip() or f"{name}: the process ended with {done.returncode}\n{done.stderr[-2000:]}",
            flush=True,
        )
    return 0


def _names() -> list[str]:
    from targets import TARGETS  # noqa: PLC0415 - each target's process imports it instrumented

    return list(TARGETS)


def _one(name: str, options: argparse.Namespace) -> int:
    import atheris  # noqa: PLC0415 - an extra

    with atheris.instrument_imports(include=["patentscope"]):
        import targets  # noqa: PLC0415 - instrumented
    target = targets.TARGETS[name]
    slug = name.replace(" ", "-")
    corpus = options.corpus / slug
    corpus.mkdir(parents=True, exist_ok=True)
    for place, seed in enumerate(target.seeds()):
        (corpus / f"seed-{place}").write_bytes(seed)
    tally = {"target": name, "runs": 0, "taken": 0, "crashes": 0}
    places: set[str] = set()
    until = time.process_time() + options.seconds

    def test(data: bytes) -> None:
        tally["runs"] += 1
        try:
            tally["taken"] += targets.tried(target, data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a crash
            _note(slug, error, data, places)
            tally["crashes"] = len(places)
        if time.process_time() > until:
            _say(tally)

    def change(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        return mutate.mutated(data, chance)[:most] if chance.random() < _OURS else atheris.Mutate(data, most)

    arguments = [
        "fuzz",
        str(corpus),
        f"-seed={options.seed}",
        f"-max_len={mutate.MOST}",
        "-rss_limit_mb=4096",
        "-timeout=60",
    ]
    atheris.Setup(
        [*arguments, f"-artifact_prefix={FOUND}/{slug}-", "-print_final_stats=0", "-verbosity=0"],
        test,
        custom_mutator=change,
    )
    atheris.Fuzz()
    return 0


def _say(tally: dict[str, object]) -> None:
    """Print what was done, and end the process: the fuzzer's own loop has no end."""
    import os  # noqa: PLC0415 - only needed here

    print(json.dumps(tally), flush=True)
    os._exit(0)


def _note(slug: str, error: Exception, data: bytes, places: set[str]) -> None:
    """Write a crash down where it is the first at its place in our code."""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/patentscope/" in frame.filename]
    last = ours[-1] if ours else traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}"
    if place in places:
        return
    places.add(place)
    FOUND.mkdir(exist_ok=True)
    (FOUND / f"{slug}-{place}.bin").write_bytes(data)
    text = "".join(traceback.format_exception(error))
    (FOUND / f"{slug}-{place}.txt").write_text(text, encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    raise SystemExit(main())
