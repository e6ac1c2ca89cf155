"""Brings "time has passed" to the requests whose hour has come."""

from typing import Protocol

import structlog

from notifications.courier import Bell
from storage.database import UnavailableError

_log = structlog.get_logger(__name__)

_EVERY = 20.0


class Minds(Protocol):
    """The desk, as the clock sees it."""

    async def pass_time(self) -> int:
        """Deal with what has become due; tells how much that was."""
        ...


async def keep_time(desk: Minds, bell: Bell) -> None:
    """Look every few seconds, and whenever the bell says that time has jumped, until cancelled."""
    while True:
        try:
            while await desk.pass_time():
                pass
        except UnavailableError as error:
            _log.warning("time_not_kept", error=str(error))
        except Exception:  # noqa: BLE001 (a mistake of ours over what is due must not silence everybody's bot)
            _log.exception("time_failed")
        await bell.wait(_EVERY)
