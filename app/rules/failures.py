"""Why an evaluation ended without a score: a closed list, each with its sentences."""

from dataclasses import dataclass
from enum import StrEnum

from app.rules.errors import N_


class FailureCode(StrEnum):
    """The closed list of reasons; the value is what the database and the interface of the API carry."""

    INPUT = "input"
    SCRIPT = "script"
    NO_RESULT = "no_result"
    BAD_RESULT = "bad_result"
    TIME = "time"
    MEMORY = "memory"
    OUTPUT = "output"
    CRASH = "crash"
    CANCELLED = "cancelled"
    ENVIRONMENT = "environment"
    OURS = "ours"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What to say about a failure, and whether it uses up quota.

    `participant` never carries anything the evaluation script said: labels could be in it.
    """

    participant: str
    host: str
    counts: bool


# A run that cost the server its limits counts, so that failing on purpose is not free;
# a run that failed because of a mistake in the file's form or in the script does not, as in EvalAI.
FAILURES: dict[FailureCode, Failure] = {
    FailureCode.INPUT: Failure(
        participant=N_("Your file could not be used. Compare it with the sample submission and send it again."),
        host=N_("The evaluation script refused the file and told the participant why."),
        counts=False,
    ),
    FailureCode.SCRIPT: Failure(
        participant=N_(
            "The evaluation of your file stopped with an error. Compare your file with the sample submission; the host "
            "can see the details."
        ),
        host=N_("The evaluation script raised an exception. The traceback is in the log."),
        counts=False,
    ),
    FailureCode.NO_RESULT: Failure(
        participant=N_("The evaluation ended without a result. The host can see the details."),
        host=N_("The evaluation script ended before evaluate() returned, for instance by sys.exit()."),
        counts=False,
    ),
    FailureCode.BAD_RESULT: Failure(
        participant=N_("The evaluation gave a result that cannot be used. The host can see the details."),
        host=N_("evaluate() returned something that is not a result. The log says what was wrong."),
        counts=False,
    ),
    FailureCode.TIME: Failure(
        participant=N_("The evaluation took longer than this phase allows and was stopped."),
        host=N_("The evaluation script was stopped at the time limit."),
        counts=True,
    ),
    FailureCode.MEMORY: Failure(
        participant=N_("The evaluation needed more memory than this phase allows and was stopped."),
        host=N_("The evaluation script used more memory or scratch space than allowed."),
        counts=True,
    ),
    FailureCode.OUTPUT: Failure(
        participant=N_("The evaluation printed more than is allowed and was stopped."),
        host=N_("The evaluation script was stopped because it printed without end."),
        counts=True,
    ),
    FailureCode.CRASH: Failure(
        participant=N_("The evaluation of your file crashed. The host can see the details."),
        host=N_("The process of the evaluation script died, for instance by a segmentation fault."),
        counts=True,
    ),
    FailureCode.CANCELLED: Failure(
        participant=N_("The submission was cancelled."),
        host=N_("The submission was cancelled."),
        counts=False,
    ),
    FailureCode.ENVIRONMENT: Failure(
        participant=N_(
            "The packages that evaluate this challenge do not work on this server at the moment. Your file is kept and "
            "does not count; the host can evaluate it again."
        ),
        host=N_("The environment of this version cannot be used. When it works again, evaluate the submission again."),
        counts=False,
    ),
    FailureCode.OURS: Failure(
        participant=N_(
            "Something went wrong on this server, not in your file. The submission does not count; please try again."
        ),
        host=N_("Something went wrong on this server. The administrator can see the details in the log."),
        counts=False,
    ),
}
