"""Dates in the future are not used, wherever on earth the camera was."""

from datetime import UTC, datetime, timedelta

import pytest

from generator.today import is_future


def day(days: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize("days", [-10_000, -1, 0])
def test_a_day_that_has_begun_somewhere_is_not_in_the_future(days: int) -> None:
    assert not is_future(day(days))
    assert not is_future(day(days)[:7])
    assert not is_future(day(days)[:4])


@pytest.mark.parametrize("taken", [day(3), day(40)[:7], day(400)[:4], "2999", "9999-12-31"])
def test_a_day_that_has_begun_nowhere_is_in_the_future(taken: str) -> None:
    assert is_future(taken)
