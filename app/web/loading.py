"""Load and authorize in one call: what a view gets from here, this person may see; 404 hides the rest."""

from dataclasses import dataclass

from flask import request, session

from app import clock
from app.models.challenges import Challenge, Phase, PhaseSplit
from app.models.submissions import Entry, Submission
from app.models.teams import Team
from app.models.trials import Trial
from app.models.uploads import BundleUpload
from app.models.versions import BundleVersion
from app.queries import challenges, submissions, teams, trials, uploads
from app.rules import permissions
from app.rules.errors import NotFound
from app.rules.permissions import Standpoint
from app.web import open_boards
from app.web.access import SAFE_METHODS
from app.web.auth import signed_in_account
from app.web.settings import current_site

PREVIEW = "preview"


@dataclass(frozen=True)
class SeenChallenge:
    """A challenge and how the person at the browser stands to it."""

    challenge: Challenge
    person: Standpoint
    # whether somebody who runs it looks at it with a participant's eyes
    is_preview: bool = False

    @property
    def phases(self) -> list[Phase]:
        """The phases this person may see."""
        return [p for p in self.challenge.phases if permissions.may_see_phase(self.person, is_public=p.is_public)]

    @property
    def boards(self) -> list[PhaseSplit]:
        """The boards this person may open, phase by phase."""
        return [split for phase in self.phases for split in phase.splits if may_open_board(self.person, split)]

    @property
    def removed_boards(self) -> list[PhaseSplit]:
        """Boards that a version removed, which stay for who could see them."""
        return [it for it in challenges.removed_boards(self.challenge.id) if may_open_board(self.person, it)]

    def board(self, phase_split_id: int) -> PhaseSplit:
        """Return a board this person may open, also a removed one; NotFound for any other."""
        for split in (*self.boards, *self.removed_boards):
            if split.id == phase_split_id:
                return split
        raise NotFound


@dataclass(frozen=True)
class SeenSubmission:
    """A submission and how the person at the browser stands to its challenge."""

    submission: Submission
    person: Standpoint

    @property
    def challenge(self) -> Challenge:
        return self.submission.phase.challenge

    @property
    def seen(self) -> SeenChallenge:
        """The challenge around it, for the frame of a page."""
        return SeenChallenge(self.challenge, self.person)

    @property
    def entries(self) -> list[Entry]:
        """The scores of it that this person may see, split by split."""
        owner, now = self.submission.team_id, clock.now()
        return [
            entry
            for entry in self.submission.entries
            if permissions.may_see_scores(
                self.person,
                visibility=entry.phase_split.visibility,
                owner_team_id=owner,
                is_withheld=entry.is_withheld(now),
            )
        ]


@dataclass(frozen=True)
class SeenVersion:
    """A version of a challenge that the person at the browser runs."""

    seen: SeenChallenge
    version: BundleVersion

    @property
    def challenge(self) -> Challenge:
        return self.seen.challenge


def visible_challenge(slug: str) -> SeenChallenge:
    """Return a challenge this person may know of; NotFound otherwise."""
    challenge = challenges.by_slug(slug)
    if challenge is None:
        raise NotFound
    person = challenges.standpoint(challenge.id, signed_in_account())
    if not permissions.may_see_challenge(person, is_live=challenge.is_live):
        raise NotFound
    if is_previewed(challenge, person):
        return SeenChallenge(challenge, permissions.as_participant(person), is_preview=True)
    return SeenChallenge(challenge, person)


def is_previewed(challenge: Challenge, person: Standpoint) -> bool:
    """Whether a host asked to see the pages of this challenge as participants do; what is sent stays a host's."""
    reads = request.method in SAFE_METHODS
    return reads and person.runs_it and session.get(PREVIEW) == challenge.id


def hosted_challenge(slug: str) -> SeenChallenge:
    """Return a challenge this person runs; NotFound otherwise."""
    challenge = challenges.by_slug(slug)
    person = challenges.standpoint(challenge.id, signed_in_account()) if challenge else Standpoint()
    if challenge is None or not person.runs_it:
        raise NotFound
    return SeenChallenge(challenge, person)


def hosted_board(slug: str, phase_split_id: int) -> tuple[SeenChallenge, PhaseSplit]:
    """Return a board of a challenge this person runs; NotFound otherwise."""
    seen = hosted_challenge(slug)
    split = next((it for phase in seen.challenge.phases for it in phase.splits if it.id == phase_split_id), None)
    if split is None:
        raise NotFound
    return seen, split


def hosted_phase(slug: str, codename: str) -> tuple[SeenChallenge, Phase]:
    """Return a phase of a challenge this person runs; NotFound otherwise."""
    seen = hosted_challenge(slug)
    phase = next((it for it in seen.challenge.phases if it.codename == codename), None)
    if phase is None:
        raise NotFound
    return seen, phase


def hosted_leaderboard(slug: str, leaderboard_id: int) -> tuple[SeenChallenge, list[PhaseSplit]]:
    """Return the boards that share a leaderboard of a challenge this person runs; NotFound where there are none."""
    seen = hosted_challenge(slug)
    splits = [it for phase in seen.challenge.phases for it in phase.splits if it.leaderboard_id == leaderboard_id]
    if not splits:
        raise NotFound
    return seen, splits


