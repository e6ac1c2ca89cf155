"""Who the bot knows, where it reaches them, and what they may do today."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, or_, select, update
from sqlmodel import col
from sqlmodel import select as rows_of

from bot.flows.people import Area, Grant, Person
from bot.flows.quiet import Prefs
from storage.dialect import number_of
from storage.hands import Hands, Part
from storage.prepared import Prepared
from storage.tables import ADDRESS, AREA, GRANT, PERSON, GrantRow, InviteRow, PersonRow


@dataclass(frozen=True)
class Contact:
    """A person and the chat in which they are reached; `reachable` is false while they block the bot.

    `prefs` is how they want to be told things, `active_at` when they last did anything here.
    """

    person: Person
    platform: str
    chat: str
    reachable: bool
    prefs: Prefs = Prefs()  # noqa: RUF009 (a frozen value)
    active_at: datetime | None = None


@dataclass(frozen=True)
class Desk:
    """What a person has before them: the draft being filled, and the choices of the last screen."""

    draft: int | None
    focus: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sentence:
    """What somebody said last that they want, and when; `mark` tells it from any other."""

    mark: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Invite:
    """What an invitation gives."""

    id: int
    role: str
    area: str | None


def hash_of(secret: str) -> str:
    """Give what is kept of an invitation's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


_REACHED = select(PERSON, ADDRESS.c.platform, ADDRESS.c.chat, ADDRESS.c.state).join(
    ADDRESS, ADDRESS.c.person_id == PERSON.c.id
)
# Not locked against those who merely refer to the person: two who write to each other would wait for ever.
_AT = Prepared(
    _REACHED.where(
        ADDRESS.c.manual == bindparam("manual"),
        ADDRESS.c.platform == bindparam("platform"),
        ADDRESS.c.account == bindparam("account"),
    ).with_for_update(of=PERSON, key_share=True)
)
_THESE = Prepared(
    _REACHED.where(PERSON.c.manual == bindparam("manual"), PERSON.c.id.in_(bindparam("ids", expanding=True)))
)
_WITHOUT_DIGEST = Prepared(
    select(PERSON.c.id)
    .where(
        PERSON.c.manual == bindparam("manual"),
        PERSON.c.privacy_at < bindparam("before"),
        or_(PERSON.c.digest_on.is_(None), PERSON.c.digest_on != bindparam("day")),
        exists().where(ADDRESS.c.person_id == PERSON.c.id, ADDRESS.c.state == "ok"),
    )
    .order_by(PERSON.c.id)
    .limit(bindparam("most"))
    .with_for_update(key_share=True, skip_locked=True)
)
_DIGESTED = Prepared(
    update(PERSON).where(PERSON.c.id.in_(bindparam("ids", expanding=True))).values(digest_on=bindparam("day"))
)
_PERSON = Prepared(select(PERSON).where(PERSON.c.id == bindparam("id")))
# What was taken away stays so, though the clock may since have been set back.
_HOLDS = (GRANT.c.since <= bindparam("now"), GRANT.c.until.is_(None))
_GRANTS = Prepared(
    select(GRANT.c.person_id, GRANT.c.role, GRANT.c.area)
    .where(GRANT.c.person_id.in_(bindparam("ids", expanding=True)), *_HOLDS)
    .order_by(GRANT.c.id)
)
_WHO_HOLD = (
    select(GRANT.c.person_id)
    .where(GRANT.c.manual == bindparam("manual"), GRANT.c.role.in_(bindparam("roles", expanding=True)), *_HOLDS)
    .order_by(GRANT.c.id)
)
_HOLDERS, _HOLDERS_OF_AREA = Prepared(_WHO_HOLD), Prepared(_WHO_HOLD.where(GRANT.c.area == bindparam("area")))
_AREAS = Prepared(
    select(AREA.c.id, AREA.c.name, AREA.c.kind).where(AREA.c.manual == bindparam("manual")).order_by(AREA.c.name)
)
_EVERYBODY = Prepared(select(PERSON).where(PERSON.c.manual == bindparam("manual")).order_by(PERSON.c.id))
_STRANGER = Prepared(select(func.pg_advisory_xact_lock(bindparam("stranger"))))
# Whether somebody is here is asked by the quarter of an hour.
_HERE = timedelta(minutes=1)


