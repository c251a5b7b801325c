"""Files that a zip lacks, and the same bundle packed anew with them in it."""

import zipfile
from collections.abc import Sequence
from pathlib import Path

from app.bundles.check import CheckedBundle
from app.bundles.problems import Problem, Severity


def missing_files(problems: Sequence[Problem]) -> list[Problem]:
    """Return one problem for each file that would cure it, in reading order: those that stop the import first."""
    found: dict[str, Problem] = {}
    for problem in problems:
        if problem.supply is not None:
            found.setdefault(problem.supply, problem)
    return list(found.values())


def only_files_are_missing(problems: Sequence[Problem]) -> bool:
    """Tell whether nothing stops the import but files that can be supplied."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    return bool(errors) and all(problem.supply is not None for problem in errors)


def pack_whole(checked: CheckedBundle, target: Path) -> None:
    """Write every file of an opened bundle, the supplied ones too, into a new zip; what was left out stays out."""
    if checked.root is None:
        raise ValueError("a bundle that could not be opened cannot be packed")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in checked.files:
            archive.write(checked.root / file.path, file.path)
