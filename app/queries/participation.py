"""Who is kept out of a challenge, and who accepted which text of its rules."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.models.participation import Ban, RulesAcceptance, RulesText


def bans(challenge_id: int) -> Sequence[Ban]:
    """Return who is kept out of a challenge, the newest first."""
    return db.session.scalars(
        select(Ban)
        .where(Ban.challenge_id == challenge_id)
        .options(joinedload(Ban.account))
        .order_by(Ban.banned_at.desc())
    ).all()


def accepted_rules(challenge_id: int) -> list[tuple[RulesText, int]]:
    """Return every text of the rules that was accepted, the newest first, and by how many people."""
    people = func.count(RulesAcceptance.account_id.distinct())
    rows = db.session.execute(
        select(RulesText, people)
        .outerjoin(RulesAcceptance, RulesAcceptance.rules_id == RulesText.id)
        .where(RulesText.challenge_id == challenge_id)
        .group_by(RulesText.id)
        .order_by(RulesText.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def rules_text(challenge_id: int, sha256: str) -> RulesText | None:
    """Return the text of the rules with this hash, if somebody accepted it."""
    return db.session.scalar(
        select(RulesText).where(RulesText.challenge_id == challenge_id, RulesText.sha256 == sha256)
    )


def acceptances(account_ids: Sequence[int], challenge_id: int) -> dict[int, list[RulesAcceptance]]:
    """Return what each of these people accepted, in order of time."""
    found = db.session.scalars(
        select(RulesAcceptance)
        .join(RulesAcceptance.rules)
        .where(RulesText.challenge_id == challenge_id, RulesAcceptance.account_id.in_(account_ids))
        .options(joinedload(RulesAcceptance.rules))
        .order_by(RulesAcceptance.id)
    )
    by_person: dict[int, list[RulesAcceptance]] = {}
    for it in found:
        by_person.setdefault(it.account_id, []).append(it)
    return by_person
