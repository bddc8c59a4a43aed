"""Who finds a line in the inbox when a review is called or concluded."""

from app.expert_reviews.models import ExpertReview
from app.notifications import queries as people
from app.notifications.kinds import Kind
from app.notifications.services import send
from app.policy import AGENCY_ROLES


def tell_experts(review: ExpertReview, kind: Kind) -> None:
    """Those who are invited."""
    told = {"day": review.held_on.isoformat(), "engagement": review.engagement.name}
    send([seat.expert.id for seat in review.seats], kind, told, f"/expert-reviews/{review.id}")


def tell_agency(review: ExpertReview, kind: Kind) -> None:
    """The agency has opinions to answer."""
    told = {"engagement": review.engagement.name, "opinions": str(len(review.opinions))}
    staff = people.recipients([review.engagement.agency_id], AGENCY_ROLES)
    send(staff, kind, told, f"/expert-reviews/{review.id}")