class People(Part):
    def __init__(self, hands: Hands) -> None:
        super().__init__(hands)
        # What has been read of whoever is here, whose row is ours until the end of the transaction.
        self._before: dict[int, Desk] = {}
        self._active: dict[int, datetime | None] = {}

    async def at(self, manual: str, platform: str, account: str, *, now: datetime) -> Contact | None:
        """Find who writes from that account, with the roles that hold now.

        The row stays locked until the transaction ends: one person's events are
        taken one after the other, also by several processes. So are those of somebody
        who has no row yet.
        """
        given = {"manual": manual, "platform": platform, "account": account}
        row = (await self._run(_AT, given)).first()
        if row is None and self._hands.shared:
            await self._run(_STRANGER, {"stranger": number_of("stranger", manual, platform, account)})
            row = (await self._run(_AT, given)).first()
        if row is None:
            return None
        self._before[row.id] = _desk(row)
        self._active[row.id] = row.active_at
        [contact] = await self._contacts([row], now=now)
        return contact

    async def contacts(self, manual: str, ids: Sequence[int], *, now: datetime) -> list[Contact]:
        """Find how these people are reached, in the order given."""
        if not ids:
            return []
        found = await self._contacts((await self._run(_THESE, {"manual": manual, "ids": list(ids)})).all(), now=now)
        order = {key: place for place, key in enumerate(ids)}
        return sorted(found, key=lambda one: order[one.person.id])

    async def without_digest(self, manual: str, day: date, *, before: datetime, limit: int) -> list[int]:
        """Find who can be reached and has not had that day's digest, each locked for whoever asks.

        Those who accepted the aviso `before` that moment: whoever came later has just seen what waits.
        """
        given = {"manual": manual, "day": day, "before": before, "most": limit}
        return list((await self._run(_WITHOUT_DIGEST, given)).scalars())

    async def had_digest(self, people: Sequence[int], day: date) -> None:
        """Note that they have had that day's digest, or that there was nothing to say in it."""
        await self._hands.do(_DIGESTED, {"ids": list(people), "day": day})

    async def holders(self, manual: str, role: str | Collection[str], area: str | None, *, now: datetime) -> list[int]:
        """Find who holds a role, or one of several, now; for one area, where one is given."""
        roles = [role] if isinstance(role, str) else sorted(role)
        given = {"manual": manual, "roles": roles, "now": now}
        if area is None:
            found = await self._run(_HOLDERS, given)
        else:
            found = await self._run(_HOLDERS_OF_AREA, {**given, "area": area})
        return list(dict.fromkeys(found.scalars()))

    async def meet(self, manual: str, platform: str, account: str, *, name: str, now: datetime) -> Person:
        """Write down somebody new, and the chat in which they wrote."""
        key = await self._hands.add(PERSON, manual=manual, name=name, focus=[], created_at=now)
        await self._hands.add(
            ADDRESS, manual=manual, platform=platform, account=account, chat=account, person_id=key, state="ok"
        )
        return Person(id=key, manual=manual, name=name)

    async def accept_privacy(self, person: int, *, now: datetime) -> None:
        await self._change(person, privacy_at=now)

    async def be_available(self, person: int, *, available: bool) -> None:
        """Note whether work may be handed to somebody in person."""
        await self._change(person, available=available)

    async def before(self, person: int) -> Desk:
        """Tell what the person has before them."""
        if person not in self._before:
            row = (await self._run(_PERSON, {"id": person})).first()
            if row is None:
                raise KeyError(person)
            self._before[person] = _desk(row)
        return self._before[person]

    async def put_before(self, person: int, *, draft: int | None, focus: Sequence[tuple[str, str]]) -> None:
        """Remember what the person has before them, for what they type next."""
        now = Desk(draft, tuple(focus))
        if self._before.get(person) == now:
            return
        await self._change(person, draft_id=draft, focus=[list(one) for one in focus])
        self._before[person] = now

    async def keep_sentence(self, person: int, sentence: Sentence) -> None:
        """Remember what the person wants, in place of what they said before."""
        kept = {"mark": sentence.mark, "text": sentence.text, "at": sentence.at.isoformat()}
        await self._change(person, sentence=kept)

    async def sentence(self, person: int) -> Sentence | None:
        row = (await self._run(_PERSON, {"id": person})).first()
        kept = row.sentence if row is not None else None
        if kept is None:
            return None
        return Sentence(kept["mark"], kept["text"], datetime.fromisoformat(kept["at"]))

    async def active(self, person: int, *, now: datetime) -> None:
        """Remember that somebody is here, to the minute."""
        before = self._active.get(person)
        if before is None or not timedelta(0) <= now - before < _HERE:
            await self._change(person, active_at=now)

    async def prefs(self, person: int) -> Prefs:
        row = (await self._run(_PERSON, {"id": person})).first()
        return Prefs.kept(row.prefs if row else None)

    async def prefer(self, person: int, prefs: Prefs) -> None:
        """Keep how somebody wants to be told things."""
        row = (await self._run(_PERSON, {"id": person})).first()
        if row is None:
            raise KeyError(person)
        await self._change(person, prefs={**(row.prefs or {}), **prefs.model_dump()})

    async def give(self, person: Person, role: str, area: str | None, *, now: datetime) -> None:
        """Give a role from now on."""
        await self._hands.add(GRANT, manual=person.manual, person_id=person.id, role=role, area=area, since=now)

    async def take_away(self, person: int, role: str, area: str | None, *, now: datetime) -> None:
        """End a role now; what was done while it held stays done."""
        where = {"person_id": person, "role": role, "until": None, **({} if area is None else {"area": area})}
        await self._hands.change(GRANT, where, until=now)

    async def reachable(self, manual: str, platform: str, account: str, *, state: str) -> None:
        """Note whether the person blocks the bot (`blocked`) or not (`ok`)."""
        await self._hands.change(ADDRESS, {"manual": manual, "platform": platform, "account": account}, state=state)

    async def manuals(self) -> list[str]:
        """The municipalities that have anybody yet."""
        return list((await self._hands.run_once(select(PERSON.c.manual).distinct())).scalars())

    async def areas(self, manual: str) -> tuple[Area, ...]:
        return _areas(tuple(await self._run(_AREAS, {"manual": manual})))

    async def open_area(self, manual: str, area: Area) -> None:
        """Write an area down, or its new name."""
        await self._hands.add_or_change(
            AREA, ("name", "kind"), manual=manual, id=area.id, name=area.name, kind=area.kind
        )

    async def invite(
        self, manual: str, secret: str, *, role: str, area: str | None, made_by: int | None, now: datetime
    ) -> None:
        """Promise a role to the first who brings the secret within a week."""
        self._session.add(
            InviteRow(
                manual=manual,
                hash=hash_of(secret),
                role=role,
                area=area,
                uses=1,
                expires_at=now + INVITE_LIFE,
                made_by=made_by,
            )
        )
        await self._session.flush()

    async def redeem(self, manual: str, secret: str, *, now: datetime) -> Invite | None:
        """Use an invitation, if it still is one."""
        row = (
            await self._session.exec(
                rows_of(InviteRow)
                .where(InviteRow.manual == manual, InviteRow.hash == hash_of(secret))
                .with_for_update()
            )
        ).first()
        if row is None or row.uses < 1 or row.expires_at < now or row.id is None:
            return None
        row.uses -= 1
        self._session.add(row)
        return Invite(row.id, row.role, row.area)

    async def everybody(self, manual: str, *, now: datetime) -> list[Person]:
        rows = (await self._run(_EVERYBODY, {"manual": manual})).all()
        return await self._known(rows, now=now)

    async def names(self, manual: str, *, now: datetime) -> dict[str, str]:
        """How whoever has a role today is called, by id."""
        query = rows_of(PersonRow.id, PersonRow.name).join(GrantRow, col(GrantRow.person_id) == PersonRow.id)
        rows = await self._session.exec(query.where(PersonRow.manual == manual, *_holds(now)).distinct())
        return {str(key): name for key, name in sorted(rows)}

    async def _change(self, person: int, **changes: Any) -> None:
        await self._hands.change(PERSON, {"id": person}, **changes)

    async def _contacts(self, rows: Sequence[Row[Any]], *, now: datetime) -> list[Contact]:
        people = await self._known(rows, now=now)
        return [
            Contact(
                known,
                row.platform,
                row.chat,
                reachable=row.state == "ok",
                prefs=Prefs.kept(row.prefs),
                active_at=row.active_at,
            )
            for known, row in zip(people, rows, strict=True)
        ]

    async def _known(self, rows: Sequence[Row[Any]], *, now: datetime) -> list[Person]:
        held: dict[int, list[Grant]] = {}
        for one in await self._run(_GRANTS, {"ids": [row.id for row in rows], "now": now}):
            held.setdefault(one.person_id, []).append(Grant(role=one.role, area=one.area))
        return [
            Person(
                id=row.id,
                manual=row.manual,
                name=row.name,
                privacy_at=row.privacy_at,
                available=row.available,
                grants=tuple(held.get(row.id, ())),
            )
            for row in rows
        ]


@lru_cache(maxsize=64)
def _areas(rows: tuple[Row[Any], ...]) -> tuple[Area, ...]:
    """Made once of what is read at every update, and hardly ever changes."""
    return tuple(Area(id=row.id, name=row.name, kind=row.kind) for row in rows)


def _desk(row: Row[Any]) -> Desk:
    return Desk(row.draft_id, tuple((label, data) for label, data in row.focus))


INVITE_LIFE = timedelta(days=7)


def _holds(now: datetime) -> tuple[Any, ...]:
    return (col(GrantRow.since) <= now, col(GrantRow.until).is_(None))
