"""What goes over when two teams become one."""

from sqlalchemy import func, select

from app.extensions import db
from app.models.challenges import Phase
from app.models.submissions import Submission
from app.models.teams import Team
from app.queries.quotas import COUNTS


def used_by_phase(challenge_id: int, *teams: Team) -> dict[int, int]:
    """Return how many submissions of teams count against the limits of each phase, each once.

    Those are theirs too that their members sent with other teams: what a person sent goes along.
    """
    people = [member.account_id for team in teams for member in team.members]
    of_them = Submission.team_id.in_([team.id for team in teams]) | Submission.account_id.in_(people)
    rows = db.session.execute(
        select(Submission.phase_id, func.count())
        .join(Phase)
        .where(Phase.challenge_id == challenge_id, of_them, COUNTS)
        .group_by(Submission.phase_id)
    )
    return {row.phase_id: row[1] for row in rows}


def numbers(phase_id: int, team_id: int) -> dict[int, int]:
    """Return the number of each submission of a team in a phase, by its id, in the order they were sent."""
    rows = db.session.execute(
        select(Submission.id, Submission.number)
        .where(Submission.phase_id == phase_id, Submission.team_id == team_id)
        .order_by(Submission.number)
    )
    return {row.id: row.number for row in rows}
