"""Changing what a team said about its submission."""

from app.extensions import writing
from app.models.submissions import Submission
from app.rules.errors import N_, Conflict
from app.rules.states import SubmissionStatus
from app.services import boards
from app.services.submissions import Method


def describe(submission: Submission, method: Method) -> None:
    """Set method, note, links and answers; open boards show them at once. Conflict when it was deleted meanwhile."""
    with writing() as session:
        if submission.status is SubmissionStatus.DELETED:
            raise Conflict(N_("The submission is deleted already."))
        submission.method_name, submission.method_description = method.name, method.description
        submission.project_url, submission.publication_url = method.project_url, method.publication_url
        submission.attributes = method.attributes
        boards.raise_versions(session, submission.phase.splits)
