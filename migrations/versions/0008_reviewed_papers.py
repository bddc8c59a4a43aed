"""The shipped templates ask for three-level review of the final report and the scoring papers.

A template that engagements already have stays as it is and gets a next version: work that runs
goes on under the rules that it began with.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COPIED = ("code", "name", "service_type_id", "needs_unit", "is_batch")
LISTS = ("rating_parties", "scoring_frame", "acceptance_items", "reviewed_classes")
STAGE = ("position", "code", "name", "working_days")

template = sa.table(
    "engagement_template",
    *map(sa.column, ("id", "version", *COPIED, "made_by_id")),
    *(sa.column(name, sa.JSON()) for name in LISTS),
    sa.column("needs_three_level_review", sa.Boolean()),
    sa.column("made_at", sa.DateTime(timezone=True)),
    sa.column("retired_at", sa.DateTime(timezone=True)),
)
stage = sa.table(
    "template_stage",
    *map(sa.column, ("id", "template_id", *STAGE)),
    sa.column("required_papers", sa.JSON()),
)
engagement = sa.table("engagement", sa.column("template_id"))


def upgrade():
    database = op.get_bind()
    shipped = sa.select(template).where(
        template.c.made_by_id.is_(None), template.c.retired_at.is_(None)
    )
    for row in database.execute(shipped.order_by(template.c.id)).mappings().all():
        used = sa.select(engagement.c.template_id).where(engagement.c.template_id == row["id"])
        if database.execute(used.limit(1)).first():
            add_next(database, row)
        else:
            change(database, row["id"])


def change(database, template_id):
    """Mark a template that nobody has used yet."""
    this = template.c.id == template_id
    database.execute(template.update().where(this).values(needs_three_level_review=True))
    for row in stages_of(database, template_id):
        told = marked(row["required_papers"])
        database.execute(stage.update().where(stage.c.id == row["id"]).values(required_papers=told))


def add_next(database, row):
    """Retire the version that engagements have, and add the next one."""
    now = datetime.now(UTC)
    database.execute(template.update().where(template.c.id == row["id"]).values(retired_at=now))
    told = {name: row[name] for name in (*COPIED, *LISTS)}
    following = {"version": row["version"] + 1, "needs_three_level_review": True, "made_at": now}
    database.execute(template.insert().values(**told, **following))
    same = (template.c.code == row["code"], template.c.version == row["version"] + 1)
    key = database.execute(sa.select(template.c.id).where(*same)).scalar_one()
    for one in stages_of(database, row["id"]):
        copied = {name: one[name] for name in STAGE}
        asked = marked(one["required_papers"])
        database.execute(stage.insert().values(template_id=key, required_papers=asked, **copied))


def stages_of(database, template_id):
    ours = sa.select(stage).where(stage.c.template_id == template_id)
    return database.execute(ours.order_by(stage.c.position)).mappings().all()


def marked(papers):
    """Mark the scoring papers and the final report (正式报告)."""
    return [{**one, "reviewed": True} if is_marked(one) else one for one in papers]


def is_marked(one):
    return one["class"] == "G" or (one["class"] == "H" and "正式" in one["title"])


def downgrade():
    raise NotImplementedError("a district goes forward, or back to its backup")
