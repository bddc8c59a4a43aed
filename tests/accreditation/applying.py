"""An agency that applies for the register: its form, its files, its way to being handed in."""

import io
import re
from datetime import date

from app import audit, credit_code
from app.accreditation import queries, services
from app.accreditation.holder import Applicant
from app.accreditation.models import Application
from app.accreditation.told import LEAD, PRACTITIONER, Practitioner, Told
from app.agencies.models import AgencyType
from app.agencies.related import NewAssociate, NewBranch
from app.agencies.services import Particulars
from app.db import db, transaction
from app.papers.files import StoredFile

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
PHONE = "13900001234"


def told(serial=700_001, **changes):
    """What an agency tells of itself."""
    facts = {
        "name": f"演示新锐绩效咨询有限公司{serial}",
        "credit_code": credit_code.make(serial),
        "particulars": Particulars(AgencyType.CONSULTANCY, "演示法人", phone="0990-2000000"),
        "login": f"xinrui{serial}",
        "contact_name": "演示管理员",
        "contact_phone": PHONE,
        "people": [
            Practitioner(LEAD, "演示主评甲", "注册会计师", date(2012, 7, 1), date(2016, 7, 1)),
            Practitioner(PRACTITIONER, "演示从业乙", "", date(2024, 7, 1), None),
        ],
        "branches": [NewBranch("演示分公司", "", "演示区某路1号")],
        "associates": [NewAssociate("演示专家丙", "教授", "演示大学")],
    }
    return Told(**{**facts, **changes})


def begun(serial=700_001, **changes):
    """An application in the making, and its key."""
    with transaction():
        application, key = services.start_application(audit.VISITOR, told(serial, **changes))
    return application, key


def file_proof(application, item, expires_on=None):
    file = StoredFile(
        name=f"{item}.pdf",
        media_type="application/pdf",
        size=len(PDF),
        sha256="a" * 64,
        key="演示",
        is_unclassified=True,
    )
    holder = Applicant(application.id)
    with transaction():
        return services.file_evidence(holder, application, item, file, expires_on=expires_on)


def handed_in(serial=700_001, **changes):
    """An application that waits for the section."""
    application, key = begun(serial, **changes)
    for item in queries.NEEDED:
        file_proof(application, item)
    with transaction():
        services.submit_application(Applicant(application.id), application)
    return application, key


def form(**changes):
    """The public form as a browser sends it."""
    facts = told()
    fields = {
        "name": facts.name,
        "credit_code": facts.credit_code,
        "agency_type": "consultancy",
        "legal_representative": "演示法人",
        "login": facts.login,
        "contact_name": facts.contact_name,
        "contact_phone": PHONE,
        "people-0-kind": "lead",
        "people-0-name": "演示主评甲",
        "people-0-qualification": "注册会计师",
        "people-0-working_since": "2012-07-01",
        "people-0-evaluating_since": "2016-07-01",
        "once": "apply-once",
    }
    return {**fields, **changes}


def proof(item, once, **changes):
    """A file for an item as a browser sends it."""
    fields = {
        "requirement": str(item),
        "unclassified": "y",
        "once": once,
        "file": (io.BytesIO(PDF), f"{item}.pdf"),
    }
    return {**fields, **changes}


def key_in(page):
    """The address of the key on the page that shows it once."""
    return re.search(r"/register-applications/keys/[\w-]+", page)[0]


def the_only():
    return db.session.query(Application).one()
