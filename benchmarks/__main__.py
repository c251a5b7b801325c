"""`python -m benchmarks [name ...]`: measures and prints a table; without names everything, in about five minutes."""

import argparse
import datetime as dt
import os
import platform
from collections.abc import Callable

from benchmarks import boards, database, imports, memory, queueing, recovery, report, scoring, uploads, walls
from benchmarks.load import allow_many_files

BENCHMARKS: dict[str, Callable[[], list[report.Line]]] = {
    "scoring": scoring.measure,
    "queueing": queueing.measure,
    "boards": boards.measure,
    "memory": memory.measure,
    "uploads": uploads.measure,
    "imports": imports.measure,
    "recovery": recovery.measure,
    "walls": walls.measure,
    "database": database.measure,
}


def main() -> None:
    """Run the named benchmarks and print each line as soon as it is known."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the product.")
    parser.add_argument("names", nargs="*", metavar="name", help=f"which to run: {', '.join(BENCHMARKS)}")
    names = parser.parse_args().names or list(BENCHMARKS)
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        parser.error(f"there is no benchmark called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    allow_many_files()
    lines = []
    print(_machine())
    print(report.heading())
    for name in names:
        for line in BENCHMARKS[name]():
            lines.append(line)
            print(report.row(line), flush=True)
    over = sum(line.is_over for line in lines)
    print(f"{over} of {sum(line.limit is not None for line in lines)} limits are not held.")


def _machine() -> str:
    now = dt.datetime.now(dt.UTC)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{now:%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load before {load}"
    )


if __name__ == "__main__":
    main()
