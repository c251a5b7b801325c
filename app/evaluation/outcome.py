"""What comes of an evaluation: scores, or a failure with a reason for each reader."""

from dataclasses import dataclass, field

from app.rules.failures import FailureCode


@dataclass(frozen=True, kw_only=True)
class Logs:
    """What a run printed: the head and the tail of each stream, already decoded."""

    stdout: str = ""
    stderr: str = ""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the phase declares: its dataset splits, and the leaderboard labels of each."""

    splits: tuple[str, ...]
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SplitScores:
    """Finite scores of one dataset split by metric; `errors` are error bars by the same metric names."""

    split: str
    scores: dict[str, float]
    errors: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A result that was read and found sound.

    `submission_result` and `submission_metadata` are JSON text as the script gave it, or None;
    `notes` are sentences for the host about what was left out or added.
    """

    splits: tuple[SplitScores, ...]
    submission_result: str | None = None
    submission_metadata: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A result that cannot be used, and the sentence for the host that says why.

    `message` is what the script said to the participant on purpose, else empty.
    """

    code: FailureCode
    detail: str
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A finished run. `seconds` is wall time of the child, `peak_bytes` its largest memory as it reports it."""

    splits: tuple[SplitScores, ...]
    submission_result: str | None
    submission_metadata: str | None
    notes: tuple[str, ...]
    logs: Logs
    seconds: float
    peak_bytes: int


@dataclass(frozen=True, kw_only=True)
class Failed:
    """A run without scores. `detail` is for the host only: it may hold labels; `message` is for the participant."""

    code: FailureCode
    detail: str
    message: str = ""
    logs: Logs = field(default_factory=Logs)
    seconds: float = 0.0
    peak_bytes: int = 0


Outcome = Scored | Failed
