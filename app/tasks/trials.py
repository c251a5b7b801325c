"""Trying a version out: claim the next trial, run it behind the same walls as a submission, record what came of it."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app.evaluation.isolation import NotIsolated
from app.evaluation.job import Job
from app.evaluation.outcome import Expected, Failed, Outcome
from app.evaluation.runner import Evaluator
from app.extensions import db, store
from app.models.trials import Trial
from app.queries import trial_runs as run_queries
from app.queries import trials
from app.queries.trials import TriedPhase
from app.rules.errors import N_
from app.rules.failures import FailureCode
from app.rules.names import file_suffix
from app.rules.sentences import sentence
from app.services import trial_runs
from app.tasks.environments import environment_of
from app.tasks.metadata import trial_metadata
from app.tasks.patience import sooner_or_later
from app.tasks.workbench import Claim, workbench

log = logging.getLogger(__name__)


def run_next(*, now: Callable[[], datetime]) -> bool:
    """Run the trial whose turn it is, with this clock; False when none waits or one runs already."""
    claim = trial_runs.claim_next(worker=workbench.name, now=now())
    if claim is None:
        return False
    with workbench.trials.holding(claim):
        return _run(claim, now=now)


def _run(claim: Claim, *, now: Callable[[], datetime]) -> bool:
    trial_id, attempt = claim
    try:
        outcome = _outcome(claim)
    except NotIsolated as refusal:
        log.exception("a trial is held back")
        cause = str(refusal)
        sooner_or_later(
            lambda: trial_runs.put_back(trial_id, attempt=attempt, cause=cause, uses_attempt=False, now=now())
        )
        return False
    if not sooner_or_later(lambda: trial_runs.record(trial_id, attempt=attempt, outcome=outcome, now=now())):
        log.warning("trial %s: attempt %s was overtaken, its result is dropped", trial_id, attempt)
    return True


def _outcome(claim: Claim) -> Outcome | None:
    trial, evaluator = run_queries.to_run(claim[0]), workbench.ready_evaluator
    if trial is None:
        return Failed(code=FailureCode.OURS, explanation=sentence(N_("The trial was deleted before it ran.")))
    package, number = store.package(trial.version.package_key), trial.version.challenge_id
    environment = environment_of(trial.version)
    if isinstance(environment, Failed):
        return environment
    if trial.codename is None:
        db.session.remove()
        return evaluator.check_script(package, challenge_number=number, environment=environment)
    phase = trials.phase_of(trial.version, trial.codename)
    if phase is None or trial.file_key is None:
        return Failed(
            code=FailureCode.OURS, explanation=sentence(N_("The phase or the file of the trial no longer exists."))
        )
    job = _job(trial, phase, environment)
    expected = Expected.of_boards((board.split, board.labels) for board in phase.boards)
    # the run may take minutes: no connection and no snapshot is held meanwhile
    db.session.remove()
    return _evaluate(evaluator, job, expected, claim)


def _evaluate(evaluator: Evaluator, job: Job, expected: Expected, claim: Claim) -> Outcome:
    try:
        return evaluator.evaluate(job, expected=expected, cancelled=lambda: workbench.trials.has_lost(claim))
    except OSError as error:
        log.exception("trial %s could not be laid out", claim[0])
        said = sentence(N_("A file of the trial could not be read: %(problem)s."), problem=str(error))
        return Failed(code=FailureCode.OURS, explanation=said)


def _job(trial: Trial, phase: TriedPhase, environment: Path | None) -> Job:
    return Job(
        key=f"trial-{trial.id}-{trial.attempt}",
        package=store.package(trial.version.package_key),
        challenge_number=trial.version.challenge_id,
        annotation=store.path(phase.annotation_key) if phase.annotation_key else None,
        annotation_suffix=file_suffix(phase.annotation_name),
        environment=environment,
        submission=store.path(trial.file_key or ""),
        submission_suffix=file_suffix(trial.file_name),
        phase_codename=phase.codename,
        submission_metadata=trial_metadata(trial, phase_id=_phase_id(trial)),
        limits=workbench.limits,
    )


def _phase_id(trial: Trial) -> int:
    """Return the number of the live phase of this codename; 0 where only the new version has it."""
    live = (phase.id for phase in trial.version.challenge.phases if phase.codename == trial.codename)
    return next(live, 0)
