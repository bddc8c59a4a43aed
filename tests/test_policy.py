"""The whole answer to "who may do what", as the client signed it.

Every role stands in the table twice: as somebody whom the thing concerns (`own`) and as somebody
of another house (`foreign`). Each column of a row is the thing in another state.
"""

from types import SimpleNamespace as Thing

import pytest

from app.policy import (
    ADMINISTRATORS,
    AGENCY_ROLES,
    OUTSIDE_ROLES,
    RULES,
    UNIT_ROLES,
    Permission,
    Role,
    can,
    require,
)

AGENCY, UNIT, DEPARTMENT, OFFICE, SECTION, BUREAU = range(1, 7)
HOME = {
    **dict.fromkeys(AGENCY_ROLES, AGENCY),
    Role.UNIT_OFFICER: UNIT,
    Role.DEPARTMENT_OFFICER: DEPARTMENT,
    Role.FINANCE_OFFICE_OFFICER: OFFICE,
    Role.SECTION_OFFICER: SECTION,
}


def make_people():
    people = {"visitor": Thing(is_authenticated=False)}
    for number, role in enumerate(Role, 1):
        home = HOME.get(role, BUREAU)
        same = {"is_authenticated": True, "role": role}
        people[f"own {role}"] = Thing(id=number, organisation_id=home, **same)
        people[f"foreign {role}"] = Thing(id=number + 100, organisation_id=home + 100, **same)
    return people


PEOPLE = make_people()


def own(*roles):
    return {f"own {role}" for role in roles}


def every(*roles):
    """Both: whose organisation it is makes no difference."""
    return own(*roles) | {f"foreign {role}" for role in roles}


NOBODY: set[str] = set()
R = Role
PERFORMANCE, LEADERS = every(R.PERFORMANCE_OFFICER), every(R.LEADER)
OVERSEERS = every(R.PERFORMANCE_OFFICER, R.LEADER, R.INSPECTOR)
BUSINESS = every(*set(Role) - ADMINISTRATORS)
HOUSE, HEADS = own(*AGENCY_ROLES), own(R.AGENCY_ADMIN, R.LEAD_EVALUATOR)
ITS_SECTION, ARCHIVISTS = own(R.SECTION_OFFICER), every(R.ARCHIVIST)
CLIENT = own(R.DEPARTMENT_OFFICER)  # where the department, not the bureau, commissioned
READERS = OVERSEERS | HOUSE | own(*UNIT_ROLES) | ITS_SECTION
OF_PAPERS = OVERSEERS | HOUSE | ITS_SECTION
SECURITY, SYSTEM, HOUSE_HEAD = every(R.SECURITY_ADMIN), every(R.SYSTEM_ADMIN), own(R.AGENCY_ADMIN)


# The things, by family; a row has one set of people for each.


def contract(*, is_open, by_bureau=True, **more):
    engagement = Thing(
        agency_id=AGENCY,
        unit_ids={UNIT},
        overseer_ids={DEPARTMENT, OFFICE},
        section_ids={SECTION},
        client_id=BUREAU if by_bureau else DEPARTMENT,
        client_is_bureau=by_bureau,
        is_open=is_open,
    )
    return Thing(engagement=engagement, **more)


