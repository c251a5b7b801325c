"""The form that asks for the files an upload lacks: a field for each."""

import hashlib
from collections.abc import Iterable
from typing import Any, cast

from flask_babel import gettext
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage

from app.bundles.problems import Problem, Severity
from app.storage import IncomingFile
from app.web.forms.base import Form


class MissingFilesForm(Form):
    """What every such form has: nothing; `asking_for` adds the fields."""

    # filled in by asking_for: field name -> the problem that the file would cure
    asked: dict[str, Problem]

    @classmethod
    def asking_for(cls, missing: Iterable[Problem]) -> "MissingFilesForm":
        """Make a form with a field for each file that is missing."""
        asked = {_name(problem.supply or ""): problem for problem in missing}
        fields: dict[str, Any] = {name: FileField(problem.supply) for name, problem in asked.items()}
        made = cast("type[MissingFilesForm]", type("AskingForm", (cls,), fields | {"asked": asked}))
        return made()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Refuse a form without any file, and files with nothing in them."""
        sound = bool(super().validate(*args, **kwargs))
        for name, file in self._files():
            if file.size == 0:
                self[name].errors = [gettext("The file is empty.")]
                sound = False
        if sound and not self.received:
            self.form_errors = [gettext("Choose at least one file.")]
            sound = False
        return sound

    @property
    def received(self) -> dict[str, IncomingFile]:
        """The files that were sent, by their paths in the bundle."""
        return {self.asked[name].supply or "": file for name, file in self._files()}

    def is_needed(self, name: str) -> bool:
        """Whether nothing can be imported without the file of this field."""
        return self.asked[name].severity is Severity.ERROR

    def _files(self) -> list[tuple[str, IncomingFile]]:
        sent = ((name, cast("FileStorage | None", self[name].data)) for name in self.asked)
        return [(name, cast("IncomingFile", file.stream)) for name, file in sent if file]


def _name(path: str) -> str:
    # a path may hold any sign; a field's name and id may not
    return f"file-{hashlib.sha256(path.encode()).hexdigest()[:16]}"
