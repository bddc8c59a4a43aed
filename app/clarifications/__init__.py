"""Questions about a need and changes of its notice (答疑、更正): the answer is for all."""


def join() -> None:
    """Speak up where procurement asks."""
    from app.clarifications import joining

    joining.join()
