"""Statistics over rows: nothing is rounded, and nothing is invented where there are no rows."""

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which this share (0 to 1) of sorted values lies, linear between ranks; ``None`` for no values."""
    if not values:
        return None
    place = share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)


def median(values: Sequence[float]) -> float | None:
    """The middle one of values in any order."""
    return percentile(sorted(values), 0.5)


def share(part: int, whole: int) -> float | None:
    """Part of a whole, ``None`` of nothing."""
    return part / whole if whole else None
