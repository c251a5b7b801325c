"""Taking part: alone, with a new team, or in somebody's team by its code."""

import hashlib
import secrets
from datetime import datetime

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.teams import Membership, Team
from app.queries import challenges, teams
from app.rules.errors import N_, Conflict, Invalid, NotAllowed
from app.rules.names import display_name, name_key
from app.rules.permissions import may_join

CODE_BYTES = 9


def join_alone(challenge: Challenge, *, by: Account, accepts_rules: bool, now: datetime) -> Team:
    """Take part as a team of one, named after the person; a hosts' team never ranks.

    Raises NotAllowed when the challenge takes nobody, Invalid when the rules are not accepted, Conflict when the
    person takes part already.
    """
    with writing() as session:
        is_host = _check(challenge, by=by, accepts_rules=accepts_rules, now=now)
        team = _new_team(challenge, name=_free_name(challenge.id, by.name), is_host=is_host, now=now)
        session.add(team)
        session.flush()
        session.add(_membership(challenge, team, by, now=now))
    return team


def found_team(challenge: Challenge, *, name: str, by: Account, accepts_rules: bool, now: datetime) -> Team:
    """Take part with a new team that others can join by its code; raises as join_alone, and Invalid for the name."""
    shown = display_name(name, longest=40, field="name")
    with writing() as session:
        is_host = _check(challenge, by=by, accepts_rules=accepts_rules, now=now)
        if teams.name_is_taken(challenge.id, name_key(shown)):
            raise Invalid(N_("There is a team called %(name)s already. Choose another name."), "name", name=shown)
        team = _new_team(challenge, name=shown, is_host=is_host, now=now)
        team.join_code = secrets.token_urlsafe(CODE_BYTES)
        session.add(team)
        session.flush()
        session.add(_membership(challenge, team, by, now=now))
    return team


def join_team(challenge: Challenge, *, code: str, by: Account, accepts_rules: bool, now: datetime) -> Team:
    """Join somebody's team by its code; raises as join_alone, and Invalid for a wrong code or a full team."""
    with writing() as session:
        is_host = _check(challenge, by=by, accepts_rules=accepts_rules, now=now)
        team = teams.by_join_code(challenge.id, code.strip())
        if team is None or team.is_host_team != is_host:
            raise Invalid(N_("No team of this challenge has this code. Ask the team for it again."), "code")
        cap = challenge.extra.get("max_team_members")
        if cap is not None and len(team.members) >= cap:
            raise Invalid(N_("The team is full: it may have %(cap)s members."), "code", cap=cap)
        session.add(_membership(challenge, team, by, now=now))
    return team


def _check(challenge: Challenge, *, by: Account, accepts_rules: bool, now: datetime) -> bool:
    """Raise when the person cannot join; return whether the person is a host of the challenge."""
    person = challenges.standpoint(challenge.id, by)
    if person.team_id is not None:
        raise Conflict(N_("You take part in this challenge already."))
    taken = may_join(
        is_live=challenge.is_live, registration_open=challenge.registration_open, end=challenge.end_at, now=now
    )
    if not taken and not person.is_host:
        raise NotAllowed(N_("This challenge does not take new participants at the moment."))
    if not accepts_rules:
        raise Invalid(N_("Read the rules and tick the box to accept them."), "accepts_rules")
    return person.is_host


def _new_team(challenge: Challenge, *, name: str, is_host: bool, now: datetime) -> Team:
    return Team(challenge_id=challenge.id, name=name, name_key=name_key(name), is_host_team=is_host, created_at=now)


def _membership(challenge: Challenge, team: Team, by: Account, *, now: datetime) -> Membership:
    return Membership(
        challenge_id=challenge.id,
        team_id=team.id,
        account_id=by.id,
        joined_at=now,
        terms_sha256=hashlib.sha256(challenge.terms_and_conditions.encode()).hexdigest(),
        terms_accepted_at=now,
    )


def _free_name(challenge_id: int, wish: str) -> str:
    name, number = wish[:40], 2
    while teams.name_is_taken(challenge_id, name_key(name)):
        name, number = f"{wish[:36]} {number}", number + 1
    return name
