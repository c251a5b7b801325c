"""What becomes of the outcome of before when a submission is evaluated again.

While it waits and runs, and when the new evaluation fails for a reason that says nothing about the file (the script's
own error, a limit, the server), the earlier score stands. Only a new score, or a script that refuses the file on
purpose, replaces it. A submission that had no score takes whatever comes.
"""

from app.rules.failures import FailureCode
from app.rules.states import SubmissionStatus


def earlier_stands(earlier: SubmissionStatus, failure: FailureCode) -> bool:
    """Whether the earlier outcome stays in force when the new evaluation failed like this."""
    return earlier is SubmissionStatus.FINISHED and failure is not FailureCode.INPUT
