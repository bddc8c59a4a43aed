"""Consultations (征求意见): the draft before the evaluated unit, its opinions, and every answer."""


def join() -> None:
    """Listen to the features below."""
    from app.consultations import joining

    joining.join()
