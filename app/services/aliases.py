"""Giving teams the numbers that stand for their names; part of the transactions of others, nothing here commits."""

from random import SystemRandom

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models.challenges import Challenge
from app.models.teams import Team
from app.rules.aliases import drawn


def give(session: Session, challenge: Challenge, team: Team) -> None:
    """Give a team that has just come onto a board its number, where the challenge keeps names to itself."""
    if challenge.has_anonymous_teams and team.alias is None:
        give_all(session, challenge)


def give_all(session: Session, challenge: Challenge) -> None:
    """Give every team of a challenge that has none a number; those that have one keep it."""
    teams = session.scalars(select(Team).where(Team.challenge_id == challenge.id)).all()
    without = [team for team in teams if team.alias is None]
    taken = {team.alias for team in teams if team.alias is not None}
    numbers = drawn(taken, teams=len(teams), count=len(without), chance=SystemRandom())
    for team, number in zip(without, numbers, strict=True):
        team.alias = number
