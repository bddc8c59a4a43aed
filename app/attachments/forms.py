from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, FileField, HiddenField, MultipleFileField
from wtforms.validators import InputRequired

from app.papers.forms import ACCEPT, Needed

TICK = _("I confirm that this file holds no state secret and no classified work matter")
UNTICKED = _("Confirm first that the file holds no state secret")


class FileForm(FlaskForm):
    """One file, with its sender's tick."""

    file = FileField(_("File"), [Needed()], render_kw={"accept": ACCEPT})
    unclassified = BooleanField(TICK, [InputRequired(UNTICKED)])
    once = HiddenField()


class FilesForm(FlaskForm):
    """One file or several at once, with their sender's tick."""

    file = MultipleFileField(_("Files"), [Needed()], render_kw={"accept": ACCEPT})
    unclassified = BooleanField(TICK, [InputRequired(UNTICKED)])
    once = HiddenField()


class PhotosForm(FlaskForm):
    """Photographs, several at once; a phone offers its camera."""

    files = MultipleFileField(_("Photographs"), [Needed()], render_kw={"accept": "image/*"})
    unclassified = BooleanField(TICK, [InputRequired(UNTICKED)])
    once = HiddenField()
