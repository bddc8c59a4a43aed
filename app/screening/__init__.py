"""Signs in the stars that a person should look at. Nothing changes by itself."""

EVERY_SECONDS = 24 * 3600


def look() -> int:
    """Look at all opened reviews, without holding anybody up, and raise what is new."""
    from app.db import end_read, transaction
    from app.screening import looking, services

    found = looking.signs()
    end_read()
    with transaction():
        return services.raise_flags(found)
