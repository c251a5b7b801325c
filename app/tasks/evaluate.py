"""Evaluating a submission: claim the next one, do the slow thing with no transaction open, record what came of it."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from app import clock
from app.evaluation.isolation import NotIsolated
from app.evaluation.job import Job
from app.evaluation.outcome import Expected, Failed, Outcome
from app.extensions import db, queue, store
from app.models.submissions import Submission
from app.queries import submissions as submission_queries
from app.rules import causes
from app.rules.errors import N_
from app.rules.failures import FailureCode
from app.rules.names import file_suffix
from app.rules.sentences import sentence
from app.services import environments, outcomes, runs
from app.tasks import trials
from app.tasks.environments import environment_of
from app.tasks.metadata import submission_metadata
from app.tasks.patience import sooner_or_later
from app.tasks.workbench import Claim, workbench

log = logging.getLogger(__name__)


class VersionChangedError(Exception):
    """Another version went live between the claim and the reading of what it takes."""


@queue.task()  # type: ignore[untyped-decorator]  # huey ships no types
def evaluate_next() -> None:
    """Answer one ring of the bell: evaluate the submission whose turn it is; when none waits, try versions out."""
    with workbench.in_app():
        if run_next(now=clock.now):
            return
        while trials.run_next(now=clock.now):
            # what came meanwhile goes before the next trial
            while run_next(now=clock.now):
                pass


queue.unrung = evaluate_next.call_local


def run_next(*, now: Callable[[], datetime]) -> bool:
    """Evaluate the submission whose turn it is, with this clock; False when none waits or none may run."""
    claim = runs.claim_next(worker=workbench.name, now=now())
    if claim is None:
        return False
    with workbench.holding(claim):
        return _evaluate(claim, now=now)


def ring() -> None:
    """Wake a worker; if the queue cannot be written, upkeep finds the submission."""
    queue.ring(evaluate_next)


def _evaluate(claim: Claim, *, now: Callable[[], datetime]) -> bool:
    submission_id, attempt = claim
    try:
        outcome = _outcome(claim)
    except NotIsolated as refusal:
        # no box can be built, or there is no room for it: the submission waits, it is not failed
        log.exception("an evaluation is held back")
        cause = str(refusal)
        sooner_or_later(
            lambda: runs.put_back(submission_id, attempt=attempt, cause=cause, uses_attempt=False, now=now())
        )
        return False
    except VersionChangedError:
        runs.put_back(submission_id, attempt=attempt, cause=causes.VERSION_CHANGED, uses_attempt=False, now=now())
        ring()
        return True
    if not sooner_or_later(lambda: outcomes.record(submission_id, attempt=attempt, outcome=outcome, now=now())):
        log.warning("submission %s: attempt %s was overtaken, its result is dropped", submission_id, attempt)
    return True


def _outcome(claim: Claim) -> Outcome:
    # nothing has run yet, so an outage just now costs no attempt
    prepared = sooner_or_later(lambda: _prepared(claim), what="an evaluation")
    if isinstance(prepared, Failed):
        return prepared
    job, expected = prepared
    try:
        return workbench.ready_evaluator.evaluate(job, expected=expected, cancelled=lambda: workbench.has_lost(claim))
    except OSError as error:
        log.exception("submission %s could not be laid out", claim[0])
        said = sentence(N_("A file of the submission could not be read: %(problem)s."), problem=str(error))
        return Failed(code=FailureCode.OURS, explanation=said)


def _prepared(claim: Claim) -> tuple[Job, Expected] | Failed:
    """Return what is to be evaluated and which scores may come of it. Raises VersionChangedError."""
    made = submission_queries.to_evaluate(claim[0])
    if made is None:
        return Failed(
            code=FailureCode.OURS, explanation=sentence(N_("The submission was deleted before its evaluation."))
        )
    # script, annotation and boards are of one version: this statement saw all of them as they were at one moment
    if made.version_id != (made.phase.challenge.version_id or made.version_id):
        raise VersionChangedError
    environment = environment_of(made.version)
    if isinstance(environment, Failed):
        return environment
    expected = Expected.of_boards((it.dataset_split.codename, it.leaderboard.labels) for it in made.phase.splits)
    job = _job(made, environment)
    if made.version.environment_id is not None:
        environments.note_use(made.version.environment_id, now=clock.now())
    # the evaluation may take minutes: no connection and no snapshot is held meanwhile
    db.session.remove()
    return job, expected


def _job(made: Submission, environment: Path | None) -> Job:
    phase = made.phase
    return Job(
        key=f"{made.id}-{made.attempt}",
        package=store.package(made.version.package_key),
        challenge_number=phase.challenge_id,
        annotation=store.path(phase.annotation_key) if phase.annotation_key else None,
        annotation_suffix=file_suffix(phase.annotation_name or ""),
        environment=environment,
        submission=store.path(made.file_key),
        submission_suffix=file_suffix(made.file_name),
        phase_codename=phase.codename,
        submission_metadata=submission_metadata(made),
        limits=workbench.limits,
    )
