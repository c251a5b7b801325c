"""Taking part: alone, with a new team, or in somebody's team by its code."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.teams import Membership, Team
from app.queries import challenges, teams
from app.rules.errors import N_, Conflict, Invalid, NotAllowed
from app.rules.names import display_name, name_key
from app.rules.obstacles import Cause, Obstacle
from app.rules.permissions import Standpoint, may_join
from app.rules.states import TeamStatus
from app.services import acceptance, team_boards

CODE_BYTES = 9
LONGEST_NAME = 40
TAKES_MEMBERS = frozenset({TeamStatus.ACTIVE, TeamStatus.WAITING})


def join_alone(
    challenge: Challenge, *, by: Account, accepts_rules: bool, rules: str | None = None, now: datetime
) -> Team:
    """Take part as a team of one, named after the person; a hosts' team never ranks.

    Who left a team of one that has sent something returns to that: a new one would have the limits anew. `rules` is the
    hash of the rules as they were shown, where they were.

    Raises NotAllowed when the challenge takes nobody or not this person, Invalid when the rules are not accepted or
    have changed since they were shown, Conflict when the person takes part already.
    """
    with writing() as session:
        is_host = check_may_enter(challenge, by=by, accepts_rules=accepts_rules, rules=rules, now=now)
        left = None if is_host else _team_to_return_to(challenge, by=by)
        if left is not None:
            return _return_to(session, challenge, left, by=by, now=now)
        team = _new_team(challenge, name=_free_name(challenge.id, by.name), is_host=is_host, now=now)
        session.add(team)
        session.flush()
        enter(session, challenge, team, by=by, leads=True, now=now)
    return team


def found_team(
    challenge: Challenge, *, name: str, by: Account, accepts_rules: bool, rules: str | None = None, now: datetime
) -> Team:
    """Take part with a new team that others can join by its code; raises as join_alone, and Invalid for the name."""
    shown = display_name(name, longest=LONGEST_NAME, field="name")
    with writing() as session:
        is_host = check_may_enter(challenge, by=by, accepts_rules=accepts_rules, rules=rules, now=now)
        check_name(challenge.id, shown)
        team = _new_team(challenge, name=shown, is_host=is_host, now=now)
        team.join_code = new_code()
        session.add(team)
        session.flush()
        enter(session, challenge, team, by=by, leads=True, now=now)
    return team


def join_team(
    challenge: Challenge, *, code: str, by: Account, accepts_rules: bool, rules: str | None = None, now: datetime
) -> Team:
    """Join somebody's team by its code; raises as join_alone, and Invalid for a wrong code or a full team."""
    with writing() as session:
        is_host = check_may_enter(challenge, by=by, accepts_rules=accepts_rules, rules=rules, now=now)
        team = teams.by_join_code(challenge.id, code.strip())
        if team is None or team.is_host_team != is_host:
            raise Invalid(N_("No team of this challenge has this code. Ask the team for it again."), "code")
        check_takes_members(challenge, team, now=now)
        if not is_host:
            check_sent_nothing_elsewhere(challenge, team, by=by)
        enter(session, challenge, team, by=by, leads=False, now=now)
    return team


def check_may_enter(
    challenge: Challenge, *, by: Account, accepts_rules: bool, rules: str | None = None, now: datetime
) -> bool:
    """Raise when the person cannot begin to take part; return whether the person is a host of the challenge."""
    person = challenges.standpoint(challenge.id, by)
    if person.team_id is not None:
        raise Conflict(N_("You take part in this challenge already."))
    refused = refusal(challenge, person, by=by, now=now)
    if refused is not None:
        raise refused
    if not accepts_rules:
        raise Invalid(N_("Read the rules and tick the box to accept them."), "accepts_rules")
    if rules not in {None, challenge.rules_sha256}:
        raise Invalid(
            N_("The rules changed while you read them. Read them once more, then tick the box."), "accepts_rules"
        )
    return person.is_host


