"""What people do with their phones: write, press, send files, share, block. One call for each gesture."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from urllib.parse import unquote

from aiohttp import web

from bot.sandbox.bots import Bot
from bot.sandbox.chats import Chat
from bot.sandbox.errors import BAD_REQUEST, CONFLICT, NOT_FOUND, ApiError, Json, PhoneError
from bot.sandbox.files import Content
from bot.sandbox.methods_media import file_content, uploaded
from bot.sandbox.methods_send import dice_json, poll_json
from bot.sandbox.params import Params, place_on_earth, read_params
from bot.sandbox.people import Person, user_json
from bot.sandbox.posting import quoted
from bot.sandbox.state import State
from bot.sandbox.texts import CAPTION_LIMIT, TEXT_LIMIT, person_text
from bot.sandbox.world import Stranger

DATA_LIMIT = 64
FILE_KINDS = ("photo", "document", "video", "audio", "voice", "animation", "video_note", "sticker")
SAMPLES = {
    "sticker": ("sticker.webp", "image/webp", 24_000),
    "voice": ("voice.ogg", "audio/ogg", 30_000),
    "video": ("video.mp4", "video/mp4", 2_000_000),
    "animation": ("animacion.mp4", "video/mp4", 200_000),
    "audio": ("audio.mp3", "audio/mpeg", 900_000),
    "video_note": ("nota.mp4", "video/mp4", 400_000),
    "document": ("documento.pdf", "application/pdf", 100_000),
}
OnStranger = Callable[[Stranger], Awaitable[None]]


@dataclass(frozen=True)
class Hand:
    """Who holds the phone, which bot is on the screen, and the chat that is open."""

    bot: Bot
    person: Person
    chat: Chat
    params: Params


class Phones:
    """The calls under `/sandbox/people/{id}/` by which people act."""

    def __init__(self, state: State, on_stranger: OnStranger | None) -> None:
        self._state = state
        self._on_stranger = on_stranger

    def routes(self) -> list[web.AbstractRouteDef]:
        gestures: dict[str, Callable[[Hand], Json]] = {
            "messages": self.write,
            "edits": self.correct,
            "presses": self.press,
            "files": self.send_file,
            "locations": self.share_location,
            "contacts": self.share_contact,
            "others": self.send_other,
            "block": self.block,
        }
        routes: list[web.AbstractRouteDef] = [web.post("/sandbox/people", self.welcome)]
        for name, gesture in gestures.items():
            routes.append(web.post(f"/sandbox/people/{{person}}/{name}", self._by_hand(gesture)))
        return routes

    def _by_hand(self, gesture: Callable[[Hand], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            params = await read_params(request)
            bot, person, chat = self.open(request.match_info["person"], params)
            try:
                result = gesture(Hand(bot, person, chat, params))
            except ApiError as error:
                raise PhoneError(BAD_REQUEST, f"Telegram no lo aceptaría: {error.description}") from error
            finally:
                self._state.store.commit()
            return web.json_response(result)

        return answer

    def open(self, who: str, params: Params) -> tuple[Bot, Person, Chat]:
        """Find the person, the bot and the chat that a call names."""
        try:
            person = self._state.people.known(int(who))
        except ValueError as error:
            raise PhoneError(NOT_FOUND, f"No hay ninguna persona con el número {who}.") from error
        bot = self._state.bot(params.text("manual") or person.manual)
        group = params.integer("chat")
        if not group or group == person.id:
            return bot, person, self._state.chats.open(Chat(bot.manual, person.id, title=person.name))
        chat = self._state.chats.get(bot.manual, group)
        if chat is None or person.id not in chat.members:
            raise PhoneError(NOT_FOUND, f"{person.name} no está en ningún grupo con el número {group}.")
        return bot, person, chat

    async def welcome(self, request: web.Request) -> web.Response:
        params = await read_params(request)
        bot = self._state.bot(params.text("manual"))
        name = params.text("name").strip()
        if not name:
            raise PhoneError(BAD_REQUEST, "Falta el nombre.")
        stranger = self._state.people.welcome(bot.manual, name)
        self._state.chats.open(Chat(bot.manual, stranger.id, title=stranger.name))
        self._state.store.commit()
        if self._on_stranger is not None:
            await self._on_stranger(stranger)
        return web.json_response({"id": stranger.id, "name": stranger.name, "roles": [], "area": None})

    def write(self, hand: Hand) -> Json:
        text = person_text(hand.params.text("text"))
        if not text.text:
            raise PhoneError(BAD_REQUEST, "El mensaje está vacío.")
        if len(text.text) > TEXT_LIMIT:
            raise PhoneError(BAD_REQUEST, f"El mensaje pasa de {TEXT_LIMIT} caracteres.")
        content: Json = {"text": text.text}
        if text.entities:
            content["entities"] = [entity.json() for entity in text.entities]
        return self._hear(hand, content)

    def correct(self, hand: Hand) -> Json:
        """Change the text of a message that the person sent before."""
        text = person_text(hand.params.text("text"))
        post = hand.chat.post(hand.params.integer("message_id"))
        if post is None or post.by != hand.person.id or "text" not in post.message:
            raise PhoneError(NOT_FOUND, "Ese mensaje no se puede corregir.")
        if not 1 <= len(text.text) <= TEXT_LIMIT:
            raise PhoneError(BAD_REQUEST, "El texto está vacío o es demasiado largo.")
        entities = [entity.json() for entity in text.entities]
        update_id = self._state.correct(hand.bot, hand.chat, post, text.text, entities)
        return {"update_id": update_id, "message_id": post.id}

    def press(self, hand: Hand) -> Json:
        _unblocked(hand)
        post = hand.chat.post(hand.params.integer("message_id"))
        if post is None:
            raise PhoneError(NOT_FOUND, "Ese mensaje no está en la conversación.")
        data = hand.params.text("data")
        if not 1 <= len(data.encode()) <= DATA_LIMIT:
            raise PhoneError(BAD_REQUEST, f"Un botón lleva de 1 a {DATA_LIMIT} bytes de datos.")
        query_id, update_id = self._state.press(hand.bot, hand.chat, hand.person, post, data)
        return {"update_id": update_id, "message_id": post.id, "callback_query_id": query_id}

    def send_file(self, hand: Hand) -> Json:
        kind = hand.params.text("kind") or "document"
        upload = hand.params.uploads.get("file")
        if kind not in FILE_KINDS:
            raise PhoneError(BAD_REQUEST, f"No se puede enviar «{kind}».")
        if upload is None:
            raise PhoneError(BAD_REQUEST, "Falta el archivo.")
        # Some clients send the name percent-encoded; a person's phone would not.
        upload = replace(upload, filename=unquote(upload.filename))
        file = self._state.files.add(hand.bot.manual, uploaded(upload, kind))
        content = file_content(file, kind, hand.params) | self._caption(hand)
        if album := hand.params.text("album"):
            content["media_group_id"] = album
        return self._hear(hand, content)

    def _caption(self, hand: Hand) -> Json:
        caption = person_text(hand.params.text("caption"))
        if len(caption.text) > CAPTION_LIMIT:
            raise PhoneError(BAD_REQUEST, f"El pie pasa de {CAPTION_LIMIT} caracteres.")
        if not caption.text:
            return {}
        content: Json = {"caption": caption.text}
        if caption.entities:
            content["caption_entities"] = [entity.json() for entity in caption.entities]
        return content

    def share_location(self, hand: Hand) -> Json:
        nowhere = float("nan")
        place = place_on_earth(hand.params.number("latitude", nowhere), hand.params.number("longitude", nowhere))
        if place is None:
            raise PhoneError(BAD_REQUEST, "Faltan latitud y longitud, o no son de este planeta.")
        return self._hear(hand, {"location": place})

    def share_contact(self, hand: Hand) -> Json:
        """Share the person's own number, or somebody else's when `user_id` is 0."""
        phone = hand.params.text("phone").strip()
        if not phone:
            raise PhoneError(BAD_REQUEST, "Falta el teléfono.")
        user = user_json(hand.person)
        contact: Json = {"phone_number": phone, "first_name": hand.params.text("name") or user["first_name"]}
        if "user_id" not in hand.params or hand.params.integer("user_id"):
            contact["user_id"] = hand.params.integer("user_id", hand.person.id)
        return self._hear(hand, {"contact": contact})

    def send_other(self, hand: Hand) -> Json:
        """Send what a form does not expect; no bytes are needed, a size is enough."""
        kind = hand.params.text("kind")
        if kind == "poll":
            return self._hear(hand, {"poll": poll_json("¿Sí o no?", ["Sí", "No"])})
        if kind == "dice":
            return self._hear(hand, {"dice": dice_json("🎲")})
        if kind == "venue":
            place = {"latitude": 19.2647, "longitude": -98.8975}
            venue = {"location": place, "title": "Palacio Municipal", "address": "Plaza principal"}
            return self._hear(hand, {"venue": venue, "location": place})
        if kind not in SAMPLES:
            raise PhoneError(BAD_REQUEST, f"No se puede enviar «{kind}».")
        name, media_type, size = SAMPLES[kind]
        claimed = Content(kind, name, media_type, None, hand.params.integer("size", size))
        file = self._state.files.add(hand.bot.manual, claimed)
        return self._hear(hand, file_content(file, kind, hand.params) | self._caption(hand))

    def block(self, hand: Hand) -> Json:
        """Block the bot, or take it back."""
        if hand.chat.is_group:
            raise PhoneError(BAD_REQUEST, "Un grupo no bloquea: saca al bot.")
        blocked = hand.params.flag("blocked")
        if blocked == hand.chat.blocked:
            return {"update_id": None, "blocked": blocked}
        hand.chat.blocked = blocked
        self._state.chats.changed(hand.chat)
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        update_id = self._state.member_changed(hand.bot, hand.chat, hand.person, old, new)
        return {"update_id": update_id, "blocked": blocked}

    def _hear(self, hand: Hand, content: Json) -> Json:
        _unblocked(hand)
        if hand.chat.migrated_to is not None:
            raise PhoneError(CONFLICT, "Ese grupo ya es un supergrupo; se escribe en él.")
        if reply_to := hand.params.integer("reply_to"):
            answered = hand.chat.post(reply_to)
            if answered is None:
                raise PhoneError(NOT_FOUND, "El mensaje al que se responde no está en la conversación.")
            content["reply_to_message"] = quoted(answered)
        if hand.params.flag("forward"):
            origin = {"type": "user", "sender_user": user_json(hand.person), "date": self._state.now()}
            content["forward_origin"] = origin
        post, update_id = self._state.hear(hand.bot, hand.chat, hand.person, content)
        return {"update_id": update_id, "message_id": post.id}


def _unblocked(hand: Hand) -> None:
    if hand.chat.blocked:
        raise PhoneError(CONFLICT, f"{hand.person.name} bloqueó al bot; primero hay que desbloquearlo.")
