"""Presses of inline buttons that wait for an answer, and the answers that people saw."""

import hashlib
from collections.abc import Callable

from bot.sandbox.errors import Json, bad
from bot.sandbox.store import Store
from bot.sandbox.updates import CALLBACK_LIFE

KEPT = 24 * 3600
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class Callbacks:
    """Which presses were made, and what popped up on whose phone."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now
        self._pressed: dict[str, Json] = {}
        for key, row in list(store.rows("callbacks")):
            if abs(now() - row["at"]) < KEPT:
                self._pressed[key] = row
            else:
                store.remove("callbacks", key)
        self._popups: dict[tuple[str, int], list[Json]] = {}
        for _, row in store.rows("popups"):
            self._popups.setdefault((row["manual"], row["person"]), []).append(row["popup"])

    def press(self, manual: str, person: int) -> str:
        counter = self._store.get("counters", "callback") or {"next": 1}
        number = int(counter["next"])
        self._store.put("counters", "callback", {"next": number + 1})
        query_id = str((person << 32) + number)
        row = {"manual": manual, "person": person, "at": self._now(), "answered": False}
        self._pressed[query_id] = row
        self._store.put("callbacks", query_id, row)
        return query_id

    def answer(self, manual: str, query_id: str) -> tuple[int, bool]:
        """Answer a press: say whose it was and whether this is the first answer."""
        row = self._pressed.get(query_id)
        if row is None or row["manual"] != manual or self._now() - row["at"] > CALLBACK_LIFE:
            raise bad(TOO_OLD)
        first = not row["answered"]
        self._pressed[query_id] = row | {"answered": True}
        self._store.put("callbacks", query_id, self._pressed[query_id])
        return row["person"], first

    def pop_up(self, manual: str, person: int, popup: Json) -> None:
        shown = self._popups.setdefault((manual, person), [])
        shown.append(popup)
        row = {"manual": manual, "person": person, "popup": popup}
        self._store.put("popups", f"{manual}:{person}:{len(shown)}", row)

    def popups(self, manual: str, person: int) -> list[Json]:
        return self._popups.get((manual, person), [])


def chat_instance(manual: str, chat_id: int) -> str:
    """Name a chat to games and callback queries without telling its id."""
    digest = hashlib.sha256(f"{manual}:{chat_id}".encode()).digest()
    return str(int.from_bytes(digest[:8], "big", signed=True))
