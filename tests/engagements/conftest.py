import pytest

from app import engagements


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """These tests are about the engine: what upper features ask and do is theirs to test."""
    for name in ("submission_gates", "gates", "acceptance_gates", "on_accepted", "on_ended"):
        monkeypatch.setattr(engagements, name, [])
