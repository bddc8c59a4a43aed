"""Similarity: papers that are like earlier ones of other engagements. Nothing is ever refused."""


def join() -> None:
    """Listen to the features below."""
    from app.similarity import joining

    joining.join()