def refusal(challenge: Challenge, person: Standpoint, *, by: Account, now: datetime) -> NotAllowed | None:
    """Return why a challenge does not take somebody who is in no team of it, None when it does."""
    if person.is_host:
        return None
    taken = may_join(
        is_live=challenge.is_live, registration_open=challenge.registration_open, end=challenge.end_at, now=now
    )
    if not taken:
        return NotAllowed(N_("This challenge does not take new participants at the moment."))
    if person.ban_reason is not None:
        return Obstacle(Cause.BAN, person.ban_reason).refusal
    return None if challenge.eligibility.admits(by.email) else Obstacle(Cause.ADDRESS).refusal


def check_takes_members(challenge: Challenge, team: Team, *, now: datetime, more: int = 1) -> None:
    """Raise Invalid, beside the field of the code, when a team cannot take so many more members."""
    if team.status not in TAKES_MEMBERS:
        raise Invalid(N_("The team takes no members at the moment."), "code")
    if not challenge.teams_may_change(now):
        raise Invalid(N_("Teams can no longer be changed: the time for that has ended."), "code")
    cap = challenge.max_team_members
    if cap is not None and len(team.members) + more > cap:
        raise Invalid(N_("The team is full: it may have %(cap)s members."), "code", cap=cap)


def check_sent_nothing_elsewhere(challenge: Challenge, team: Team, *, by: Account) -> None:
    """Raise NotAllowed for who has sent something with another team and left it: that would merge without the rule.

    A team of one's own is open to everybody, for what a person sent counts towards that person's limits in any team.
    """
    for left in teams.sent_with(challenge.id, by.id):
        if left.id != team.id:
            raise NotAllowed(
                N_(
                    "You have sent files to this challenge with the team %(team)s and left it. You can return if its "
                    "leader invites you, or start your own team, which can then merge with another."
                ),
                team=left.name,
            )


def _team_to_return_to(challenge: Challenge, *, by: Account) -> Team | None:
    """Return the team without members that somebody left who begins alone again, None where a new one is due."""
    left = [it for it in teams.sent_with(challenge.id, by.id) if not it.members and it.status is TeamStatus.WITHDRAWN]
    return left[-1] if left else None


def _return_to(session: Session, challenge: Challenge, team: Team, *, by: Account, now: datetime) -> Team:
    team.status = standing_when_let_in(team)
    enter(session, challenge, team, by=by, leads=True, now=now)
    team_boards.recount(session, team)
    return team


def standing_when_let_in(team: Team) -> TeamStatus:
    """Return where a team stands that nothing is held against."""
    waits = team.challenge.needs_team_approval and team.approved_at is None and not team.is_host_team
    return TeamStatus.WAITING if waits else TeamStatus.ACTIVE


def enter(session: Session, challenge: Challenge, team: Team, *, by: Account, leads: bool, now: datetime) -> None:
    """Put somebody who accepts the rules into a team, in the caller's transaction."""
    session.add(
        Membership(
            challenge_id=challenge.id,
            team_id=team.id,
            account_id=by.id,
            is_leader=leads,
            joined_at=now,
            terms_sha256=acceptance.note(session, challenge, by=by, now=now),
            terms_accepted_at=now,
        )
    )
    team_boards.redraw(session, team)


def check_name(challenge_id: int, shown: str) -> None:
    """Raise Invalid, beside the field of the name, when a team of the challenge is called so."""
    if teams.name_is_taken(challenge_id, name_key(shown)):
        raise Invalid(N_("There is a team called %(name)s already. Choose another name."), "name", name=shown)


def new_code() -> str:
    """Return a code that lets people into a team."""
    return secrets.token_urlsafe(CODE_BYTES)


def _new_team(challenge: Challenge, *, name: str, is_host: bool, now: datetime) -> Team:
    waits = challenge.needs_team_approval and not is_host
    return Team(
        challenge_id=challenge.id,
        name=name,
        name_key=name_key(name),
        is_host_team=is_host,
        status=TeamStatus.WAITING if waits else TeamStatus.ACTIVE,
        created_at=now,
    )


def _free_name(challenge_id: int, wish: str) -> str:
    name, number = wish[:LONGEST_NAME], 2
    while teams.name_is_taken(challenge_id, name_key(name)):
        name, number = f"{wish[:36]} {number}", number + 1
    return name
