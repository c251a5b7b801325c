"""What a host should know although nothing is wrong: how this server reads what EvalAI reads otherwise."""

from collections.abc import Iterator

from app.bundles.fields import Reading, Row, Table
from app.bundles.problems import Problem
from app.bundles.tables import CHALLENGE, PHASE, PHASE_SPLIT
from app.bundles.yaml_document import MOST_PROBLEMS, NodePath
from app.rules.errors import N_

# Who may take part and what is seen: a host who wrote these counts on them.
_RELIED_ON = frozenset({"require_complete_profile", "show_scores_on_leaderboard"})


def say_differences(reading: Reading, top: Row) -> None:
    """Add the notes and warnings about meaning: time zone, visibility, kinds of evaluation, keys without effect."""
    for remark in (
        _zone,
        _visibility,
        _board_for_all,
        _two_boards,
        _own_worker,
        _annotations,
        _kept,
        _without_effect,
        _unsaid,
    ):
        remark(reading, top)


def _zone(reading: Reading, _top: Row) -> None:
    if not reading.unzoned:
        return
    message, hint = N_("The dates name no time zone (%(count)s of them); they are read as UTC."), ""
    if reading.zone_name not in {"UTC", "Etc/UTC"}:
        message = N_("The dates name no time zone (%(count)s of them); they are read as local times of %(zone)s.")
        hint = N_("Add an offset such as +00:00 to mean another zone; EvalAI reads them as UTC.")
    reading.note(reading.unzoned[0], message, hint, count=len(reading.unzoned), zone=reading.zone_name)


def _visibility(reading: Reading, top: Row) -> None:
    for row in top.get("challenge_phase_splits") or ():
        if row.get("visibility") == 2:
            reading.note(
                row.at("visibility"),
                N_("With `visibility: 2` hosts see the whole leaderboard and participants their own rows."),
            )
            return


def _board_for_all(reading: Reading, top: Row) -> None:
    hidden = {row.get("id"): row for row in top.get("challenge_phases") or () if row.get("leaderboard_public") is False}
    for split in top.get("challenge_phase_splits") or ():
        phase = hidden.get(split.get("challenge_phase_id"))
        if phase and split.get("visibility") == 3 and "leaderboard_public" in phase.given:
            reading.note(
                phase.at("leaderboard_public"),
                N_("`leaderboard_public: False` does not hide a leaderboard whose `visibility` is 3."),
                N_("Write `visibility: 1` in `challenge_phase_splits` to show it to hosts only."),
            )
            return


def _two_boards(reading: Reading, top: Row) -> None:
    seen = set()
    for split in top.get("challenge_phase_splits") or ():
        pair = (split.get("challenge_phase_id"), split.get("dataset_split_id"))
        if None not in pair and pair in seen:
            reading.note(
                split.at("leaderboard_id"),
                N_("Two leaderboards share this phase and dataset split; each score is written to both."),
            )
            return
        seen.add(pair)


def _own_worker(reading: Reading, top: Row) -> None:
    if top.get("is_docker_based"):
        reading.warn(
            top.at("is_docker_based"),
            N_("This challenge takes container images; this server evaluates uploaded files only."),
            N_("Write `is_docker_based: False` and let participants upload predictions."),
        )
    elif top.get("remote_evaluation"):
        reading.warn(
            top.at("remote_evaluation"),
            N_("Submissions of this challenge wait for a worker of yours; this server does not evaluate them."),
            N_("Write `remote_evaluation: False` to have them evaluated here."),
        )


def _annotations(reading: Reading, top: Row) -> None:
    for phase in top.get("challenge_phases") or ():
        refused = phase.values.get("test_annotation_file") is not phase.get("test_annotation_file")
        if phase.get("test_annotation_file") is None and not refused and not top.get("remote_evaluation"):
            reading.warn(
                phase.path,
                N_("The phase names no `test_annotation_file`: `evaluate` has nothing to compare with."),
                N_("Add `test_annotation_file: annotations/answers.csv`, or whatever the file is called."),
            )


def _kept(reading: Reading, top: Row) -> None:
    kept = [*_kept_in(top, CHALLENGE)]
    for row in top.get("challenge_phases") or ():
        kept += _kept_in(row, PHASE)
    for row in top.get("challenge_phase_splits") or ():
        kept += _kept_in(row, PHASE_SPLIT)
    for path in kept:
        if path[-1] in _RELIED_ON:
            reading.warn(
                path,
                N_("`%(key)s` is kept, but this server does not act on it yet."),
                N_("Do not rely on it; ask the administrator for another way."),
                key=path[-1],
            )
    others = list(dict.fromkeys(str(path[-1]) for path in kept if path[-1] not in _RELIED_ON))
    if others:
        reading.note(
            kept[0], N_("These keys are kept, but nothing acts on them yet: %(keys)s."), keys=", ".join(others)
        )


def _kept_in(row: Row, table: Table) -> Iterator[NodePath]:
    for entry in table:
        value = row.get(entry.key)
        if entry.kept and value is not None and value not in (entry.default, ()):
            yield row.at(entry.key)


def _without_effect(reading: Reading, top: Row) -> None:
    keys = list(top.ignored)
    if keys:
        reading.note(
            top.at(keys[0]),
            N_("These keys are kept but have no effect here: %(keys)s."),
            keys=", ".join(keys),
        )


def _unsaid(reading: Reading, _top: Row) -> None:
    for severity, count in list(reading.document.said.items()):
        if count > MOST_PROBLEMS:
            reading.document.problems.append(
                Problem(
                    severity=severity,
                    message=N_("%(count)s more problems of this kind are not listed."),
                    hint=N_("Correct the ones listed, then check again."),
                    values={"count": count - MOST_PROBLEMS},
                    file=reading.document.file,
                    line=len(reading.document.lines),
                )
            )
