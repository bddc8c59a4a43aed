"""A ranking as a file: XLSX with four sheets, CSV, and PDF."""

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _

from app import clock
from app.display import local_date, local_time
from app.exporting import CSV_MIME, XLSX_MIME, Cell, Sheet, to_csv, to_xlsx
from app.pdf import pdf_of
from app.rankings.labels import BANDS, COLUMNS, SOURCES, state_of
from app.rankings.models import RankingRow
from app.rankings.reading import Reading

MIMES = {"xlsx": XLSX_MIME, "csv": CSV_MIME, "pdf": "application/pdf"}
STARS, SHARE = "0.00", "0%"
MAIN = ("band", "rank", "rank_low", "rank_high", "agency", "score", "score_low", "score_high",
        "raw_mean", "engagements", "reviews", "top")  # fmt: skip
IN_STARS = ("score", "score_low", "score_high", "raw_mean", "reliability",
            "performance_mean", "section_mean", "unit_mean")  # fmt: skip
FORMATS = {**dict.fromkeys(IN_STARS, STARS), "top": SHARE}


def make(reading: Reading, form: str) -> bytes:
    """Write the ranking in one of the three forms."""
    makers = {"xlsx": as_xlsx, "csv": as_csv, "pdf": as_pdf}
    return makers[form](reading)


def name_of(reading: Reading, form: str) -> str:
    """The file's name: number, title, form."""
    return f"{reading.snapshot.code}-{reading.snapshot.title}.{form}"


def as_csv(reading: Reading) -> bytes:
    """All columns of all agencies, for other programs."""
    return to_csv(_heads(COLUMNS), _rows(reading, reading_rows(reading), tuple(COLUMNS)))


def as_xlsx(reading: Reading) -> bytes:
    """What it is, the ranking, all figures, and what each column means."""
    title, every = reading.snapshot.title, tuple(COLUMNS)
    meanings = [(str(head), str(words)) for head, words in COLUMNS.values()]
    return to_xlsx(
        {
            _("About"): Sheet((_("Particular"), _("Value")), about(reading), title=title),
            _("Ranking"): _sheet(reading, reading.ranked, MAIN),
            _("Details"): _sheet(reading, reading_rows(reading), every),
            _("Columns"): Sheet((_("Column"), _("Meaning")), meanings, title=_("Columns")),
        }
    )


def as_pdf(reading: Reading) -> bytes:
    """The ranking printed, with its charts, its doubt and its digest."""
    return pdf_of(
        "pdf/ranking.html",
        reading=reading,
        snapshot=reading.snapshot,
        about=about(reading),
        bands=BANDS,
        landscape=True,
        number=reading.snapshot.code,
        digest=reading.snapshot.result_digest,
        printed_at=clock.now(),
    )


def reading_rows(reading: Reading) -> list[RankingRow]:
    """All rows: ranked, then those with too little evidence, then the unrated."""
    return [*reading.ranked, *reading.doubtful, *reading.unrated]


def about(reading: Reading) -> list[tuple[str, Cell]]:
    """What a reader of the file needs to know first, each with its value."""
    snapshot, spread = reading.snapshot, reading.spread
    told: list[tuple[str, Cell]] = [
        (_("Title"), snapshot.title),
        (_("Number"), snapshot.code),
        (_("State"), _("Published") if snapshot.published_at else _("Draft, not in force")),
        (_("Published at"), local_time(snapshot.published_at)),
        (_("Reason"), snapshot.reason or "—"),
        (_("Data from"), local_date(snapshot.since)),
        (_("Data up to"), local_date(snapshot.as_of)),
        (_("Computed at"), local_time(snapshot.computed_at)),
        (_("Method"), snapshot.method),
        (_("Engagements"), reading.result["engagements"]),
        (_("Reviews"), reading.result["reviews"]),
    ]
    if spread is not None:
        told += [
            (_("Mean of all engagements"), f"{spread['overall']:.4f}"),
            (_("λ (engagements' worth of the mean of all)"), f"{spread['shrinkage']:.4f}"),
            (_("Where λ is from"), str(SOURCES[spread["source"]])),
        ]
    return [
        *told,
        (_("Digest of the data"), snapshot.data_digest),
        (_("Digest of the result"), snapshot.result_digest),
        (_("Reading"), _("Overlapping intervals prove no order: read a rank with its interval.")),
    ]


def _sheet(reading: Reading, rows: Sequence[RankingRow], columns: tuple[str, ...]) -> Sheet:
    formats = {place: FORMATS[key] for place, key in enumerate(columns) if key in FORMATS}
    found = _rows(reading, rows, columns)
    return Sheet(_heads(columns), found, title=reading.snapshot.title, formats=formats)


def _heads(columns: Iterable[str]) -> list[str]:
    return [str(COLUMNS[key][0]) for key in columns]


def _rows(
    reading: Reading, rows: Sequence[RankingRow], columns: tuple[str, ...]
) -> Iterator[list[Cell]]:
    for row in rows:
        more: dict[str, Cell] = {
            "agency": row.agency.name,
            "credit_code": row.agency.organisation.credit_code,
            "state": str(state_of(row.rank, row.engagements)),
            "top": reading.top.get(row.agency_id),
        }
        yield [_figure(more[key] if key in more else getattr(row, key), key) for key in columns]


def _figure(cell: Cell, key: str) -> Cell:
    """Stars to two decimals, as they are shown: no file tells more than the page."""
    return round(cell, 2) if isinstance(cell, float) and key in FORMATS else cell
