"""Make the zips that a host uploads: `python -m examples.build [--into build/examples]`.

Each zip holds what EvalAI's own GitHub action would send: the evaluation script as a zip of its own, then
the tree without what belongs to git and GitHub. Times and order are fixed, so the bytes are the same
each time. Needs the standard library only.
"""

import argparse
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parent
NAMES = ("breast-cancer-auc", "digits-ranking", "diabetes-rmse")

# The first two lists are those of the action (EvalAI-Starters, github/challenge_processing_script.py);
# the third is what a checkout of the repository would not hold.
LEFT_OUT_FOLDERS = {".git", ".github", "github", "code_upload_challenge_evaluation", "remote_challenge_evaluation"}
LEFT_OUT_FILES = {".gitignore", "challenge_config.zip", "README.md", "run.sh", "submission.json"}
LEFTOVERS = {"__pycache__", ".mypy_cache", ".ruff_cache", ".DS_Store", "evaluation_script.zip"}

EARLIEST = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644 << 16

Entry = tuple[str, bytes]


def bundle(folder: Path) -> bytes:
    """Return the challenge zip of a folder in EvalAI's layout."""
    script = zip_bytes(entries(folder / "evaluation_script"))
    return zip_bytes([("evaluation_script.zip", script), *entries(folder)])


def entries(folder: Path) -> Iterable[Entry]:
    """Yield (name with forward slashes, content) of the files that travel, sorted by name."""
    for path in sorted(folder.rglob("*"), key=lambda found: found.relative_to(folder).as_posix()):
        inside = path.relative_to(folder)
        unwanted = LEFT_OUT_FOLDERS.union(LEFTOVERS).intersection(inside.parts)
        if path.is_file() and not unwanted and path.name not in LEFT_OUT_FILES and path.suffix != ".pyc":
            yield inside.as_posix(), path.read_bytes()


def zip_bytes(files: Iterable[Entry]) -> bytes:
    """Zip the files in the given order with fixed times and modes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, date_time=EARLIEST)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, also when built on Windows
            info.external_attr = READABLE_FILE
            archive.writestr(info, content)
    return target.getvalue()


def main() -> None:
    """Write the zip of every example."""
    parser = argparse.ArgumentParser(description="Make the zips of the example challenges.")
    parser.add_argument("--into", type=Path, default=Path("build/examples"), help="folder for the zips")
    into: Path = parser.parse_args().into
    into.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        target = into / f"{name}.zip"
        target.write_bytes(bundle(EXAMPLES / name))
        print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
