"""An opened bundle -> ChallengeSpec, or every problem it has."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from app.bundles.boards import board_spec, read_schema, say_directions
from app.bundles.configuration import find_configuration
from app.bundles.fields import Reading, Row, read_row
from app.bundles.folder import BundleFiles, Folder
from app.bundles.problems import BundleRefused, Problem, has_errors, in_order
from app.bundles.references import check_references
from app.bundles.remarks import say_differences
from app.bundles.shiai_checks import board_part, challenge_part, check_shiai, phase_part
from app.bundles.spec import (
    ChallengeSpec,
    DatasetSplitSpec,
    MetaAttribute,
    PhaseSpec,
    PhaseSplitSpec,
    PrizeSpec,
    SponsorSpec,
)
from app.bundles.tables import CHALLENGE, owners
from app.bundles.yaml_document import YamlDocument, YamlLimits
from app.bundles.yaml_source import read_yaml

Spec = TypeVar("Spec")
USUAL_FILE_TYPES = (".json", ".zip", ".txt", ".tsv", ".gz", ".csv", ".h5", ".npy")


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a configuration says: `spec` when nothing stops the import, and all problems in reading order.

    `script` is the name that `evaluation_script` gives, known also when other fields are wrong.
    """

    spec: ChallengeSpec | None
    problems: list[Problem]
    configuration: str = ""
    document: YamlDocument | None = None
    script: str | None = None
    needs_script: bool = True


def read_bundle(files: BundleFiles, *, default_zone: str, limits: YamlLimits | None = None) -> ReadResult:
    """Read the configuration of an opened bundle and every file it names.

    `default_zone` is the IANA name of the zone in which times without an offset are meant.
    """
    limits = limits or YamlLimits()
    try:
        name = find_configuration(files)
        content = _start_of(files, name, limits.size + 1)
        document = read_yaml(content, file=name, limits=limits)
    except BundleRefused as refusal:
        return ReadResult(None, in_order([*files.problems, *refusal.problems]))
    folder = Folder(files, base=name.rpartition("/")[0])
    reading = Reading(document, folder, ZoneInfo(default_zone), default_zone, owners=owners())
    top = read_row(reading, (), document.data, CHALLENGE)
    for board in top.get("leaderboard") or ():
        read_schema(reading, board)
    check_references(reading, top)
    check_shiai(reading, top)
    say_differences(reading, top)
    spec = None if has_errors(document.problems) else _challenge(reading, top)
    return ReadResult(
        spec,
        in_order([*files.problems, *document.problems]),
        configuration=name,
        document=document,
        script=top.get("evaluation_script"),
        needs_script=not (top.get("remote_evaluation") or top.get("is_docker_based")),
    )


def _start_of(files: BundleFiles, name: str, length: int) -> bytes:
    with files.on_disk(name).open("rb") as stream:
        return stream.read(length)


def _challenge(reading: Reading, top: Row) -> ChallengeSpec:
    boards = tuple(board_spec(row) for row in top.values["leaderboard"])
    splits = tuple(_phase_split(row) for row in top.values["challenge_phase_splits"])
    say_directions(reading, top.values["leaderboard"], boards, splits)
    values = {
        **top.values,
        "leaderboard": boards,
        "challenge_phase_splits": splits,
        "challenge_phases": tuple(_phase(row) for row in top.values["challenge_phases"]),
        "dataset_splits": tuple(_plain_spec(DatasetSplitSpec, row) for row in top.values["dataset_splits"]),
        "prizes": tuple(_plain_spec(PrizeSpec, row) for row in top.values["prizes"]),
        "sponsors": tuple(_plain_spec(SponsorSpec, row) for row in top.values["sponsors"]),
        "shiai": challenge_part(top.values["shiai"]),
        "title": re.sub(r"\s+", " ", top.values["title"]),
    }
    return ChallengeSpec(**values, ignored=top.ignored, unknown=top.unknown)


def _phase(row: Row) -> PhaseSpec:
    values: dict[str, Any] = dict(row.values)
    if values["max_submissions_per_month"] is None:
        values["max_submissions_per_month"] = values["max_submissions"]
    values["allowed_submission_file_types"] = values["allowed_submission_file_types"] or USUAL_FILE_TYPES
    for key in ("submission_meta_attributes", "default_submission_meta_attributes"):
        values[key] = tuple(_plain_spec(MetaAttribute, inner) for inner in values[key])
    values["shiai"] = phase_part(values["shiai"])
    return PhaseSpec(**values, ignored=row.ignored, unknown=row.unknown)


def _phase_split(row: Row) -> PhaseSplitSpec:
    return PhaseSplitSpec(**{**row.values, "shiai": board_part(row.values["shiai"])}, unknown=row.unknown)


def _plain_spec(kind: Callable[..., Spec], row: Row) -> Spec:
    return kind(**row.values, unknown=row.unknown)
