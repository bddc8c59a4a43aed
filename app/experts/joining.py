"""What the pool says where experts are called without a draw."""

from collections.abc import Collection

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.engagements.models import Engagement
from app.errors import Invalid
from app.experts import queries


def refuse_tied(engagement: Engagement, user_ids: Collection[int]) -> None:
    """Whoever stands aside for a party, or works there, is not invited to judge its engagement."""
    if tied := queries.tied_to(engagement, user_ids):
        names = gettext(", ").join(one.user.name for one in tied)
        words = _("Stands aside here, after the pool of experts: %(names)s", names=names)
        raise Invalid(words, field="experts")
