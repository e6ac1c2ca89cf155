"""getUpdates: long polling with all of its rules about offsets, impatience and rivals."""

import asyncio
import time

from bot.sandbox.call import Call
from bot.sandbox.errors import Json, conflict
from bot.sandbox.updates import Poll, Queue, Update

LONGEST = 50
MOST = 100
WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
RIVAL = "terminated by other getUpdates request; make sure that only one bot instance is running"
IMPATIENT_SECONDS = 3.0
HASTY_SECONDS = 0.5


def set_allowed(call: Call) -> None:
    """Remember which kinds of updates the bot wants, from now on; nothing said, nothing changed."""
    if "allowed_updates" not in call.params:
        return
    given = call.params.json("allowed_updates")
    if not isinstance(given, list):
        return
    allowed = sorted({str(kind) for kind in given})
    call.bot.queue.allowed = frozenset(allowed) or None
    call.bot.set("allowed", allowed or None)


async def get_updates(call: Call) -> list[Json]:
    queue = call.bot.queue
    if call.bot.webhook:
        raise conflict(WEBHOOK)
    set_allowed(call)
    offset = call.params.integer("offset")
    limit = min(max(call.params.integer("limit", MOST), 1), MOST)
    seconds = float(min(max(call.params.integer("timeout"), 0), LONGEST))
    pace, now = queue.pace, time.monotonic()
    if offset == pace.offset:
        if now < pace.started + IMPATIENT_SECONDS:
            seconds = max(seconds, IMPATIENT_SECONDS)
        if now < pace.finished + HASTY_SECONDS:
            limit = 1
    pace.offset, pace.started = offset, now
    start = queue.settle(offset)
    call.state.store.commit()
    try:
        batch = await _wait(queue, start, limit, seconds)
    finally:
        pace.finished = time.monotonic()
    return [update.json() for update in batch]


async def _wait(queue: Queue, start: int, limit: int, seconds: float) -> list[Update]:
    deadline = time.monotonic() + seconds
    batch = _take(queue, start, limit)
    if batch or not seconds:
        return batch
    queue.end_poll(RIVAL)
    poll = queue.poll = Poll()
    try:
        while not batch and (left := deadline - time.monotonic()) > 0:
            await queue.bell.wait(min(left, queue.until_late()))
            if poll.ended:
                await _hold_conflict(queue)
                raise conflict(poll.ended)
            batch = _take(queue, start, limit)
    finally:
        if queue.poll is poll:
            queue.poll = None
    return batch


def _take(queue: Queue, start: int, limit: int) -> list[Update]:
    """Take what is due; an update that is delivered once more comes whatever the offset says."""
    again = queue.again[:limit]
    for update in again:
        queue.confirm_again(update)
    return [*again, *queue.batch(start, limit - len(again))]


async def _hold_conflict(queue: Queue) -> None:
    """Let a rival that was just sent away cool down before it hears of it."""
    now = time.monotonic()
    delay, queue.pace.next_conflict = queue.pace.next_conflict - now, now + IMPATIENT_SECONDS
    if delay > 0:
        await asyncio.sleep(delay)
