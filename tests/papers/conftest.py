"""One open engagement and those who work on it."""

import pytest


@pytest.fixture
def audited_last(session, audited):
    """The newest events, oldest first."""
    return lambda n: audited()[-n:]
