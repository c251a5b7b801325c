"""The forms that ask for a trial: with a file of the bundle, or with a file of the host's own."""

from collections.abc import Sequence
from typing import Self, cast

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import FileStorage
from wtforms import SelectField
from wtforms.validators import InputRequired

from app.queries.trials import KnownFile, TriedPhase
from app.storage import IncomingFile
from app.web.forms.base import REQUIRED, Form, OneFile, chosen_from


class TrialForm(Form):
    """What both ask: the phase."""

    codename = SelectField(_l("Phase"), validators=[InputRequired(REQUIRED)])

    def offer(self, phases: Sequence[TriedPhase]) -> Self:
        """Let these phases be chosen."""
        self.codename.choices = chosen_from({phase.codename: phase.name for phase in phases})
        return self


class KnownFileForm(TrialForm):
    """Try a file that is in the store already."""

    ref = SelectField(_l("File"), validators=[InputRequired(REQUIRED)])

    def offer_files(self, files: Sequence[KnownFile]) -> Self:
        """Let these files be chosen."""
        self.ref.choices = chosen_from({file.ref: file.name for file in files})
        return self


class OwnFileForm(TrialForm):
    """Try a file that the host sends."""

    file = FileField(_l("File with predictions"), validators=[OneFile(), FileRequired(_l("Choose a file."))])

    @property
    def received(self) -> IncomingFile:
        """The uploaded file as the store received it."""
        return cast("IncomingFile", cast("FileStorage", self.file.data).stream)

    @property
    def file_name(self) -> str:
        """The name it was sent under."""
        return cast("FileStorage", self.file.data).filename or ""
