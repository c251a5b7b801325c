"""The form over the metrics of a leaderboard: a direction and a description for each, and the one that ranks."""

from collections.abc import Sequence
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from app.rules.bounds import LONGEST_SUMMARY
from app.rules.editing import check_text
from app.rules.metrics import MetricsEdit
from app.web.forms.base import REQUIRED, chosen_from, text, trimmed
from app.web.forms.editing import EditForm, area

_DIRECTIONS = {"1": _l("Higher is better"), "0": _l("Lower is better")}
_AS_IT_IS = {"": _l("Differs between its leaderboards; left as it is")}
_WAYS: dict[bool | None, str] = {True: "1", False: "0", None: ""}


class MetricsForm(EditForm):
    """What every leaderboard asks; `metrics_form` adds two fields for each metric."""

    labels: tuple[str, ...] = ()
    default_order_by: SelectField | HiddenField
    agreed = BooleanField(
        _l("Recalculate the ranks on the leaderboards. The scores stay as they are."),
        description=_l("Asked for only where the order changes."),
    )

    @property
    def rows(self) -> list[tuple[str, Field, StringField]]:
        """The metrics in their order, each with its direction and its description."""
        return [(it, self[f"descending_{n}"], self[f"description_{n}"]) for n, it in enumerate(self.labels)]

    def edit(self) -> MetricsEdit:
        """Return what was filled in, typed."""
        return MetricsEdit(
            default_order_by=self.default_order_by.data or "",
            descending={label: {"1": True, "0": False}.get(way.data) for label, way, _ in self.rows},
            descriptions={label: text(words) for label, _, words in self.rows},
        )


def metrics_form(before: MetricsEdit) -> MetricsForm:
    """Make the form of one leaderboard, filled with how it is, or with what was sent."""
    labels = tuple(before.descriptions)
    fields: dict[str, Any] = {"labels": labels, "default_order_by": _ranking(labels)}
    data = {"default_order_by": before.default_order_by}
    for number, label in enumerate(labels):
        fields[f"descending_{number}"] = _direction(known=before.descending[label] is not None)
        fields[f"description_{number}"] = _description()
        data[f"descending_{number}"] = _WAYS[before.descending[label]]
        data[f"description_{number}"] = before.descriptions[label]
    made = cast("type[MetricsForm]", type("MetricsOfBoard", (MetricsForm,), fields))
    return made(data=data)


def _ranking(labels: Sequence[str]) -> SelectField | HiddenField:
    if len(labels) == 1:
        return HiddenField()
    return SelectField(_l("Metric that ranks"), choices=chosen_from({it: it for it in labels}))


def _direction(*, known: bool) -> RadioField:
    choices = _DIRECTIONS if known else _DIRECTIONS | _AS_IT_IS
    needed = [InputRequired(REQUIRED)] if known else []
    return RadioField(_l("Direction"), choices=chosen_from(choices), validators=needed)


def _description() -> Any:
    return area(_l("Description"), lambda value: check_text(value, longest=LONGEST_SUMMARY), rows=2, filters=[trimmed])
