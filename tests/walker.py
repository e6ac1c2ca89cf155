"""Walks a procedure through the sandbox by its catalogue, until every exit has been taken.

It knows no procedure: it looks whose turn it is, takes the exit that leads soonest
to one never taken, presses the button on that person's own phone and answers
whatever is asked. What it cannot reach, no person could.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot import shelf
from bot.flows.draft import CONFIRM, REVIEW, Draft
from bot.flows.people import Person, may_act
from bot.flows.procedure import Activity, Manual, Procedure
from bot.flows.request import Request, Turn
from tests.answers import Answers, wants_file
from tests.sandbox.pictures import png
from tests.story import ZONE, Phone, World

Exit = tuple[str, str]

_LONGEST = 400


@dataclass
class Walk:
    """What is left to take of one procedure."""

    world: World
    manual: Manual
    law: Procedure
    phones: dict[int, Phone] = field(default_factory=dict)
    taken: set[Exit] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    requests: int = 0
    acts: int = 0
    branch: int = 0

    def exits(self) -> set[Exit]:
        """Every way on: each option of each choice, and each activity that is simply done."""
        found: set[Exit] = set()
        for one in self.law.activities:
            if one.options:
                found.update((one.n, option.id) for option in one.options)
            if one.does not in {"auto", "decide"}:
                found.add((one.n, "!"))
        return found

    def left(self) -> set[Exit]:
        return self.exits() - self.taken

    async def all_of_it(self) -> None:
        """File one request after another until nothing is left to take."""
        while self.left():
            before = set(self.taken)
            await self._one()
            assert self.taken != before, f"{self.law.code}: nobody can take {sorted(self.left())}"

    async def _one(self) -> None:
        request = await self._file()
        self.requests += 1
        for _ in range(_LONGEST):
            request = await self._now(request)
            if request.state == "closed":
                self.ends.add(request.outcome or "")
                return
            assert request.turns, f"{request.folio} waits for nobody at {request.activity}"
            turn, act = self._best(request)
            await self._take(request, turn, act)
        raise AssertionError(f"{request.folio} never ends")

    def _best(self, request: Request) -> tuple[Turn, str]:
        """The turn and exit that lead soonest to one never taken; failing that, soonest to the end."""
        choices = [(turn, act) for turn in request.turns for act in self._acts(turn)]
        return min(choices, key=lambda one: self._distance(one[0].activity, one[1], one[0].key))

    def _acts(self, turn: Turn) -> list[str]:
        activity = self.law.activity(turn.activity)
        return [option.id for option in activity.options] if turn.stage == "choose" else ["!"]

    def _distance(self, n: str, act: str, key: int) -> tuple[int, int, int]:
        goal = self.left()
        if (n, act) in goal:
            return (0, 0, key)
        to_goal = self._steps(n, act, lambda one: one in goal)
        to_end = self._steps(n, act, self._is_end)
        option = self.law.activity(n).option(act)
        return (to_goal, to_end + (100 if option and option.spawns else 0), key)

    def _is_end(self, one: Exit) -> bool:
        activity = self.law.activity(one[0])
        option = activity.option(one[1])
        return option.outcome is not None if option else activity.end is not None

    def _steps(self, n: str, act: str, wanted: object) -> int:
        assert callable(wanted)
        seen: set[Exit] = set()
        queue: deque[tuple[Exit, int]] = deque([((n, act), 1)])
        while queue:
            one, steps = queue.popleft()
            if one in seen:
                continue
            seen.add(one)
            if wanted(one):
                return steps
            queue.extend((following, steps + 1) for following in self._following(one))
        return 1000

    def _following(self, one: Exit) -> list[Exit]:
        activity = self.law.activity(one[0])
        option = activity.option(one[1])
        if option is None and activity.options and one[1] == "!":
            return [(activity.n, other.id) for other in activity.options]
        to = option.to if option else activity.next
        if to is None:
            return []
        reached = self.law.activity(to)
        if reached.does == "decide":
            return [(to, other.id) for other in reached.options]
        return [(to, "!")]

    async def _people(self) -> list[tuple[int, Person]]:
        demo = shelf.demo(shelf.MANUALS, self.manual.id)
        found = []
        now = await self.world.now()
        async with self.world.database.transaction() as work:
            for one in demo.people:
                contact = await work.people.at(self.manual.id, "telegram", str(one.id), now=now)
                if contact is not None:
                    found.append((one.id, contact.person))
        return found

    def _phone(self, account: int, name: str) -> Phone:
        if account not in self.phones:
            self.phones[account] = Phone(self.world, account, name)
        return self.phones[account]

    async def _now(self, request: Request) -> Request:
        async with self.world.database.transaction() as work:
            found = await work.requests.get(request.id)
        assert found is not None
        return found

    async def _file(self) -> Request:
        """File a request as somebody who may: each role that may open it in turn."""
        people = await self._people()
        role = self.law.opened_by[self.requests % len(self.law.opened_by)]
        account, person = next((a, p) for a, p in people if p.holds(role))
        phone = self._phone(account, person.name)
        before = await self._latest()
        await phone.says(f"/nueva {self.law.code}")
        self.branch = self.requests
        for _ in range(_LONGEST):
            request = await self._latest()
            if request is not None and (before is None or request.id > before.id):
                self.taken.add((self.law.first.n, "!"))
                return request
            await self._goes_on(person, phone, None)
        raise AssertionError(f"{self.law.code} was never filed: {phone.unread()}")

    async def _goes_on(self, person: Person, phone: Phone, activity: Activity | None) -> None:
        """Answer what is being asked, if it was not answered yet; otherwise wait for the bot."""
        async with self.world.database.transaction() as work:
            before = await work.people.before(person.id)
            draft = await work.drafts.get(before.draft, person=person.id) if before.draft else None
        if draft is None or phone.answered.get(_form(draft)) == (draft.step, str(draft.pending)):
            await phone.waits()
        else:
            await self._answer(phone, draft, activity)

    async def _latest(self) -> Request | None:
        people = await self._people()
        newest: Request | None = None
        async with self.world.database.transaction() as work:
            for _, person in people:
                for one in await work.requests.of(person.id, limit=3):
                    mine = one.procedure == self.law.code and one.manual == self.manual.id
                    if mine and (newest is None or one.id > newest.id):
                        newest = one
        return newest

    async def _take(self, request: Request, turn: Turn, act: str) -> None:
        people = [one for one in await self._people() if may_act(one[1], turn, self.manual)]
        assert people, f"{request.folio}: nobody can take activity {turn.activity} ({turn.role}, {turn.area})"
        people.sort(key=lambda one: (one[1].id != turn.person, one[1].id != request.requester))
        account, person = people[0]
        phone = self._phone(account, person.name)
        activity = self.law.activity(turn.activity)
        option = activity.option(act) if act != "!" else None
        label = option.label if option else activity.action or ""
        data = f"t:{request.id}:{turn.key}:{act}"
        card = await phone.has_button(label, data)
        assert request.folio in card.text, card.text
        self._check(card.text, activity)
        if activity.not_before and request.wanted is not None:
            await self.world.at_moment(_by_day(request.wanted + timedelta(hours=3)))
        await phone.presses(label, on=card, data=data)
        self.acts += 1
        for _ in range(_LONGEST):
            if await self._moved(request, turn):
                break
            await self._goes_on(person, phone, activity)
        assert await self._moved(request, turn), f"{request.folio}: «{label}» at {turn.activity} did nothing"
        self.taken.add((turn.activity, act))

    def _check(self, text: str, activity: Activity) -> None:
        total = self.law.total
        assert f"Actividad {activity.n}" + (f" de {total}" if total else "") in text, text

    async def _moved(self, before: Request, turn: Turn) -> bool:
        now = await self._now(before)
        return now.revision > before.revision and (now.turn(turn.key) is None or now.next_key > before.next_key)

    async def _answer(self, phone: Phone, draft: Draft, activity: Activity | None) -> None:
        phone.answered[_form(draft)] = (draft.step, str(draft.pending))
        if draft.asking == REVIEW:
            await phone.says("enviar")
            return
        if draft.asking == CONFIRM:
            await phone.confirms()
            return
        answers = Answers(self.manual, self.law, self.branch)
        asked = answers.asked(draft, activity)
        if wants_file(asked, draft):
            kind = "photo" if asked.kind == "photos" else "document"
            await phone.sends(_PNG, "evidencia.png", kind=kind)
        else:
            await phone.says(answers.said(asked, draft, await self.world.now()))


def _by_day(moment: datetime) -> datetime:
    """That moment, or ten in the morning after it: at night nobody is told."""
    local = moment.astimezone(ZONE)
    if local.hour in range(8, 20):
        return moment
    day = local if local.hour < 8 else local + timedelta(days=1)
    return day.replace(hour=10, minute=0)


def _form(draft: Draft) -> str:
    """Which form it is: the database gives a discarded draft's number again."""
    return f"{draft.id}:{draft.purpose}:{draft.request}:{draft.turn}:{draft.option}"


_PNG = png(64, 48)
