"""``decide --until``: when something ends."""

import pytest

from console.cli.decide import until


def test_a_time_without_a_zone_is_utc_and_others_are_turned_into_it() -> None:
    assert until("2031-05-04T12:00:00") == "2031-05-04T12:00:00Z"
    assert until("2031-05-04T12:00:00+09:00") == "2031-05-04T03:00:00Z"


@pytest.mark.parametrize("beyond", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_what_no_calendar_has_is_a_wrong_use(beyond: str) -> None:
    with pytest.raises(ValueError, match=beyond[:4]):
        until(beyond)