def hosted_version(slug: str, number: int) -> SeenVersion:
    """Return a version of a challenge this person runs; NotFound otherwise."""
    seen = hosted_challenge(slug)
    version = trials.version(seen.challenge, number)
    if version is None:
        raise NotFound
    return SeenVersion(seen, version)


def hosted_trial(trial_id: int) -> tuple[Trial, SeenVersion]:
    """Return a trial of a challenge this person runs; NotFound otherwise."""
    trial = trials.trial(trial_id)
    if trial is None:
        raise NotFound
    return trial, SeenVersion(hosted_challenge(trial.version.challenge.slug), trial.version)


def own_upload(upload_id: int) -> BundleUpload:
    """Return an upload of this person, for a new challenge or one this person runs; NotFound otherwise, for
    administrators too.
    """
    account = signed_in_account()
    upload = uploads.own(upload_id, account) if account else None
    if upload is None:
        raise NotFound
    if upload.challenge is not None:
        hosted_challenge(upload.challenge.slug)
    return upload


def upload_of(slug: str, upload_id: int) -> tuple[SeenChallenge, BundleUpload]:
    """Return this person's upload of a new version of a challenge this person runs; NotFound otherwise."""
    seen, account = hosted_challenge(slug), signed_in_account()
    upload = uploads.own(upload_id, account) if account else None
    if upload is None or upload.challenge_id != seen.challenge.id:
        raise NotFound
    return seen, upload


def own_team(slug: str) -> tuple[SeenChallenge, Team]:
    """Return the team that this person is in; NotFound for who takes no part."""
    seen = visible_challenge(slug)
    found = teams.team(seen.person.team_id) if seen.person.team_id is not None else None
    if found is None:
        raise NotFound
    return seen, found


def visible_phase(slug: str, codename: str) -> tuple[SeenChallenge, Phase]:
    """Return a phase of a challenge this person may see; NotFound otherwise."""
    seen = visible_challenge(slug)
    phase = next((phase for phase in seen.phases if phase.codename == codename), None)
    if phase is None:
        raise NotFound
    return seen, phase


def phase_to_submit_to(slug: str, codename: str) -> Phase:
    """Return the same by one statement: for a form that is sent, not for a page that shows the whole challenge.

    Whether this person may submit is decided under the lock, by services.submissions.submit.
    """
    phase = challenges.phase_by_codename(slug, codename)
    if phase is None:
        raise NotFound
    # who is there is asked only where not everybody may see it
    if not _may_see_phase(Standpoint(), phase):
        person = challenges.standpoint(phase.challenge_id, signed_in_account())
        if not _may_see_phase(person, phase):
            raise NotFound
    return phase


def _may_see_phase(person: Standpoint, phase: Phase) -> bool:
    may_see_challenge = permissions.may_see_challenge(person, is_live=phase.challenge.is_live)
    return may_see_challenge and permissions.may_see_phase(person, is_public=phase.is_public)


def visible_board(phase_split_id: int, *, to_visitors: bool = False) -> tuple[PhaseSplit, Standpoint]:
    """Return a board this person may open; NotFound otherwise.

    `to_visitors`: where everybody may read the board and all names on it, it is not asked who is there.
    """
    split = (to_visitors and open_boards.opened(phase_split_id)) or challenges.phase_split(phase_split_id)
    if split is None:
        raise NotFound
    challenge = split.phase.challenge
    if (
        to_visitors
        and current_site().visitors_may_read
        and not challenge.has_anonymous_teams
        and _may_open(Standpoint(), split)
    ):
        return split, Standpoint()
    person = challenges.standpoint(challenge.id, signed_in_account())
    in_preview = is_previewed(challenge, person)
    person = permissions.as_participant(person) if in_preview else person
    if not _may_open(person, split, in_preview=in_preview):
        raise NotFound
    return split, person


def _may_open(person: Standpoint, split: PhaseSplit, *, in_preview: bool = False) -> bool:
    is_live = split.phase.challenge.is_live or in_preview
    return permissions.may_see_challenge(person, is_live=is_live) and may_open_board(person, split)


def may_open_board(person: Standpoint, split: PhaseSplit) -> bool:
    """Whether a person who may see the challenge may open one of its boards now."""
    return permissions.may_open_board(
        person,
        phase_is_public=split.phase.is_public,
        visibility=split.visibility,
        is_hidden=split.is_hidden(clock.now()),
    )


def own_submission(submission_id: int) -> SeenSubmission:
    """Return a submission of this person's team, or of a challenge this person runs; NotFound otherwise."""
    submission = submissions.submission(submission_id)
    account = signed_in_account()
    if submission is None or account is None:
        raise NotFound
    person = challenges.standpoint(submission.phase.challenge_id, account)
    if not permissions.may_see_submission(person, team_id=submission.team_id):
        raise NotFound
    return SeenSubmission(submission, person)


def hosted_submission(submission_id: int) -> SeenSubmission:
    """Return a submission to a challenge this person runs; NotFound otherwise."""
    found = own_submission(submission_id)
    if not found.person.runs_it:
        raise NotFound
    return found
