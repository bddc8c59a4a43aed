"""What people say to each other. Each public function is one user action."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from app import audit, clock
from app.accounts.models import User
from app.attachments.models import columns_of
from app.db import db, lock
from app.errors import Conflict, Invalid
from app.exchange import queries
from app.exchange.models import (
    AnswerEdition,
    Post,
    PostAnswer,
    PostEdition,
    PostFile,
    PostKind,
    PostReport,
)
from app.exchange.personal import Number, found_in
from app.notifications import services as notifications
from app.notifications.kinds import Kind
from app.notifications.queries import holders_of
from app.papers.files import StoredFile
from app.policy import Permission, Role, require

WRITES = {
    PostKind.TOPIC: Permission.POST_WRITE,
    PostKind.NOTICE: Permission.NOTICE_WRITE,
    PostKind.POLICY: Permission.NOTICE_WRITE,
    PostKind.COOPERATION: Permission.COOPERATION_WRITE,
}


@dataclass(frozen=True)
class NewPost:
    """What somebody says; a policy has its document number and the day from which it holds."""

    kind: PostKind
    title: str
    body: str
    document_no: str = ""
    in_force_on: date | None = None


@dataclass(frozen=True)
class NewWords:
    """Other words for a post; of a policy also its number, its day of force and of its end."""

    title: str
    body: str
    document_no: str = ""
    in_force_on: date | None = None
    ended_on: date | None = None

    def stand_in(self, post: Post) -> bool:
        """Whether the post says just this already: the form was sent twice."""
        new = self.title.strip(), self.body.strip(), self.document_no.strip()
        days = self.in_force_on, self.ended_on
        stands = post.title, post.body, post.document_no, post.in_force_on, post.ended_on
        return (*new, *days) == stands


def write_post(actor: User, new: NewPost) -> Post:
    """Say something to everybody: topics who takes part, notices and policies the section."""
    require(actor, WRITES[new.kind], None)
    is_policy = new.kind is PostKind.POLICY
    if is_policy:
        _check_policy(new)
    _refuse_numbers(new.title, new.body)
    post = Post(
        kind=new.kind,
        title=new.title.strip(),
        body=new.body.strip(),
        document_no=new.document_no.strip() if is_policy else "",
        in_force_on=new.in_force_on if is_policy else None,
        author=actor,
        posted_at=clock.now(),
        hidden_words="",
    )
    db.session.add(post)
    audit.record(actor, audit.Event.POST_WRITTEN, post, title=post.title, post_kind=str(post.kind))
    return post


def edit_post(actor: User, post: Post, new: NewWords) -> None:
    """The author, or of a notice or policy the section, changes it; what stood before is kept."""
    lock(post)
    require(actor, Permission.POST_EDIT, post)
    _refuse_numbers(new.title, new.body)
    if post.kind is PostKind.POLICY:
        _set_policy(post, new)
    else:
        _keep_edition(post)
    post.title, post.body, post.edited_at = new.title.strip(), new.body.strip(), clock.now()
    audit.record(actor, audit.Event.POST_EDITED, post, title=post.title)


def _refuse_numbers(*words: str) -> None:
    """Nobody's identity number or account stands where everybody reads; a telephone may."""
    found = [one for each in words for one in found_in(each) if one.kind is not Number.PHONE]
    if found:
        shown = ", ".join(one.masked for one in found[:5])
        raise Invalid(
            _("No identity or account numbers of persons here: %(shown)s", shown=shown),
            field="body",
        )


def _keep_edition(post: Post) -> None:
    before = PostEdition(post_id=post.id, title=post.title, body=post.body, until=clock.now())
    before.document_no, before.in_force_on = post.document_no, post.in_force_on
    before.ended_on = post.ended_on
    db.session.add(before)


def _check_policy(new: NewPost | NewWords) -> date:
    """A policy has its number and its day of force, which is returned."""
    if not (new.document_no.strip() and new.in_force_on):
        raise Invalid(_("A policy has a document number and a day of force"), field="document_no")
    return new.in_force_on


def _set_policy(post: Post, new: NewWords) -> None:
    in_force_on = _check_policy(new)
    if new.ended_on is not None and new.ended_on <= in_force_on:
        raise Invalid(_("It ends after the day of force"), field="ended_on")
    _keep_edition(post)
    post.document_no, post.in_force_on = new.document_no.strip(), in_force_on
    post.ended_on = new.ended_on


def add_file(actor: User, post: Post, file: StoredFile) -> PostFile:
    """The section adds the issued text or an annex to a notice or a policy."""
    require(actor, Permission.NOTICE_WRITE, post)
    require(actor, Permission.POST_EDIT, post)
    if not post.is_of_section:
        raise Conflict
    kept = PostFile(post_id=post.id, **columns_of(actor, file))
    db.session.add(kept)
    audit.record(actor, audit.Event.POST_FILE_ADDED, post, file=file.name, sha256=file.sha256)
    return kept


