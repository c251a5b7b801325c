"""Answers scripts that call pip: there is no network here, and what is installed is what there is.

Bundles made from EvalAI's template run `pip install` while they are imported, by check_call. What is there
already, in whatever version, counts as installed. What is not there is named, and the call succeeds all the same:
many scripts ask for packages, such as those in the template's comments, that they never import.
"""

import re
import sys
from importlib import metadata

_ALIASES = {"sklearn": "scikit-learn", "pil": "pillow", "yaml": "pyyaml", "cv2": "opencv-python"}
_OPTIONS_WITH_VALUE = (
    "-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f", "--find-links",
    "-t", "--target", "--prefix", "--root", "--python-version", "--platform", "--timeout", "--retries",
    "--trusted-host",
)  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Do as pip's own main does: give 0, and name what is not there."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if not words or words[0] != "install":
        print(f"pip {' '.join(words[:1])}: packages are managed by this server; nothing was done.")
        return 0
    missing = [name for name in _wanted(words[1:]) if not _is_there(name)]
    for name in missing:
        print(
            f"pip: {name} is not installed on this server, and evaluation scripts have no network; nothing was done. "
            "If the script imports it, its administrator can have an environment built that has it.",
            file=sys.stderr,
        )
    return 0


def _wanted(words: list[str]) -> list[str]:
    wanted: list[str] = []
    words = list(words)
    while words:
        word = words.pop(0)
        if word in ("-r", "--requirement") and words:
            wanted += _of_file(words.pop(0))
        elif word in _OPTIONS_WITH_VALUE and words:
            words.pop(0)
        elif not word.startswith("-"):
            wanted.append(_name(word))
    return [name for name in wanted if name]


def _of_file(path: str) -> list[str]:
    with open(path, encoding="utf-8") as file:  # noqa: PTH123 - a stand-in starts fast by importing little
        lines = (line.split("#")[0].strip() for line in file)
        return [_name(line) for line in lines if line and not line.startswith("-")]


def _name(requirement: str) -> str:
    if "://" in requirement:
        # git+https://example.org/somebody/package.git@v1#egg=package
        requirement = re.sub(r".*[#&]egg=|.*/|\.git.*", "", requirement)
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement)
    return found[0] if found else ""


def _is_there(name: str) -> bool:
    wanted = re.sub(r"[-_.]+", "-", name).lower()
    if wanted in ("pip", "setuptools", "wheel") or name in sys.stdlib_module_names:
        return True
    try:
        metadata.distribution(_ALIASES.get(wanted, wanted))
    except metadata.PackageNotFoundError:
        return False
    return True
