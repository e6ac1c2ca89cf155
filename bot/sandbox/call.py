"""One call of a Bot API method: who calls, with what, and which chat and message it is about."""

from dataclasses import dataclass

from bot.sandbox.bots import Bot
from bot.sandbox.chats import Chat, Post
from bot.sandbox.entities import Entity, Formatted
from bot.sandbox.errors import BAD_REQUEST, ApiError, Json, bad, forbidden
from bot.sandbox.params import Params, whole
from bot.sandbox.people import user_json
from bot.sandbox.state import State


@dataclass(frozen=True)
class Call:
    """What a method's implementation is given."""

    state: State
    bot: Bot
    method: str
    params: Params

    def chat(self, name: str = "chat_id") -> Chat:
        """Find the chat, as far as this bot has ever seen it."""
        given = self.params.text(name).strip()
        if not given:
            raise bad(f"{name} is empty")
        try:
            chat_id = int(given)
        except ValueError as error:
            raise bad("chat not found") from error
        if any(chat_id == bot.id for bot in self.state.bots.values()):
            raise forbidden("the bot can't send messages to the bot")
        if chat := self.state.chats.get(self.bot.manual, chat_id):
            return chat
        person = self.state.people.get(chat_id)
        if person is None or person.manual != self.bot.manual:
            raise bad("chat not found")
        return Chat(self.bot.manual, chat_id, title=person.name)

    def writable(self, name: str = "chat_id") -> Chat:
        """Find the chat and make sure that the bot may write there."""
        chat = self.chat(name)
        if chat.is_group:
            if chat.migrated_to is not None:
                moved = {"migrate_to_chat_id": chat.migrated_to}
                upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
                raise ApiError(BAD_REQUEST, upgraded, parameters=moved)
            if chat.bot_status == "kicked":
                raise forbidden(f"bot was kicked from the {chat.kind} chat")
            if chat.bot_status == "left":
                raise forbidden(f"bot is not a member of the {chat.kind} chat")
        elif not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        elif chat.blocked:
            raise forbidden("bot was blocked by the user")
        if self.params.integer("message_thread_id"):
            raise bad("message thread not found")
        return chat

    def post(self, chat: Chat, doing: str, name: str = "message_id") -> Post:
        """Find the message that the call is about; `doing` is the verb of Telegram's refusal."""
        if name not in self.params:
            raise bad("message identifier is not specified")
        post = chat.post(self.params.integer(name))
        if post is None:
            raise bad(f"message to {doing} not found")
        return post

    def entities(self, formatted: Formatted) -> list[Json]:
        """Write entities as JSON; a mention of somebody whom nobody knows is dropped."""
        found = []
        for entity in formatted.entities:
            if entity.type != "text_mention":
                found.append(entity.json())
                continue
            person = self.state.people.get(whole(entity.extra["user"].get("id", 0), "user"))
            if person is not None:
                mention = Entity(entity.type, entity.offset, entity.length, {"user": user_json(person)})
                found.append(mention.json())
        return found
