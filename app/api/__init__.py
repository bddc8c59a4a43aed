"""For other systems: a JSON API under the same rules as the pages, its tokens and its document."""


def join() -> None:
    """Stand at the paths of the API instead of the sign-in, and tell errors there in JSON."""
    from app import errors
    from app.accounts import login
    from app.api import door, problems

    login.own_doors[door.START] = door.knock
    login.own_tongues[door.START] = door.language
    errors.voices[door.START] = problems.tell
