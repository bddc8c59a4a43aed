"""Who somebody is: the roles, and what the policy knows of a person. Imports no feature."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol

from app.policy.permissions import Permission


class Role(StrEnum):
    """What a person is in the portal. One account has one role."""

    AGENCY_ADMIN = "agency_admin"  # 机构管理员
    LEAD_EVALUATOR = "lead_evaluator"  # 主评人
    AGENCY_MEMBER = "agency_member"  # 工作组成员
    UNIT_OFFICER = "unit_officer"  # 预算单位绩效经办人
    DEPARTMENT_OFFICER = "department_officer"  # 主管部门
    FINANCE_OFFICE_OFFICER = "finance_office_officer"  # 镇街财政所
    PERFORMANCE_OFFICER = "performance_officer"  # 绩效科
    SECTION_OFFICER = "section_officer"  # 业务科室
    EXPERT = "expert"  # 专家
    ARCHIVIST = "archivist"  # 档案管理员
    LEADER = "leader"  # 局领导
    INSPECTOR = "inspector"  # 纪检、审计检查人员:只读,到期自动终止
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"


AGENCY_ROLES = frozenset({Role.AGENCY_ADMIN, Role.LEAD_EVALUATOR, Role.AGENCY_MEMBER})
UNIT_ROLES = frozenset({Role.UNIT_OFFICER, Role.DEPARTMENT_OFFICER, Role.FINANCE_OFFICE_OFFICER})
ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
# Roles that the performance section may give when it registers an organisation and its people.
OUTSIDE_ROLES = AGENCY_ROLES | UNIT_ROLES | {Role.SECTION_OFFICER, Role.EXPERT}

# For whom a course is; the keys are the values of training.Audience.
AUDIENCES: dict[str, frozenset[Role]] = {
    "all": frozenset(Role),
    "agency": frozenset(AGENCY_ROLES),
    "unit": frozenset(UNIT_ROLES),
}

# Who rates for each kind of buyer; the keys are the values of engagements.Party.
ROLES_OF_PARTY = {
    "unit": UNIT_ROLES,
    "performance": frozenset({Role.PERFORMANCE_OFFICER}),
    "section": frozenset({Role.SECTION_OFFICER}),
}


class Person(Protocol):
    """Anybody who is signed in, as the policy sees them."""

    @property
    def id(self) -> int: ...
    @property
    def is_authenticated(self) -> bool: ...
    @property
    def role(self) -> Role: ...
    @property
    def organisation_id(self) -> int: ...


Word = Callable[[Any, Any], bool]
# A permission holds if every word of any one of its lines holds.
Rules = dict[Permission, list[list[Word]]]
