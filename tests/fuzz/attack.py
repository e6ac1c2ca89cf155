"""What comes next: a well-meant gesture, or one of the ways to do harm."""

import copy
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.fuzz import words
from tests.fuzz.oracle import State
from tests.fuzz.people import STRANGERS, Account, Gentle, group, members, message, press
from tests.fuzz.shapes import KINDS, Json, Shapes, mangled, nested
from tests.fuzz.town import Town

_ACTS = ("q", "t", "m", "n", "v", "k", "l", "b", "f", "j", "r", "x", "c", "y", "w", "z", "a", "o", "s", "h", "i", "p")
_MORE = ("u", "g", "urge", "tell")
_WORDS = ("yes", "files", "map", "log", "!", "cumple", "no_cumple", "home", "people", "administrador", "enlace", "-")


@dataclass(frozen=True)
class Stroke:
    """One update as it comes over the wire, to which bot; `replayed`: it was heard before, word for word."""

    manual: str
    body: str
    replayed: bool = False


@dataclass
class Attacker:
    """Writes updates without end. The municipality under fire is the first; the other has people and secrets too."""

    town: Town
    random: Random
    manuals: tuple[str, ...]
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._shapes = Shapes(self.random)
        self._gentle = Gentle(self.town, self.random)
        self._number = 500_000_000
        self._past: list[tuple[datetime, Stroke]] = []
        self._busy: dict[str, Account] = {}
        self._ways = {
            self._means_well: 40,
            self._writes: 11,
            self._forges: 18,
            self._anything: 20,
            self._sends: 4,
            self._in_a_group: 6,
        }

    def next(self, state: State) -> Stroke:
        """The next update, to a town in this state."""
        self._state = state
        self._number += 1
        dice = self.random.random()
        # Telegram brings an update again for a day at most.
        self._past = [(at, one) for at, one in self._past[-40:] if self.town.clock() - at < timedelta(days=1)]
        if dice < 0.015 and self._past:
            _, stroke = self.random.choice(self._past)
            self.counts["replayed"] += 1
            return Stroke(stroke.manual, stroke.body, replayed=True)
        if dice < 0.02:
            self.counts["deep"] += 1
            return Stroke(self._manual(), nested(self.random, self.random.choice((50, 400, 900, 5000, 100_000))))
        [way] = self.random.choices(list(self._ways), list(self._ways.values()))
        manual = self._manual()
        raw = way(manual)
        if self.random.random() < 0.05:
            raw = mangled(self.random, copy.deepcopy(raw))
            self.counts["mangled"] += 1
        self._count(raw)
        stroke = Stroke(manual, json.dumps(raw))
        self._past.append((self.town.clock(), stroke))
        return stroke

    def _count(self, raw: Any) -> None:
        for kind, event in raw.items() if isinstance(raw, dict) else ():
            if kind in KINDS:
                self.counts[kind] += 1
                if kind == "message" and isinstance(event, dict):
                    self.counts.update(f"message.{one}" for one in event)

    def _manual(self) -> str:
        return self.manuals[0] if self.random.random() < 0.85 else self.random.choice(self.manuals)

    def _member(self, manual: str) -> Account:
        return self.random.choice(members(manual))

    def _anybody(self, manual: str) -> Account:
        """A member; or a stranger, somebody of another municipality among them."""
        dice = self.random.random()
        if dice < 0.7:
            return self._member(manual)
        if dice < 0.8:
            return self._member(self.random.choice(self.manuals))
        return Account(self.random.choice(STRANGERS), words.text(self.random)[:64] or "Nadie")

    def _means_well(self, manual: str) -> Json:
        """Somebody goes on with what they were doing, as a rule: forms are long."""
        if manual not in self._busy or self.random.random() < 0.12:
            self._busy[manual] = self._member(manual)
        return self._gentle.act(manual, self._busy[manual], self._number, self._state)

    def _writes(self, manual: str) -> Json:
        more: Json = {}
        if self.random.random() < 0.25:
            more["reply_to_message"] = self._reply(manual)
        if self.random.random() < 0.05:
            more["forward_origin"] = {"type": "hidden_user", "date": 1, "sender_user_name": words.text(self.random)}
        return message(self._number, self._anybody(manual), text=self._said(), **more)

    def _said(self) -> str:
        if self.random.random() < 0.1:
            guess = self.random.choice([*self.town.secrets, "a" * 32, ""])
            return f"/start inv-{self._nearly(guess)}"
        return words.text(self.random)

    def _reply(self, manual: str) -> Json:
        chat, key = self._somewhere(manual)
        bot = {"id": 7000000001, "is_bot": True, "first_name": "Bot"}
        return {"message_id": int(key), "date": 1, "chat": {"id": int(chat), "type": "private"}, "from": bot}

    def _somewhere(self, manual: str) -> tuple[str, str]:
        """A chat, and a message in it, that may be anybody's."""
        chats = [chat for chat, shown in self.town.phones[manual].chats.items() if shown]
        if not chats:
            return "1", "1"
        chat = self.random.choice(chats)
        return chat, self.random.choice(list(self.town.phones[manual].chats[chat])[-8:])

    def _forges(self, manual: str) -> Json:
        """A press of a button that somebody else has, that is long gone, or that never was."""
        who = self._anybody(manual)
        _, on = self._somewhere(manual)
        own = list(self.town.phones[manual].chats[str(who.id)])[-6:]
        if own and self.random.random() < 0.8:
            on = self.random.choice(own)
        data: Any = self._data()
        if self.random.random() < 0.03:
            data = words.text(self.random)
        return press(self._number, who, data, on)

    def _data(self) -> str:
        """Real data, of anybody's in either municipality, as it is or nearly; or made up."""
        phones = self.town.phones[self.random.choice(self.manuals)]
        chats = [chat for chat in phones.chats.values() if chat]
        if chats and self.random.random() < 0.75:
            shown = list(self.random.choice(chats).values())
            real = [data for one in shown[-12:] for data in one.data]
            if real:
                data = self.random.choice(real)
                return data if self.random.random() < 0.5 else self._nearly(data)
        parts = [self._part() for _ in range(self.random.randint(0, 4))]
        return ":".join([self.random.choice((*_ACTS, *_MORE, "", "\N{SNOWMAN}", "T")), *parts])

    def _part(self) -> str:
        dice = self.random.random()
        if dice < 0.6:
            return str(self.random.randint(0, 40))
        return self.random.choice(_WORDS) if dice < 0.85 else str(words.number(self.random))

    def _nearly(self, data: str) -> str:
        """The same with something else in it, or less of it."""
        dice = self.random.random()
        numbers = list(re.finditer(r"\d+", data))
        if dice < 0.5 and numbers:
            found = self.random.choice(numbers)
            return f"{data[: found.start()]}{self._part()}{data[found.end() :]}"
        if dice < 0.7:
            return data[: self.random.randint(0, len(data))]
        if dice < 0.85:
            return f"{data}:{self._part()}"
        return f"{self.random.choice((*_ACTS, *_MORE))}:{data.partition(':')[2]}"

    def _anything(self, manual: str) -> Json:
        """An update of any type, mostly from somebody who is there."""
        raw = self._shapes.update(self._number, "message" if self.random.random() < 0.4 else None)
        event = next(event for kind, event in raw.items() if kind != "update_id")
        who = self._anybody(manual)
        if self.random.random() < 0.85:
            chat = group(manual, self.random.randint(0, 2)) if self.random.random() < 0.15 else who.chat
            for place, value in (("from", who.user), ("chat", chat)):
                if place in event or "message_id" in event:
                    event[place] = value
            if isinstance(event.get("message"), dict):
                event["message"]["chat"] = chat
        return raw

    def _sends(self, manual: str) -> Json:
        """A file that is not what it says."""
        file = {
            "file_id": self.random.choice(("good", "good", "huge", "lost", "empty", "gone")),
            "file_unique_id": "u",
            "file_name": self.random.choice(words.NAMES),
            "mime_type": self.random.choice(words.TYPES),
            "file_size": self.random.choice((None, 0, 100, 10**9, -1, 2**63)),
        }
        more: Json = {"caption": words.text(self.random)} if self.random.random() < 0.5 else {}
        if self.random.random() < 0.3:
            more |= {"media_group_id": "album", "reply_to_message": self._reply(manual)}
        who = self._anybody(manual)
        kind = self.random.choice(("document", "document", "video", "photo", "audio", "voice", "animation"))
        size = {"width": 8, "height": 8, "duration": 1}
        content: Any = [{**file, **size}] if kind == "photo" else {**file, **size}
        return message(self._number, who, **{kind: content}, **more)

    def _in_a_group(self, manual: str) -> Json:
        """What happens where many are: presses, answers, and the bot's own coming and going."""
        who, here = self._anybody(manual), group(manual, self.random.randint(0, 2))
        shown = list(self.town.phones[manual].chats[str(here["id"])].items())[-5:]
        dice = self.random.random()
        if dice < 0.4:
            return press(self._number, who, self._data(), shown[-1][0] if shown else "1", here)
        if dice < 0.55:
            return message(self._number, who, here, text=f"{words.text(self.random)} @town_bot")
        if dice < 0.65 and shown:
            answered = {"message_id": int(shown[-1][0]), "date": 1, "chat": here}
            bot = {"id": self.town.ears[manual].bot.id, "is_bot": True, "first_name": "Bot"}
            said = words.text(self.random) if self.random.random() < 0.7 else "Sí cumple"
            return message(self._number, who, here, text=said, reply_to_message={**answered, "from": bot})
        if dice < 0.7:
            return message(self._number, who, here, migrate_to_chat_id=group(manual, self.random.randint(0, 2))["id"])
        if dice < 0.75:
            return message(self._number, who, here, new_chat_title=words.text(self.random))
        return self._membership(who, here if self.random.random() < 0.7 else who.chat, manual)

    def _membership(self, who: Account, chat: Json, manual: str) -> Json:
        bot = {"id": self.town.ears[manual].bot.id, "is_bot": True, "first_name": "Bot"}
        was, is_ = self.random.choices(("member", "left", "kicked"), (5, 2, 1), k=2)
        ends = {"member": {}, "left": {}, "kicked": {"until_date": 0}}
        change = {
            "chat": chat,
            "from": who.user,
            "date": 1795017600,
            "old_chat_member": {"status": was, "user": bot, **ends[was]},
            "new_chat_member": {"status": is_, "user": bot, **ends[is_]},
        }
        return {"update_id": self._number, "my_chat_member": change}
