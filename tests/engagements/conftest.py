import pytest

from app import engagements

LISTS = ("submission_gates", "gates", "acceptance_gates", "on_accepted", "on_ended")


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """These tests are about the engine: what upper features ask and do is theirs to test."""
    for name in LISTS:
        monkeypatch.setattr(engagements, name, [])


@pytest.fixture
def portal(make_district):
    """A portal with committed rows, whose upper features stay out of it too."""
    app = make_district()
    for name in LISTS:
        getattr(engagements, name).clear()
    return app
