"""The people of the sandbox: those the composition root brought and those who came by themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict

from bot.sandbox.errors import NOT_FOUND, Json, PhoneError
from bot.sandbox.store import Store
from bot.sandbox.world import FIRST_STRANGER, DemoPerson, Stranger

Person = DemoPerson | Stranger


class People:
    """Who has a phone."""

    def __init__(self, demo: Iterable[DemoPerson], store: Store) -> None:
        self._store = store
        self._listed = tuple(demo)
        self._demo = {person.id: person for person in self._listed}
        self._strangers = {row["id"]: Stranger(**row) for _, row in store.rows("people")}

    def demo(self, manual: str | None) -> Iterator[DemoPerson]:
        return (person for person in self._listed if manual in (None, person.manual))

    def strangers(self, manual: str | None) -> Iterator[Stranger]:
        return (person for person in self._strangers.values() if manual in (None, person.manual))

    def get(self, person_id: int) -> Person | None:
        return self._demo.get(person_id) or self._strangers.get(person_id)

    def known(self, person_id: int) -> Person:
        person = self.get(person_id)
        if person is None:
            raise PhoneError(NOT_FOUND, f"No hay ninguna persona con el número {person_id}.")
        return person

    def welcome(self, manual: str, name: str) -> Stranger:
        """Give a stranger a phone."""
        stranger = Stranger(max(self._strangers, default=FIRST_STRANGER - 1) + 1, manual, name)
        self._strangers[stranger.id] = stranger
        self._store.put("people", str(stranger.id), asdict(stranger))
        return stranger


def user_json(person: Person) -> Json:
    """Describe a person as Telegram describes a user."""
    first, _, last = person.name.strip().partition(" ")
    user: Json = {"id": person.id, "is_bot": False, "first_name": first or str(person.id)}
    if last:
        user["last_name"] = last
    return user | {"language_code": "es"}
