"""Find a challenge's evaluate(): the package is imported under the name that EvalAI gives it."""

import importlib
import importlib.util
import inspect
import re
import sys
import types
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

from evaluation_runtime import foreign
from evaluation_runtime.protocol import COMPUTE, PACKAGE_PARENT

Evaluate = Callable[..., Any]

# Without a box this is the folder of the product, where a script's `import config` must not end.
_OWN = str(Path(__file__).resolve().parent.parent)


class UnsoundScriptError(Exception):
    """The package was imported but there is nothing in it that can be called; the message says why."""


def package_folder(job: str, *, challenge_number: int) -> str:
    """Return the folder of a challenge's script within its job."""
    return f"{job}/{COMPUTE}/{PACKAGE_PARENT}/challenge_{challenge_number}"


def load(job: str, *, challenge_number: int) -> Evaluate:
    """Import the job's package and give its evaluate().

    Relative imports, absolute imports of sibling modules and `challenge_data.challenge_<n>.x` all work, for any n.
    Raises UnsoundScriptError, and whatever importing the package raises.
    """
    # Without a box nothing but these walls stands between an environment's packages and the machine.
    foreign.let_in()
    compute = f"{job}/{COMPUTE}"
    name = f"{PACKAGE_PARENT}.challenge_{challenge_number}"
    # Behind everything else: a sibling called random.py must not replace the standard library's.
    sys.path[:] = [
        *(path for path in sys.path if path != _OWN),
        compute,
        package_folder(job, challenge_number=challenge_number),
    ]
    _make_parent(f"{compute}/{PACKAGE_PARENT}")
    sys.meta_path.append(_OtherNames(package_folder(job, challenge_number=challenge_number)))
    package = importlib.import_module(name)
    evaluate = getattr(package, "evaluate", None)
    if evaluate is None:
        raise UnsoundScriptError(
            "The package has no evaluate. Its __init__.py, at the top of the zip, has to say "
            "'from .main import evaluate' or define evaluate() itself."
        )
    if not callable(evaluate):
        raise UnsoundScriptError(
            f"evaluate is {_a(type(evaluate).__name__)}, not a function. If a module of the package is called "
            "evaluate.py, its __init__.py has to say 'from .evaluate import evaluate'."
        )
    found: Evaluate = evaluate
    return found


class _OtherNames:
    """Finds the script where nothing else is found, under names that it has elsewhere.

    Scripts name the number of the challenge they were tried out in, mostly 1, or the folder of their repository.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:  # noqa: ARG002
        """Find a package as the import system asks for it."""
        if not re.fullmatch(rf"{PACKAGE_PARENT}\.challenge_\d+|evaluation_script", name):
            return None
        found = f"{self._folder}/__init__.py"
        return importlib.util.spec_from_file_location(name, found, submodule_search_locations=[self._folder])


def _make_parent(folder: str) -> None:
    """Put the package around the challenge's in place: a folder, for which the import system searches every path."""
    parent = types.ModuleType(PACKAGE_PARENT)
    parent.__path__ = [folder]
    sys.modules[PACKAGE_PARENT] = parent


def takes_metadata(evaluate: Evaluate) -> bool:
    """Say whether evaluate() can be called with the keyword submission_metadata, which EvalAI always gives."""
    try:
        inspect.signature(evaluate).bind("", "", "", submission_metadata={})
    except (TypeError, ValueError):
        return False
    return True


def examine(evaluate: Evaluate) -> None:
    """Look at evaluate() without calling it. Raises UnsoundScriptError when a call could not succeed."""
    if inspect.iscoroutinefunction(evaluate) or inspect.isasyncgenfunction(evaluate):
        raise UnsoundScriptError("evaluate() is declared async. It has to be an ordinary function.")
    if inspect.isgeneratorfunction(evaluate):
        raise UnsoundScriptError("evaluate() contains yield, so it returns no result. It has to use return.")
    try:
        signature = inspect.signature(evaluate)
    except (TypeError, ValueError):
        return
    try:
        signature.bind("", "", "")
    except TypeError:
        raise UnsoundScriptError(
            f"evaluate{signature} cannot be called with three arguments. It has to be "
            "evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs)."
        ) from None


def _a(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
