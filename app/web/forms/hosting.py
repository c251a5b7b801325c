"""Forms that bring a bundle, or a logo."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from app.web.forms.base import Form, OneFile


class BundleForm(Form):
    """Upload a challenge bundle."""

    file = FileField(
        _l("Challenge bundle (zip)"), validators=[OneFile(), FileRequired(_l("Choose the zip of the challenge."))]
    )


class LogoForm(Form):
    """Put up a logo."""

    file = FileField(_l("Picture"), validators=[OneFile(), FileRequired(_l("Choose a picture."))])
