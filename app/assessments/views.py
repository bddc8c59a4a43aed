from app.assessments import credit_models  # noqa: F401 - the tables are known to the migrations
from app.assessments.blueprint import bp

__all__ = ["bp"]
