"""The order of a list that is cut into pages by its sort keys."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.sql.operators import desc_op

from app.engagements.models import Engagement


def ordered(query: Select[Any], order: Sequence[ColumnElement[Any]]) -> Select[int]:
    """The ids in this order: what runs is gathered first, and then it alone is sorted.

    Left to itself PostgreSQL walks through all days that stages were ever due on, of whatever
    year, until it has met enough engagements that still run.
    """
    keys: list[Any] = [each.element for each in order]
    named = [key.label(f"key{place}") for place, key in enumerate(keys)]
    shown = query.with_only_columns(Engagement.id.label("shown_id"), *named)
    kept = shown.cte("shown").prefix_with("MATERIALIZED", dialect="postgresql")
    falls = [each.modifier is desc_op for each in order]
    columns = [kept.c[f"key{place}"] for place in range(len(keys))]
    sorted_by = [c.desc() if down else c.asc() for c, down in zip(columns, falls, strict=True)]
    return select(kept.c.shown_id).order_by(*sorted_by)
