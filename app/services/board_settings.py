"""What a host decides about a board: who sees it, when, how much of the test data it stands for; and revealing it."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge, PhaseSplit
from app.rules.errors import N_, Conflict, Invalid
from app.rules.states import Visibility
from app.services import aliases, audit, boards, rebuilding, standings


@dataclass(frozen=True, kw_only=True)
class BoardSettings:
    """The settings of one board, as models/challenges.py explains them."""

    visibility: int
    share_percent: int | None
    hidden_until: datetime | None
    freeze_at: datetime | None
    tells_owners: bool
    public_board_id: int | None


def current(split: PhaseSplit) -> BoardSettings:
    """Return the settings of a board as one value."""
    return BoardSettings(**{name: getattr(split, name) for name in BoardSettings.__dataclass_fields__})


def change(split: PhaseSplit, chosen: BoardSettings, *, by: Account, now: datetime) -> None:
    """Set how a board is shown, at once; Invalid names the field that cannot be.

    What a board showed while fewer people saw it stays with who runs the challenge.
    """
    _check(split, chosen)
    with writing() as session:
        before, finals = current(split), standings.finals_of(split.phase)
        for name, value in asdict(chosen).items():
            setattr(split, name, value)
        if _standings_differ(before, chosen):
            rebuilding.rebuild(session, split, now=now)
            rebuilding.rebuild_finals(session, split, now=now, before=finals)
        else:
            boards.raise_version(session, split, now=now)
        _draw_finals_anew(session, split, now=now)
        changed = audit.changes(asdict(before), asdict(chosen))
        audit.record(session, by=by, action="board.changed", subject=_named(split), details=changed, now=now)


def _standings_differ(before: BoardSettings, after: BoardSettings) -> bool:
    """Whether other scores may count now, or others see the board from now on."""
    names = ("visibility", "hidden_until", "freeze_at", "public_board_id")
    return any(getattr(before, name) != getattr(after, name) for name in names)


def _check(split: PhaseSplit, chosen: BoardSettings) -> None:
    if chosen.share_percent is not None and not 1 <= chosen.share_percent <= 100:
        raise Invalid(N_("Write a whole number from 1 to 100, or nothing."), "share_percent")
    if chosen.public_board_id == split.id:
        raise Invalid(N_("A leaderboard cannot be compared with itself."), "public_board_id")


def _draw_finals_anew(session: Session, split: PhaseSplit, *, now: datetime) -> None:
    """Have those boards drawn anew that show how ranks moved from this one."""
    for phase in split.phase.challenge.phases:
        for board in phase.splits:
            if board.public_board_id == split.id:
                boards.raise_version(session, board, now=now)


def is_revealed(split: PhaseSplit, *, now: datetime) -> bool:
    """Whether everybody sees all of a board already."""
    return split.visibility == Visibility.EVERYBODY and not split.is_hidden(now) and split.freeze_at is None


def reveal(split: PhaseSplit, *, by: Account, now: datetime) -> None:
    """Show a board to everybody, complete, at once; Conflict when everybody sees it already."""
    with writing() as session:
        if is_revealed(split, now=now):
            raise Conflict(N_("Everybody sees this leaderboard already."))
        before, finals = current(split), standings.finals_of(split.phase)
        if split.visibility == Visibility.EVERYBODY and not split.is_hidden(now):
            # only frozen: it stays the public board it was
            split.open_since = split.open_since or split.phase.challenge.created_at
        split.visibility, split.hidden_until, split.freeze_at = Visibility.EVERYBODY, None, None
        split.revealed_at = now
        rebuilding.rebuild(session, split, now=now)
        rebuilding.rebuild_finals(session, split, now=now, before=finals)
        _draw_finals_anew(session, split, now=now)
        changed = audit.changes(asdict(before), asdict(current(split)))
        audit.record(session, by=by, action="board.revealed", subject=_named(split), details=changed, now=now)


def set_anonymous(challenge: Challenge, *, is_anonymous: bool, by: Account, now: datetime) -> None:
    """Show numbers in place of the names of teams on all boards of a challenge, or the names again."""
    with writing() as session:
        challenge.has_anonymous_teams = is_anonymous
        if is_anonymous:
            aliases.give_all(session, challenge)
        for phase in challenge.phases:
            boards.raise_versions(session, phase.splits)
        action = "challenge.names_hidden" if is_anonymous else "challenge.names_shown"
        audit.record(session, by=by, action=action, subject=challenge.slug, now=now)


def _named(split: PhaseSplit) -> str:
    return f"{split.phase.challenge.slug}: {split.phase.codename}, {split.dataset_split.codename}"
