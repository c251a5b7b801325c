"""Two teams become one: one asks, the leader of the other agrees, and all of the first goes over to the second."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.extensions import changed, writing
from app.models.accounts import Account
from app.models.challenges import Challenge, Phase
from app.models.submissions import Submission
from app.models.teams import Membership, Team, TeamMerge
from app.queries import merging, team_requests, teams
from app.rules.errors import N_, Invalid, NotFound
from app.rules.merging import most_by_now
from app.rules.names import name_key
from app.rules.states import RequestStatus, TeamStatus
from app.rules.zones import quota_zone
from app.services import team_boards
from app.services import teams as team_services


def ask(team: Team, *, name: str, by: Account, now: datetime, zone: ZoneInfo) -> None:
    """Ask the team with this name to take one's own in; Invalid when the two cannot become one."""
    with writing() as session:
        team_services.led(team, by)
        other = teams.by_name(team.challenge_id, name_key(name))
        if other is None or other.status is TeamStatus.MERGED:
            raise Invalid(N_("No team of this challenge is called %(name)s."), "name", name=name.strip())
        _check(team, other, now=now, zone=zone)
        if any(it.into_team_id == other.id for it in team_requests.open_merges_of(team.id)):
            raise Invalid(N_("You have asked %(name)s already; they have not answered yet."), "name", name=other.name)
        session.add(TeamMerge(from_team_id=team.id, into_team_id=other.id, asked_by_id=by.id, asked_at=now))


def withdraw(request: TeamMerge, *, by: Account, now: datetime) -> None:
    """Take one's own team's request back."""
    with writing() as session:
        team_services.led(request.from_team, by)
        _answer(session, request, RequestStatus.REVOKED, by=by, now=now)


def decline(request: TeamMerge, *, by: Account, now: datetime) -> None:
    """Say no to a team that asked."""
    with writing() as session:
        team_services.led(request.into_team, by)
        _answer(session, request, RequestStatus.DECLINED, by=by, now=now)


def accept(request: TeamMerge, *, by: Account, now: datetime, zone: ZoneInfo) -> None:
    """Take in the team that asked: its members, its submissions, what it used of the limits.

    Raises Invalid when the two cannot become one (any more), NotFound when the request was answered meanwhile.
    """
    with writing() as session:
        session.refresh(request)
        asking, own = request.from_team, request.into_team
        team_services.led(own, by)
        _answer(session, request, RequestStatus.ACCEPTED, by=by, now=now)
        _check(asking, own, now=now, zone=zone)
        details: dict[str, object] = {"taken_in": asking.name, "members": [it.account.name for it in asking.members]}
        _move_members(session, asking, own)
        details["submissions"] = _move_submissions(session, asking, own)
        asking.status, asking.join_code = TeamStatus.MERGED, None
        team_services.end_requests(session, asking, now=now)
        team_boards.recount(session, asking, own)
        team_services.note(session, own, action="team.merged", by=by, now=now, details=details)


def _check(asking: Team, own: Team, *, now: datetime, zone: ZoneInfo) -> None:
    challenge = own.challenge
    if asking.id == own.id:
        raise Invalid(N_("This is your own team."), "name")
    if asking.is_host_team != own.is_host_team:
        raise Invalid(N_("Hosts of a challenge and its participants cannot be in one team."), "name")
    for team in (asking, own):
        if team.status is not TeamStatus.ACTIVE:
            raise Invalid(N_("%(name)s does not take part at the moment."), "name", name=team.name)
    if not challenge.teams_may_change(now):
        raise Invalid(N_("Teams can no longer be changed: the time for that has ended."), "name")
    cap, together = challenge.max_team_members, len(asking.members) + len(own.members)
    if cap is not None and together > cap:
        raise Invalid(
            N_("Together the teams would have %(n)s members; %(cap)s are allowed."), "name", n=together, cap=cap
        )
    _check_used(challenge, asking, own, now=now, zone=zone)


def _check_used(challenge: Challenge, asking: Team, own: Team, *, now: datetime, zone: ZoneInfo) -> None:
    zone = quota_zone(challenge.timezone, server=zone)
    theirs, ours = (merging.used_by_phase(challenge.id, team) for team in (asking, own))
    together = merging.used_by_phase(challenge.id, asking, own)
    for phase in challenge.phases:
        used = together.get(phase.id, 0)
        most = most_by_now(phase.limits, start=phase.start_at, now=now, zone=zone)
        if theirs.get(phase.id) and ours.get(phase.id) and used > most:
            raise Invalid(
                N_("Together the teams have sent %(n)s files to %(phase)s; one team could have sent %(most)s by now."),
                "name",
                n=used,
                phase=phase.name,
                most=most,
            )


def _move_members(session: Session, asking: Team, own: Team) -> None:
    moved = update(Membership).where(Membership.team_id == asking.id)
    session.execute(moved.values(team_id=own.id, is_leader=False))
    session.expire(asking, ["members"])
    session.expire(own, ["members"])


def _move_submissions(session: Session, asking: Team, own: Team) -> int:
    """Move every submission; they get the numbers after the last of the team that takes them in. Return how many."""
    count = 0
    for phase in own.challenge.phases:
        found = merging.numbers(phase.id, asking.id)
        if not found:
            continue
        _settle_choices(session, phase, asking, own)
        number = max(merging.numbers(phase.id, own.id).values(), default=0)
        for submission_id in found:
            number += 1
            to = update(Submission).where(Submission.id == submission_id)
            session.execute(to.values(team_id=own.id, number=number))
        count += len(found)
    session.expire_all()
    return count


def _settle_choices(session: Session, phase: Phase, asking: Team, own: Team) -> None:
    """Where a team shows or picks only so many, what the team chose that takes the other in stays chosen."""
    if phase.is_restricted_to_select_one_submission and _counts(session, phase, own, Submission.on_board.is_(True)):
        _clear(session, phase, asking, on_board=False)
    picked = Submission.picked_at.is_not(None)
    together = _counts(session, phase, own, picked) + _counts(session, phase, asking, picked)
    if together > phase.final_picks:
        _clear(session, phase, asking, picked_at=None)


def _counts(session: Session, phase: Phase, team: Team, chosen: ColumnElement[bool]) -> int:
    sent = (Submission.phase_id == phase.id) & (Submission.team_id == team.id)
    return session.scalar(select(func.count()).select_from(Submission).where(sent, chosen)) or 0


def _clear(session: Session, phase: Phase, team: Team, **values: object) -> None:
    sent = (Submission.phase_id == phase.id) & (Submission.team_id == team.id)
    session.execute(update(Submission).where(sent).values(values))


def _answer(session: Session, request: TeamMerge, status: RequestStatus, *, by: Account, now: datetime) -> None:
    """Settle a request; the database decides when two answer at once."""
    open_one = update(TeamMerge).where(TeamMerge.id == request.id, TeamMerge.status == RequestStatus.OPEN)
    answered = {"status": status, "answered_by_id": by.id, "answered_at": now}
    if changed(session, open_one.values(answered)) != 1:
        raise NotFound(N_("This request has been answered or withdrawn in the meantime."))
