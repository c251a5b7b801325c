"""One small site with somebody in every role and a secret in every place where one could leak from.

Challenge "tumours" is hosted by Hana. Petra and Milo are the team Pandas in it, Rita is the team Rivals. Otto hosts
"elsewhere", in which Olga takes part. Ada is the administrator; Nina has an account and nothing else.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from app import clock
from app.evaluation.outcome import Failed, Logs, SplitScores
from app.extensions import db, writing
from app.models.versions import BundleAsset
from app.queries import challenges, team_requests
from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus
from app.services import invitations, merging, outcomes, team_invitations, uploads
from tests.bundles.builders import challenge_files, zip_of
from tests.factories import (
    make_account,
    make_admin,
    make_board,
    make_challenge,
    make_environment,
    make_host,
    make_incoming,
    make_phase,
    make_scored,
    make_site,
    make_stored_file,
    make_submission,
    make_team,
    make_trial,
    scored,
)

ROLES = {
    "visitor": None,
    "outsider": "Olga",
    "rival": "Rita",
    "participant": "Petra",
    "mate": "Milo",
    "other_host": "Otto",
    "host": "Hana",
    "admin": "Ada",
}

# what must not be seen, and by whom it may be: every other role that meets it anywhere has met a leak
RUNNERS = {"host", "admin"}
PANDAS = {"participant", "mate"} | RUNNERS
CANARIES = {
    "canary-annotation-7Q": set(),
    "canary-script-source-7Q": set(),
    "canary-password-7Q": set(),
    "canary-annotation-name-7Q": RUNNERS,
    "canary-stdout-7Q": RUNNERS,
    "canary-stderr-7Q": RUNNERS,
    "canary-traceback-7Q": RUNNERS,
    "canary-note-for-host-7Q": RUNNERS,
    "canary-withheld-file-7Q": RUNNERS,
    "canary-withheld-content-7Q": RUNNERS,
    "canary-result-of-all-splits-7Q": RUNNERS,
    "0.777111": RUNNERS,
    # scored after its board was frozen, and on a board that is hidden until a moment
    "0.555444": RUNNERS,
    "0.444555": RUNNERS,
    "canary-hidden-phase-7Q": RUNNERS,
    "canary-draft-7Q": RUNNERS,
    "canary-shared-content-7Q": PANDAS | {"rival"},
    "canary-pandas-file-7Q": PANDAS,
    "canary-pandas-content-7Q": PANDAS,
    "canary-pandas-note-7Q": PANDAS,
    "canary-own-board-7Q": PANDAS | {"rival"},
    "0.888222": PANDAS,
    "canary-off-the-board-7Q": PANDAS,
    "canary-pandas-code-7Q": {"participant", "mate"},
    "canary-pandas-link-7Q": {"participant"},
    "petra-canary@example.com": {"participant", "admin"},
    "milo-canary@example.com": {"mate", "admin"},
    "canary-waiting-upload-7Q": {"host"},
    "canary-trial-file-7Q": RUNNERS,
    "canary-trial-content-7Q": RUNNERS,
    "canary-trial-stdout-7Q": RUNNERS,
    "canary-trial-traceback-7Q": RUNNERS,
    "canary-trial-result-7Q": RUNNERS,
    "0.666333": RUNNERS,
    "canary-elsewhere-file-7Q": {"outsider", "other_host", "admin"},
}


@dataclass
class World:
    """The names and numbers of what is there."""

    people: dict[str, int] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)


def build():
    """Make the world in the application at hand and return its names and numbers."""
    make_site()
    people = {
        person.name: person
        for person in (
            make_admin("Ada"),
            make_host("Hana"),
            make_host("Otto"),
            make_account("Petra", email="petra-canary@example.com", password="canary-password-7Q"),
            make_account("Milo", email="milo-canary@example.com"),
            make_account("Rita"),
            make_account("Olga"),
            make_account("Nina"),
        )
    }
    world = World(people={name: person.id for name, person in people.items()})
    _tumours(world, people)
    _elsewhere(world, people)
    lacking = zip_of({path: it for path, it in challenge_files().items() if path != "annotations/dev.csv"})
    waiting = uploads.keep(
        make_incoming(lacking), file_name="canary-waiting-upload-7Q.zip", by=people["Hana"], now=clock.now()
    )
    world.ids["upload"] = waiting.id
    update = uploads.keep(
        make_incoming(zip_of(challenge_files())),
        file_name="canary-waiting-upload-7Q.zip",
        by=people["Hana"],
        challenge=challenges.by_slug("tumours"),
        now=clock.now(),
    )
    world.ids["update"] = update.id
    invitations.invite(by=people["Ada"], email="new@example.com", now=clock.now())
    world.ids["invitation"] = 1
    world.ids["environment"] = make_environment(by=people["Ada"]).id
    db.session.remove()
    return world


def _tumours(world, people):
    challenge = make_challenge(
        "Tumours",
        host=people["Hana"],
        annotation=b"canary-annotation-7Q",
        annotation_name="canary-annotation-name-7Q.csv",
        logo=make_stored_file(b"\x89PNG").key,
        extra={"logo_type": "image/png"},
        package=None,
    )
    phase = challenge.phases[0]
    public = phase.splits[0]
    private = make_board(phase, split="private", visibility=1)
    own = make_board(phase, split="own", visibility=2, labels=("canary-own-board-7Q",))
    now = clock.now()
    make_board(phase, split="frozen", freeze_at=now - timedelta(days=1))
    make_board(phase, split="later", hidden_until=now + timedelta(days=1))
    hidden = make_phase(challenge, codename="final", is_public=False, name="canary-hidden-phase-7Q", split="hidden")
    _assets(challenge)
    pandas = make_team(challenge, people["Petra"], people["Milo"], name="Pandas", join_code="canary-pandas-code-7Q")
    rivals = make_team(challenge, people["Rita"], name="Rivals")
    _requests(world, people, pandas, rivals)
    theirs = _submissions(phase, pandas)
    tried = _trials(challenge.version)
    rival = make_scored(phase, rivals, {"test_split": {"AUC": 0.6, "F1": 0.6}})
    draft = make_challenge("canary-draft-7Q", host=people["Hana"], is_approved=False)
    wanted = make_environment("numpy", by=people["Ada"])
    with writing():
        draft.version.environment_id = wanted.id
    world.ids |= (
        theirs
        | tried
        | {
            "public": public.id,
            "leaderboard": public.leaderboard_id,
            "private": private.id,
            "own": own.id,
            "hidden": hidden.splits[0].id,
            "rival": rival.id,
            "version": challenge.version_id,
            "version with environment": draft.version_id,
        }
    )


def _requests(world, people, pandas, rivals):
    now = clock.now()
    team_invitations.invite(pandas, name="Nina", by=people["Petra"], now=now)
    team_invitations.make_link(pandas, by=people["Petra"], now=now)
    link = team_requests.open_invitations_of(pandas.id)[0]
    with writing():
        link.token = "canary-pandas-link-7Q"
    merging.ask(rivals, name="Pandas", by=people["Rita"], now=now, zone=ZoneInfo("UTC"))
    world.ids |= {"team_invitation": link.id, "merge": 1}


def _assets(challenge):
    shared, withheld = make_stored_file(b"canary-shared-content-7Q"), make_stored_file(b"canary-withheld-content-7Q")
    with writing() as session:
        for path, kept, is_shared in (
            ("data/train.csv", shared, True),
            ("data/canary-withheld-file-7Q.csv", withheld, False),
        ):
            session.add(
                BundleAsset(
                    version_id=challenge.version_id,
                    path=path,
                    file_key=kept.key,
                    size=kept.size,
                    sha256=kept.sha256,
                    is_shared=is_shared,
                )
            )
            challenge.version.files = [*challenge.version.files, {"path": path, "size": kept.size}]


def _submissions(phase, team):
    logs = Logs(stdout="canary-stdout-7Q", stderr="canary-stderr-7Q")
    about = {
        "file_name": "canary-pandas-file-7Q.csv",
        "content": b"canary-pandas-content-7Q",
        "method_description": "canary-pandas-note-7Q",
    }
    splits = (
        SplitScores(split="test_split", scores={"AUC": 0.9, "F1": 0.9}),
        SplitScores(split="private", scores={"AUC": 0.777111, "F1": 0.777111}),
        SplitScores(split="own", scores={"canary-own-board-7Q": 0.888222}),
        SplitScores(split="frozen", scores={"AUC": 0.555444, "F1": 0.555444}),
        SplitScores(split="later", scores={"AUC": 0.444555, "F1": 0.444555}),
    )
    finished = make_scored(
        phase,
        team,
        {"test_split": {}},
        outcome=scored(
            {},
            splits=splits,
            logs=logs,
            notes=("canary-note-for-host-7Q",),
            submission_result='{"all": "canary-result-of-all-splits-7Q"}',
        ),
        **about,
    )
    for split in phase.splits:
        with writing():
            split.decimals = 6
    off = make_scored(
        phase, team, {"test_split": {"AUC": 0.1}}, on_board=False, method_name="canary-off-the-board-7Q", **about
    )
    failed = make_submission(phase, team, status=SubmissionStatus.RUNNING, **about)
    outcomes.record(
        failed.id,
        attempt=1,
        outcome=Failed(code=FailureCode.SCRIPT, detail="canary-traceback-7Q", logs=logs),
        now=clock.now(),
    )
    queued = make_submission(phase, team, submitted_at=clock.now() + timedelta(seconds=1), **about)
    return {"finished": finished.id, "off": off.id, "failed": failed.id, "queued": queued.id}


def _trials(version):
    about = {"content": b"canary-trial-content-7Q", "file_name": "canary-trial-file-7Q.csv", "attempt": 1}
    passed = make_trial(
        version,
        status=SubmissionStatus.FINISHED,
        result=[{"split": "test_split", "scores": {"AUC": 0.666333, "F1": 0.666333}, "errors": {}}],
        submission_result='{"all": "canary-trial-result-7Q"}',
        stdout="canary-trial-stdout-7Q",
        **about,
    )
    failed = make_trial(
        version,
        status=SubmissionStatus.FAILED,
        failure=FailureCode.SCRIPT,
        failure_detail="canary-trial-traceback-7Q",
        **about,
    )
    return {"trial": passed.id, "failed_trial": failed.id}


def _elsewhere(world, people):
    challenge = make_challenge("Elsewhere", host=people["Otto"])
    phase, team = challenge.phases[0], make_team(challenge, people["Olga"], name="Owls")
    made = make_scored(phase, team, {"AUC": 0.5, "F1": 0.5}, file_name="canary-elsewhere-file-7Q.csv")
    world.ids |= {"elsewhere": made.id, "elsewhere_board": phase.splits[0].id}
