"""Forms with which hosts edit a challenge, a page of it, a phase, a board; times are those of the reader's zone."""

from collections.abc import Callable
from typing import Any, Self
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired

from app.rules import bounds
from app.rules import editing as rules
from app.rules.editing import BoardEdit, ChallengeEdit, PhaseEdit
from app.rules.errors import DomainError
from app.web.forms.base import REQUIRED, Form, Sound, chosen_from, text, trimmed
from app.web.forms.editing_fields import MomentField, NumberField

_LISTS = {"allowed_submission_file_types", "allowed_email_ids"}


def _lines(value: str | None) -> str | None:
    # browsers send CR LF; pages and texts are kept with LF, as the reader keeps them
    return value.replace("\r\n", "\n").replace("\r", "\n") if value else value


def joined(words: list[str]) -> str:
    """Return a list as the form shows it."""
    return ", ".join(words)


def _words(field: Any, before: list[str], read: Callable[[str], list[str]]) -> list[str]:
    # a word may hold a comma; a list that was not touched stays what it was
    return before if text(field) == joined(before) else read(text(field))


def area(label: str, check: Callable[[str], object], *, rows: int, description: str = "", **options: Any) -> Any:
    """Return a field for a text of several lines, asked of a rule."""
    filters = [_lines, *options.pop("filters", ())]
    return TextAreaField(
        label, filters=filters, validators=[Sound(check)], description=description, render_kw={"rows": rows}, **options
    )


def _line(label: str, *, longest: int) -> StringField:
    sound = Sound(lambda value: rules.check_text(value, longest=longest))
    return StringField(label, filters=[trimmed], validators=[DataRequired(REQUIRED), sound])


def _html(label: str) -> Any:
    return area(label, rules.check_page, rows=24, description=_l("HTML. Scripts, styles and frames are left out."))


class EditForm(Form):
    """A form over something that is here; `seen` says what it was filled with, so that nobody's change is lost."""

    seen = HiddenField()

    def refused(self, problem: DomainError, *, now: str = "") -> Self:
        """Show a refusal; `now` lets the next try go through where somebody else was first."""
        if now:
            self.seen.data = now
        return super().refused(problem)


class ChallengeForm(EditForm):
    """A challenge's short texts, dates and settings."""

    title = _line(_l("Title"), longest=bounds.LONGEST_TITLE)
    short_description = area(
        _l("Short description"),
        lambda value: rules.check_text(value, longest=bounds.LONGEST_SUMMARY),
        rows=3,
        description=_l("Shown in lists of challenges."),
        filters=[trimmed],
    )
    start_at = MomentField(_l("Starts"))
    end_at = MomentField(_l("Ends"))
    tags = area(
        _l("Tags"),
        lambda value: rules.check_list(value, longest=bounds.LONGEST_TAG),
        rows=2,
        description=_l("Separated by commas."),
    )
    leaderboard_description = area(
        _l("Text above the leaderboard"),
        lambda value: rules.check_text(value, longest=bounds.LONGEST_NOTE),
        rows=4,
        filters=[trimmed],
    )
    registration_open = BooleanField(_l("People may join"))
    max_team_members = NumberField(_l("Largest team"), lowest=1, optional=True)

    def edit(self, before: ChallengeEdit, zone: ZoneInfo) -> ChallengeEdit:
        """Return what was filled in, typed."""
        return ChallengeEdit(
            title=" ".join(text(self.title).split()),
            short_description=text(self.short_description),
            leaderboard_description=text(self.leaderboard_description),
            start_at=self.start_at.moment(before.start_at, zone),
            end_at=self.end_at.moment(before.end_at, zone),
            tags=_words(self.tags, before.tags, rules.listed),
            registration_open=self.registration_open.data,
            max_team_members=self.max_team_members.data,
        )


class PageForm(EditForm):
    """One page of a challenge as HTML source."""

    html = _html(_l("Text"))


class PhaseForm(EditForm):
    """A phase: texts, dates, limits, who sees what."""

    name = _line(_l("Name"), longest=bounds.LONGEST_TITLE)
    start_at = MomentField(_l("Starts"))
    end_at = MomentField(_l("Ends"))
    max_submissions_per_day = NumberField(_l("Submissions of a team in a day"))
    max_submissions_per_month = NumberField(_l("Submissions of a team in a month"))
    max_submissions = NumberField(_l("Submissions of a team in all"))
    max_concurrent_submissions_allowed = NumberField(_l("Submissions of a team waiting or running at a time"))
    allowed_submission_file_types = area(
        _l("File types"), rules.check_file_types, rows=2, description=_l("Separated by commas: .csv, .npz")
    )
    allowed_email_ids = area(
        _l("Only these addresses may submit"),
        lambda value: rules.check_list(value, longest=bounds.LONGEST_ADDRESS),
        rows=2,
        description=_l("E-mail addresses, separated by commas. Empty: everybody who takes part."),
    )
    is_public = BooleanField(_l("Participants see this phase"))
    is_submission_paused = BooleanField(_l("Accept no submissions for now"))
    leaderboard_public = BooleanField(_l("Participants choose whether a submission shows on the leaderboard"))
    is_submission_public = BooleanField(_l("Submissions show on the leaderboard from the start"))
    is_restricted_to_select_one_submission = BooleanField(_l("A team selects the one submission that counts"))
    disable_logs = BooleanField(_l("Keep what the script prints from participants"))

    def edit(self, before: PhaseEdit, zone: ZoneInfo) -> PhaseEdit:
        """Return what was filled in, typed."""
        others = set(PhaseEdit.__dataclass_fields__) - {"start_at", "end_at"} - _LISTS
        return PhaseEdit(
            **{name: self[name].data for name in others},
            start_at=self.start_at.moment(before.start_at, zone),
            end_at=self.end_at.moment(before.end_at, zone),
            allowed_submission_file_types=_words(
                self.allowed_submission_file_types, before.allowed_submission_file_types, rules.file_types
            ),
            allowed_email_ids=_words(self.allowed_email_ids, before.allowed_email_ids, rules.listed),
        )


class BoardForm(EditForm):
    """How a board is shown."""

    by_latest = RadioField(
        _l("What counts for a team"),
        choices=chosen_from({"0": _l("Its best submission"), "1": _l("Its latest submission")}),
        validators=[InputRequired(REQUIRED)],
    )
    decimals = NumberField(_l("Decimals"), highest=bounds.MOST_DECIMALS)
    show_execution_time = BooleanField(_l("Show how long the evaluation took"))

    def edit(self) -> BoardEdit:
        """Return what was filled in, typed."""
        return BoardEdit(
            decimals=self.decimals.data or 0,
            by_latest=self.by_latest.data == "1",
            show_execution_time=self.show_execution_time.data,
        )
