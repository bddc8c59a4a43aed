"""Each organisation of the demonstration has the credit code that its kind has in reality."""

from random import Random

import pytest
from sqlalchemy import select

from app.accounts import passwords
from app.accounts.models import Organisation
from app.credit_code import check
from app.db import db
from app.demo import district as districts

pytestmark = [pytest.mark.database("sqlite"), pytest.mark.nightly]  # a hundred accounts
KINDS = {
    "局": "11",
    "人民政府": "11",
    "街道办事处": "11",
    "第一中学": "12",
    "人民医院": "12",
    "有限公司": "91",
    "（普通合伙）": "91",
    "（特殊普通合伙）": "91",
    "律师事务所": "31",
    "研究院": "52",
    "研究所": "52",
    "大学公共绩效研究中心": "12",
}


def made():
    district = districts.found(Random(1))
    districts.settle(district)
    districts.register_firms(district)
    db.session.flush()
    told = select(Organisation.name, Organisation.credit_code).order_by(Organisation.id)
    return {name: code for name, code in db.session.execute(told) if code}


def test_a_code_begins_as_its_kind_does(session, monkeypatch):
    monkeypatch.setattr(passwords, "hash_of", lambda _password: "no password")
    known = made()
    for ending, kind in KINDS.items():
        codes = [code for name, code in known.items() if name.endswith(ending)]
        assert codes, ending
        assert {code[:2] for code in codes} == {kind}, ending
    assert {code[:2] for code in known.values()} == {"11", "12", "31", "52", "91"}
    assert not [code for code in known.values() if check(code)]
    assert len(set(known.values())) == len(known) > 70
