"""The small cast of the tests. Each function commits one thing and returns it; what is not said gets a sensible value."""

import itertools
import tempfile
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app import clock
from app.bundles.environment_text import environment_key, python_version
from app.evaluation.outcome import Logs, Scored, SplitScores
from app.extensions import store, writing
from app.models.accounts import Account
from app.models.challenges import Challenge, ChallengeHost, DatasetSplit, Leaderboard, Phase, PhaseSplit
from app.models.environments import Environment
from app.models.site import Site
from app.models.submissions import Submission, SubmissionMove
from app.models.teams import Membership, Team
from app.models.trials import Trial
from app.models.versions import BundleVersion
from app.queries import quotas
from app.rules.emails import email_key
from app.rules.names import name_key, slugify
from app.rules.states import HostingPolicy, SignUpPolicy, SubmissionStatus, VersionStatus, Visibility
from app.services import boards, outcomes, passwords

PASSWORD = "plum harbour seventeen"
SCRIPT = """\
def evaluate(test_annotation_file, user_submission_file, phase_codename, **kwargs):
    return {"result": [{"test_split": {"AUC": 0.5, "F1": 0.5}}]}
"""
BOARD_FIELDS = {"split", "labels", "descending", "visibility", "decimals", "by_latest", "show_execution_time"}
PHASE_FIELDS = (set(Phase.__table__.columns.keys()) | {"codename"}) - set(Challenge.__table__.columns.keys())

_numbers = itertools.count(1)


def make_site(**changes):
    """Set the site up."""
    values = {
        "id": 1,
        "name": "Shiai",
        "sign_up": SignUpPolicy.OPEN,
        "sign_up_domains": [],
        "hosting": HostingPolicy.NAMED,
        "visitors_may_read": True,
        "set_up_at": clock.now(),
    }
    with writing() as session:
        return session.merge(Site(**(values | changes)))


def make_account(name=None, *, email=None, password=PASSWORD, **changes):
    """Add a person who can sign in with PASSWORD."""
    name = name or f"Person {next(_numbers)}"
    email = email or f"{name.lower().replace(' ', '.')}@example.com"
    values = {
        "name": name,
        "name_key": name_key(name),
        "email": email,
        "email_key": email_key(email),
        "password_hash": passwords.hashed(password),
        "is_admin": False,
        "may_host": False,
        "is_active": True,
        "created_at": clock.now(),
    }
    with writing() as session:
        account = Account(**(values | changes))
        session.add(account)
    return account


def make_admin(name="Ada", **changes):
    """Add an administrator."""
    return make_account(name, is_admin=True, **changes)


def make_host(name="Hana", **changes):
    """Add a person who may host challenges."""
    return make_account(name, may_host=True, **changes)


def make_incoming(content):
    """Receive bytes as an upload brings them."""
    incoming = store.incoming()
    incoming.write(content)
    return incoming


def make_stored_file(content=b"id,label\n1,0\n"):
    """Put bytes into the store and return the StoredFile."""
    return store.keep(make_incoming(content))


def make_package(**modules):
    """Put an evaluation script into the store and return its key; without modules it scores 0.5."""
    with tempfile.TemporaryDirectory(dir=store.parts) as folder:
        for name, source in (modules or {"__init__": SCRIPT}).items():
            (Path(folder) / f"{name}.py").write_text(source, encoding="utf-8")
        return store.keep_package(Path(folder))


