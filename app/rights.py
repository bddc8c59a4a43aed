"""What the portal's own role may do on PostgreSQL; the owner, who migrates, may do everything.

Given anew after every migration, so that a role made later and a table added later are heard of.
"""

from sqlalchemy import Connection, inspect, text

ROLE = "xingping_app"
READ = "SELECT"
ADD = "SELECT, INSERT"
CHANGE = "SELECT, INSERT, UPDATE"
REMOVE = "SELECT, INSERT, UPDATE, DELETE"
FORGET = "SELECT, INSERT, DELETE"
# What differs from CHANGE. What was given once stays: a star, a report, an answer.
RIGHTS = {
    "alembic_version": READ,
    **dict.fromkeys(("audit_event", "audit_leaf", "audit_node", "audit_checkpoint"), ADD),
    **dict.fromkeys(("review", "review_score", "note_reply", "final_report"), ADD),
    **dict.fromkeys(("review_problem", "review_ruling", "weight_version"), ADD),
    **dict.fromkeys(("agency_reply", "unit_rating", "unit_rating_score"), ADD),
    "flag_remark": ADD,
    "certificate_attempt": REMOVE,  # kept for a day
    **dict.fromkeys(("page_reading", "session_sign_in", "exchange_edition"), ADD),
    **dict.fromkeys(("application_remark", "expert_mark", "yearly_confirmation"), ADD),
    **dict.fromkeys(("exchange_case_release", "made_up_sign_in"), ADD),
    "search_gram": FORGET,
    "link_attempt": REMOVE,  # kept for a day
    "address_attempt": REMOVE,  # the same
    "former_password": ADD,
    **dict.fromkeys(("weight_cell", "weight_of_party", "dimension_anchor"), ADD),
    **dict.fromkeys(("assessment_item", "assessment_rules", "annual_input"), ADD),
    **dict.fromkeys(("ranking_row", "acceptance_finding", "version_file"), ADD),
    **dict.fromkeys(("store_proof", "store_check"), ADD),
    **dict.fromkeys(("purge", "time_stamp"), ADD),
    "sent_form": FORGET,  # spent tokens go when no session can bring them back
    "queued_job": REMOVE,  # work that was done a week ago
    "upload": REMOVE,  # bytes on their way in; they become a paper's version or nothing
    "api_receipt": REMOVE,  # what an idempotency key answered, for a day
    "text_bucket": REMOVE,  # an index over texts; made anew where the text is read anew
    **dict.fromkeys(("indicator", "indicator_evidence"), REMOVE),  # of a draft
    "request_item": REMOVE,  # of a draft that is written again; the service keeps those that went
}


def give(connection: Connection) -> None:
    """Give the role its rights, where it exists and somebody else migrates."""
    asked = text("SELECT current_user <> :role FROM pg_roles WHERE rolname = :role")
    if not connection.scalar(asked, {"role": ROLE}):
        return
    name = connection.dialect.identifier_preparer.quote
    for table in inspect(connection).get_table_names():
        connection.exec_driver_sql(f"REVOKE ALL ON {name(table)} FROM {ROLE}")
        connection.exec_driver_sql(f"GRANT {RIGHTS.get(table, CHANGE)} ON {name(table)} TO {ROLE}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}")
    _give_queue(connection)


def _give_queue(connection: Connection) -> None:
    """The queue's own tables stand apart, in a schema of their own that older states don't have."""
    if "queue" not in inspect(connection).get_schema_names():
        return
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA queue TO {ROLE}")
    connection.exec_driver_sql(f"GRANT {REMOVE} ON ALL TABLES IN SCHEMA queue TO {ROLE}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA queue TO {ROLE}")
