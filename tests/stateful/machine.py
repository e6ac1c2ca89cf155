"""Several people acting at random on several requests, held against the model after every step.

Each rule takes one number, out of which it deals who, what and which: whatever the number, and
whatever has happened before, there is something to do or nothing at all, so that every sequence
of steps is one that people could take.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import event

from bot.desk.incoming import Called, Joined, Upload
from bot.flows.draft import CONFIRM, REVIEW, Draft
from bot.flows.people import ADMINISTRATOR
from storage.database import Database
from tests.answers import Answers, wants_file
from tests.stateful.model import Step
from tests.stateful.rights import Rights
from tests.stateful.seen import Seen, all_of_it
from tests.stateful.told import Told
from tests.stateful.town import Town, together

T = TypeVar("T")

NUMBERS = st.integers(0, 10**9 - 1)
START = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)  # a Wednesday, ten in the morning
SPANS = [
    timedelta(seconds=20), timedelta(seconds=61), timedelta(hours=1), timedelta(hours=10), timedelta(days=1),
    timedelta(days=4), timedelta(days=28),
]  # fmt: skip
PHRASES = [
    "hola", "menú", "bandeja", "mis solicitudes", "deshacer", "no estoy disponible", "ya estoy disponible", "1", "2",
    "sí", "no", "listo", "cancelar", "atrás", "omitir", "comentar", "preguntar", "responder", "retirar", "borradores",
    "avisos", "muy bien", "mal", "/ver", "/buscar feria", "foto del desfile mañana a las 10", "👍", "…",
]  # fmt: skip
_LONGEST = 80


class Dealt:
    """A number as a pack of cards: each choice takes what it needs of it."""

    def __init__(self, number: int) -> None:
        self._left = number

    def below(self, count: int) -> int:
        self._left, dealt = divmod(self._left, count)
        return dealt

    def of(self, choices: Iterable[T]) -> T | None:
        known = list(choices)
        return known[self.below(len(known))] if known else None


class Machine(RuleBasedStateMachine):
    """One municipality; its first request is of the procedure of that code."""

    def __init__(self, manual: str, code: str, fresh: Callable[[], str]) -> None:
        super().__init__()
        self.code = code
        self.runner = asyncio.Runner()
        self.database = self._run(_opened(fresh()))
        self.town = Town(self.database, manual, START)
        self._run(self.town.open())
        self.manual = self.town.known
        self.seen = self._run(self.town.looks())
        self.last = 0
        self.invited: tuple[int, str, str | None] | None = None
        self.linked: dict[str, set[str | None]] = {}

    def teardown(self) -> None:
        try:
            self._run(self._chains_hold())
        finally:
            self._run(self.database.close())
            self.runner.close()

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    # What people do.

    @initialize(number=NUMBERS)
    def a_first_request(self, number: int) -> None:
        deal = Dealt(number)
        self._step(lambda: self._file(self.code, deal))

    @rule(number=NUMBERS)
    def a_moment_passes(self, number: int) -> None:
        """Nothing happens: hypothesis begins with what is simplest, which should cost nothing."""
        self.town.now += timedelta(milliseconds=number % 1000)

    @rule(number=NUMBERS)
    def act(self, number: int) -> None:
        """Whoever has a turn takes it, with all that it asks."""
        deal = Dealt(number)
        self._step(lambda: self._act(deal))

    @rule(number=NUMBERS)
    def act_and_act_again(self, number: int) -> None:
        """The newest requests go some way."""
        deal = Dealt(number)

        async def several() -> None:
            for _ in range(3):
                await self._act(deal, fresh=True)
                self.seen_now = await self.town.looks(letters_after=self.last)

        self._step(several)

    @rule(number=NUMBERS)
    def begin_to_act(self, number: int) -> None:
        """Press the button of a turn, and leave what it asks for later."""
        deal = Dealt(number)
        self._step(lambda: self._act(deal, fill=False))

    @rule(number=NUMBERS)
    def both_at_once(self, number: int) -> None:
        """Two people, or one with two thumbs, take the same turn at the same instant."""
        deal = Dealt(number)
        turn = deal.of(self.seen.anywhere())
        if turn is not None:
            ways = [(self._holder(turn, deal), deal.of(self._ways(turn))) for _ in range(2)]
            self._step(
                lambda: together(
                    self._take(who, turn, act, branch=place)
                    for place, (who, act) in enumerate(ways)
                    if who is not None and act is not None
                )
            )

    @rule(number=NUMBERS)
    def file(self, number: int) -> None:
        deal = Dealt(number)
        law = deal.of(self.manual.procedures)
        assert law is not None
        self._step(lambda: self._file(law.code, deal))

    @rule(number=NUMBERS)
    def go_on(self, number: int) -> None:
        """Answer one thing of whatever form somebody has before them; or all that is left of it."""
        deal = Dealt(number)
        who = self._somebody(deal)
        self._step(lambda: self._fill(who, branch=deal.below(7), most=deal.of([1, _LONGEST]) or 1))

    @rule(number=NUMBERS)
    def press_what_is_there(self, number: int) -> None:
        """Press one of the last buttons that somebody was shown, in private or in a group."""
        deal = Dealt(number)
        self._step(lambda: self._press_shown(deal, last=12))

    @rule(number=NUMBERS)
    def press_what_was_there(self, number: int) -> None:
        """Press any button that somebody was ever shown."""
        deal = Dealt(number)
        self._step(lambda: self._press_shown(deal, last=None))

    @rule(number=NUMBERS)
    def press_what_is_anothers(self, number: int) -> None:
        """Forge the press of a button that somebody else was shown."""
        deal = Dealt(number)
        who = self._somebody(deal)
        button = deal.of(self.town.shown[deal.of(list(self.town.shown)) or ""])
        if button is not None:
            self._step(lambda: self.town.presses(who, button.data, message=button.message), by=who, data=button.data)

    @rule(number=NUMBERS)
    def press_what_nobody_has(self, number: int) -> None:
        """Forge a button out of what a request has, or had."""
        deal = Dealt(number)
        who = self._somebody(deal)
        data = self._forged(deal)
        self._step(lambda: self.town.presses(who, data), by=who, data=data)

    @rule(number=NUMBERS)
    def type_something(self, number: int) -> None:
        """Type a label that was shown once, a folio, or what people say."""
        deal = Dealt(number)
        who = self._somebody(deal)
        labels = [one.label for one in self.town.shown[str(who)]]
        folios = [f"/ver {one.folio}" for one in self.seen.requests.values()]
        text = deal.of(deal.of([labels, PHRASES, folios, [f"/nueva {self.code}"]]) or PHRASES)
        self._step(lambda: self.town.says(who, text or "hola"))

    @rule(number=NUMBERS)
    def reply_to_something(self, number: int) -> None:
        """Answer any message about a request: with a word, a picture, or the label of one of its buttons."""
        deal = Dealt(number)
        who = self._somebody(deal)
        about = deal.of(self.town.about[str(who)])
        if about is None:
            return
        labels = [one.label for one in self.town.shown[str(who)] if one.message == about[0]]
        text = deal.of(["Llegaremos tarde", "gracias", *labels])
        if deal.below(3):
            self._step(lambda: self.town.says(who, text or "", reply_to=about[0]))
        else:
            album = deal.of([None, "álbum"])
            self._step(lambda: self.town.does(who, _picture(reply_to=about[0], album=album, caption=text or "")))

    @rule(number=NUMBERS)
    def talk(self, number: int) -> None:
        """Comment a request, ask about it, or answer what was asked."""
        deal = Dealt(number)
        request = deal.of(reversed(self.seen.requests.values()))
        who = self._somebody(deal)
        if request is not None:
            asked = [f"y:{request.id}:{one['key']}" for one in request.rest["questions"]]
            data = deal.of([f"c:{request.id}", f"y:{request.id}", *asked]) or ""
            self._step(lambda: self._press_and_fill(who, data))

    @rule(number=NUMBERS)
    def withdraw(self, number: int) -> None:
        deal = Dealt(number)
        request = deal.of(reversed(self.seen.requests.values()))
        if request is not None:
            who = self._account(request.requester) if deal.below(4) else self._somebody(deal)
            self._step(lambda: self._press_and_fill(who, f"w:{request.id}"))

    @rule(number=NUMBERS)
    def repeat(self, number: int) -> None:
        deal = Dealt(number)
        request = deal.of(reversed(self.seen.requests.values()))
        if request is not None:
            self._step(lambda: self._press_and_fill(self._account(request.requester), f"z:{request.id}"))

    @rule(number=NUMBERS)
    def change_hands(self, number: int) -> None:
        """Take from the pool, accept, set out, decline or reassign; also what is not one's own."""
        deal = Dealt(number)
        turn = deal.of(one for one in self.seen.anywhere() if one.pool)
        if turn is None:
            return
        pool = [who for who, key in self.town.ids.items() if self._rights.holds(key, turn.pool)]
        who = deal.of([*pool, self._holder(turn, deal), self._somebody(deal)])
        handed = [f"a:{turn.request_id}:{turn.key}:{self.town.ids[one]}" for one in self.town.ids]
        acts = [f"h:{turn.request_id}:{turn.key}:{one}" for one in ("take", "yes", "go", "no")]
        data = deal.of([*acts, *acts, deal.of(handed) or ""]) or ""
        if who is not None:
            self._step(lambda: self._press_and_fill(who, data))

    @rule(number=NUMBERS)
    def come_and_go(self, number: int) -> None:
        """Be away, be there again; block the bot, and come back."""
        deal = Dealt(number)
        pools = [
            who for who, key in self.town.ids.items() if any(self._rights.holds(key, one) for one in self.manual.pools)
        ]
        who = deal.of([*pools, self._somebody(deal)]) or 0
        way = deal.of(["away", "available", "blocked", "ok"])
        if way in {"away", "available"}:
            self._step(lambda: self.town.presses(who, f"m:{way}"))
        else:
            self._step(lambda: self.town.blocks(who, back=way == "ok"))

    @rule(number=NUMBERS)
    def take_back(self, number: int) -> None:
        """Take back what one has just done, by its button or in a word."""
        deal = Dealt(number)
        shown = [
            (int(chat), one)
            for chat, buttons in self.town.shown.items()
            for one in buttons
            if one.data.startswith("o:")
        ]
        found = deal.of(sorted(shown, key=lambda one: -int(one[1].message))[:4])
        if found is None:
            return
        who, button = found
        if deal.below(2):
            self._step(lambda: self.town.presses(who, button.data, message=button.message))
        else:
            self._step(lambda: self.town.says(who, "deshacer"))

    @rule(number=NUMBERS)
    def time_passes(self, number: int) -> None:
        span = Dealt(number).of(SPANS) or SPANS[0]
        self._step(lambda: self.town.passes(span))

    @rule(number=NUMBERS)
    def end_a_role(self, number: int) -> None:
        """Somebody tries to end one of somebody's roles: an administrator, or not."""
        deal = Dealt(number)
        who = self._administrator() if deal.below(4) else self._somebody(deal)
        data = f"u:{self.town.ids[self._somebody(deal)]}:{deal.below(2)}:yes"
        self._step(lambda: self.town.presses(who, data), by=who, data=data)

    @rule(number=NUMBERS)
    def give_a_role(self, number: int) -> None:
        """Give back what somebody began with, or anything else, by an invitation."""
        deal = Dealt(number)
        who = self._somebody(deal)
        one = self.town.people[who]
        role = deal.of([*one.roles, *one.roles, *self.manual.roles]) or ADMINISTRATOR
        of_area = role != ADMINISTRATOR and self.manual.roles[role].of_area
        area = (one.area or deal.of(self.manual.areas)) if of_area else None
        self._step(lambda: self._invite(who, role, area))

    @rule(number=NUMBERS)
    def found_a_group(self, number: int) -> None:
        """Take the bot into a group, and bring some role's cards there; or speak to it there."""
        deal = Dealt(number)
        who = self._somebody(deal)
        chat = f"-10{deal.below(2)}"
        self._step(lambda: self._in_group(who, chat, deal))

    @rule(number=NUMBERS)
    def bring_again(self, number: int) -> None:
        """Bring an old event once more, as Telegram does for a day: nothing whatever changes."""
        lately = [one for at, one in self.town.history if at > self.town.now - timedelta(days=1)]
        old = Dealt(number).of(reversed(lately))
        if old is None:
            return

        async def again() -> None:
            async with self.database.transaction() as work:
                before = await all_of_it(work)
            assert await self.town.receive(old) is None
            async with self.database.transaction() as work:
                assert await all_of_it(work) == before, f"{old} counted twice"

        self._step(again)

    # How they do it.

    async def _file(self, code: str, deal: Dealt) -> None:
        law = self.manual.procedure(code)
        assert law is not None
        role = deal.of(law.opened_by) or ""
        who = deal.of(who for who, key in self.town.ids.items() if self._rights.holds(key, role))
        if who is not None:
            await self.town.says(who, f"/nueva {code}")
            await self._fill(who, branch=deal.below(9))

    async def _act(self, deal: Dealt, *, fill: bool = True, fresh: bool = False) -> None:
        seen = self.seen_now if fresh else self.seen
        turns = seen.anywhere()
        turn = deal.of(turns[:3] if fresh else turns)
        if turn is None:
            return
        who, act = self._holder(turn, deal), deal.of(self._ways(turn))
        if who is not None and act is not None:
            await self._take(who, turn, act, branch=deal.below(9), fill=fill)

    async def _take(self, who: int, turn: Any, act: str, *, branch: int, fill: bool = True) -> None:
        await self.town.presses(who, f"t:{turn.request_id}:{turn.key}:{act}")
        if fill:
            await self._fill(who, branch=branch)

    async def _press_and_fill(self, who: int, data: str) -> None:
        await self.town.presses(who, data)
        await self._fill(who, branch=0)

    async def _fill(self, who: int, *, branch: int, most: int = _LONGEST) -> None:
        """Answer what a form asks until it is done; leave what does not understand us."""
        last = None
        for _ in range(most):
            draft = await self.town.draft_of(who)
            if draft is None:
                return
            here = (draft.id, draft.step, str(draft.pending))
            if here == last:
                await self.town.says(who, "cancelar")
                return
            last = here
            await self._answer(who, draft, branch)

    async def _answer(self, who: int, draft: Draft, branch: int) -> None:
        if draft.asking in {REVIEW, CONFIRM}:
            await self.town.presses(who, f"q:{draft.id}:{draft.step}:send")
            return
        request = self.seen.requests.get(draft.request or 0)
        law = self.manual.procedure(draft.procedure or (request.procedure if request else self.code))
        if draft.purpose == "search" or law is None:
            await self.town.says(who, "feria")
            return
        answers = Answers(self.manual, law, branch)
        turn = self.seen.turns.get(draft.request or 0, {}).get(draft.turn or 0)
        asked = answers.asked(draft, law.activity(turn.activity) if turn is not None else None)
        if wants_file(asked, draft):
            await self.town.does(who, _picture(photo=asked.kind == "photos"))
        elif draft.purpose in {"withdraw", "comment", "ask", "answer", "rate", "decline"}:
            await self.town.says(who, "Palabras de prueba")
        else:
            await self.town.says(who, answers.said(asked, draft, self.town.now))

    async def _press_shown(self, deal: Dealt, *, last: int | None) -> None:
        chat = deal.of(one for one, buttons in self.town.shown.items() if buttons)
        if chat is None:
            return
        shown = self.town.shown[chat]
        button = deal.of(reversed(shown[-last:] if last else shown))
        assert button is not None
        group = chat if chat in self.town.groups else None
        who = self._somebody(deal) if group else int(chat)
        self.pressed = (who, button.data)
        await self.town.presses(who, button.data, message=button.message, group=group)

    def _forged(self, deal: Dealt) -> str:
        request = deal.of([*self.seen.requests, 999999])
        turn = deal.of(self.seen.turns.get(request or 0, {}).values())
        key, revision = (turn.key, deal.below(9)) if turn else (1, 1)
        ways = self._ways(turn) if turn else ["!"]
        somebody = deal.of(self.town.ids.values())
        forged = [
            *(f"t:{request}:{key}:{one}" for one in [*ways, "!", "nada"]),
            f"t:{request}:{key + 1}:{ways[0] if ways else '!'}",
            f"h:{request}:{key}:take",
            f"h:{request}:{key}:no",
            f"a:{request}:{key}",
            f"a:{request}:{key}:{somebody}",
            f"o:{request}:{revision}",
            f"s:{request}:{deal.below(6)}",
            f"v:{request}",
            f"v:{request}:log",
            f"v:{request}:files",
            f"k:{request}:{key}",
            f"c:{request}",
            f"w:{request}",
            f"z:{request}",
            f"y:{request}",
            f"y:{request}:1",
            f"urge:{request}",
            f"u:{somebody}:0",
            f"g:1:{deal.of(self.manual.roles)}",
            f"i:{deal.of(self.manual.roles)}",
            f"r:{revision}",
            f"x:{revision}",
            f"q:{revision}:{key}:send",
        ]
        return deal.of(forged) or ""

    async def _invite(self, who: int, role: str, area: str | None) -> None:
        administrator = self._administrator()
        known = len(self.town.secrets)
        await self.town.presses(administrator, f"i:{role}:{area}" if area else f"i:{role}")
        if len(self.town.secrets) > known:
            self.invited = (self.town.ids[who], role, area)
            await self.town.says(who, f"/start inv-{self.town.secrets[-1]}")
            await self.town.says(administrator, f"/start inv-{self.town.secrets[-1]}")  # it serves once

    async def _in_group(self, who: int, chat: str, deal: Dealt) -> None:
        if chat not in self.town.groups:
            self.town.groups[chat] = f"Grupo {chat}"
            self.linked[chat] = set()
            await self.town.does(who, Joined(), group=chat)
        elif not deal.below(3):
            await self.town.does(who, Called("¿Quién va?", reply_to=str(deal.below(900))), group=chat)
        async with self.database.transaction() as work:
            group = await work.groups.at(self.manual.id, "telegram", chat)
        role = deal.of([one for one, _ in self._rights.roles(self.town.ids[who])])
        if group is not None and role is not None:
            await self.town.presses(who, f"g:{group.id}:{role}")

    # Who and what there is.

    @property
    def _rights(self) -> Rights:
        return Rights(self.manual, self.seen)

    def _account(self, person: int) -> int:
        return next(who for who, key in self.town.ids.items() if key == person)

    def _somebody(self, deal: Dealt) -> int:
        return deal.of(self.town.ids) or 0

    def _administrator(self) -> int:
        return next(who for who, key in self.town.ids.items() if self._rights.holds(key, ADMINISTRATOR))

    def _holder(self, turn: Any, deal: Dealt) -> int | None:
        return deal.of(who for who, key in self.town.ids.items() if self._rights.may_take(key, turn))

    def _ways(self, turn: Any) -> Sequence[str]:
        law = self.manual.procedure(self.seen_now.requests[turn.request_id].procedure)
        assert law is not None
        activity = law.activity(turn.activity)
        if turn.stage != "choose":
            return ["!"]
        return [one.id for one in activity.options if one.by in (None, turn.role)]

    # What holds afterwards.

    def _step(self, act: Callable[[], Coroutine[Any, Any, Any]], *, by: int | None = None, data: str = "") -> None:
        """Let something happen, bring what is said about it, and hold all of it against the model."""
        self.pressed: tuple[int, str] = (by or 0, data)
        self.invited = None
        self.seen_now = self.seen
        past = len(self.town.history)
        with self.town.attentive():
            self._run(act())
            self._run(self.town.delivers())
        after = self._run(self.town.looks(letters_after=self.last))
        Step(self.manual, self.seen, after).check()
        self._roles_change_by_right(after)
        self._run(self._groups_now())
        actors = {self.town.ids[int(one.account)] for _, one in self.town.history[past:]}
        chats = {str(who): key for who, key in self.town.ids.items()}
        Told(self.manual, self.seen, after, frozenset(actors), chats, self.linked).check()
        self.last = max((one.id for one in after.letters), default=self.last)
        changed = [key for key in after.requests if after.record[key] != self.seen.record.get(key)]
        self._run(self._chains_hold(changed))
        self.seen = self.seen_now = after

    def _roles_change_by_right(self, after: Seen) -> None:
        """A role ends because an administrator ended it, and begins because somebody used an invitation to it."""
        before = {(key, *one) for key, held in self.seen.grants.items() for one in held}
        now = {(key, *one) for key, held in after.grants.items() for one in held}
        who, data = self.pressed
        for person, role, area in before - now:
            ended = data.startswith(f"u:{person}:") and data.endswith(":yes")
            assert ended, f"{role} {area} of {person} was ended"
            assert self._rights.holds(self.town.ids[who], ADMINISTRATOR), f"{who} ended {role} of {person}"
        assert len(before - now) <= 1, before - now
        assert now - before <= {self.invited}, now - before
        assert any(role == ADMINISTRATOR for _, role, _ in now), "nobody administers any more"

    async def _groups_now(self) -> None:
        async with self.database.transaction() as work:
            for group in await work.groups.every(self.manual.id):
                self.linked[group.chat].add(group.role)

    async def _chains_hold(self, keys: Iterable[int] | None = None) -> None:
        async with self.database.transaction() as work:
            for key in self.seen.requests if keys is None else keys:
                assert await work.requests.first_break(key) is None, f"the record of {key} is broken"


async def _opened(url: str) -> Database:
    database = Database(url)
    if database.embedded:
        event.listen(database.engine.sync_engine, "connect", _in_haste)
    return database


def _in_haste(connection: Any, _: Any) -> None:
    """What is thrown away a moment later need not wait for the disk."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _picture(*, photo: bool = True, reply_to: str | None = None, album: str | None = None, caption: str = "") -> Upload:
    return Upload(
        name="evidencia.png",
        type="image/png",
        size=2048,
        photo=photo,
        sha256="0" * 64,
        album=album,
        caption=caption,
        reply_to=reply_to,
    )
