"""The rules as people accepted them: each text is kept once, each acceptance for ever."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import writing
from app.models.accounts import Account
from app.models.challenges import Challenge
from app.models.participation import RulesAcceptance, RulesText
from app.queries import teams
from app.rules.errors import N_, Conflict, NotFound


def accept_rules(challenge: Challenge, *, shown_sha256: str, by: Account, now: datetime) -> None:
    """Accept the rules of a challenge as they were shown; Conflict when they changed again, NotFound for outsiders."""
    with writing() as session:
        place = teams.membership(challenge.id, by.id)
        if place is None:
            raise NotFound
        if challenge.rules_sha256 != shown_sha256:
            raise Conflict(N_("The rules changed again while you read them. Read them once more."))
        place.terms_sha256, place.terms_accepted_at = note(session, challenge, by=by, now=now), now


def note(session: Session, challenge: Challenge, *, by: Account, now: datetime) -> str:
    """Write down in the caller's transaction that somebody accepts the rules as they stand; return their hash."""
    sha256 = challenge.rules_sha256
    known = select(RulesText).where(RulesText.challenge_id == challenge.id, RulesText.sha256 == sha256)
    text = session.scalar(known)
    if text is None:
        text = RulesText(challenge_id=challenge.id, sha256=sha256, text=challenge.terms_and_conditions, kept_at=now)
        session.add(text)
    session.add(RulesAcceptance(rules=text, account_id=by.id, accepted_at=now))
    return sha256
