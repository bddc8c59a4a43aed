"""A year's list as the annex of a circular: a PDF to print, a workbook to reckon with."""

from collections.abc import Sequence
from decimal import Decimal

from flask_babel import gettext

from app.assessments import annual, annual_queries, labels
from app.assessments.annual_models import AnnualList, AnnualRow
from app.exporting import XLSX_MIME, Cell, Sheet, to_xlsx
from app.pdf import pdf_of
from app.policy import Person, sees_whole_district

MIMES = {"pdf": "application/pdf", "xlsx": XLSX_MIME}
POINTS = "0.00"


def make(found: AnnualList, form: str, bureau: str, reader: Person) -> bytes:
    """The file of one kind; its figures are those of the page, as far as this reader sees them."""
    return _pdf(found, bureau) if form == "pdf" else _workbook(found, reader)


def title_of(found: AnnualList) -> str:
    """What the print is called."""
    return gettext("Annual quality assessment of third-party agencies, %(year)s", year=found.year)


def _pdf(found: AnnualList, bureau: str) -> bytes:
    return pdf_of(
        "pdf/annual_list.html",
        found=found,
        rows=annual_queries.rows_of(found),
        title=title_of(found),
        bureau=bureau,
        labels=labels,
        landscape=True,
        number=found.document_no,
        digest=annual.digest_of(found),
    )


def _workbook(found: AnnualList, reader: Person) -> bytes:
    """Jobs one by one only of those rows whose agency the reader is, or for whom all is open."""
    rows = annual_queries.rows_with_inputs(found)
    sees_all = sees_whole_district(reader, None)
    own = [row for row in rows if sees_all or row.agency_id == reader.organisation_id]
    return to_xlsx(
        {
            gettext("List"): _list(found, rows),
            gettext("Jobs behind it"): _jobs(found, own),
            gettext("Credit record"): _credit(rows, reader),
            gettext("Rules"): _rules(found),
        }
    )


def _list(found: AnnualList, rows: Sequence[AnnualRow]) -> Sheet:
    heads = (
        gettext("No."),
        gettext("Agency"),
        gettext("Jobs"),
        gettext("Assessment (mean)"),
        gettext("Stars (mean)"),
        gettext("Reviews"),
        gettext("Credit points"),
        gettext("Score of the year"),
        gettext("Annual grade"),
        gettext("What follows"),
        gettext("Remark"),
    )
    told = [[row.position, *_cells(found, row)] for row in rows]
    formats = {3: POINTS, 4: "0.0", 6: POINTS, 7: POINTS}
    return Sheet(heads, told, title=title_of(found), formats=formats)


def _cells(found: AnnualList, row: AnnualRow) -> list[Cell]:
    return [
        row.agency.name,
        row.jobs,
        row.assessment,
        row.stars if row.stars is not None else gettext("too few reviews"),
        row.ratings if row.stars is not None else None,
        row.credit,
        row.score,
        found.rules.label(row.grade),
        str(labels.KINDS[row.consequence]),
        row.consequence_words,
    ]


def _jobs(found: AnnualList, rows: Sequence[AnnualRow]) -> Sheet:
    heads = (
        gettext("Agency"),
        gettext("Engagement"),
        gettext("Name"),
        gettext("Version"),
        gettext("Assessment"),
        gettext("Grade of the job"),
        gettext("Weight"),
    )
    told: list[list[Cell]] = [
        [
            row.agency.name,
            one.assessment.engagement.code,
            one.assessment.engagement.name,
            one.assessment.version,
            one.points,
            one.assessment.rules.label(one.assessment.grade),
            one.weight if one.weight == 1 else Decimal(one.weight) / 100,
        ]
        for row in rows
        for one in row.inputs
        if one.assessment is not None
    ]
    weighting = labels.WEIGHTINGS[found.rules.weighting]
    title = gettext("Jobs behind it") + f" · {weighting}"
    return Sheet(heads, told, title=title, formats={4: POINTS, 6: "#,##0.00"})


def _credit(rows: Sequence[AnnualRow], reader: Person) -> Sheet:
    heads = (
        gettext("Agency"),
        gettext("Entry"),
        gettext("Basis"),
        gettext("From"),
        gettext("Points"),
    )
    told: list[list[Cell]] = [
        [
            row.agency.name,
            str(labels.KINDS[one.consequence.kind]),
            one.consequence.basis,
            one.consequence.starts_on,
            one.points,
        ]
        for row in rows
        for one in annual_queries.entries_told_to(reader, row)
        if one.consequence is not None
    ]
    return Sheet(heads, told, title=gettext("Credit record"), formats={4: POINTS})


def _rules(found: AnnualList) -> Sheet:
    rules = found.rules
    told: list[list[Cell]] = [
        [gettext("Formula"), labels.weights_text(found)],
        [gettext("Version of the rules"), rules.version],
        [gettext("Jobs count in the year"), str(labels.WEIGHTINGS[rules.weighting])],
        [gettext("Bands"), bands_of(found)],
        [gettext("Version of the star weights"), found.weights_number],
        [gettext("Digest"), annual.digest_of(found)],
        [gettext("Note"), str(labels.NOT_A_GATE)],
    ]
    return Sheet((gettext("Rule"), gettext("Value")), told, widths={1: 90})


def bands_of(found: AnnualList) -> str:
    """The four grades with their edges, in one line."""
    rules = found.rules
    a, b, c, d = (rules.labels[grade] for grade in "abcd")
    return f"{a} ≥ {rules.edge_a} > {b} ≥ {rules.edge_b} > {c} ≥ {rules.edge_c} > {d}"
