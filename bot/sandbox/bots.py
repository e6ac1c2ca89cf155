"""A bot's account at Telegram: its token, its settings and its counters."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.sandbox.chats import Chat
from bot.sandbox.errors import Json
from bot.sandbox.store import Store
from bot.sandbox.updates import Queue
from bot.sandbox.world import Municipality


class Bot:
    """One municipality's bot."""

    def __init__(self, who: Municipality, store: Store, clock: Callable[[], datetime]) -> None:
        number, colon, secret = who.token.partition(":")
        if not (number.isdecimal() and colon and secret):
            raise ValueError(f"{who.id}: a bot's token looks like 123456:letters")
        self.who = who
        self.manual = who.id
        self.id = int(number)
        self._store = store
        self._settings = store.get("bots", who.id) or {}
        self.queue = Queue(who.id, store, clock)
        self.queue.load()
        allowed = self.setting("allowed")
        self.queue.allowed = None if allowed is None else frozenset(allowed)

    def setting(self, name: str, default: Any = None) -> Any:
        return self._settings.get(name, default)

    def set(self, name: str, value: Any) -> None:
        self._settings = self._settings | {name: value}
        self._store.put("bots", self.manual, self._settings)

    def next_message(self, chat: Chat) -> int:
        """Count the messages of all chats together, as Telegram does for an account; a supergroup counts its own."""
        key = f"{self.manual}:{chat.id}:message" if chat.kind == "supergroup" else f"{self.manual}:message"
        counter = self._store.get("counters", key)
        number: int = counter["next"] if counter else 1
        self._store.put("counters", key, {"next": number + 1})
        return number

    @property
    def name(self) -> str:
        return str(self.setting("names", {}).get("") or self.who.title)

    @property
    def webhook(self) -> Json | None:
        webhook: Json | None = self.setting("webhook")
        return webhook

    def user(self) -> Json:
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.who.username}