CONTRACTS = (  # commissioned by the bureau: open, over; by a department: open, over
    contract(is_open=True),
    contract(is_open=False),
    contract(is_open=True, by_bureau=False),
    contract(is_open=False, by_bureau=False),
)
ITS_OVERSEERS = Thing(department_id=DEPARTMENT, finance_office_id=OFFICE)
ASKED = (  # of this unit: sent, a draft; sent, and work is over; of another unit of the contract
    contract(is_open=True, unit_id=UNIT, unit=ITS_OVERSEERS, sent_at="then"),
    contract(is_open=True, unit_id=UNIT, unit=ITS_OVERSEERS, sent_at=None),
    contract(is_open=False, unit_id=UNIT, unit=ITS_OVERSEERS, sent_at="then"),
    contract(
        is_open=True,
        unit_id=999,
        unit=Thing(department_id=None, finance_office_id=None),
        sent_at="then",
    ),
)
ADDRESSED = (  # to the agency, to the unit, to somebody else where a department commissioned
    contract(is_open=True, addressee_id=AGENCY),
    contract(is_open=False, addressee_id=UNIT),
    contract(is_open=True, by_bureau=False, addressee_id=999),
)
HOLDS = (
    contract(is_open=False, asker_id=PEOPLE["own performance_officer"].id),
    contract(is_open=False, asker_id=PEOPLE["own leader"].id),
    contract(is_open=True, asker_id=PEOPLE["own performance_officer"].id),
)
SPILLS = (
    Thing(reported_by_id=PEOPLE["own performance_officer"].id),
    Thing(reported_by_id=PEOPLE["own leader"].id),
)
ACCEPTED = tuple(  # not yet, since then
    Thing(engagement=Thing(**vars(one.engagement), accepted_at=at))
    for one, at in ((CONTRACTS[0], None), (CONTRACTS[1], "then"))
)
APPLICATIONS = (  # handed in; decided
    Thing(id=1, is_fillable=False, is_submitted=True),
    Thing(id=1, is_fillable=True, is_submitted=False),
)
TRANSFERS = (  # asked of this agency by the other one; of this agency, by a third one, decided
    Thing(agency_id=AGENCY, to_agency_id=AGENCY + 100, is_waiting=True),
    Thing(agency_id=AGENCY, to_agency_id=999, is_waiting=False),
)
AN_EXPERT = PEOPLE["own expert"].id
SEATS = (  # of this expert: open, over
    contract(is_open=True, expert_id=AN_EXPERT, expert_ids={AN_EXPERT}),
    contract(is_open=False, expert_id=AN_EXPERT, expert_ids={AN_EXPERT}),
)
NOTES = (  # open: by this section officer, by another; over
    contract(is_open=True, author_id=PEOPLE["own section_officer"].id),
    contract(is_open=True, author_id=999),
    contract(is_open=False, author_id=PEOPLE["own section_officer"].id),
)
UPLOADS = (  # begun by this member of the agency: open, over
    contract(is_open=True, author_id=PEOPLE["own agency_member"].id),
    contract(is_open=False, author_id=PEOPLE["own agency_member"].id),
)
TURNS = (  # of this lead evaluator: open, over
    contract(is_open=True, reviewer_id=PEOPLE["own lead_evaluator"].id),
    contract(is_open=False, reviewer_id=PEOPLE["own lead_evaluator"].id),
)
NOTHING = (None,)
ASKED_BY_SECURITY = (Thing(asker_id=PEOPLE["own security_admin"].id, kind="seal_key"),)
AGENCIES = (Thing(agency_id=AGENCY),)
AWAITED_LINKS = (Thing(is_awaited=True), Thing(is_awaited=False))
ACCOUNTS = (  # of a member of the agency, of a unit's officer, of a leader, one's own
    Thing(id=999, role=R.AGENCY_MEMBER, organisation_id=AGENCY),
    Thing(id=999, role=R.UNIT_OFFICER, organisation_id=UNIT),
    Thing(id=999, role=R.LEADER, organisation_id=BUREAU),
    lambda user: Thing(
        id=getattr(user, "id", 0),
        role=getattr(user, "role", R.LEADER),
        organisation_id=getattr(user, "organisation_id", 0),
    ),
)
NEW_ACCOUNTS = ACCOUNTS[:3]
MESSAGES = (Thing(user_id=PEOPLE["own unit_officer"].id),)
ROUNDS = (  # sealed, opened
    contract(is_open=False, unsealed_at=None),
    contract(is_open=False, unsealed_at="then"),
)
REVIEWS = (Thing(author_id=PEOPLE["own unit_officer"].id),)
RETURNED = tuple(  # to its writer by an appeal; never returned, or its days are over
    Thing(author_id=PEOPLE["own unit_officer"].id, invitation_id=1, is_returned=now)
    for now in (True, False)
)
RULED = (  # rated by an officer of the performance section and by others: opened, sealed
    Thing(rater_ids={PEOPLE["own performance_officer"].id, 999}, unsealed_at="then"),
    Thing(rater_ids={PEOPLE["own performance_officer"].id, 999}, unsealed_at=None),
)
APPEALS = (  # waiting, decided
    Thing(rater_ids={PEOPLE["own performance_officer"].id, 999}, is_awaited=True),
    Thing(rater_ids={PEOPLE["own performance_officer"].id, 999}, is_awaited=False),
)
FLAGS = (  # about an agency, about a rater of the performance section, about a ring with them
    Thing(rater_id=None, figures={}),
    Thing(rater_id=PEOPLE["own performance_officer"].id, figures={}),
    Thing(rater_id=None, figures={"raters": [PEOPLE["own performance_officer"].id]}),
)
NOT_FLAGGED = LEADERS | {"foreign performance_officer"}
PLACES = (  # of a unit: work goes on; over; over for long
    contract(is_open=True, is_rateable=True),
    contract(is_open=False, is_rateable=True),
    contract(is_open=False, is_rateable=False),
)
DECIDERS = every(R.LEADER) | {"foreign performance_officer"}
NEEDS = [Thing(is_announced=False), Thing(is_announced=True)]
DRAWS = [  # written down; bids follow that are sealed yet; nothing follows, or bids are open
    Thing(is_announced=False, has_open_list=True),
    Thing(is_announced=True, has_open_list=False),
    Thing(is_announced=True, has_open_list=True),
]
SNAPSHOTS = (Thing(published_at=None), Thing(published_at="then"))  # drawn up, published


def invitation(party, organisation_id, *, is_awaited=True, author_id=None):
    return Thing(
        party=party,
        organisation_id=organisation_id,
        is_awaited=is_awaited,
        is_wanted=is_awaited,
        author_id=author_id,
        invitation_id=1,
        engagement=CONTRACTS[1].engagement,
    )


INVITATIONS = (  # of the unit, the performance section, the business section; one that was answered
    invitation("unit", UNIT),
    invitation("performance", BUREAU),
    invitation("section", SECTION),
    invitation("unit", UNIT, is_awaited=False, author_id=PEOPLE["own unit_officer"].id),
)


def assessed(*, is_told, filler=999):
    """An assessment of the agency's finished work."""
    more = {"agency_id": AGENCY, "filled_by_id": filler, "involved_ids": {filler}}
    return contract(is_open=False, by_bureau=False, is_told=is_told, **more)


OFFICER = PEOPLE["own performance_officer"].id
ASSESSMENTS = (assessed(is_told=False), assessed(is_told=True))  # being filled in, confirmed
FILLED = (assessed(is_told=False, filler=OFFICER),)
ANNUAL_ROWS = (  # of a list that is drawn up, noticed, published
    Thing(agency_id=AGENCY, is_told=False, published_at=None),
    Thing(agency_id=AGENCY, is_told=True, published_at=None),
    Thing(agency_id=AGENCY, is_told=True, published_at="then"),
)
OBJECTIONS = (Thing(agency_id=AGENCY, involved_ids={OFFICER}),)

