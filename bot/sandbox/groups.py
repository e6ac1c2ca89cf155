"""Groups: who is in them, the bot among them or thrown out, and the move to a supergroup that changes the id."""

import secrets

from aiohttp import web

from bot.sandbox.bots import Bot
from bot.sandbox.chats import Chat
from bot.sandbox.errors import BAD_REQUEST, CONFLICT, NOT_FOUND, Json, PhoneError
from bot.sandbox.params import Params, read_params
from bot.sandbox.people import Person, user_json
from bot.sandbox.state import State

STANDINGS = ("member", "administrator", "left", "kicked")
OUTSIDE = frozenset({"left", "kicked"})
SUPERGROUP = -1_000_000_000_000


class Groups:
    """The calls under `/sandbox/groups`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("/sandbox/groups", self.every),
            web.post("/sandbox/groups", self.found),
            web.post("/sandbox/groups/{group}/bot", self.place_bot),
            web.post("/sandbox/groups/{group}/members", self.change_members),
            web.post("/sandbox/groups/{group}/title", self.rename),
            web.post("/sandbox/groups/{group}/upgrade", self.upgrade),
        ]

    async def every(self, request: web.Request) -> web.Response:
        """Every group that still goes on under its own id."""
        bot = self._state.bot(Params(dict(request.query)).text("manual"))
        groups = [chat for chat in self._state.chats.of(bot.manual) if chat.is_group and chat.migrated_to is None]
        return web.json_response([group_view(chat) for chat in groups])

    async def found(self, request: web.Request) -> web.Response:
        params = await read_params(request)
        bot = self._state.bot(params.text("manual"))
        title = params.text("title").strip()
        members = self._people(params, "members")
        if not title or not members:
            raise PhoneError(BAD_REQUEST, "Un grupo necesita título y al menos un miembro.")
        status = "administrator" if params.flag("admin") else "member"
        ids = [person.id for person in members]
        group_id = -secrets.randbelow(900_000_000) - 100_000_000
        chat = Chat(bot.manual, group_id, kind="group", title=title, members=ids, started=True, bot_status=status)
        self._state.chats.open(chat)
        self._state.member_changed(bot, chat, members[0], "left", status)
        post, update_id = self._state.hear(bot, chat, members[0], {"group_chat_created": True})
        self._state.store.commit()
        return web.json_response({"id": chat.id, "update_id": update_id, "message_id": post.id})

    async def place_bot(self, request: web.Request) -> web.Response:
        """Give the bot another standing in the group: throw it out, take it back, trust it."""
        bot, chat, owner, params = await self._open(request)
        status = params.text("status")
        if status not in STANDINGS:
            raise PhoneError(BAD_REQUEST, f"El bot puede estar como: {', '.join(STANDINGS)}.")
        by = self._state.people.known(params.integer("by", owner.id))
        was_in, old = chat.bot_status not in OUTSIDE, chat.bot_status
        chat.bot_status = status
        self._state.chats.changed(chat)
        update_id = self._state.member_changed(bot, chat, by, old, status)
        if was_in and status in OUTSIDE:
            self._state.hear(bot, chat, by, {"left_chat_member": bot.user()})
        elif not was_in and status not in OUTSIDE:
            self._state.hear(bot, chat, by, {"new_chat_members": [bot.user()]})
        self._state.store.commit()
        return web.json_response({"id": chat.id, "update_id": update_id})

    async def change_members(self, request: web.Request) -> web.Response:
        """Let people into the group (`members`) and out of it (`gone`); whoever founded it stays."""
        bot, chat, owner, params = await self._open(request)
        come = [person for person in self._people(params, "members") if person.id not in chat.members]
        gone = [person for person in self._people(params, "gone") if person.id in chat.members[1:]]
        chat.members = [*(one for one in chat.members if one not in {person.id for person in gone})]
        chat.members += [person.id for person in come]
        if come:
            self._state.hear(bot, chat, owner, {"new_chat_members": [user_json(person) for person in come]})
        for person in gone:
            self._state.hear(bot, chat, owner, {"left_chat_member": user_json(person)})
        self._state.store.commit()
        return web.json_response(group_view(chat))

    async def rename(self, request: web.Request) -> web.Response:
        bot, chat, owner, params = await self._open(request)
        title = params.text("title").strip()
        if not title:
            raise PhoneError(BAD_REQUEST, "Falta el título.")
        chat.title = title
        self._state.hear(bot, chat, owner, {"new_chat_title": title})
        self._state.store.commit()
        return web.json_response(group_view(chat))

    async def upgrade(self, request: web.Request) -> web.Response:
        """Turn a group into a supergroup: whoever keeps the old id is told of the new one."""
        bot, chat, owner, _ = await self._open(request)
        if chat.migrated_to is not None or chat.kind != "group":
            raise PhoneError(CONFLICT, "Ese grupo ya es un supergrupo.")
        new = Chat(
            bot.manual,
            SUPERGROUP + chat.id,
            kind="supergroup",
            title=chat.title,
            members=chat.members,
            started=True,
            bot_status=chat.bot_status,
        )
        self._state.chats.open(new)
        # As Telegram does: the bot is in the new one before it hears why, and never leaves the old one.
        self._state.member_changed(bot, new, owner, "left", chat.bot_status)
        self._state.hear(bot, chat, owner, {"migrate_to_chat_id": new.id})
        chat.migrated_to = new.id
        self._state.chats.changed(chat)
        moved: Json = {"migrate_from_chat_id": chat.id}
        _, update_id = self._state.hear(bot, new, owner, moved)
        self._state.store.commit()
        return web.json_response({"id": new.id, "update_id": update_id})

    async def _open(self, request: web.Request) -> tuple[Bot, Chat, Person, Params]:
        params = await read_params(request)
        bot = self._state.bot(params.text("manual"))
        number = request.match_info["group"]
        chat = self._state.chats.get(bot.manual, int(number)) if number.removeprefix("-").isdecimal() else None
        if chat is None or not chat.is_group:
            raise PhoneError(NOT_FOUND, f"No hay ningún grupo con el número {number}.")
        return bot, chat, self._state.people.known(chat.members[0]), params

    def _people(self, params: Params, name: str) -> list[Person]:
        try:
            return [self._state.people.known(int(one)) for one in params.list(name) or []]
        except (TypeError, ValueError) as error:
            raise PhoneError(BAD_REQUEST, "Los miembros se dan por su número.") from error


def group_view(chat: Chat) -> Json:
    return {
        "id": chat.id,
        "title": chat.title,
        "kind": chat.kind,
        "members": list(chat.members),
        "bot": chat.bot_status not in OUTSIDE,
        "revision": chat.revision,
    }
