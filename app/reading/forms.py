from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.accounts.labels import ROLES
from app.policy import Role
from app.reading.models import Handout
from app.reading.queries import READERS

HANDOUTS = {Handout.ORIGINAL: _("The original"), Handout.COPY: _("A reading copy with watermark")}


class ReadingRulesForm(FlaskForm):
    """One choice for each role that reads papers; the fields are made below."""

    @classmethod
    def of(cls, rules: Mapping[Role, Handout]) -> "ReadingRulesForm":
        """The form as the rules stand."""
        return cls(data={str(role): str(handout) for role, handout in rules.items()})

    def fields(self) -> list[Any]:
        """The choices in the order of the page."""
        return [self[str(role)] for role in READERS]

    def told(self) -> dict[Role, Handout]:
        """The rules as they were chosen."""
        return {role: Handout(self[str(role)].data) for role in READERS}


for _role in READERS:
    setattr(
        ReadingRulesForm,
        str(_role),
        SelectField(
            ROLES[_role],
            choices=[SelectChoice(str(one), words) for one, words in HANDOUTS.items()],
        ),
    )
