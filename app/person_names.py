"""What a name can be: pure, and the same wherever one is typed or comes in a table."""

import unicodedata

from flask_babel import lazy_gettext as _

from app.errors import Invalid

NO_NAME = _("A name has letters, digits and punctuation, and no pictures")


def is_name(text: str) -> bool:
    """Whether a text can be a name: something is there, and nothing that isn't written by hand."""
    kinds = {unicodedata.category(mark)[0] for mark in text.strip()}
    return bool(kinds & {"L", "N"}) and kinds <= {"L", "M", "N", "P", "Z"}


def true_name(text: str, field: str = "name") -> str:
    """The name as it is kept; Invalid where it can't be one."""
    if not is_name(text):
        raise Invalid(NO_NAME, field=field)
    return text.strip()
