"""A coverage that somebody of Cultura has just asked for, for tests that need a request and not its story."""

from datetime import datetime

from bot.flows.request import Request


def request_by(person: int, *, at: datetime, activity: str = "2") -> Request:
    """A request that is not stored yet; whoever stores it gives it its number."""
    return Request(
        id=0,
        manual="chalco",
        procedure="P01",
        edition="1",
        folio="CHA-P01-2026-0001",
        requester=person,
        area="cultura",
        answers={},
        sent_at=at,
        received_at=at,
        activity=activity,
    )