COURSES = (  # for all, for agencies, for units; not published
    Thing(audience="all", is_published=True),
    Thing(audience="agency", is_published=True),
    Thing(audience="unit", is_published=True),
    Thing(audience="all", is_published=False),
)
LEARNERS = every(*AGENCY_ROLES, *UNIT_ROLES, R.EXPERT, R.SECTION_OFFICER)
HOURS = (  # of this member of the agency: waiting for a decision, decided
    Thing(user_id=PEOPLE["own agency_member"].id, agency_id=AGENCY, is_waiting=True),
    Thing(user_id=PEOPLE["own agency_member"].id, agency_id=AGENCY, is_waiting=False),
)
CORRECTED = (R.UNIT_OFFICER, R.SECURITY_ADMIN)  # whose data
POSTS = (  # of this unit's officer: shown, hidden
    Thing(user_id=PEOPLE["own unit_officer"].id, is_shown=True, is_of_section=False),
    Thing(user_id=PEOPLE["own unit_officer"].id, is_shown=False, is_of_section=False),
)
OWN_POSTS = (*POSTS, Thing(user_id=999, is_shown=True, is_of_section=True))
SPEAKERS = LEARNERS | PERFORMANCE | LEADERS
CONSORTIA = (Thing(member_ids={AGENCY}),)
CASES = (  # released by this officer and waiting, published
    Thing(is_published=False, is_awaited=True, released_ids={OFFICER}),
    Thing(is_published=True, is_awaited=False, released_ids={OFFICER, 999}),
)
HANDOVERS = (
    Thing(giver_id=PEOPLE["own unit_officer"].id, taker_id=PEOPLE["own section_officer"].id),
)
DEPUTYSHIPS = (
    Thing(principal_id=PEOPLE["own unit_officer"].id, deputy_id=PEOPLE["own section_officer"].id),
)
HANDS_ON = (
    PERFORMANCE | SECURITY | HOUSE_HEAD,
    PERFORMANCE | SECURITY,
    SECURITY,
    every(*set(Role) - {R.INSPECTOR}),
)

