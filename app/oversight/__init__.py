"""Who looks after an engagement, reminders of its stage, and the board's kept views."""


def join() -> None:
    """Say on an engagement's page who looks after it; its engagements move with a hand-over."""
    from app.oversight.joining import join as join_below

    join_below()
