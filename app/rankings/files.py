"""A ranking as a file: XLSX with four sheets, CSV, and PDF."""

from collections.abc import Iterable, Iterator, Sequence

from flask_babel import gettext as _

from app import clock
from app.display import bracketed, local_date, local_time
from app.exporting import CSV_MIME, XLSX_MIME, Cell, Sheet, to_csv, to_xlsx
from app.pdf import pdf_of
from app.pdf_signing import signed
from app.rankings.labels import BANDS, COLUMNS, LACKS, STATE_WORDS, method_words, reasons_of
from app.rankings.lists import unproven_in
from app.rankings.reading import Line, Reading, scale_of
from app.rankings.record import INSUFFICIENT, UNRATED
from app.rankings.statements import public_text

MIMES = {"xlsx": XLSX_MIME, "csv": CSV_MIME, "pdf": "application/pdf", "json": "application/json"}
PARTY_NAMES = ("performance", "section", "unit")
STARS, SHARE = "0.00", "0%"
MAIN = ("band", "rank", "rank_low", "rank_high", "agency", "score", "score_low", "score_high",
        "raw_mean", "engagements", "reviews", "raters", "units", "on_time", "returns",
        "top")  # fmt: skip
IN_STARS = ("score", "score_low", "score_high", "raw_mean", "reliability",
            "performance_mean", "section_mean", "unit_mean")  # fmt: skip
FORMATS = {**dict.fromkeys(IN_STARS, STARS), "top": SHARE, "on_time": SHARE}


def make(reading: Reading, lines: Sequence[Line], form: str) -> bytes:
    """Write the ranking in one of the four forms."""
    makers = {"xlsx": as_xlsx, "csv": as_csv, "pdf": as_pdf, "json": as_json}
    return makers[form](reading, lines)


def name_of(reading: Reading, form: str) -> str:
    """The file's name: number, title, form."""
    return f"{reading.snapshot.code}-{reading.snapshot.title}.{form}"


def as_csv(reading: Reading, lines: Sequence[Line]) -> bytes:
    """All columns of all agencies, for other programs."""
    return to_csv(_heads(COLUMNS), _rows(lines, tuple(COLUMNS)))


def as_json(reading: Reading, lines: Sequence[Line]) -> bytes:
    """All that everybody may hold, as the signed text once it is published."""
    snapshot = reading.snapshot
    rows = [line.row for line in lines]
    return (snapshot.public or public_text(snapshot, rows)).encode()


def as_xlsx(reading: Reading, lines: Sequence[Line]) -> bytes:
    """What it is, the ranking, all figures, and what each column means."""
    title, every = reading.snapshot.title, tuple(COLUMNS)
    meanings = [(str(head), str(words)) for head, words in COLUMNS.values()]
    ranked = [line for line in lines if line.rank]
    return to_xlsx(
        {
            _("About"): Sheet((_("Particular"), _("Value")), about(reading), title=title),
            _("Ranking"): _sheet(reading, ranked, MAIN),
            _("Details"): _sheet(reading, lines, every),
            _("Columns"): Sheet((_("Column"), _("Meaning")), meanings, title=_("Columns")),
        }
    )


def as_pdf(reading: Reading, lines: Sequence[Line]) -> bytes:
    """The ranking printed, with its charts, its doubt and its digest."""
    made = pdf_of(
        "pdf/ranking.html",
        reading=reading,
        snapshot=reading.snapshot,
        ranked=[line for line in lines if line.rank],
        doubtful=[line for line in lines if line.state == INSUFFICIENT],
        unrated=[line for line in lines if line.state == UNRATED],
        unproven=unproven_in(lines),
        scale=scale_of(lines),
        about=about(reading),
        bands=BANDS,
        reasons_of=reasons_of,
        landscape=True,
        number=reading.snapshot.code,
        digest=reading.snapshot.result_digest,
        printed_at=clock.now(),
    )
    return signed(made, reading.snapshot.reason) if reading.snapshot.published_at else made


def about(reading: Reading) -> list[tuple[str, Cell]]:
    """What a reader of the file needs to know first, each with its value."""
    snapshot, summary = reading.snapshot, reading.summary
    told: list[tuple[str, Cell]] = [
        (_("Title"), snapshot.title),
        (_("Number"), snapshot.code),
        (_("State"), _("Published") if snapshot.published_at else _("Draft, not in force")),
        (_("Published at"), local_time(snapshot.published_at)),
        (_("Reason"), snapshot.reason or "—"),
        (_("Data from"), local_date(snapshot.since)),
        (_("Data up to"), local_date(snapshot.as_of)),
        (_("Computed at"), local_time(snapshot.computed_at)),
        (_("Method"), bracketed(method_words(snapshot.method), snapshot.method)),
        (_("Why this method"), str(reasons_of(reading))),
        (_("Engagements"), summary["engagements"]),
        (_("Reviews"), summary["reviews"]),
        (_("Persons who rated"), summary["raters"]),
    ]
    if "overall" in summary:
        told += [
            (_("Mean of all"), f"{summary['overall']}"),
            (_("λ (how much the mean of all weighs)"), f"{summary['shrinkage']}"),
        ]
    return [
        *told,
        (_("Digest of the data"), snapshot.data_digest),
        (_("Digest of the result"), snapshot.result_digest),
        (_("Reading"), _("Overlapping intervals prove no order: read a rank with its interval.")),
        (
            _("Purpose"),
            _("Evidence for selecting on merit; no condition for bidding, no grade."),
        ),
    ]


def _sheet(reading: Reading, lines: Sequence[Line], columns: tuple[str, ...]) -> Sheet:
    formats = {place: FORMATS[key] for place, key in enumerate(columns) if key in FORMATS}
    found = _rows(lines, columns)
    return Sheet(_heads(columns), found, title=reading.snapshot.title, formats=formats)


def _heads(columns: Iterable[str]) -> list[str]:
    return [str(COLUMNS[key][0]) for key in columns]


def _rows(lines: Iterable[Line], columns: tuple[str, ...]) -> Iterator[list[Cell]]:
    for line in lines:
        told = cells_of(line)
        yield [told[key] for key in columns]


def cells_of(line: Line) -> dict[str, Cell]:
    """All columns of one agency, as they are shown: no file tells more than the page."""
    facts, sets = line.told.get("facts") or {}, line.sets or [None, None]
    more: dict[str, Cell] = {
        "agency": line.agency.name,
        "credit_code": line.agency.organisation.credit_code,
        "state": str(STATE_WORDS[line.state]),
        "why": str(LACKS[line.why]) if line.why else "",
        "set_low": sets[0],
        "set_high": sets[1],
        "on_time": facts.get("on_time"),
        "returns": facts.get("returns"),
        "jobs": facts.get("jobs"),
        "running": facts.get("running"),
        "grade": facts.get("grade"),
        "grade_year": facts.get("grade_year"),
        **{f"{party}_mean": line.parties.get(party) for party in PARTY_NAMES},
    }
    plain = {"score_low": "low", "score_high": "high", "raw_mean": "mean"}
    return {key: more[key] if key in more else line.told.get(plain.get(key, key))
            for key in COLUMNS}  # fmt: skip
