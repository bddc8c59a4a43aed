"""One engagement from its contract to its archive, as the district's people live through it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from app import clock
from app.accounts.models import User
from app.agencies.models import Evaluator
from app.demo import (
    answering,
    assessing,
    course,
    ending,
    files,
    levels,
    opinions,
    papers,
    process,
    scores,
    words,
)
from app.demo.district import District
from app.demo.planning import Plan
from app.engagements import opening, services
from app.engagements.models import Engagement, IssuedBy, Stage
from app.papers.files import NewPaper, StoredFile
from app.papers.models import WorkingPaper
from app.papers.services import submit_paper

MINUTE = timedelta(minutes=1)
UNDER_REVIEW = {"G", "H"}  # classes whose papers go through the three levels
OPENED_LATER = 2  # working days between a contract and its entry in the portal


@dataclass
class Story:
    """What the story of one engagement remembers from day to day."""

    plan: Plan
    district: District
    shelf: papers.Shelf
    _engagement: Engagement | None = None
    numbers: Counter[str] = field(default_factory=Counter)
    report: WorkingPaper | None = None

    @property
    def engagement(self) -> Engagement:
        """The engagement, once it is opened."""
        if self._engagement is None:
            raise LookupError("the contract isn't signed yet")
        return self._engagement

    @property
    def final_report(self) -> WorkingPaper:
        """The report, once it is uploaded."""
        if self.report is None:
            raise LookupError("the final report wasn't uploaded")
        return self.report

    @property
    def lead(self) -> Evaluator:
        """The lead evaluator, who signs."""
        return self.plan.firm.leads[self.plan.lead]

    @property
    def lead_user(self) -> User:
        """The lead evaluator's account."""
        if self.lead.user is None:
            raise LookupError("a lead evaluator of the demonstration has an account")
        return self.lead.user

    @property
    def client_user(self) -> User:
        """Who decides for the commissioning party."""
        if self.plan.client.id == self.district.bureau.id:
            return self.plan.handler
        return self.district.officer_of(self.plan.client.id)

    def tell(self) -> Iterator[datetime]:
        """The whole story; it breaks off wherever today comes in between."""
        yield self.moment(clock.add_working_days(self.plan.signed_on, OPENED_LATER))
        self._open()
        stages = [s for s in self.engagement.stages if s.required_papers]
        last = self.plan.rng.randrange(2, len(stages) - 1)
        for number, stage in enumerate(stages):
            yield from self.work(stage)
            if self.plan.fate == "terminated" and number == last:
                yield self.later(6)
                reason = self.plan.rng.choice(words.TERMINATIONS)
                services.terminate(self.plan.handler, self.engagement, reason)
                break
        yield from ending.decide(self)
        yield from ending.rate(self)
        yield from answering.answer(self)
        yield from assessing.assess(self)
        yield from scores.use(self)
        yield from ending.archive(self)
        yield from process.rectify(self)
        yield from course.settle(self)

    def _open(self) -> None:
        plan = self.plan
        template = self.district.templates[plan.template]
        starts = clock.add_working_days(plan.signed_on, 1)
        days = sum(stage.working_days for stage in template.stages if stage.required_papers)
        new = opening.NewEngagement(
            name=plan.name,
            template=template,
            agency=plan.firm.agency,
            lead_evaluator=self.lead,
            client=plan.client,
            issued_by=plan.rng.choice([IssuedBy.CLIENT, IssuedBy.AGENCY, IssuedBy.AGENCY]),
            fee_fen=plan.fee_fen,
            signed_on=plan.signed_on,
            starts_on=starts,
            ends_on=clock.add_working_days(starts, days + 10),
            tasks=plan.tasks,
        )
        self._engagement = opening.open_engagement(plan.handler, new)

    def work(self, stage: Stage) -> Iterator[datetime]:
        """One stage: papers come in and are looked at, the stage is handed in and passed."""
        rng, pace = self.plan.rng, self.plan.pace * self.plan.rng.uniform(0.85, 1.15)
        days = max(1, round(self._days_of(stage) * pace) - 2)
        asked = list(stage.required_papers)
        kept: list[WorkingPaper] = []
        for n, paper in enumerate(asked, start=1):
            yield self.later(days if n == len(asked) else max(1, days * n // (len(asked) + 1)))
            days -= max(1, days * n // (len(asked) + 1)) if n < len(asked) else 0
            kept.append(self.submit(stage, paper["class"], paper["title"]))
        if stage.code == "fieldwork":
            yield self.moment()
            self.submit(stage, "D", "现场核查照片")
        for paper_kept in kept:
            yield from opinions.look_at(self, paper_kept)
        yield from self._beside(stage)
        if stage.code == "final_report":
            levels.appoint(self)
            yield from ending.finish_report(self)
        yield self.moment()
        services.submit_stage(self.lead_user, stage)
        if rng.random() < 0.07 - 0.06 * self.plan.firm.skill:
            yield self.later(1)
            services.return_stage(self.plan.handler, stage, rng.choice(words.STAGE_RETURNS))
            yield self.later(2)
            services.submit_stage(self.lead_user, stage)
        yield self.later(rng.choice((0, 1, 1, 2)))
        services.approve_stage(self.plan.handler, stage)

    def _beside(self, stage: Stage) -> Iterator[datetime]:
        """What belongs to a stage beside its papers."""
        yield from scores.along(self, stage)
        yield from process.along(self, stage)
        yield from course.along(self, stage)

    def _days_of(self, stage: Stage) -> int:
        told = self.engagement.template.stages
        return next(each.working_days for each in told if each.position == stage.position)

    def submit(self, stage: Stage, index_class: str, title: str) -> WorkingPaper:
        """Somebody of the agency adds a paper under the next number of its class."""
        self.numbers[index_class] += 1
        index_no = f"{index_class}-{self.numbers[index_class]:02d}"
        new = NewPaper(index_no, title, stage, evidence_on=clock.today())
        file = self.file(title, index_no, 1)
        more = self._further_pictures(index_no) if "照片" in title else []
        paper = submit_paper(self.preparer(index_class), self.engagement, new, file, *more)
        if index_class == "H" and "正式" in title:
            self.report = paper
        return paper

    def _further_pictures(self, index_no: str) -> list[StoredFile]:
        """The pictures of the other places, in the same version; old engagements keep one."""
        if self.plan.is_old:
            return []
        seed = sum(map(ord, self.plan.name))
        names = [f"{index_no} 点位{place}.png" for place in ("二", "三")]
        return [papers.keep(name, files.png(seed + n)) for n, name in enumerate(names, start=1)]

    def file(self, title: str, index_no: str, edition: int) -> StoredFile:
        """The file of a paper that is made now, kept by the store."""
        head = papers.Head(
            engagement=self.plan.name,
            agency=self.plan.firm.agency.name,
            title=title,
            index_no=index_no,
            preparer=self.lead.name,
            on=clock.today(),
            edition=edition,
            rng=self.plan.rng,
        )
        return self.shelf.keep(head, index_no[0], sample=self.plan.is_old)

    def preparer(self, index_class: str) -> User:
        """Members do most of the work; of what the lead evaluator reviews they do all."""
        firm = self.plan.firm
        if index_class in UNDER_REVIEW:
            return self.plan.rng.choice(firm.members)
        return self.plan.rng.choice([*firm.members, *firm.members, self.lead_user])

    def later(self, days: int) -> datetime:
        """A moment in office hours so many working days on; 0 is today, after now."""
        return self.moment(clock.add_working_days(clock.today(), days)) if days else self.moment()

    def moment(self, day: date | None = None) -> datetime:
        """A moment in office hours of a day; without one, some minutes from now."""
        rng = self.plan.rng
        if day is None or day == clock.today():
            return clock.now() + rng.randint(2, 25) * MINUTE
        return clock.start_of(day) + (9 * 60 + rng.randint(0, 450)) * MINUTE
