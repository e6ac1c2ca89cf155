"""Who writes, and what somebody would who means well."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

from bot import shelf
from bot.flows.draft import CONFIRM, REVIEW
from bot.flows.procedure import Requisito
from bot.settings import MANUALS
from tests.fuzz.oracle import State
from tests.fuzz.shapes import Json
from tests.fuzz.town import Shown, Town, manual_of

STRANGERS = tuple(range(9001, 9006))
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_WORDS = (
    "menú", "nueva", "mis solicitudes", "bandeja", "borradores", "avisos", "personas", "invitar", "grupos", "ayuda",
    "buscar", "problemas", "deshacer", "comentar", "preguntar", "responder", "cancelar", "1", "2", "sí", "no",
)  # fmt: skip
_SAID = {
    "time": "17:00",
    "yes_no": "sí",
    "number": "3",
    "size": "60 x 90 cm",
    "money": "1250",
    "duration": "2 horas",
    "phone": "55 5512 3456",
    "email": "ana@ejemplo.gob.mx",
    "link": "https://ejemplo.gob.mx/aviso",
}


@dataclass(frozen=True)
class Account:
    """Somebody's account; `name` is what Telegram calls them."""

    id: int
    name: str

    @property
    def user(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "es"}

    @property
    def chat(self) -> Json:
        return {"id": self.id, "type": "private", "first_name": self.name}


@cache
def members(manual: str) -> tuple[Account, ...]:
    """The people of a municipality that have roles in the beginning."""
    return tuple(Account(one.id, one.name) for one in shelf.demo(MANUALS, manual).people)


def group(manual: str, place: int) -> Json:
    """One of a municipality's groups."""
    return {"id": -(1000 * len(manual) + place), "type": "supergroup", "title": f"Coordinación {place} <u>"}


def message(number: int, who: Account, chat: Json | None = None, **content: Any) -> Json:
    """A message as Telegram writes it."""
    said = {"message_id": 10**6 + number, "date": 1795017600, "chat": chat or who.chat, "from": who.user, **content}
    return {"update_id": number, "message": said}


def press(number: int, who: Account, data: Any, on: str, chat: Json | None = None) -> Json:
    """A press, on a message of the bot's."""
    bot = {"id": 7000000001, "is_bot": True, "first_name": "Bot"}
    shown = {"message_id": int(on), "date": 1795017600, "chat": chat or who.chat, "from": bot, "text": "…"}
    query = {"id": str(number), "from": who.user, "chat_instance": "1", "data": data, "message": shown}
    return {"update_id": number, "callback_query": query}


@cache
def kinds(manual: str) -> dict[str, str]:
    """What kind of answer each question of a municipality asks for, by its id."""
    house = shelf.house()
    asked: list[Requisito] = [house.again]
    for form in (house.aviso, house.back, house.reason, house.withdraw, house.comment, house.behalf, house.decline):
        asked += form
    for law in manual_of(manual).procedures:
        asked += law.requisitos
        for activity in law.activities:
            asked += [*activity.form, *(one for option in activity.options for one in option.form)]
    return {one.id: one.kind for one in asked}


class Gentle:
    """Does what anybody does: answers what is asked, presses what is there, asks for things."""

    def __init__(self, town: Town, random: Random) -> None:
        self._town = town
        self._random = random

    def act(self, manual: str, who: Account, number: int, state: State) -> Json:
        """The next thing that somebody does."""
        person = state.person(manual, str(who.id))
        draft = state.rows.get(("draft", person.draft or "")) if person else None
        shown = list(self._town.phones[manual].chats[str(who.id)].items())[-4:]
        pressable = [(key, one) for key, one in shown if one.data and not one.data[0].startswith("https://")]
        if draft is not None and self._random.random() < 0.85:
            pending = (draft["pending"] or "{}") != "{}"
            return self._answered(manual, who, number, draft["asking"] or "", pressable, pending=pending)
        if pressable and self._random.random() < 0.65:
            return self._presses(who, number, *self._random.choice(pressable))
        return message(number, who, text=self._begins(manual, person.roles if person else frozenset()))

    def _begins(self, manual: str, roles: frozenset[str]) -> str:
        laws = [law for law in manual_of(manual).procedures if roles & set(law.opened_by)]
        if laws and self._random.random() < 0.8:
            return f"/nueva {self._random.choice(laws).code}"
        if self._town.secrets and self._random.random() < 0.1:
            return f"/start inv-{self._random.choice(self._town.secrets)}"
        return self._random.choice(_WORDS)

    def _presses(self, who: Account, number: int, key: str, shown: Shown) -> Json:
        data = [one for one in shown.data if not one.startswith("https://")]
        return press(number, who, self._random.choice(data), key)

    def _answered(
        self, manual: str, who: Account, number: int, asking: str, shown: list[tuple[str, Shown]], *, pending: bool
    ) -> Json:
        if asking == REVIEW:
            return message(number, who, text="enviar")
        kind = CONFIRM if asking == CONFIRM else kinds(manual).get(asking.removesuffix("_otro"), "text")
        choosing = asking == CONFIRM or kind in {"choice", "yes_no", "area"}
        asked = [(key, one) for key, one in shown if one.data[0].startswith("q:")]
        if asked and (choosing or self._random.random() < 0.08):
            key, newest = asked[-1]
            return press(number, who, newest.data[-1 if asking == CONFIRM else 0], key)
        if kind in {"files", "photos"} and not pending:
            return self._sends(number, who, photo=kind == "photos")
        return message(number, who, text=self._said(kind, pending=pending))

    def _sends(self, number: int, who: Account, *, photo: bool) -> Json:
        if photo:
            picture = {"file_id": "good", "file_unique_id": "u", "width": 8, "height": 8, "file_size": 100}
            return message(number, who, photo=[picture])
        document = {"file_id": "good", "file_unique_id": "u", "file_name": "oficio.pdf", "file_size": 100}
        return message(number, who, document=document)

    def _said(self, kind: str, *, pending: bool) -> str:
        day = self._town.clock() + timedelta(days=self._random.randint(5, 40))
        said = f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"
        if kind in _SAID:
            return _SAID[kind]
        if kind in {"choices", "files", "photos", "area"}:
            return "listo" if pending else "1 listo"
        usual = {"date": said, "datetime": f"{said} 17:00", "choice": "1", CONFIRM: "sí"}
        return usual.get(kind, "Feria del libro en la plaza")