def make_challenge(title=None, *, host=None, annotation=b"id,label\n1,0\n", package=None, phase=True, **changes):
    """Add a live challenge that runs for a month on either side of now, with a phase and a board unless `phase` is False.

    Changes whose names belong to a phase or a board go to make_phase and make_board.
    """
    title = title or f"Challenge {next(_numbers)}"
    host = host or make_host(f"Host {next(_numbers)}")
    inner = {name: changes.pop(name) for name in list(changes) if name in PHASE_FIELDS | BOARD_FIELDS}
    bundle = make_stored_file(b"a zip")
    now = clock.now()
    values = {
        "slug": slugify(title),
        "title": title,
        "short_description": "Which tumours are malignant?",
        "description": "<p>About it.</p>",
        "evaluation_details": "<p>AUC decides.</p>",
        "terms_and_conditions": "<p>Play fair.</p>",
        "submission_guidelines": "<p>Send a CSV.</p>",
        "start_at": now - timedelta(days=30),
        "end_at": now + timedelta(days=30),
        "is_published": True,
        "is_approved": True,
        "extra": {},
        "created_at": now,
    }
    with writing() as session:
        challenge = Challenge(**(values | changes))
        session.add(challenge)
        session.flush()
        session.add(ChallengeHost(challenge_id=challenge.id, account_id=host.id))
        version = BundleVersion(
            challenge_id=challenge.id,
            number=1,
            status=VersionStatus.APPROVED if challenge.is_approved else VersionStatus.WAITING,
            file_name="challenge.zip",
            file_key=bundle.key,
            size=bundle.size,
            sha256=bundle.sha256,
            package_key=package or make_package(),
            files=[{"path": "challenge_config.yaml", "size": 100}],
            notes=[],
            uploaded_by_id=host.id,
            uploaded_at=now,
        )
        session.add(version)
        session.flush()
        challenge.version_id = version.id
    if phase:
        make_phase(challenge, annotation=annotation, **inner)
    return challenge


def make_phase(challenge, *, codename="dev", annotation=b"id,label\n1,0\n", board=True, **changes):
    """Add a phase that runs now, with a board unless `board` is False."""
    inner = {name: changes.pop(name) for name in list(changes) if name in BOARD_FIELDS}
    kept = make_stored_file(annotation)
    now = clock.now()
    values = {
        "config_id": codename,
        "position": len(challenge.phases),
        "codename": codename,
        "name": f"Phase {codename}",
        "start_at": now - timedelta(days=20),
        "end_at": now + timedelta(days=20),
        "is_public": True,
        "leaderboard_public": True,
        "is_submission_public": True,
        "max_submissions_per_day": 5,
        "max_submissions_per_month": 50,
        "max_submissions": 100,
        "max_concurrent_submissions_allowed": 3,
        "allowed_submission_file_types": [".csv"],
        "annotation_name": "truth.csv",
        "annotation_key": kept.key,
        "annotation_sha256": kept.sha256,
    }
    with writing() as session:
        phase = Phase(challenge_id=challenge.id, **(values | changes))
        session.add(phase)
        session.flush()
        session.refresh(challenge)
    if board:
        make_board(phase, **inner)
    return phase


def make_board(phase, *, split="test_split", labels=("AUC", "F1"), descending=True, **changes):
    """Add a board of a phase: its dataset split and leaderboard too. `descending` says that higher is better."""
    directions = descending if isinstance(descending, dict) else dict.fromkeys(labels, descending)
    values = {"position": len(phase.splits), "visibility": Visibility.EVERYBODY, "decimals": 4}
    with writing() as session:
        known = DatasetSplit(challenge_id=phase.challenge_id, config_id=split, name=split.title(), codename=split)
        known = (
            session.scalar(
                select(DatasetSplit).where(
                    DatasetSplit.challenge_id == phase.challenge_id, DatasetSplit.codename == split
                )
            )
            or known
        )
        leaderboard = Leaderboard(
            challenge_id=phase.challenge_id,
            config_id=str(next(_numbers)),
            labels=list(labels),
            default_order_by=labels[0],
        )
        made = PhaseSplit(phase_id=phase.id, descending=directions, **(values | changes))
        made.dataset_split, made.leaderboard = known, leaderboard
        session.add_all([known, leaderboard, made])
        session.flush()
        session.refresh(phase)
        boards.raise_version(session, made)
    return made


def make_environment(requirements="leaf", *, by=None, **changes):
    """Add an environment that waits to be built."""
    by = by or make_admin(f"Admin {next(_numbers)}")
    values = {
        "key": environment_key(requirements),
        "requirements": requirements,
        "python": python_version(),
        "asked_by_id": by.id,
        "asked_at": clock.now(),
    }
    with writing() as session:
        environment = Environment(**(values | changes))
        session.add(environment)
    return environment


