"""The day of a build, and dates that are in its future."""

import os
from datetime import UTC, date, datetime, timedelta

from generator.errors import BollardsError


def today() -> date:
    """The day of the build in UTC, or that of SOURCE_DATE_EPOCH.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(UTC).date()
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise BollardsError(
            "SOURCE_DATE_EPOCH: expected a number of seconds since 1970-01-01;"
            f" found {epoch!r}. Correct this environment variable, or unset it."
        ) from None


def is_future(taken: str) -> bool:
    """Whether an ISO 8601 date, month or year has not yet begun anywhere on earth.

    The clock decides, not SOURCE_DATE_EPOCH, which is often earlier than the photos.
    """
    # At the date line it may already be tomorrow.
    tomorrow = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
    return taken > tomorrow[: len(taken)]
