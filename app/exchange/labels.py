"""How kinds of posts are called."""

from flask_babel import lazy_gettext as _

from app.errors import Words
from app.exchange.models import PostKind

KINDS: dict[PostKind, Words] = {
    PostKind.TOPIC: _("Topics"),
    PostKind.NOTICE: _("Announcements"),
    PostKind.POLICY: _("Policy library"),
    PostKind.COOPERATION: _("Looking for cooperation"),
}