P = Permission
TABLE = {
    P.ACCEPTANCE_DECIDE: (CONTRACTS, PERFORMANCE, NOBODY, CLIENT, NOBODY),
    P.ACCOUNT_CLOSE: (
        ACCOUNTS,
        PERFORMANCE | SECURITY | HOUSE_HEAD,
        PERFORMANCE | SECURITY,
        SECURITY,
        NOBODY,
    ),
    P.ACCOUNT_GRANT: (ACCOUNTS, SECURITY, SECURITY, SECURITY, NOBODY),
    P.ACCOUNT_LIST: (NOTHING, PERFORMANCE | SYSTEM | SECURITY | every(R.AGENCY_ADMIN)),
    P.ACCOUNT_OPEN: (
        NEW_ACCOUNTS,
        PERFORMANCE | SECURITY | HOUSE_HEAD,
        PERFORMANCE | SECURITY,
        SECURITY,
    ),
    P.ACCOUNT_READ: (
        ACCOUNTS,
        PERFORMANCE | SYSTEM | SECURITY | HOUSE_HEAD,
        PERFORMANCE | SYSTEM | SECURITY,
        SYSTEM | SECURITY,
        SYSTEM | SECURITY | every(R.AGENCY_ADMIN),
    ),
    P.ACCOUNT_RESET: (
        ACCOUNTS,
        PERFORMANCE | SECURITY | HOUSE_HEAD,
        PERFORMANCE | SECURITY,
        SECURITY,
        NOBODY,
    ),
    P.AGENCY_CONTACT_READ: (AGENCIES, OVERSEERS | every(R.SECTION_OFFICER) | HOUSE),
    P.AGENCY_EDIT: (AGENCIES, PERFORMANCE | HOUSE_HEAD),
    P.AGENCY_LIST: (NOTHING, BUSINESS),
    P.AGENCY_READ: (AGENCIES, OVERSEERS | every(R.SECTION_OFFICER, *UNIT_ROLES) | HOUSE),
    P.AGENCY_REGISTER: (NOTHING, PERFORMANCE),
    P.ALERT_LIST: (NOTHING, OVERSEERS | every(R.SECTION_OFFICER)),
    P.ALERT_READ: (CONTRACTS, *[OVERSEERS | ITS_SECTION] * 4),
    P.ALERT_RULE_EDIT: (NOTHING, PERFORMANCE),
    P.ALERT_RULE_READ: (NOTHING, OVERSEERS),
    P.ALERT_SETTLE: (NOTHING, PERFORMANCE | LEADERS),
    P.AMENDMENT_ASK: (CONTRACTS, HEADS, NOBODY, HEADS, NOBODY),
    P.AMENDMENT_DECIDE: (CONTRACTS, PERFORMANCE, NOBODY, PERFORMANCE | CLIENT, NOBODY),
    P.AMENDMENT_ENTER: (CONTRACTS, *[PERFORMANCE] * 4),
    P.AMENDMENT_READ: (CONTRACTS, *[OF_PAPERS] * 2, *[OF_PAPERS | CLIENT] * 2),
    P.DOCUMENT_WORDING_EDIT: (NOTHING, PERFORMANCE),
    P.OFFICIAL_DOCUMENT_ISSUE: (CONTRACTS, *[PERFORMANCE] * 4),
    P.OFFICIAL_DOCUMENT_READ: (
        ADDRESSED,
        OVERSEERS | ITS_SECTION | HOUSE,
        OVERSEERS | ITS_SECTION | own(R.UNIT_OFFICER),
        OVERSEERS | ITS_SECTION | CLIENT,
    ),
    P.INVOICE_HAND_IN: (CONTRACTS, *[HEADS] * 4),
    P.PAYMENT_PLAN: (CONTRACTS, *[PERFORMANCE] * 4),
    P.PAYMENT_READ: (CONTRACTS, *[OF_PAPERS] * 2, *[OF_PAPERS | CLIENT] * 2),
    P.PAYMENT_RECORD: (CONTRACTS, *[PERFORMANCE] * 2, *[PERFORMANCE | CLIENT] * 2),
    P.ANNUAL_LIST_DECIDE: (NOTHING, LEADERS),
    P.ANNUAL_LIST_DRAW: (NOTHING, PERFORMANCE),
    P.ANNUAL_LIST_PUBLISH: (NOTHING, PERFORMANCE),
    P.ANNUAL_LIST_READ: (SNAPSHOTS, OVERSEERS, BUSINESS),
    P.ANNUAL_ROW_READ: (ANNUAL_ROWS, OVERSEERS, OVERSEERS | HOUSE, BUSINESS),
    P.APPEAL_DECIDE: (APPEALS, DECIDERS, NOBODY),
    P.APPEAL_FILE: (ROUNDS, NOBODY, HEADS),
    P.APPEAL_LIST: (NOTHING, OVERSEERS | every(*AGENCY_ROLES)),
    P.APPEAL_READ: (CONTRACTS, *[OVERSEERS | HOUSE] * 4),
    P.APPLICATION_DECIDE: (APPLICATIONS, PERFORMANCE, NOBODY),
    P.APPLICATION_FILL: (APPLICATIONS, NOBODY, NOBODY),  # whoever holds its key, and no account
    P.APPLICATION_READ: (APPLICATIONS, OVERSEERS, OVERSEERS),
    P.ARCHIVE_BUILD: (
        CONTRACTS,
        NOBODY,
        PERFORMANCE | ARCHIVISTS,
        NOBODY,
        PERFORMANCE | ARCHIVISTS,
    ),
    P.ARCHIVE_READ: (
        CONTRACTS,
        OVERSEERS,
        OVERSEERS | ARCHIVISTS,
        OVERSEERS,
        OVERSEERS | ARCHIVISTS,
    ),
    P.ASSESSMENT_CONFIRM: (FILLED, PERFORMANCE - own(R.PERFORMANCE_OFFICER)),
    P.ASSESSMENT_EDIT: (CONTRACTS, NOBODY, PERFORMANCE, NOBODY, PERFORMANCE),
    P.ASSESSMENT_LIST: (NOTHING, OVERSEERS | every(*AGENCY_ROLES)),
    P.ASSESSMENT_READ: (ASSESSMENTS, OVERSEERS, OVERSEERS | HOUSE | ITS_SECTION | CLIENT),
    P.ASSESSMENT_RULES_EDIT: (NOTHING, PERFORMANCE),
    P.ASSESSMENT_RULES_READ: (NOTHING, BUSINESS),
    P.AUDIT_EXPORT: (NOTHING, every(R.AUDIT_ADMIN, R.INSPECTOR)),
    P.AUDIT_READ: (NOTHING, every(R.AUDIT_ADMIN, R.INSPECTOR)),
    P.BOARD_EXPORT: (NOTHING, BUSINESS),
    P.BOARD_READ: (NOTHING, BUSINESS),
    P.BEST_SET_READ: (NOTHING, OVERSEERS),
    P.COMPARISON_LIST: (NOTHING, OVERSEERS | every(R.EXPERT)),
    P.COMPARISON_READ: (SEATS, *[OVERSEERS | own(R.EXPERT)] * 2),
    P.COMPARISON_RUN: (NOTHING, PERFORMANCE),
    P.COMPARISON_SCORE: (SEATS, *[own(R.EXPERT)] * 2),
    P.COMPARISON_SHEETS_READ: (NOTHING, OVERSEERS),
    P.CONFLICT_ACCEPT: (AWAITED_LINKS, LEADERS, NOBODY),
    P.CONFLICT_READ: (NOTHING, OVERSEERS),
    P.CONSEQUENCE_DECIDE: (NOTHING, LEADERS),
    P.CONSEQUENCE_LIST: (NOTHING, OVERSEERS),
    P.CONSEQUENCE_PROPOSE: (NOTHING, PERFORMANCE),
    P.CONSEQUENCE_READ: (
        ANNUAL_ROWS[:2],
        OVERSEERS,
        OVERSEERS | HOUSE | every(R.SECTION_OFFICER, *UNIT_ROLES),
    ),
    P.BOARD_VIEW_EDIT: (MESSAGES, own(R.UNIT_OFFICER)),
    P.BOILERPLATE_EDIT: (NOTHING, PERFORMANCE),
    P.CONSULTATION_ANSWER: (CONTRACTS, HOUSE, NOBODY, HOUSE, NOBODY),
    P.CONSULTATION_CLOSE: (CONTRACTS, HEADS, NOBODY, HEADS, NOBODY),
    P.CONSULTATION_READ: (ASKED, READERS, HOUSE, READERS | ARCHIVISTS, OF_PAPERS),
    P.CONSULTATION_RESPOND: (
        ASKED,
        own(R.UNIT_OFFICER),
        own(R.UNIT_OFFICER),
        NOBODY,
        NOBODY,
    ),
    P.CONSULTATION_SEND: (CONTRACTS, HEADS | PERFORMANCE, NOBODY, HEADS | PERFORMANCE, NOBODY),
    P.CASE_PROPOSE: (NOTHING, PERFORMANCE),
    P.CASE_READ: (CASES, PERFORMANCE | LEADERS, BUSINESS),
    P.CASE_RELEASE: (CASES, DECIDERS, NOBODY),
    P.CASE_WITHDRAW: (CASES, *[PERFORMANCE | LEADERS] * 2),
    P.CONSORTIUM_ANSWER: (CONSORTIA, HOUSE_HEAD),
    P.CONSORTIUM_PROPOSE: (NOTHING, every(R.AGENCY_ADMIN)),
    P.CONSORTIUM_READ: (CONSORTIA, HOUSE | OVERSEERS),
    P.COOPERATION_WRITE: (NOTHING, every(R.AGENCY_ADMIN, R.LEAD_EVALUATOR)),
    P.NOTICE_WRITE: (NOTHING, PERFORMANCE),
    P.POST_ANSWER: (POSTS, SPEAKERS, NOBODY),
    P.POST_EDIT: (OWN_POSTS, own(R.UNIT_OFFICER), NOBODY, PERFORMANCE),
    P.POST_LIST: (NOTHING, BUSINESS),
    P.POST_MODERATE: (POSTS, *[PERFORMANCE] * 2),
    P.POST_READ: (POSTS, BUSINESS, PERFORMANCE),
    P.POST_REPORT: (POSTS, SPEAKERS, NOBODY),
    P.POST_WRITE: (NOTHING, SPEAKERS),
    P.COURSE_EDIT: (NOTHING, PERFORMANCE),
    P.COURSE_LEARN: (COURSES, LEARNERS, every(*AGENCY_ROLES), every(*UNIT_ROLES), NOBODY),
    P.COURSE_LIST: (NOTHING, BUSINESS),
    P.COURSE_READ: (
        COURSES,
        BUSINESS,
        OVERSEERS | every(*AGENCY_ROLES),
        OVERSEERS | every(*UNIT_ROLES),
        OVERSEERS,
    ),
    P.DIMENSION_WEIGH: (NOTHING, PERFORMANCE),
    P.DOCUMENT_REQUEST_CONFIRM: (CONTRACTS, HOUSE, NOBODY, HOUSE, NOBODY),
    P.DOCUMENT_REQUEST_MAKE: (CONTRACTS, HEADS, NOBODY, HEADS, NOBODY),
    P.DOCUMENT_REQUEST_READ: (ASKED, READERS, HOUSE, READERS | ARCHIVISTS, OF_PAPERS),
    P.DOCUMENT_REQUEST_REMIND: (
        CONTRACTS,
        HOUSE | PERFORMANCE,
        NOBODY,
        HOUSE | PERFORMANCE,
        NOBODY,
    ),
    P.DOCUMENT_REQUEST_SUPPLY: (ASKED, own(R.UNIT_OFFICER), NOBODY, NOBODY, NOBODY),
    P.ENGAGEMENT_ASSIGN: (CONTRACTS, PERFORMANCE, NOBODY, PERFORMANCE, NOBODY),
    P.ENGAGEMENT_CLOSE: (CONTRACTS, PERFORMANCE, PERFORMANCE, PERFORMANCE, PERFORMANCE),
    P.ENGAGEMENT_OPEN: (NOTHING, PERFORMANCE),
    P.ENGAGEMENT_READ: (CONTRACTS, READERS, READERS | ARCHIVISTS, READERS, READERS | ARCHIVISTS),
    P.ENGAGEMENT_REMIND: (CONTRACTS, PERFORMANCE, NOBODY, PERFORMANCE | CLIENT, NOBODY),
    P.ENGAGEMENT_TERMINATE: (CONTRACTS, PERFORMANCE, NOBODY, PERFORMANCE | CLIENT, NOBODY),
    P.EVALUATOR_CONFIRM: (AGENCIES, PERFORMANCE),
    P.EVIDENCE_READ: (AGENCIES, OVERSEERS | HOUSE),
    P.REGISTER_CONFIRM: (AGENCIES, HOUSE_HEAD),
    P.TRANSFER_ASK: (NOTHING, every(R.AGENCY_ADMIN)),
    P.TRANSFER_DECIDE: (TRANSFERS, PERFORMANCE | HOUSE_HEAD, NOBODY),
    P.TRANSFER_LIST: (NOTHING, OVERSEERS | every(R.AGENCY_ADMIN)),
    P.TRANSFER_READ: (TRANSFERS, OVERSEERS | every(R.AGENCY_ADMIN), OVERSEERS | HOUSE_HEAD),
    P.EVALUATOR_REGISTER: (AGENCIES, PERFORMANCE | HOUSE_HEAD),
    P.EXPERT_FEE_LIST: (NOTHING, every(R.EXPERT)),
    P.EXPERT_OPINION_ANSWER: (CONTRACTS, HOUSE, NOBODY, HOUSE, NOBODY),
    P.EXPERT_POOL_EDIT: (NOTHING, PERFORMANCE),
    P.EXPERT_POOL_READ: (NOTHING, OVERSEERS),
    P.EXPERT_REVIEW_CALL: (CONTRACTS, PERFORMANCE, NOBODY, PERFORMANCE | CLIENT, NOBODY),
    P.EXPERT_REVIEW_READ: (
        SEATS,
        OF_PAPERS | own(R.EXPERT),
        OF_PAPERS | ARCHIVISTS | own(R.EXPERT),
    ),
    P.EXPERT_SHEET_SUBMIT: (SEATS, own(R.EXPERT), NOBODY),
    P.FIELDWORK_READ: (
        CONTRACTS,
        OF_PAPERS,
        OF_PAPERS | ARCHIVISTS,
        OF_PAPERS | CLIENT,
        OF_PAPERS | CLIENT | ARCHIVISTS,
    ),
    P.FIELDWORK_RECORD: (CONTRACTS, HOUSE, NOBODY, HOUSE, NOBODY),
    P.FIELDWORK_VOID: (CONTRACTS, HEADS, NOBODY, HEADS, NOBODY),
    P.FLAG_LIST: (NOTHING, OVERSEERS),
    P.FLAG_READ: (FLAGS, *[OVERSEERS] * 3),
    P.FLAG_REMARK: (FLAGS, PERFORMANCE | LEADERS, *[NOT_FLAGGED] * 2),
    P.FORM_ISSUE: (NOTHING, PERFORMANCE),
    P.HOURS_CLAIM: (NOTHING, LEARNERS),
    P.HOURS_DECIDE: (HOURS, PERFORMANCE, NOBODY),
    P.HOURS_READ: (HOURS, *[OVERSEERS | own(R.AGENCY_MEMBER, R.AGENCY_ADMIN)] * 2),
    P.INDICATOR_DECIDE: (CONTRACTS, PERFORMANCE, NOBODY, PERFORMANCE | CLIENT, NOBODY),
    P.INDICATOR_EDIT: (CONTRACTS, HOUSE, NOBODY, HOUSE, NOBODY),
    P.INDICATOR_READ: (
        CONTRACTS,
        OF_PAPERS,
        OF_PAPERS | ARCHIVISTS,
        OF_PAPERS | CLIENT,
        OF_PAPERS | CLIENT | ARCHIVISTS,
    ),
    P.INDICATOR_SUBMIT: (CONTRACTS, HEADS, NOBODY, HEADS, NOBODY),
    P.INVITATION_READ: (
        INVITATIONS,
        own(R.UNIT_OFFICER),
        own(R.PERFORMANCE_OFFICER),
        ITS_SECTION,
        own(R.UNIT_OFFICER),
    ),
    P.LEVEL_REVIEW_APPOINT: (CONTRACTS, HEADS, NOBODY, HEADS, NOBODY),
    P.LEVEL_REVIEW_REPLY: (CONTRACTS, HOUSE, NOBODY, HOUSE, NOBODY),
    P.LEVEL_REVIEW_WRITE: (TURNS, own(R.LEAD_EVALUATOR), NOBODY),
    P.LINK_ISSUE: (INVITATIONS, PERFORMANCE, NOBODY, NOBODY, NOBODY),
    P.LINK_LIST: (NOTHING, PERFORMANCE),
    P.LINK_WITHDRAW: (NOTHING, PERFORMANCE),
    P.DEPUTY_ACT: (DEPUTYSHIPS, own(R.SECTION_OFFICER)),
    P.DEPUTY_END: (DEPUTYSHIPS, own(R.SECTION_OFFICER, R.UNIT_OFFICER) | SECURITY),
    P.DEPUTY_NAME: (ACCOUNTS, *HANDS_ON),
    P.CORRECTION_ANSWER: (
        tuple(Thing(user_id=PEOPLE["own security_admin"].id, role=role) for role in CORRECTED),
        PERFORMANCE | (SECURITY - own(R.SECURITY_ADMIN)),
        SECURITY - own(R.SECURITY_ADMIN),
    ),
    P.CORRECTION_LIST: (NOTHING, PERFORMANCE | SECURITY),
    P.PERSONAL_DATA_OWN: (ACCOUNTS[2:], NOBODY, every(*Role)),
    P.FRAMEWORK_READ: (NOTHING, OVERSEERS | every(*AGENCY_ROLES)),
    P.FRAMEWORK_RUN: (NOTHING, PERFORMANCE),
    P.HANDOVER_DECIDE: (HANDOVERS, own(R.SECTION_OFFICER, R.UNIT_OFFICER)),
    P.HANDOVER_PROPOSE: (ACCOUNTS, *HANDS_ON),
    P.MESSAGE_CHOOSE: (MESSAGES, own(R.UNIT_OFFICER)),
    P.API_ACCESS_END: (MESSAGES, own(R.UNIT_OFFICER) | SECURITY),
    P.API_ACCESS_LIST: (NOTHING, SECURITY),
    P.API_ACCESS_MAKE: (NOTHING, BUSINESS),
    P.DANGEROUS_ACT_ASK: (
        (
            *NOTHING,
            *(
                Thing(kind=kind)
                for kind in (
                    "seal_key",
                    "personal_key",
                    "store_key",
                    "purge",
                    "weights",
                    "assessment_rules",
                    "assessment_form",
                )
            ),
        ),
        SECURITY | SYSTEM | ARCHIVISTS | PERFORMANCE,
        SECURITY | SYSTEM,
        SECURITY | SYSTEM,
        SECURITY | SYSTEM,
        ARCHIVISTS,
        PERFORMANCE,
        PERFORMANCE,
        PERFORMANCE,
    ),
    P.DANGEROUS_ACT_DECIDE: (
        (
            *ASKED_BY_SECURITY,
            *(
                Thing(asker_id=0, kind=kind)
                for kind in ("purge", "weights", "assessment_rules", "assessment_form")
            ),
        ),
        (SECURITY | SYSTEM) - own(R.SECURITY_ADMIN),
        LEADERS,
        LEADERS,
        LEADERS,
        LEADERS,
    ),
    P.DANGEROUS_ACT_LIST: (
        NOTHING,
        SECURITY | SYSTEM | every(R.AUDIT_ADMIN) | ARCHIVISTS | PERFORMANCE | LEADERS,
    ),
    P.MESSAGE_READ: (MESSAGES, own(R.UNIT_OFFICER)),
    P.SESSION_END: (MESSAGES, own(R.UNIT_OFFICER)),
    P.SINGLE_SIGN_ON_LINK: (ACCOUNTS, SECURITY, SECURITY, SECURITY, NOBODY),
    P.NOTE_ISSUE: (CONTRACTS, PERFORMANCE | ITS_SECTION, NOBODY, PERFORMANCE | ITS_SECTION, NOBODY),
    P.NOTE_REPLY: (CONTRACTS, HOUSE, NOBODY, HOUSE, NOBODY),
    P.NOTE_SETTLE: (NOTES, PERFORMANCE | ITS_SECTION, PERFORMANCE, NOBODY),
    P.OBJECTION_DECIDE: (OBJECTIONS, (PERFORMANCE | LEADERS) - own(R.PERFORMANCE_OFFICER)),
    P.OBJECTION_RAISE: (ANNUAL_ROWS[:2], NOBODY, HEADS),
    P.OBJECTION_READ: (OBJECTIONS, OVERSEERS | HOUSE),
    P.ORGANISATION_LIST: (NOTHING, PERFORMANCE | LEADERS | SYSTEM | SECURITY),
    P.ORGANISATION_REGISTER: (NOTHING, PERFORMANCE),
    P.PAPER_DECIDE: (CONTRACTS, PERFORMANCE, NOBODY, PERFORMANCE, NOBODY),
    P.PAPER_DOWNLOAD: (
        CONTRACTS,
        OF_PAPERS,
        OF_PAPERS | ARCHIVISTS,
        OF_PAPERS | CLIENT,
        OF_PAPERS | CLIENT | ARCHIVISTS,
    ),
    P.PAPER_READ: (
        CONTRACTS,
        OF_PAPERS,
        OF_PAPERS | ARCHIVISTS,
        OF_PAPERS | CLIENT,
        OF_PAPERS | CLIENT | ARCHIVISTS,
    ),
    P.PACK_BUILD: (NEEDS, PERFORMANCE, PERFORMANCE),
    P.PACK_READ: (NEEDS, OVERSEERS, OVERSEERS),
    P.PAPER_SUBMIT: (CONTRACTS, HOUSE, NOBODY, HOUSE, NOBODY),
    P.PAPER_TRACE: (CONTRACTS, OVERSEERS, OVERSEERS, OVERSEERS, OVERSEERS),
    P.PAPER_WITHDRAW: (CONTRACTS, HEADS, NOBODY, HEADS, NOBODY),
    P.PROCUREMENT_APPROVE: (NEEDS, LEADERS, LEADERS),
    P.PROCUREMENT_AWARD: (NEEDS, PERFORMANCE, PERFORMANCE),
    P.PROCUREMENT_BIDDERS_READ: (
        DRAWS,
        OVERSEERS,
        OVERSEERS,
        OVERSEERS | every(*AGENCY_ROLES),
    ),
    P.PROCUREMENT_COMPLAIN: (AGENCIES, PERFORMANCE | HEADS),
    P.PROCUREMENT_DRAW: (NEEDS, PERFORMANCE, PERFORMANCE),
    P.PROCUREMENT_LIST_READ: (NOTHING, OVERSEERS | every(*AGENCY_ROLES)),
    P.PROCUREMENT_OBJECT: (
        NEEDS,
        PERFORMANCE,
        PERFORMANCE | every(R.AGENCY_ADMIN, R.LEAD_EVALUATOR),
    ),
    P.PROCUREMENT_OFFER: (NEEDS, NOBODY, every(R.AGENCY_ADMIN, R.LEAD_EVALUATOR)),
    P.PROCUREMENT_OFFER_READ: (AGENCIES, OVERSEERS | HOUSE),
    P.PROCUREMENT_OFFER_WITHDRAW: (AGENCIES, HEADS),
    P.PROCUREMENT_PLAN: (NEEDS, PERFORMANCE, PERFORMANCE),
    P.PROCUREMENT_READ: (NEEDS, OVERSEERS, OVERSEERS | every(*AGENCY_ROLES)),
    P.QUIZ_ANSWER: (HOURS[:1], own(R.AGENCY_MEMBER)),
    P.PURGE_READ: (NOTHING, OVERSEERS | ARCHIVISTS),
    P.RANKING_BUNDLE_READ: (SNAPSHOTS, NOBODY, OVERSEERS),
    P.RANKING_COMPUTE: (NOTHING, PERFORMANCE),
    P.RANKING_LEDGER_READ: (SNAPSHOTS, OVERSEERS, OVERSEERS),
    P.RANKING_LIST: (NOTHING, BUSINESS),
    P.RANKING_MOVES_READ: (AGENCIES, OVERSEERS | HOUSE),
    P.RANKING_PUBLISH: (SNAPSHOTS, PERFORMANCE | LEADERS, PERFORMANCE | LEADERS),
    P.RANKING_READ: (SNAPSHOTS, OVERSEERS, BUSINESS),
    P.RECTIFICATION_DECIDE: (CONTRACTS, PERFORMANCE, PERFORMANCE, PERFORMANCE, PERFORMANCE),
    P.RECTIFICATION_ISSUE: (ACCEPTED, NOBODY, PERFORMANCE),
    P.RECTIFICATION_LIST: (NOTHING, OVERSEERS | every(R.SECTION_OFFICER, *UNIT_ROLES)),
    P.RECTIFICATION_READ: (
        ASKED,
        OVERSEERS | ITS_SECTION | own(*UNIT_ROLES),
        OVERSEERS | ITS_SECTION | own(*UNIT_ROLES),
        OVERSEERS | ITS_SECTION | own(*UNIT_ROLES),
        OVERSEERS | ITS_SECTION,
    ),
    P.RECTIFICATION_REMIND: (
        ASKED,
        *[PERFORMANCE | own(R.DEPARTMENT_OFFICER, R.FINANCE_OFFICE_OFFICER)] * 3,
        PERFORMANCE,
    ),
    P.RELATION_ENTER: (AGENCIES, PERFORMANCE | HEADS),
    P.RELATION_READ: (AGENCIES, OVERSEERS | HOUSE),
    P.RELATION_WITHDRAW: (AGENCIES, PERFORMANCE),
    P.RECTIFICATION_REPORT: (ASKED, *[own(R.UNIT_OFFICER)] * 3, NOBODY),
    P.REPORT_SUBMIT: (CONTRACTS, HEADS, NOBODY, HEADS, NOBODY),
    P.RESULT_DECIDE: (CONTRACTS, PERFORMANCE, PERFORMANCE, PERFORMANCE, PERFORMANCE),
    P.RESULT_LIST: (NOTHING, OVERSEERS | every(R.SECTION_OFFICER)),
    P.RESULT_PROPOSE: (CONTRACTS, *[PERFORMANCE | ITS_SECTION] * 4),
    P.RESULT_READ: (CONTRACTS, *[OVERSEERS | ITS_SECTION] * 4),
    P.READING_EDIT: (NOTHING, PERFORMANCE),
    P.LEGAL_HOLD_ASK: (
        CONTRACTS,
        PERFORMANCE,
        PERFORMANCE | ARCHIVISTS,
        PERFORMANCE,
        PERFORMANCE | ARCHIVISTS,
    ),
    P.LEGAL_HOLD_DECIDE: (  # asked by this officer, by this leader, of work that goes on
        HOLDS,
        LEADERS | PERFORMANCE - own(R.PERFORMANCE_OFFICER) | ARCHIVISTS,
        LEADERS - own(R.LEADER) | PERFORMANCE | ARCHIVISTS,
        LEADERS | PERFORMANCE - own(R.PERFORMANCE_OFFICER),
    ),
    P.SPILL_DECIDE: (SPILLS, LEADERS | SECURITY, LEADERS - own(R.LEADER) | SECURITY),
    P.SPILL_READ: (NOTHING, OVERSEERS | SECURITY | every(R.AUDIT_ADMIN)),
    P.SPILL_REPORT: (CONTRACTS, PERFORMANCE, PERFORMANCE, PERFORMANCE, PERFORMANCE),
    P.STATISTICS_READ: (NOTHING, OVERSEERS | every(R.SECTION_OFFICER)),
    P.STORE_READ: (NOTHING, PERFORMANCE | SYSTEM | every(R.AUDIT_ADMIN)),
    P.RETENTION_EDIT: (NOTHING, PERFORMANCE | ARCHIVISTS),
    P.REVIEW_LIST: (NOTHING, OVERSEERS | every(R.SECTION_OFFICER, *UNIT_ROLES, *AGENCY_ROLES)),
    P.REVIEW_OPEN: (CONTRACTS, NOBODY, PERFORMANCE, NOBODY, PERFORMANCE | CLIENT),
    P.REVIEW_READ: (ROUNDS, NOBODY, OVERSEERS),
    P.REVIEW_READ_OWN: (REVIEWS, own(R.UNIT_OFFICER)),
    P.REVIEW_REPLY: (ROUNDS, NOBODY, HEADS),
    P.REVIEW_REWRITE: (RETURNED, own(R.UNIT_OFFICER), NOBODY),
    P.REVIEW_RULE: (RULED, DECIDERS, NOBODY),
    P.REVIEW_SUMMARY_READ: (ROUNDS, NOBODY, OVERSEERS | HOUSE),
    P.REVIEW_WRITE: (
        INVITATIONS,
        own(R.UNIT_OFFICER),
        own(R.PERFORMANCE_OFFICER),
        ITS_SECTION,
        NOBODY,
    ),
    P.SCORE_EDIT: (CONTRACTS, HOUSE, NOBODY, HOUSE, NOBODY),
    P.SEARCH_READ: (NOTHING, BUSINESS),
    P.SIMILARITY_READ: (CONTRACTS, OVERSEERS, OVERSEERS, OVERSEERS, OVERSEERS),
    P.SIMILARITY_SETTLE: (CONTRACTS, PERFORMANCE, PERFORMANCE, PERFORMANCE, PERFORMANCE),
    P.STAGE_DECIDE: (CONTRACTS, PERFORMANCE, NOBODY, PERFORMANCE | CLIENT, NOBODY),
    P.STAGE_SUBMIT: (CONTRACTS, HEADS, NOBODY, HEADS, NOBODY),
    P.SYSTEM_CONFIGURE: (NOTHING, SYSTEM),
    P.SYSTEM_READ: (NOTHING, SYSTEM),
    P.SYSTEM_RETRY: (NOTHING, SYSTEM),
    P.TEMPLATE_EDIT: (NOTHING, PERFORMANCE),
    P.TEMPLATE_READ: (NOTHING, OVERSEERS),
    P.UNIT_RATING_LIST: (NOTHING, OVERSEERS | every(*AGENCY_ROLES, *UNIT_ROLES)),
    P.UNIT_RATING_WRITE: (PLACES, NOBODY, HEADS, NOBODY),
    P.UPLOAD_CONTINUE: (UPLOADS, own(R.AGENCY_MEMBER), NOBODY),
    P.WEIGHT_LIST: (NOTHING, BUSINESS),
}


