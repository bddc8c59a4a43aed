"""What is rated and how much each dimension and each kind of buyer counts, to start with."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DIMENSIONS = (
    ("quality", "报告质量", 40),
    ("efficiency", "服务效率", 20),
    ("communication", "沟通能力", 20),
    ("satisfaction", "满意度", 20),
)
PARTIES = (("performance", 40), ("section", 30), ("unit", 30))

dimension = sa.table(
    "dimension",
    sa.column("code", sa.String),
    sa.column("name", sa.String),
    sa.column("position", sa.Integer),
    sa.column("weight", sa.Integer),
)
party_weight = sa.table(
    "party_weight", sa.column("party", sa.String), sa.column("weight", sa.Integer)
)


def upgrade():
    op.bulk_insert(
        dimension,
        [
            {"code": code, "name": name, "position": position, "weight": weight}
            for position, (code, name, weight) in enumerate(DIMENSIONS, 1)
        ],
    )
    op.bulk_insert(party_weight, [{"party": party, "weight": weight} for party, weight in PARTIES])


def downgrade():
    codes = [code for code, _name, _weight in DIMENSIONS]
    op.execute(dimension.delete().where(dimension.c.code.in_(codes)))
    op.execute(party_weight.delete())
