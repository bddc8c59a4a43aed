"""Indicator systems, scoring sheets, the coverage of scores by papers, and the use of results."""


def join() -> None:
    """Listen to the features below."""
    from app.indicators import joining

    joining.join()
