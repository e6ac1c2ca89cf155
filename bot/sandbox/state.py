"""The whole of the sandbox's Telegram: bots, people, chats, files and what happens between them.

Both doors, the Bot API and the phones, act on this one object. Every act changes memory and storage in one
breath, without awaiting, so that nobody ever sees half of it.
"""

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.sandbox.bots import Bot
from bot.sandbox.callbacks import Callbacks, chat_instance
from bot.sandbox.chats import TYPING_SECONDS, Chat, Chats, Post, bot_member
from bot.sandbox.clock import SandboxClock
from bot.sandbox.errors import NOT_FOUND, Json, PhoneError
from bot.sandbox.files import Files
from bot.sandbox.people import People, Person, user_json
from bot.sandbox.store import Store
from bot.sandbox.stream import Stream
from bot.sandbox.updates import CALLBACK_LIFE
from bot.sandbox.world import DemoPerson, Municipality

SERVICE = (
    "group_chat_created",
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
)


class State:
    """Telegram, as far as the sandbox goes."""

    def __init__(
        self,
        municipalities: Iterable[Municipality],
        people: Iterable[DemoPerson],
        *,
        data: Path,
        clock: SandboxClock,
    ) -> None:
        self.store = Store(data / "telegram.sqlite")
        self.clock = clock
        if stored := self.store.get("settings", "clock"):
            clock.shift(timedelta(seconds=stored["offset"]))
        clock.listen(self._clock_moved)
        self.stream = Stream()
        self.bots = {who.id: Bot(who, self.store, clock) for who in municipalities}
        self.tokens = {bot.who.token: bot for bot in self.bots.values()}
        self.people = People(people, self.store)
        self.chats = Chats(self.store, self._announce)
        self.files = Files(self.store, data / "telegram-files")
        self.callbacks = Callbacks(self.store, self.now)
        for person in self.people.demo(None):
            chat = self.chats.open(Chat(person.manual, person.id, title=person.name, started=True))
            chat.started = True
        self.store.commit()

    def now(self) -> int:
        return int(self.clock().timestamp())

    def iso(self, moment: int | None = None) -> str:
        at = self.clock() if moment is None else datetime.fromtimestamp(moment, self.clock().tzinfo)
        return at.isoformat(timespec="seconds")

    def close(self) -> None:
        self.clock.forget(self._clock_moved)
        self.store.close()

    def bot(self, manual: str) -> Bot:
        if manual not in self.bots:
            raise PhoneError(NOT_FOUND, f"No hay ningún municipio «{manual}».")
        return self.bots[manual]

    def chat_json(self, bot: Bot, chat: Chat) -> Json:
        """Describe a chat as messages carry it."""
        if chat.is_group:
            return {"id": chat.id, "title": chat.title, "type": chat.kind}
        user = self.user(bot, chat.id)
        names: Json = {key: user[key] for key in ("first_name", "last_name", "username") if key in user}
        return {"id": chat.id, **names, "type": "private"}

    def user(self, bot: Bot, user_id: int) -> Json:
        if user_id == bot.id:
            return bot.user()
        person = self.people.get(user_id)
        return user_json(person) if person else {"id": user_id, "is_bot": False, "first_name": str(user_id)}

    def say(self, bot: Bot, chat: Chat, content: Json, *, silent: bool = False, fixed: bool = False) -> Post:
        """Put the bot's message into a chat."""
        if chat.typing:
            chat.typing_until = 0.0
            self._announce_typing(chat)
        post = Post(bot.next_message(chat), 0, {}, silent=silent, fixed=fixed)
        return self.chats.write(chat, replace(post, message=self._head(bot, chat, post.id, bot.user()) | content))

    def hear(self, bot: Bot, chat: Chat, person: Person, content: Json) -> tuple[Post, int | None]:
        """Put a person's message into a chat and tell the bot, if it is one for its ears."""
        chat.started = True
        _use_keyboard(chat, content)
        post = Post(bot.next_message(chat), person.id, {})
        head = self._head(bot, chat, post.id, user_json(person))
        post = self.chats.write(chat, replace(post, message=head | content))
        update_id = None
        if overhears(bot, chat, post.message):
            update_id = bot.queue.push("message", post.message, lane=f"chat:{chat.id}")
        return post, update_id

    def correct(self, bot: Bot, chat: Chat, post: Post, text: str, entities: list[Json]) -> int | None:
        """Change what a person had written and tell the bot."""
        kept = {key: value for key, value in post.message.items() if key != "entities"}
        message = kept | {"text": text, "edit_date": self.now()} | ({"entities": entities} if entities else {})
        self.chats.write(chat, replace(post, message=message, edited=True))
        if not overhears(bot, chat, message):
            return None
        return bot.queue.push("edited_message", message, lane=f"chat:{chat.id}")

    def press(self, bot: Bot, chat: Chat, person: Person, post: Post, data: str) -> tuple[str, int | None]:
        """Press an inline button, whether or not the message still shows it."""
        query_id = self.callbacks.press(bot.manual, person.id)
        query = {
            "id": query_id,
            "from": user_json(person),
            "message": post.message,
            "chat_instance": chat_instance(bot.manual, chat.id),
            "data": data,
        }
        lane = f"user:{person.id}"
        return query_id, bot.queue.push("callback_query", query, lane=lane, life=CALLBACK_LIFE)

    def member_changed(self, bot: Bot, chat: Chat, person: Person, old: str, new: str) -> int | None:
        """Tell the bot that its own standing in a chat changed: blocked, unblocked, added, removed."""
        change = {
            "chat": self.chat_json(bot, chat),
            "from": user_json(person),
            "date": self.now(),
            "old_chat_member": bot_member(bot.user(), old),
            "new_chat_member": bot_member(bot.user(), new),
        }
        return bot.queue.push("my_chat_member", change, lane=f"chat:{chat.id}")

    def show_typing(self, chat: Chat) -> None:
        """Show that the bot is busy, until it writes or five seconds of real time have passed."""
        chat.typing_until = time.monotonic() + TYPING_SECONDS
        self._announce_typing(chat)

    def pop_up(self, bot: Bot, person: int, popup: Json) -> None:
        """Show a press's answer on the phone of whoever pressed."""
        self.callbacks.pop_up(bot.manual, person, popup)
        self.stream.publish(bot.manual, {"person": person, "popup": popup})

    def _announce_typing(self, chat: Chat) -> None:
        whom = "chat" if chat.is_group else "person"
        self.stream.publish(chat.manual, {whom: chat.id, "typing": chat.typing})

    def _head(self, bot: Bot, chat: Chat, message_id: int, sender: Json) -> Json:
        return {
            "message_id": message_id,
            "from": sender,
            "chat": self.chat_json(bot, chat),
            "date": self.now(),
        }

    def _announce(self, chat: Chat) -> None:
        whom = "chat" if chat.is_group else "person"
        self.stream.publish(chat.manual, {whom: chat.id, "revision": chat.revision})

    def _clock_moved(self) -> None:
        self.store.put("settings", "clock", {"offset": self.clock.offset.total_seconds()})
        for bot in self.bots.values():
            bot.queue.bell.ring()  # for what is late
        self.store.commit()
        self.stream.publish(None, {"clock": self.iso()})


def overhears(bot: Bot, chat: Chat, message: Json) -> bool:
    """Whether the bot is told: in a group, privacy mode leaves it commands, replies and mentions."""
    if not chat.is_group or chat.bot_status == "administrator":
        return True
    if chat.bot_status != "member":
        return False
    if any(key in message for key in SERVICE):
        return True
    text = str(message.get("text") or message.get("caption") or "")
    name = bot.who.username.lower()
    if text.startswith("/"):
        _, at, addressee = text.split(maxsplit=1)[0].partition("@")
        return not at or addressee.lower() == name
    reply = message.get("reply_to_message", {})
    return reply.get("from", {}).get("id") == bot.id or f"@{name}" in text.lower()


def _use_keyboard(chat: Chat, content: Json) -> None:
    """Put a one-time keyboard away once one of its buttons was used."""
    keyboard = chat.keyboard
    if keyboard and keyboard.get("one_time_keyboard"):
        labels = {button["text"] for row in keyboard["keyboard"] for button in row}
        if content.get("text") in labels or "contact" in content or "location" in content:
            chat.keyboard = None
    elif keyboard and keyboard.get("force_reply"):
        chat.keyboard = None
