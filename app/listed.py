"""A row of a list in a form: what is wrong with it is said in the reader's language too."""

from typing import Any

from flask_wtf.i18n import translations
from wtforms import Form


class ListedRow(Form):
    """The fields of one row; a form of its own, it asks the portal for its words."""

    class Meta:
        """What WTForms asks a form for."""

        def get_translations(self, _form: Any) -> Any:
            """The words of the reader's language, as a whole form has them."""
            return translations
