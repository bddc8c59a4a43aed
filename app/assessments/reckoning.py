"""What an assessment adds up to, its digest for the log, and how its lines are named."""

import hashlib
import json
from decimal import Decimal

from app.assessments.grading import total_of
from app.assessments.models import Assessment, AssessmentScore


def total_now(assessment: Assessment) -> Decimal | None:
    """The total, once every line has its points."""
    points = [score.points for score in assessment.scores]
    given = [each for each in points if each is not None]
    if not points or len(given) < len(points):
        return None
    return total_of(given, assessment.bonus or Decimal(0))


def digest_of(assessment: Assessment) -> str:
    """SHA-256 over the lines, words, bonus and total as they are kept: the log holds it."""
    body = {
        "bonus": [str(assessment.bonus or 0), assessment.bonus_words],
        "lines": [[s.item_id, str(s.points), s.words] for s in assessment.scores],
        "total": f"{assessment.total:.2f}",
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def field_of(score: AssessmentScore, column: str) -> str:
    """The name of a line's field in the form: line-0-points."""
    return f"line-{score.position - 1}-{column}"
