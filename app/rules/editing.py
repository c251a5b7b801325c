"""What a host may write into a challenge that is here already: the same bounds as a bundle's reader keeps."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.rules.bounds import FIRST_YEAR, LAST_YEAR, LONGEST_SHOWN_BYTES
from app.rules.errors import N_, Invalid
from app.rules.names import misleading_sign


@dataclass(frozen=True, kw_only=True)
class ChallengeEdit:
    """What a host may change of a challenge; the names are those of its row."""

    title: str
    short_description: str
    leaderboard_description: str
    start_at: datetime
    end_at: datetime
    tags: list[str]
    registration_open: bool
    max_team_members: int | None


@dataclass(frozen=True, kw_only=True)
class PhaseEdit:
    """What a host may change of a phase; the names are those of its row."""

    name: str
    start_at: datetime
    end_at: datetime
    is_public: bool
    leaderboard_public: bool
    is_submission_public: bool
    is_restricted_to_select_one_submission: bool
    is_submission_paused: bool
    disable_logs: bool
    max_submissions_per_day: int
    max_submissions_per_month: int
    max_submissions: int
    max_concurrent_submissions_allowed: int
    allowed_submission_file_types: list[str]
    allowed_email_ids: list[str]


@dataclass(frozen=True, kw_only=True)
class BoardEdit:
    """What a host may change of a board; the names are those of its row."""

    decimals: int
    by_latest: bool
    show_execution_time: bool


def check_period(start: datetime, end: datetime) -> None:
    """Raise Invalid for an end before its start or a year that nobody means; equal times are allowed, as on EvalAI."""
    for field, moment in (("start_at", start), ("end_at", end)):
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise Invalid(N_("Use a year from 1970 to 2999; for a challenge without an end, 2099 is usual."), field)
    if end < start:
        raise Invalid(N_("The end is before the start. Swap the two, or correct the year."), "end_at")


def check_phase(edit: PhaseEdit) -> None:
    """Raise Invalid for values of a phase that contradict each other."""
    check_period(edit.start_at, edit.end_at)
    if edit.is_submission_public and edit.is_restricted_to_select_one_submission:
        raise Invalid(
            N_("Submissions cannot all be public where participants select one. Choose one of the two."),
            "is_submission_public",
        )


def check_text(text: str, *, longest: int) -> None:
    """Raise Invalid for a text, perhaps of several lines, that is too long or holds hidden signs."""
    if len(text) > longest:
        raise Invalid(
            N_("This is %(length)s characters long. Use at most %(longest)s."), length=len(text), longest=longest
        )
    hidden = misleading_sign(re.sub(r"[\n\r\t\x85]", " ", text))
    if hidden is not None:
        raise Invalid(N_("This contains the hidden character %(sign)s. Type it again without it."), sign=hidden)


def check_page(html: str) -> None:
    """Raise Invalid for a page that would not be shown whole."""
    size = len(html.encode())
    if size > LONGEST_SHOWN_BYTES:
        raise Invalid(
            N_("The page has %(size)s bytes; the limit is %(longest)s. Put long tables into separate files."),
            size=size,
            longest=LONGEST_SHOWN_BYTES,
        )


def listed(text: str) -> list[str]:
    """Return the words of a text with commas, semicolons or line breaks between, each once."""
    words = (word.strip() for word in re.split(r"[,;、，\n]", text))
    return list(dict.fromkeys(word for word in words if word))


def check_list(text: str, *, longest: int) -> None:
    """Raise Invalid for a list in which a word is too long or holds hidden signs."""
    for word in listed(text):
        check_text(word, longest=longest)


def file_types(text: str) -> list[str]:
    """Return file types in lower case with a dot in front, each once: `csv`, `*.CSV` and `.csv` are one."""
    kinds = (kind.strip("*").lstrip(".").lower() for kind in re.split(r"[\s,;|、，]+", text))
    return list(dict.fromkeys(f".{kind}" for kind in kinds if kind))


def check_file_types(text: str) -> None:
    """Raise Invalid for file types that no file can have."""
    kinds = file_types(text)
    if not kinds:
        raise Invalid(N_("Name at least one file type, such as .csv."))
    for kind in kinds:
        if not re.fullmatch(r"\.[\w.+-]+", kind):
            raise Invalid(N_("%(found)s is not a file type. Write types such as .csv, .npz."), found=kind[:80])


def fingerprint(values: Mapping[str, Any]) -> str:
    """Return a short text that differs when one of the values does: what a form says it was filled in over."""
    written = json.dumps(values, default=str, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(written.encode("utf-8", "surrogatepass")).hexdigest()[:16]
