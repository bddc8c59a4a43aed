from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from app.archiving import labels
from app.archiving.models import Retention
from app.papers.labels import CLASSES
from app.papers.models import IndexClass


class RetentionForm(FlaskForm):
    """One choice for each class of papers; the fields are made below."""

    @classmethod
    def of(cls, rules: Mapping[IndexClass, Retention]) -> "RetentionForm":
        """The form as the rules stand."""
        return cls(data={name_of(one): str(kept) for one, kept in rules.items()})

    def fields(self) -> list[Any]:
        """The choices in the order of the classes."""
        return [self[name_of(one)] for one in IndexClass]

    def told(self) -> dict[IndexClass, Retention]:
        """The rules as they were chosen."""
        return {one: Retention(self[name_of(one)].data) for one in IndexClass}


def name_of(index_class: IndexClass) -> str:
    """How the field of a class is called."""
    return f"class_{index_class.lower()}"


for _one in IndexClass:
    setattr(
        RetentionForm,
        name_of(_one),
        SelectField(
            CLASSES[_one],
            choices=[SelectChoice(str(kept), words) for kept, words in labels.RETENTIONS.items()],
        ),
    )