def make_team(challenge, *members, name=None, **changes):
    """Add a team of these people; one that nobody is named for gets a member of its own."""
    members = members or (make_account(),)
    name = name or f"Team {next(_numbers)}"
    now = clock.now()
    with writing() as session:
        team = Team(challenge_id=challenge.id, name=name, name_key=name_key(name), created_at=now, **changes)
        session.add(team)
        session.flush()
        for number, member in enumerate(members):
            session.add(
                Membership(
                    challenge_id=challenge.id,
                    team_id=team.id,
                    account_id=member.id,
                    is_leader=number == 0,
                    joined_at=now,
                    terms_sha256=challenge.rules_sha256,
                    terms_accepted_at=now,
                )
            )
    return team


def make_submission(phase, team, *, status=SubmissionStatus.QUEUED, content=b"id,score\n1,0.5\n", **changes):
    """Add a submission of a team's first member in any state, without scores."""
    kept = make_stored_file(content)
    values = {
        "phase_id": phase.id,
        "team_id": team.id,
        "account_id": team.members[0].account_id,
        "version_id": phase.challenge.version_id,
        "form_key": f"form {next(_numbers)}",
        "status": status,
        "attempt": 0 if status is SubmissionStatus.QUEUED else 1,
        "file_name": "guess.csv",
        "file_key": kept.key,
        "size": kept.size,
        "sha256": kept.sha256,
        "on_board": True,
        "submitted_at": clock.now(),
    }
    if status is SubmissionStatus.RUNNING:
        values |= {"worker": "worker", "lease_until": clock.now() + timedelta(minutes=1), "started_at": clock.now()}
    with writing() as session:
        values["number"] = quotas.situation(phase, team.id, now=clock.now(), zone=ZoneInfo("UTC")).next_number
        submission = Submission(**(values | changes))
        session.add(submission)
        session.flush()
        session.add(
            SubmissionMove(submission_id=submission.id, at=submission.submitted_at, status=status, cause="received")
        )
    return submission


def make_trial(version, codename="dev", *, content=b"id,score\n1,0.5\n", **changes):
    """Add a trial of a phase, in any state; of the script alone where `codename` is None."""
    values = {
        "version_id": version.id,
        "codename": codename,
        "asked_by_id": version.uploaded_by_id,
        "asked_at": clock.now(),
        "status": SubmissionStatus.QUEUED,
    }
    if codename is not None:
        kept = make_stored_file(content)
        values |= {"file_name": "guess.csv", "file_key": kept.key, "size": kept.size}
    if changes.get("status") is SubmissionStatus.RUNNING:
        values |= {"attempt": 1, "worker": "w", "lease_until": clock.now() + timedelta(seconds=60)}
        values |= {"started_at": clock.now()}
    with writing() as session:
        trial = Trial(**(values | changes))
        session.add(trial)
    return trial


def scored(scores, **changes):
    """Return what an evaluation gives that scored: {split: {label: number}}."""
    splits = tuple(SplitScores(split=split, scores=dict(values)) for split, values in scores.items())
    values = {
        "splits": splits,
        "submission_result": None,
        "submission_metadata": None,
        "notes": (),
        "logs": Logs(),
        "seconds": 0.1,
        "peak_bytes": 1,
    }
    return Scored(**(values | changes))


def make_scored(phase, team, scores, *, outcome=None, **changes):
    """Add a finished submission with its scores, recorded as the worker records them.

    `scores` are {label: number} for the phase's first split, or {split: {label: number}}.
    """
    first = next(iter(scores.values()), None)
    if not isinstance(first, dict):
        scores = {phase.splits[0].dataset_split.codename: scores}
    submission = make_submission(phase, team, status=SubmissionStatus.RUNNING, **changes)
    assert outcomes.record(submission.id, attempt=1, outcome=outcome or scored(scores), now=clock.now())
    return submission
