"""Framework agreements (框架协议): the first stage on record, the second run here."""


def join() -> None:
    """Speak up where procurement asks."""
    from app.frameworks import joining

    joining.join()
