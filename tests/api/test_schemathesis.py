"""A machine that reads the document alone tries every address with what it makes up."""

import warnings

import pytest

from app.db import db
from tests.api.asking import token_for
from tests.api.test_truth import world
from tests.hostility import undone

__all__ = ["world"]
EXAMPLES = 40
# Whether a token is needed has tests of its own; a cursor or a contract made up is rightly refused.
LEFT_OUT = ("ignored_auth", "use_after_free", "positive_data_acceptance")


@pytest.mark.nightly
@pytest.mark.database("sqlite")
@pytest.mark.filterwarnings("ignore")  # of the tool's own making
def test_the_document_is_true_to_whoever_believes_it(app, world, monkeypatch):
    """Valid and invalid requests: no crash, no status or shape that isn't told, nothing taken."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import schemathesis
        from hypothesis import HealthCheck, Phase, assume, given, settings
        from schemathesis.checks import CHECKS
        from schemathesis.generation import GenerationMode

    monkeypatch.setitem(app.config, "API_REQUESTS_A_MINUTE", 100_000)
    monkeypatch.setitem(app.config, "SIGN_IN_ADDRESS_FAILURES", 100_000)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    key = token_for(world.people["own performance_officer"])
    heads = {"Authorization": f"Bearer {key}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    left_out = [CHECKS.get_one(name) for name in LEFT_OUT]
    tried = []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def believe(case):
                # what leaves no trace in the address can't be refused
                assume(not any(value in (None, [], {}) for value in (case.query or {}).values()))
                with undone():
                    case.call_and_validate(headers=heads, excluded_checks=left_out)
                tried.append(case.operation.label)

            believe()
    assert len(set(tried)) == len(list(schema.get_all_operations()))
    assert db.session.is_active
