"""Decision packs (采购决策包): how a need was decided, in one ZIP that anybody can check."""


def join() -> None:
    """Say what is done in the background, and how the facts are written in the log."""
    from flask_babel import lazy_gettext as _

    from app.audit.wording import show_fact
    from app.packs import building, labels, services
    from app.queueing import Work, can_do

    can_do(Work(services.WORK, _("Make decision packs"), building.make, 3600, 3, building.give_up))
    show_fact("standing", lambda standing: str(labels.STANDINGS.get(standing, standing)))