def test_every_permission_has_a_rule_and_a_row():
    assert set(RULES) == set(Permission) == set(TABLE)


def test_permissions_are_sorted_and_named_thing_and_action():
    names = [permission.name for permission in Permission]
    assert names == sorted(names)
    for permission in Permission:
        thing, action = permission.value.split(":")
        assert f"{thing}_{action}".upper().replace("-", "_") == permission.name


@pytest.mark.parametrize("permission", Permission)
def test_table(permission):
    things, *columns = TABLE[permission]
    assert len(things) == len(columns), "a set of people for each state"
    for number, (thing, expected) in enumerate(zip(things, columns, strict=True), 1):
        allowed = {
            name
            for name, user in PEOPLE.items()
            if can(user, permission, thing(user) if callable(thing) else thing)
        }
        assert allowed == expected, f"column {number}: {sorted(allowed ^ expected)}"


def test_no_rule_and_no_line_is_empty():
    assert all(lines and all(lines) for lines in RULES.values())


def test_an_empty_line_grants_nothing(monkeypatch):
    monkeypatch.setitem(RULES, Permission.SYSTEM_READ, [[]])
    assert not any(can(user, Permission.SYSTEM_READ, None) for user in PEOPLE.values())


def test_an_unknown_permission_is_a_crash():
    with pytest.raises(KeyError):
        can(PEOPLE["own leader"], "system:destroy", None)


