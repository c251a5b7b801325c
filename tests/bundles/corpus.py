"""Real configurations of public challenges, where they lie beside the checkout, each with stand-ins for its files."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from app.bundles.check import CheckedBundle, check
from app.bundles.problems import Problem, Severity
from tests.bundles.builders import SCRIPT, png, written, zip_of

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
NAMING = (
    "description",
    "evaluation_details",
    "terms_and_conditions",
    "submission_guidelines",
    "image",
    "test_annotation_file",
)


@dataclass(frozen=True)
class Outcome:
    """What became of one configuration."""

    name: str
    parses: bool
    checked: CheckedBundle

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.checked.problems if problem.severity is Severity.ERROR]

    @property
    def kind(self) -> str:
        if self.checked.ok:
            return "a challenge"
        told = all(problem.line and problem.column and problem.advice() for problem in self.errors)
        return "problems with line and cure" if self.errors and told else "silence"


def configurations() -> list[Path]:
    """Return the configurations; none where there is no corpus."""
    return sorted(CORPUS.glob("*/*.yaml"))


def outcome_of(path: Path) -> Outcome:
    """Pack a configuration with stand-ins for the files it names, and check the bundle as an upload is checked."""
    content = path.read_bytes()
    try:
        values = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError):
        values = None
    files = {"challenge_config.yaml": content, "evaluation_script.zip": zip_of(SCRIPT)}
    files |= {name: _stand_in(name) for name in _named_files(values)}
    with TemporaryDirectory() as folder:
        place = Path(folder)
        checked = check(written(place, zip_of(files)), work_dir=place / "work", default_zone="Asia/Tokyo")
    return Outcome(path.stem, values is not None, checked)


def _named_files(values: Any) -> Iterator[str]:
    if isinstance(values, list):
        for value in values:
            yield from _named_files(value)
    elif isinstance(values, dict):
        for key, value in values.items():
            if key in NAMING and isinstance(value, str) and _is_path(value):
                yield value.strip()
            yield from _named_files(value)


def _is_path(value: str) -> bool:
    return "." in value and "://" not in value and " " not in value.strip() and len(value) < 200


def _stand_in(name: str) -> bytes:
    return png() if name.lower().endswith((".png", ".jpg", ".jpeg")) else b"<p>stand-in</p>"
