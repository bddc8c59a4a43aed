"""What is filled in about a choice outside the best set and the province's platform."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import InputRequired


class PlatformForm(FlaskForm):
    """A workbook of the province's platform."""

    file = FileField(
        _("Workbook (XLSX)"),
        [InputRequired(_("Choose a file first"))],
        render_kw={"accept": ".xlsx"},
    )
    once = HiddenField()
