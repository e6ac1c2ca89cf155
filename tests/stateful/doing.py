"""How people do what they do: what each rule of the machine is made of."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from bot.desk.incoming import Called, Joined, Upload
from bot.flows.draft import CONFIRM, REVIEW, Draft
from bot.flows.people import ADMINISTRATOR
from tests.answers import Answers, wants_file
from tests.stateful.steps import Steps

T = TypeVar("T")

LONGEST = 80


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


class Doing(Steps):
    """What people can do, and who and what there is to do it with."""

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

    async def _fill(self, who: int, *, branch: int, most: int = LONGEST) -> None:
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
            await self.town.does(who, picture(photo=asked.kind == "photos"))
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
            f"u:{somebody}:{deal.of(self.manual.roles)}:",
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


def picture(*, photo: bool = True, reply_to: str | None = None, album: str | None = None, caption: str = "") -> Upload:
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
