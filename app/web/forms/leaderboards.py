"""The forms around boards: what a host decides about one, and a moment to look back at."""

from typing import Self

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from app.models.challenges import PhaseSplit
from app.rules.states import Visibility
from app.services.board_settings import BoardSettings
from app.web.forms.base import Form, chosen_from
from app.web.forms.editing_fields import OptionalMomentField


class BoardForm(Form):
    """How one board is shown."""

    visibility = SelectField(_l("Who sees it"), coerce=int)
    share_percent = IntegerField(
        _l("Share of the test data, in percent"),
        validators=[Optional(), NumberRange(1, 100, _l("Write a whole number from 1 to 100, or nothing."))],
        description=_l("Roughly how much of the test data its scores are calculated on; shown on the page."),
    )
    public_board_id = SelectField(
        _l("It is the final of"),
        coerce=int,
        description=_l("Once people see both, this leaderboard shows how ranks moved from the other one."),
    )
    hidden_until = OptionalMomentField(_l("Hidden until"), description=_l("Before that only hosts see it."))
    freeze_at = OptionalMomentField(
        _l("Frozen from"), description=_l("From then on it stays unchanged until you reveal it or clear this.")
    )
    tells_owners = BooleanField(_l("While it is hidden or frozen, teams see their own new scores on their submissions"))

    @classmethod
    def of(cls, split: PhaseSplit, others: list[PhaseSplit]) -> Self:
        """Make the form of one board, filled from the request if it was sent, else from what holds now."""
        made = cls(obj=split, prefix=f"board-{split.id}")
        made.visibility.choices = chosen_from(
            {
                str(int(Visibility.HOST)): _l("Hosts only"),
                str(int(Visibility.OWNER_AND_HOST)): _l("Hosts, and each team its own row"),
                str(int(Visibility.EVERYBODY)): _l("Everybody"),
            }
        )
        named = {str(it.id): f"{it.phase.name}, {it.dataset_split.name}" for it in others if it.id != split.id}
        made.public_board_id.choices = chosen_from({"0": _l("no other leaderboard")} | named)
        if not made.is_submitted() and str(split.public_board_id) not in named:
            made.public_board_id.data = 0
        return made

    @property
    def chosen(self) -> BoardSettings:
        """What the host chose."""
        return BoardSettings(
            visibility=self.visibility.data,
            share_percent=self.share_percent.data,
            hidden_until=self.hidden_until.moment,
            freeze_at=self.freeze_at.moment,
            tells_owners=bool(self.tells_owners.data),
            public_board_id=self.public_board_id.data or None,
        )


class PastForm(Form):
    """The moment at which to look back at a board."""

    at = OptionalMomentField(_l("Day and time"))
