"""The Python that a warm parent runs: this server's own with its packages, or that of an environment."""

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Interpreter:
    """`folders` are what it has to be able to read; `foreign` says that a challenge asked for its packages."""

    executable: str
    folders: tuple[str, ...]
    scripts: str
    foreign: bool = False


def own_interpreter() -> Interpreter:
    """Return this server's Python, with the packages the product itself runs with."""
    packages = (
        path for path in sys.path if Path(path).name in ("site-packages", "dist-packages") and Path(path).is_dir()
    )
    folders = (sys.prefix, *_without_packages(), *packages)
    return Interpreter(executable=sys.executable, folders=folders, scripts=sysconfig.get_path("scripts"))


def interpreter_of(environment: Path) -> Interpreter:
    """Return the Python of a built environment: the same program, with the environment's packages and no others."""
    scripts = environment / "bin"
    folders = (str(environment), *_without_packages())
    return Interpreter(executable=str(scripts / "python"), folders=folders, scripts=str(scripts), foreign=True)


def _without_packages() -> tuple[str, ...]:
    program = str(Path(sys.executable).resolve().parent.parent)
    return (sys.base_prefix, program, os.path.realpath(sys.base_prefix))
