"""What a review costs: half days times a rate, falling with the days. Pure."""

from collections.abc import Sequence

END = 0  # of the last step: every day beyond


def fee(rate_fen: int, half_days: int, steps: Sequence[Sequence[int]]) -> int:
    """Fen for so many half days: the first day at the rate, later ones at their step's percent.

    `steps` holds (up to day, percent) with rising days; the last one's day is 0, for all beyond.
    Two half days are a day. Rounded half up to whole fen at the end. ValueError for steps without
    an end.
    """
    if not steps or steps[-1][0] != END:
        raise ValueError("the last step covers all days beyond")
    percents = (_percent((number + 1) // 2, steps) for number in range(1, half_days + 1))
    return (rate_fen * sum(percents) + 50) // 100


def _percent(day: int, steps: Sequence[Sequence[int]]) -> int:
    return next(percent for until, percent in steps if until == END or day <= until)


def steps_of(text: str) -> list[list[int]]:
    """Read lines such as "1 100", the last one "0 50": ValueError where they can't be steps."""
    found = [[int(part) for part in line.split()] for line in text.splitlines() if line.strip()]
    days = [line[0] for line in found]
    if not found or any(len(line) != 2 or not 0 <= line[1] <= 300 for line in found):
        raise ValueError("each line has a day and a percentage")
    if days[-1] != END or days[:-1] != sorted(set(days[:-1])) or END in days[:-1]:
        raise ValueError("days rise, and the last line is for all beyond")
    return found
