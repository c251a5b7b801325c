"""What comes of an evaluation: scores, or a failure with a reason for each reader."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.rules.failures import FailureCode
from app.rules.sentences import Sentence, written

_NAME_LIMIT = 200


def cleaned(value: object, *, limit: int = _NAME_LIMIT) -> str:
    """Make text safe to store and to show: no NUL, no half characters, not endless."""
    text = str(value).replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
    return text if len(text) <= limit else f"{text[:limit]}…"


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

    @classmethod
    def of_boards(cls, boards: Iterable[tuple[str, Iterable[str]]]) -> "Expected":
        """Return what these boards, each a split's codename and its labels, ask of one result."""
        labels: dict[str, tuple[str, ...]] = {}
        for split, asked in boards:
            labels[split] = tuple(dict.fromkeys((*labels.get(split, ()), *asked)))
        return cls(splits=tuple(labels), labels=labels)


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
    `notes` are for the host: what was left out or read otherwise.
    """

    splits: tuple[SplitScores, ...]
    submission_result: str | None = None
    submission_metadata: str | None = None
    notes: tuple[Sentence, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A result that cannot be used: our sentence for the host, and as `detail` a traceback where there is one.

    `message` is what the script said to the participant on purpose, else empty.
    """

    code: FailureCode
    explanation: Sentence | None = None
    detail: str = ""
    message: str = ""

    @property
    def in_full(self) -> str:
        """Return everything for the host, in English."""
        return _in_english(self.explanation, self.detail)


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A finished run. `seconds` is wall time of the child, `peak_bytes` its largest memory as it reports it."""

    splits: tuple[SplitScores, ...]
    submission_result: str | None
    submission_metadata: str | None
    notes: tuple[Sentence, ...]
    logs: Logs
    seconds: float
    peak_bytes: int


@dataclass(frozen=True, kw_only=True)
class Failed:
    """A run without scores: our sentence and, as `detail`, a traceback or the like.

    Both are for the host only, for labels may be in them; `message` is for the participant.
    """

    code: FailureCode
    explanation: Sentence | None = None
    detail: str = ""
    message: str = ""
    logs: Logs = field(default_factory=Logs)
    seconds: float = 0.0
    peak_bytes: int = 0

    @property
    def in_full(self) -> str:
        """Return everything for the host, in English."""
        return _in_english(self.explanation, self.detail)


def _in_english(explanation: Sentence | None, detail: str) -> str:
    return "\n".join(filter(None, [written(explanation) if explanation else "", detail]))


Outcome = Scored | Failed
