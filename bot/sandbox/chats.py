"""Chats as both sides see them: messages, who blocked whom, keyboards, and a revision for every change."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from bot.sandbox.bell import Bell
from bot.sandbox.errors import Json
from bot.sandbox.store import Store

TYPING_SECONDS = 5.0
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_send_welcome_messages",
)


@dataclass(frozen=True)
class Post:
    """A message in a chat: Telegram's own JSON and what only the server knows about it."""

    id: int
    by: int
    message: Json
    revision: int = 0
    silent: bool = False
    edited: bool = False
    gone: bool = False
    fixed: bool = False  # sent with a reply keyboard or forwarded: it cannot be edited any more
    reaction: str = ""

    @property
    def by_bot(self) -> bool:
        return self.by == 0


@dataclass
class Chat:
    """One bot's chat, with one person or with a group."""

    manual: str
    id: int
    kind: str = "private"
    title: str = ""
    members: list[int] = field(default_factory=list)
    started: bool = False
    blocked: bool = False
    bot_status: str = "member"
    revision: int = 0
    keyboard: Json | None = None
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None

    posts: dict[int, Post] = field(default_factory=dict)
    bell: Bell = field(default_factory=Bell)
    typing_until: float = 0.0

    @property
    def is_group(self) -> bool:
        return self.kind != "private"

    @property
    def typing(self) -> bool:
        return self.typing_until > time.monotonic()

    def post(self, message_id: int) -> Post | None:
        post = self.posts.get(message_id)
        return None if post is None or post.gone else post

    def alive(self) -> Iterator[Post]:
        return (post for post in self.posts.values() if not post.gone)

    def row(self) -> Json:
        left_out = ("posts", "bell", "typing_until")
        return {key: value for key, value in vars(self).items() if key not in left_out}


class Chats:
    """Every chat of every bot, written down as it changes."""

    def __init__(self, store: Store, announce: Callable[[Chat], None]) -> None:
        self._store = store
        self._announce = announce
        self._chats: dict[tuple[str, int], Chat] = {}
        for _, row in store.rows("chats"):
            self._chats[row["manual"], row["id"]] = Chat(**row)
        for key, row in store.rows("messages"):
            manual, chat_id, _ = key.rsplit(":", 2)
            self._chats[manual, int(chat_id)].posts[row["id"]] = Post(**row)

    def get(self, manual: str, chat_id: int) -> Chat | None:
        return self._chats.get((manual, chat_id))

    def of(self, manual: str) -> Iterator[Chat]:
        return (chat for chat in self._chats.values() if chat.manual == manual)

    def open(self, chat: Chat) -> Chat:
        """Begin a chat, unless it already exists."""
        if known := self.get(chat.manual, chat.id):
            return known
        self._chats[chat.manual, chat.id] = chat
        self._store.put("chats", f"{chat.manual}:{chat.id}", chat.row())
        return chat

    def write(self, chat: Chat, post: Post) -> Post:
        """Put a message into the chat, new or changed."""
        stamped = replace(post, revision=chat.revision + 1)
        chat.posts[post.id] = stamped
        self._store.put("messages", f"{chat.manual}:{chat.id}:{post.id}", dict(vars(stamped)))
        self.changed(chat)
        return stamped

    def erase(self, chat: Chat, post: Post) -> None:
        chat.pinned = [number for number in chat.pinned if number != post.id]
        self.write(chat, replace(post, gone=True, message={}))

    def changed(self, chat: Chat) -> None:
        """Count a change of the chat itself and tell whoever looks at it."""
        chat.revision += 1
        self._store.put("chats", f"{chat.manual}:{chat.id}", chat.row())
        chat.bell.ring()
        self._announce(chat)


def bot_member(user: Json, status: str) -> Json:
    """Describe a bot's standing in a chat as Telegram does."""
    member: Json = {"user": user, "status": status}
    if status == "administrator":
        member |= {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(RIGHTS, True)}
    elif status == "kicked":
        member |= {"until_date": 0}
    return member
