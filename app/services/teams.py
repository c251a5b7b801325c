"""What members do with their team: name it, let people in by a code, hand it over, leave it, withdraw it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.teams import Membership, Team, TeamInvitation, TeamMerge
from app.queries import teams
from app.rules.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from app.rules.names import display_name, name_key
from app.rules.states import RequestStatus, TeamStatus
from app.services import audit, participation, team_boards

MAY_WITHDRAW = frozenset({TeamStatus.ACTIVE, TeamStatus.WAITING})


def rename(team: Team, *, name: str, by: Account, now: datetime) -> None:
    """Give a team another name; Invalid when it is taken or cannot be shown, NotAllowed for who does not lead it."""
    shown = display_name(name, longest=participation.LONGEST_NAME, field="name")
    with writing() as session:
        led(team, by)
        before = team.name
        if name_key(shown) != team.name_key:
            participation.check_name(team.challenge_id, shown)
        team.name, team.name_key = shown, name_key(shown)
        team_boards.redraw(session, team)
        note(session, team, action="team.renamed", by=by, now=now, details={"before": before, "after": shown})


def renew_code(team: Team, *, by: Account, now: datetime) -> None:
    """Make a code that lets people in; an older one lets nobody in any more."""
    with writing() as session:
        led(team, by)
        team.join_code = participation.new_code()
        note(session, team, action="team.code_made", by=by, now=now)


def withdraw_code(team: Team, *, by: Account, now: datetime) -> None:
    """Let nobody in by code any more."""
    with writing() as session:
        led(team, by)
        team.join_code = None
        note(session, team, action="team.code_withdrawn", by=by, now=now)


def hand_over(team: Team, *, to_account_id: int, by: Account, now: datetime) -> None:
    """Let another member lead; NotFound when that person is no member."""
    with writing() as session:
        own = led(team, by)
        chosen = teams.member(team.id, to_account_id)
        if chosen is None:
            raise NotFound(N_("This person is not in the team any more."))
        lead(session, chosen, instead_of=own)
        note(session, team, action="team.led_by", by=by, now=now, details={"after": chosen.account.name})


def remove(team: Team, *, account_id: int, by: Account, now: datetime) -> None:
    """Take a member out; the team keeps what the person sent, and codes and links the person may know become useless.

    Raises Invalid for oneself, NotFound for who is no member.
    """
    with writing() as session:
        led(team, by)
        gone = teams.member(team.id, account_id)
        if gone is None:
            raise NotFound(N_("This person is not in the team any more."))
        if gone.account_id == by.id:
            raise Invalid(N_("To leave yourself, use “Leave the team”."))
        _stop_unless_running(team, now=now)
        if team.join_code is not None:
            team.join_code = participation.new_code()
        revoke_links(session, team, now=now)
        _take_out(session, team, gone)
        note(session, team, action="team.member_removed", by=by, now=now, details={"member": gone.account.name})


def leave(challenge: Challenge, *, by: Account, now: datetime) -> None:
    """Leave one's team, and with that the challenge. The team keeps everything, the person nothing.

    The member who joined next leads; a team that nobody is left in is withdrawn, or gone if it never sent anything.
    Raises NotAllowed for a banned team, so that nobody begins anew with another.
    """
    with writing() as session:
        place = teams.membership(challenge.id, by.id)
        if place is None:
            raise NotFound(N_("You are not in a team of this challenge any more."))
        team = place.team
        _stop_unless_running(team, now=now)
        if team.status is TeamStatus.BANNED:
            raise NotAllowed(N_("The host has excluded your team; it stays as it is."))
        note(session, team, action="team.left", by=by, now=now)
        _take_out(session, team, place)
        if team.members:
            return
        end_requests(session, team, now=now)
        if teams.has_submitted(team.id):
            if team.status is TeamStatus.ACTIVE:
                team.approved_at = team.approved_at or now
            team.status, team.join_code = TeamStatus.WITHDRAWN, None
            team_boards.recount(session, team)
        else:
            session.delete(team)


def withdraw(team: Team, *, by: Account, now: datetime) -> None:
    """Withdraw a team from the challenge: it stays, submits no more and is not ranked."""
    with writing() as session:
        led(team, by)
        _stop_unless_running(team, now=now)
        if team.status not in MAY_WITHDRAW:
            raise Conflict(N_("The team does not take part at the moment."))
        if team.status is TeamStatus.ACTIVE:
            # it was let in once, and is again when it comes back
            team.approved_at = team.approved_at or now
        team.status, team.status_reason = TeamStatus.WITHDRAWN, ""
        team_boards.recount(session, team)
        note(session, team, action="team.withdrawn", by=by, now=now)


def come_back(team: Team, *, by: Account, now: datetime) -> None:
    """Let a withdrawn team take part again; Conflict when it is not withdrawn."""
    with writing() as session:
        led(team, by)
        _stop_unless_running(team, now=now)
        if team.status is not TeamStatus.WITHDRAWN:
            raise Conflict(N_("The team has not withdrawn."))
        team.status = participation.standing_when_let_in(team)
        team_boards.recount(session, team)
        note(session, team, action="team.came_back", by=by, now=now)


def led(team: Team, by: Account) -> Membership:
    """Return the place of the leader under the lock; NotAllowed for anybody else."""
    place = teams.member(team.id, by.id)
    if place is None or not place.is_leader:
        raise NotAllowed(N_("Only the leader of the team can do this."))
    return place


def end_requests(session: Session, team: Team, *, now: datetime) -> None:
    """Withdraw every unanswered invitation of a team, and every request from and to it."""
    ended = {"status": RequestStatus.REVOKED, "answered_at": now}
    invited = update(TeamInvitation).where(
        TeamInvitation.team_id == team.id, TeamInvitation.status == RequestStatus.OPEN
    )
    session.execute(invited.values(ended))
    concerned = (TeamMerge.from_team_id == team.id) | (TeamMerge.into_team_id == team.id)
    session.execute(update(TeamMerge).where(concerned, TeamMerge.status == RequestStatus.OPEN).values(ended))


def revoke_links(session: Session, team: Team, *, now: datetime) -> None:
    """Make every unused invitation link of a team useless."""
    links = update(TeamInvitation).where(
        TeamInvitation.team_id == team.id,
        TeamInvitation.token.is_not(None),
        TeamInvitation.status == RequestStatus.OPEN,
    )
    session.execute(links.values(status=RequestStatus.REVOKED, answered_at=now))


def note(
    session: Session,
    team: Team,
    *,
    action: str,
    by: Account,
    now: datetime,
    details: dict[str, object] | None = None,
) -> None:
    """Write down a deed of or to a team under the name it has now."""
    subject = f"{team.challenge.slug}: {team.name}"
    audit.record(session, by=by, action=action, subject=subject, now=now, details=details)


def _take_out(session: Session, team: Team, place: Membership) -> None:
    session.delete(place)
    session.flush()
    session.expire(team, ["members"])
    if place.is_leader and team.members:
        lead(session, team.members[0])
    team_boards.redraw(session, team)


def lead(session: Session, chosen: Membership, *, instead_of: Membership | None = None) -> None:
    """Let a member lead, in the caller's transaction."""
    # one after the other: a team never has two leaders, not even between two statements
    if instead_of is not None:
        instead_of.is_leader = False
        session.flush()
    chosen.is_leader = True
    session.flush()


def _stop_unless_running(team: Team, *, now: datetime) -> None:
    if now > team.challenge.end_at:
        raise NotAllowed(N_("The challenge has ended, so its teams can no longer be changed."))