def test_a_refusal_names_what_was_asked():
    from app.errors import Forbidden

    with pytest.raises(Forbidden) as caught:
        require(PEOPLE["own leader"], Permission.SYSTEM_READ, None)
    assert caught.value.asked == "system:read"


def test_the_three_administrators_touch_no_business():
    """三员: no paper, no engagement, no review, no ranking; and only one of them reads the log."""
    concern = (
        "account",
        "organisation",
        "system",
        "message",
        "handover",
        "deputy",
        "spill",
        "store",
        "session",
        "dangerous-act",
        "correction",  # of a person's own data
        "personal-data",
        "api-access:end",
        "api-access:list",
        "single-sign-on",
    )
    for permission, (things, *_columns) in TABLE.items():
        if permission.startswith(concern):
            continue
        for role in ADMINISTRATORS:
            reads_log = role is Role.AUDIT_ADMIN and permission.startswith("audit")
            for who in every(role):
                assert reads_log or not any(can(PEOPLE[who], permission, t) for t in things), (
                    permission,
                    who,
                )


def test_an_inspector_only_reads():
    reading = {permission for permission in Permission if permission.endswith("read")}
    reading |= {P.COURSE_LIST, P.POST_LIST, P.PERSONAL_DATA_OWN, P.API_ACCESS_MAKE}
    reading |= {P.ASSESSMENT_LIST, P.COMPARISON_LIST, P.CONSEQUENCE_LIST}
    reading |= {P.AGENCY_LIST, P.AUDIT_EXPORT, P.BOARD_EXPORT, P.PAPER_DOWNLOAD, P.PAPER_TRACE}
    reading |= {P.RANKING_LIST, P.RESULT_LIST, P.REVIEW_LIST, P.TRANSFER_LIST, P.WEIGHT_LIST}
    reading |= {P.ALERT_LIST, P.APPEAL_LIST, P.FLAG_LIST, P.RECTIFICATION_LIST, P.UNIT_RATING_LIST}
    for permission in set(Permission) - reading:
        for thing in TABLE[permission][0]:
            for who in every(Role.INSPECTOR):
                shown = thing(PEOPLE[who]) if callable(thing) else thing
                assert not can(PEOPLE[who], permission, shown), permission


def test_roles_that_the_section_gives_hold_no_power_over_the_bureau():
    inside = set(Role) - OUTSIDE_ROLES
    assert {R.PERFORMANCE_OFFICER, R.LEADER, R.INSPECTOR, R.ARCHIVIST} | ADMINISTRATORS == inside
