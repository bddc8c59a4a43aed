"""Questions about posts, agreements and cases. Nothing here changes anything."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, false, func, or_, select

from app.accounts.models import Organisation, User
from app.agencies.models import Agency
from app.db import db
from app.exchange.models import (
    Case,
    CaseRelease,
    Consortium,
    ConsortiumMember,
    Post,
    PostAnswer,
    PostEdition,
    PostKind,
    PostReport,
)
from app.papers.models import PaperVersion, VersionState, WorkingPaper
from app.policy import AGENCY_ROLES, Permission, Person, Role, can, sees_whole_district


def posts_visible_to(user: Person) -> Select[Post]:
    """Exactly the posts that this person may read; the caller orders and pages them."""
    query = select(Post)
    if can(user, Permission.POST_MODERATE, None):
        return query
    if not can(user, Permission.POST_LIST, None):
        return query.where(false())
    return query.where(Post.hidden_at.is_(None))


def answers_visible_to(user: Person) -> Select[PostAnswer]:
    """Exactly the answers that this person may read: those of a post that they may read."""
    query = select(PostAnswer).join(Post, PostAnswer.post_id == Post.id)
    if can(user, Permission.POST_MODERATE, None):
        return query
    if not can(user, Permission.POST_LIST, None):
        return query.where(false())
    return query.where(PostAnswer.hidden_at.is_(None), Post.hidden_at.is_(None))


def answer_counts(posts: Sequence[Post]) -> dict[int, tuple[int, bool]]:
    """How many shown answers each post has, and whether one of them is accepted."""
    keys = [post.id for post in posts]
    query = (
        select(PostAnswer.post_id, func.count(), func.count(PostAnswer.accepted_at))
        .where(PostAnswer.post_id.in_(keys), PostAnswer.hidden_at.is_(None))
        .group_by(PostAnswer.post_id)
    )
    return {key: (number, bool(accepted)) for key, number, accepted in db.session.execute(query)}


def editions_of(post: Post) -> Sequence[PostEdition]:
    """What a post said before, the newest first."""
    query = select(PostEdition).where(PostEdition.post_id == post.id)
    return db.session.scalars(query.order_by(PostEdition.id.desc())).all()


def open_reports() -> Select[PostReport]:
    """Reports that nobody has settled."""
    return select(PostReport).where(PostReport.settled_at.is_(None))


def reports_of(post: Post) -> Sequence[PostReport]:
    """The open reports on one post, in order."""
    return db.session.scalars(
        open_reports().where(PostReport.post_id == post.id).order_by(PostReport.id)
    ).all()


def report_by(user: Person, post: Post) -> PostReport | None:
    """What this person reported of a post."""
    query = select(PostReport).where(
        PostReport.post_id == post.id, PostReport.reporter_id == user.id
    )
    return db.session.scalar(query)


def consortia_visible_to(user: Person) -> Select[Consortium]:
    """Exactly the agreements that this person may read; the caller orders and pages them."""
    query = select(Consortium)
    if sees_whole_district(user, None):
        return query
    if user.role not in AGENCY_ROLES:
        return query.where(false())
    named = select(ConsortiumMember.consortium_id).where(
        ConsortiumMember.agency_id == user.organisation_id
    )
    return query.where(Consortium.id.in_(named))


def consortia_in_force(agency_id: int) -> Sequence[Consortium]:
    """The agreements that an agency leads and a bid may name: every member agreed, none ended."""
    waiting = select(ConsortiumMember.consortium_id).where(ConsortiumMember.agreed_at.is_(None))
    query = select(Consortium).where(
        Consortium.lead_agency_id == agency_id,
        Consortium.ended_at.is_(None),
        Consortium.id.not_in(waiting),
    )
    return db.session.scalars(query.order_by(Consortium.id)).all()


def consortia_waiting_for(user: Person) -> Select[Consortium]:
    """Agreements to which this person's agency has not yet agreed."""
    asked = select(ConsortiumMember.consortium_id).where(
        ConsortiumMember.agency_id == user.organisation_id, ConsortiumMember.agreed_at.is_(None)
    )
    return select(Consortium).where(Consortium.id.in_(asked), Consortium.ended_at.is_(None))


def other_agencies(user: Person) -> Select[Agency]:
    """Whom an agency may ask to join."""
    return (
        select(Agency)
        .join(Organisation, Agency.id == Organisation.id)
        .where(Agency.id != user.organisation_id, Organisation.closed_at.is_(None))
        .order_by(Organisation.name)
    )


def heads_of(agency_ids: Collection[int]) -> Sequence[int]:
    """The administrators of these agencies."""
    query = select(User.id).where(
        User.organisation_id.in_(agency_ids),
        User.role == Role.AGENCY_ADMIN,
        User.closed_at.is_(None),
    )
    return db.session.scalars(query).all()


def cases_visible_to(user: Person) -> Select[Case]:
    """Exactly the cases that this person may read; the caller orders and pages them."""
    query = select(Case)
    if can(user, Permission.CASE_WITHDRAW, None):
        return query
    if not can(user, Permission.POST_LIST, None):
        return query.where(false())
    return query.where(Case.published_at.is_not(None), Case.withdrawn_at.is_(None))


def case_of(version: PaperVersion) -> Case | None:
    """The case that was made of a version."""
    return db.session.scalar(select(Case).where(Case.version_id == version.id))


def accepted_version(paper: WorkingPaper) -> PaperVersion | None:
    """The version of a paper that the bureau approved, if it is the current one."""
    query = select(PaperVersion).where(
        PaperVersion.paper_id == paper.id,
        PaperVersion.number == paper.current_version,
        PaperVersion.state == VersionState.APPROVED,
    )
    return db.session.scalar(query) if paper.withdrawn_at is None else None


def cases_to_release(user: Person) -> Select[Case]:
    """Cases that wait for this person's release."""
    mine = select(CaseRelease.case_id).where(CaseRelease.user_id == user.id)
    waiting = select(Case).where(Case.published_at.is_(None), Case.withdrawn_at.is_(None))
    return waiting.where(Case.id.not_in(mine))


def containing(query: Select[Post], words: str) -> Select[Post]:
    """Those of a list of posts whose title, words or number contain the words."""
    columns = (Post.title, Post.body, Post.document_no)
    return query.where(
        or_(*(column.icontains(words.strip(), autoescape=True) for column in columns))
    )


def of_kind(query: Select[Post], kind: PostKind) -> Select[Post]:
    """Those of a list of posts that are of one kind."""
    return query.where(Post.kind == kind)
