"""Guidance: numbered opinions on versions of papers, their answers, and what they hold up."""


def join() -> None:
    """Listen to the features below."""
    from app.guidance import joining

    joining.join()
