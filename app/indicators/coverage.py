"""Which papers bear out which indicators, as a map."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.indicators.models import Indicator, IndicatorSystem
from app.indicators.queries import Sheet, is_usable, sheet_of
from app.papers.models import WorkingPaper


@dataclass(frozen=True)
class Line:
    """One indicator and, for each paper of the map, whether it bears it out."""

    indicator: Indicator
    marks: Sequence[bool]

    @property
    def is_bare(self) -> bool:
        """Whether nothing bears it out."""
        return not self.indicator.is_covered


@dataclass(frozen=True)
class CoverageMap:
    """The indicators of a system by the papers that are linked to any of them."""

    system: IndicatorSystem
    papers: Sequence[WorkingPaper]
    lines: Sequence[Line]
    sheet: Sheet


def map_of(system: IndicatorSystem, papers: Iterable[WorkingPaper]) -> CoverageMap:
    """Return the map of a system; papers that serve none of its indicators are left out."""
    linked = {paper.id for row in system.indicators for paper in row.evidence}
    columns = [paper for paper in papers if paper.id in linked]
    lines = []
    for row in system.indicators:
        own = {paper.id for paper in row.evidence}
        lines.append(Line(row, [paper.id in own for paper in columns]))
    return CoverageMap(system, columns, lines, sheet_of(system.indicators))


def unlinked(
    systems: Iterable[IndicatorSystem], papers: Iterable[WorkingPaper]
) -> list[WorkingPaper]:
    """The usable papers that serve no indicator yet."""
    rows = (row for system in systems for row in system.indicators)
    linked = {paper.id for row in rows for paper in row.evidence}
    return [paper for paper in papers if paper.id not in linked and is_usable(paper)]
