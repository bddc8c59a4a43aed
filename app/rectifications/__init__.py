"""Rectification (整改): findings that a unit puts right, item by item, until each is confirmed."""


def join() -> None:
    """Listen to the features below."""
    from app.rectifications import joining

    joining.join()
