"""A workbook of any number of rows, gone through again and again and never held as a whole."""

from collections.abc import Collection, Iterator, Mapping

from app.tabular import MOST_TOLD, CellFault, Column, Line, Table, check_count, judged_rows


class Reread(Collection[Line]):
    """The rows without faults, read from the workbook anew each time: the memory of a few rows."""

    def __init__(self, data: bytes, columns: Mapping[str, Column], most_rows: int) -> None:
        self.asked = (data, columns, most_rows)
        self.faults: list[CellFault] = []
        self.letters, judged = judged_rows(*self.asked)
        rows = wrong_rows = 0
        for rows, (_line, wrong) in enumerate(judged, start=1):
            wrong_rows += bool(wrong)
            self.faults += wrong[: MOST_TOLD - len(self.faults)]
            check_count(rows, most_rows)
        check_count(rows, most_rows)
        self.count = rows - wrong_rows

    def __iter__(self) -> Iterator[Line]:
        _letters, judged = judged_rows(*self.asked)
        return (line for line, wrong in judged if not wrong)

    def __len__(self) -> int:
        return self.count

    def __contains__(self, line: object) -> bool:
        return any(one == line for one in self)


def read_long(
    data: bytes, columns: Mapping[str, Column], most_rows: int
) -> tuple[Table, list[CellFault]]:
    """Read the first sheet as `tabular.read_all` does, without keeping its rows.

    Of more than MOST_TOLD faults the first are told.
    """
    rows = Reread(data, columns, most_rows)
    return Table(rows, rows.letters), rows.faults