def answer_post(actor: User, post: Post, body: str) -> PostAnswer:
    """Answer a post; its author is told."""
    require(actor, Permission.POST_ANSWER, post)
    _refuse_numbers(body)
    answer = PostAnswer(
        post=post, body=body.strip(), author=actor, written_at=clock.now(), hidden_words=""
    )
    db.session.add(answer)
    if post.author_id != actor.id:
        told = {"title": post.title}
        notifications.send([post.author_id], Kind.POST_ANSWERED, told, f"/posts/{post.id}")
    audit.record(actor, audit.Event.POST_ANSWERED, post)
    return answer


def edit_answer(actor: User, answer: PostAnswer, body: str) -> None:
    """The author of an answer changes it; what stood before is kept and can be read."""
    lock(answer)
    require(actor, Permission.POST_EDIT, answer)
    _refuse_numbers(body)
    now = clock.now()
    answer.editions.append(AnswerEdition(body=answer.body, until=now))
    answer.body, answer.edited_at = body.strip(), now
    audit.record(actor, audit.Event.POST_ANSWER_EDITED, answer.post)


def accept_answer(actor: User, post: Post, answer: PostAnswer) -> None:
    """The author of a topic says which answer helped; another one may be chosen later."""
    lock(post)
    require(actor, Permission.POST_EDIT, post)
    if answer.post_id != post.id or answer.hidden_at is not None:
        raise Conflict
    for each in post.answers:
        each.accepted_at = clock.now() if each.id == answer.id else None
    audit.record(actor, audit.Event.POST_ANSWER_ACCEPTED, post)


def report_post(actor: User, post: Post, words: str) -> PostReport:
    """Tell the section that a post or what was answered to it must not stand here, once."""
    require(actor, Permission.POST_REPORT, post)
    if queries.report_by(actor, post) is not None:
        raise Conflict(_("You have reported this post already"))
    report = PostReport(
        post=post, reporter_id=actor.id, words=words.strip(), reported_at=clock.now()
    )
    db.session.add(report)
    desk = holders_of(Role.PERFORMANCE_OFFICER)
    notifications.send(desk, Kind.POST_REPORTED, {"title": post.title}, f"/posts/{post.id}")
    audit.record(actor, audit.Event.POST_REPORTED, post, words=report.words)
    return report


def hide_post(actor: User, post: Post, words: str) -> None:
    """The section hides a post with its reason; its reports are settled. Nothing is deleted."""
    lock(post)
    require(actor, Permission.POST_MODERATE, post)
    if post.hidden_at is not None:
        raise Conflict(_("The post is hidden already"))
    post.hidden_at, post.hidden_by_id = clock.now(), actor.id
    post.hidden_words = words.strip()
    _settle(post)
    _tell_author(actor, post.author_id, post)
    audit.record(actor, audit.Event.POST_HIDDEN, post, words=post.hidden_words)


def show_post(actor: User, post: Post) -> None:
    """The section shows a hidden post again."""
    lock(post)
    require(actor, Permission.POST_MODERATE, post)
    if post.hidden_at is None:
        raise Conflict
    post.hidden_at, post.hidden_by_id, post.hidden_words = None, None, ""
    audit.record(actor, audit.Event.POST_SHOWN, post)


def hide_answer(actor: User, answer: PostAnswer, words: str) -> None:
    """The section hides an answer with its reason."""
    lock(answer)
    require(actor, Permission.POST_MODERATE, answer.post)
    if answer.hidden_at is not None:
        raise Conflict
    answer.hidden_at, answer.hidden_by_id = clock.now(), actor.id
    answer.hidden_words, answer.accepted_at = words.strip(), None
    _tell_author(actor, answer.author_id, answer.post, answer.hidden_words)
    audit.record(actor, audit.Event.POST_ANSWER_HIDDEN, answer.post, words=answer.hidden_words)


def show_answer(actor: User, answer: PostAnswer) -> None:
    """The section shows a hidden answer again."""
    lock(answer)
    require(actor, Permission.POST_MODERATE, answer.post)
    if answer.hidden_at is None:
        raise Conflict
    answer.hidden_at, answer.hidden_by_id, answer.hidden_words = None, None, ""
    audit.record(actor, audit.Event.POST_ANSWER_SHOWN, answer.post)


def _tell_author(actor: User, author_id: int, post: Post, words: str = "") -> None:
    """Whoever wrote it is told why it can't be read any more."""
    told = {"title": post.title, "words": words or post.hidden_words}
    if author_id != actor.id:
        notifications.send([author_id], Kind.POST_HIDDEN, told, "/posts")


def settle_reports(actor: User, post: Post) -> None:
    """The section has looked at the reports on a post and leaves it standing."""
    lock(post)
    require(actor, Permission.POST_MODERATE, post)
    if not queries.reports_of(post):
        raise Conflict
    _settle(post)
    audit.record(actor, audit.Event.POST_REPORT_SETTLED, post)


def _settle(post: Post) -> None:
    for report in queries.reports_of(post):
        report.settled_at = clock.now()
