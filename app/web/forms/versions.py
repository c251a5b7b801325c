"""The form that confirms what a new version changes."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField

from app.bundles.changes import Change, fingerprint
from app.web.forms.base import Form


class ConfirmForm(Form):
    """What the page showed, and the host's yes to what removes or renames something that holds submissions."""

    shown = HiddenField()
    agreed = BooleanField(_l("Make these changes. What is removed stays readable."))

    def show(self, changes: list[Change]) -> None:
        """Note what the page shows now, in place of what it showed before."""
        self.shown.data = fingerprint(changes)
