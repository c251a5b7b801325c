"""Which files of a bundle look like a submission, and to which phase each belongs: by their names, nothing is run."""

import re
from collections.abc import Container, Iterable

from app.bundles.folder import BundleFile
from app.bundles.spec import PhaseSpec

MOST = 20
_SAMPLE = re.compile(r"(?i)(^|[/_.\- ])(sample|example|baseline|submission|submissions|predictions?)([/_.\- ]|$|\d)")
_NOT_A_SAMPLE = (".html", ".htm", ".yaml", ".yml", ".py", ".pyc", ".md", ".sh", ".png", ".jpg", ".jpeg", ".ipynb")
# "sample" and "example" alone name data and pictures as often, so what starts by itself needs a surer word
_SURE = re.compile(r"(?i)(submission|submit|prediction|preds?([^a-z]|$))")
_NO_WORD = re.compile(r"[^a-z0-9]+")


def find_samples(files: Iterable[BundleFile], *, annotations: Container[str | None]) -> tuple[str, ...]:
    """Return the paths of the files that may be submissions, at most 20."""
    found = [file.path for file in files if file.size and file.path not in annotations and looks_like_sample(file.path)]
    return tuple(found[:MOST])


def looks_like_sample(path: str) -> bool:
    """Tell whether a file may be a submission by its path."""
    if path.startswith("evaluation_script") or path.lower().endswith(_NOT_A_SAMPLE):
        return False
    return _SAMPLE.search(path) is not None


def samples_for(phases: Iterable[PhaseSpec], samples: Iterable[str]) -> dict[str, str]:
    """Return codename -> path of the sample that a phase is tried with at import; phases without one are left out.

    A sample has to be of a kind that the phase takes. One that names a phase (`dev_submission.csv`) is for that phase
    alone; among several, the one that names the phase comes first, then the one called a sample, then the shortest.
    """
    phases, sure = list(phases), [path for path in samples if _SURE.search(path)]
    codenames = [phase.codename for phase in phases]
    found: dict[str, str] = {}
    for phase in phases:
        others = [name for name in codenames if name != phase.codename]
        fit = [path for path in sure if _fits(phase, path) and (_names(path, phase.codename) or not _any(path, others))]
        if fit:
            found[phase.codename] = min(
                fit, key=lambda path: (not _names(path, phase.codename), "sample" not in path.lower(), len(path), path)
            )
    return found


def _fits(phase: PhaseSpec, path: str) -> bool:
    return path.lower().endswith(tuple(kind.lower() for kind in phase.allowed_submission_file_types))


def _any(path: str, codenames: list[str]) -> bool:
    return any(_names(path, codename) for codename in codenames)


def _names(path: str, codename: str) -> bool:
    """Tell whether the words of a codename stand in the path, as whole words and in one row."""
    return f"_{_words(codename)}_" in f"_{_words(path)}_"


def _words(text: str) -> str:
    return _NO_WORD.sub("_", text.lower()).strip("_")
