"""Several people acting at random on several requests, held against the model after every step.

Each rule takes one number, out of which it deals who, what and which: whatever the number, and
whatever has happened before, there is something to do or nothing at all, so that every sequence
of steps is one that people could take.
"""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from bot.flows.people import ADMINISTRATOR
from tests.stateful.doing import LONGEST, Dealt, Doing, picture
from tests.stateful.seen import all_of_it
from tests.stateful.town import together

NUMBERS = st.integers(0, 10**9 - 1)
SPANS = [
    timedelta(seconds=20), timedelta(seconds=61), timedelta(hours=1), timedelta(hours=10), timedelta(days=1),
    timedelta(days=4), timedelta(days=28),
]  # fmt: skip
PHRASES = [
    "hola", "menú", "bandeja", "mis solicitudes", "deshacer", "no estoy disponible", "ya estoy disponible", "1", "2",
    "sí", "no", "listo", "cancelar", "atrás", "omitir", "comentar", "preguntar", "responder", "retirar", "borradores",
    "avisos", "muy bien", "mal", "/ver", "/buscar feria", "foto del desfile mañana a las 10", "👍", "…",
]  # fmt: skip


class Machine(Doing):
    """What may happen next, whatever has happened before."""

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
        self._step(lambda: self._fill(who, branch=deal.below(7), most=deal.of([1, LONGEST]) or 1))

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
            self._step(lambda: self.town.does(who, picture(reply_to=about[0], album=album, caption=text or "")))

    @rule(number=NUMBERS)
    def talk(self, number: int) -> None:
        """Comment a request, ask about it, or answer what was asked."""
        deal = Dealt(number)
        request = deal.of(reversed([*self.seen.requests.values()]))
        who = self._somebody(deal)
        if request is not None:
            asked = [f"y:{request.id}:{one['key']}" for one in request.rest["questions"]]
            data = deal.of([f"c:{request.id}", f"y:{request.id}", *asked]) or ""
            self._step(lambda: self._press_and_fill(who, data))

    @rule(number=NUMBERS)
    def withdraw(self, number: int) -> None:
        deal = Dealt(number)
        request = deal.of(reversed([*self.seen.requests.values()]))
        if request is not None:
            who = self._account(request.requester) if deal.below(2) else self._somebody(deal)
            self._step(lambda: self._press_and_fill(who, f"w:{request.id}"))

    @rule(number=NUMBERS)
    def repeat(self, number: int) -> None:
        deal = Dealt(number)
        request = deal.of(reversed([*self.seen.requests.values()]))
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
        key = self.town.ids[self._somebody(deal)]
        role, area = deal.of(sorted(self.seen.grants.get(key, ()), key=str)) or ("enlace", None)
        data = f"u:{key}:{role}:{area or ''}:yes"
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
            assert await self.town.receive(old) is None, f"{old} was answered twice"
            async with self.database.transaction() as work:
                assert await all_of_it(work) == before, f"{old} counted twice"

        self._step(again)
