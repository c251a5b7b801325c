"""The largest bundle that is allowed: 2 GiB unpacked, checked and imported, and what memory that takes."""

import os
import random
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import bundle, product
from benchmarks.report import Line

MIB = 1024 * 1024
LARGE_MIB = 2_044  # 2 GiB with what else is in the bundle
PARTS = 4
NOISE, CHUNK = 96 * 1024, MIB
ADMIN = "host"


def measure() -> list[Line]:
    """Check and import a small bundle and a large one in processes of their own; the difference of the peaks counts."""
    with (
        product.running(web=False, worker=False) as running,
        tempfile.TemporaryDirectory(dir=running.data_dir) as folder,
    ):
        small = bundle.write_bundle("nothing", Path(folder))
        large = _enlarged(small, Path(folder, "large.zip"))
        environment = os.environ | {"SHIAI_DATA_DIR": str(running.data_dir)}
        _run(["create-admin", ADMIN, "host@example.org"], environment, said=b"a long password of a benchmark\n" * 2)
        lines = [Line(name="the large bundle, packed", value=large.stat().st_size / MIB, unit="MiB")]
        for name, words in (("check", ["check-bundle"]), ("import", ["import-bundle", "--host", ADMIN])):
            _, before = _run([*words, str(small)], environment)
            seconds, peak = _run([*words, str(large)], environment)
            lines += [
                Line(name=f"2 GiB, {name}: memory beyond a small one's", value=peak - before, unit="MiB", limit=50),
                Line(name=f"2 GiB, {name}", value=seconds, unit="s"),
            ]
    return lines


def _enlarged(small: Path, path: Path) -> Path:
    """Add large files that pack to an eighth, as real data does."""
    with zipfile.ZipFile(small) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
        for info in given.infolist():
            made.writestr(info.filename, given.read(info).replace(b"annotations/truth.csv", b"annotations/part0.bin"))
        for part in range(PARTS):
            with made.open(f"annotations/part{part}.bin", "w", force_zip64=True) as entry:
                for chunk in _chunks(LARGE_MIB // PARTS):
                    entry.write(chunk)
    return path


def _chunks(count: int) -> Iterator[bytes]:
    chance = random.Random(bundle.SEED)
    for _ in range(count):
        yield chance.randbytes(NOISE) + bytes(CHUNK - NOISE)


def _run(words: list[str], environment: dict[str, str], *, said: bytes = b"") -> tuple[float, float]:
    """Run a command of the product; give its seconds and its largest memory in MiB."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=product.ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as running:
        if running.stdin is not None:
            running.stdin.write(said)
            running.stdin.close()
        _, status, used = os.wait4(running.pid, 0)
        running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise RuntimeError(f"{words[0]} ended with {running.returncode}")
    return time.perf_counter() - began, used.ru_maxrss / 1024
