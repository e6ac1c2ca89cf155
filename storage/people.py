"""Who the bot knows, where it reaches them, and what they may do today."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.flows.people import Area, Grant, Person
from bot.flows.quiet import Prefs
from storage.dialect import insert_into, number_of, shared
from storage.tables import AddressRow, AreaRow, GrantRow, InviteRow, PersonRow


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


class People:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def at(self, manual: str, platform: str, account: str, *, now: datetime) -> Contact | None:
        """Find who writes from that account, with the roles that hold now.

        The row stays locked until the transaction ends: one person's events are
        taken one after the other, also by several processes. So are those of somebody
        who has no row yet.
        """
        found = await self._at(manual, platform, account)
        if found is None and shared(self._session):
            stranger = number_of("stranger", manual, platform, account)
            await self._session.exec(select(func.pg_advisory_xact_lock(stranger)))
            found = await self._at(manual, platform, account)
        if found is None:
            return None
        [contact] = await self._contacts([found], now=now)
        return contact

    async def _at(self, manual: str, platform: str, account: str) -> tuple[PersonRow, AddressRow] | None:
        rows = await self._session.exec(
            select(PersonRow, AddressRow)
            .join(AddressRow, col(AddressRow.person_id) == PersonRow.id)
            .where(
                AddressRow.manual == manual,
                AddressRow.platform == platform,
                AddressRow.account == account,
            )
            # Not against those who merely refer to the person: two who write to each other would wait for ever.
            .with_for_update(of=PersonRow, key_share=True)
        )
        return rows.first()

    async def contacts(self, manual: str, ids: Sequence[int], *, now: datetime) -> list[Contact]:
        """Find how these people are reached, in the order given."""
        if not ids:
            return []
        rows = (
            await self._session.exec(
                select(PersonRow, AddressRow)
                .join(AddressRow, col(AddressRow.person_id) == PersonRow.id)
                .where(PersonRow.manual == manual, col(PersonRow.id).in_(ids))
            )
        ).all()
        found = await self._contacts(rows, now=now)
        order = {key: place for place, key in enumerate(ids)}
        return sorted(found, key=lambda one: order[one.person.id])

    async def reached(self, manual: str, *, now: datetime) -> list[Contact]:
        """Everybody with a role who can be reached now."""
        rows = (
            await self._session.exec(
                select(PersonRow, AddressRow)
                .join(AddressRow, col(AddressRow.person_id) == PersonRow.id)
                .where(PersonRow.manual == manual, AddressRow.state == "ok", col(PersonRow.privacy_at).is_not(None))
                .order_by(col(PersonRow.id))
            )
        ).all()
        return [one for one in await self._contacts(rows, now=now) if one.person.grants]

    async def holders(self, manual: str, role: str | Collection[str], area: str | None, *, now: datetime) -> list[int]:
        """Find who holds a role, or one of several, now; for one area, where one is given."""
        roles = [role] if isinstance(role, str) else sorted(role)
        query = select(GrantRow.person_id).where(GrantRow.manual == manual, col(GrantRow.role).in_(roles), *_holds(now))
        if area is not None:
            query = query.where(GrantRow.area == area)
        return list(dict.fromkeys((await self._session.exec(query.order_by(col(GrantRow.id)))).all()))

    async def meet(self, manual: str, platform: str, account: str, *, name: str, now: datetime) -> Person:
        """Write down somebody new, and the chat in which they wrote."""
        row = PersonRow(manual=manual, name=name, focus=[], created_at=now)
        self._session.add(row)
        await self._session.flush()
        assert row.id is not None  # noqa: S101 (the database has just given it)
        self._session.add(AddressRow(manual=manual, platform=platform, account=account, chat=account, person_id=row.id))
        await self._session.flush()
        return Person(id=row.id, manual=manual, name=name)

    async def accept_privacy(self, person: int, *, now: datetime) -> None:
        await self._change(person, privacy_at=now)

    async def be_available(self, person: int, *, available: bool) -> None:
        """Note whether work may be handed to somebody in person."""
        await self._change(person, available=available)

    async def before(self, person: int) -> Desk:
        """Tell what the person has before them."""
        row = await self._session.get(PersonRow, person)
        if row is None:
            raise KeyError(person)
        return Desk(row.draft_id, tuple((label, data) for label, data in row.focus))

    async def put_before(self, person: int, *, draft: int | None, focus: Sequence[tuple[str, str]]) -> None:
        """Remember what the person has before them, for what they type next."""
        await self._change(person, draft_id=draft, focus=[list(one) for one in focus])

    async def keep_sentence(self, person: int, sentence: Sentence) -> None:
        """Remember what the person wants, in place of what they said before."""
        kept = {"mark": sentence.mark, "text": sentence.text, "at": sentence.at.isoformat()}
        await self._change(person, sentence=kept)

    async def sentence(self, person: int) -> Sentence | None:
        query = select(PersonRow.sentence).where(PersonRow.id == person)
        kept = (await self._session.exec(query)).first()
        if kept is None:
            return None
        return Sentence(kept["mark"], kept["text"], datetime.fromisoformat(kept["at"]))

    async def active(self, person: int, *, now: datetime) -> None:
        """Remember that somebody is here."""
        await self._change(person, active_at=now)

    async def prefs(self, person: int) -> Prefs:
        row = await self._session.get(PersonRow, person)
        return Prefs.kept(row.prefs if row else None)

    async def prefer(self, person: int, prefs: Prefs) -> None:
        """Keep how somebody wants to be told things."""
        row = await self._session.get(PersonRow, person)
        if row is None:
            raise KeyError(person)
        await self._change(person, prefs={**(row.prefs or {}), **prefs.model_dump()})

    async def give(self, person: Person, role: str, area: str | None, *, now: datetime) -> None:
        """Give a role from now on."""
        self._session.add(GrantRow(manual=person.manual, person_id=person.id, role=role, area=area, since=now))
        await self._session.flush()

    async def take_away(self, person: int, role: str, area: str | None, *, now: datetime) -> None:
        """End a role now; what was done while it held stays done."""
        query = update(GrantRow).where(
            col(GrantRow.person_id) == person, col(GrantRow.role) == role, col(GrantRow.until).is_(None)
        )
        if area is not None:
            query = query.where(col(GrantRow.area) == area)
        await self._session.exec(query.values(until=now))

    async def reachable(self, manual: str, platform: str, account: str, *, state: str) -> None:
        """Note whether the person blocks the bot (`blocked`) or not (`ok`)."""
        await self._session.exec(
            update(AddressRow)
            .where(
                col(AddressRow.manual) == manual,
                col(AddressRow.platform) == platform,
                col(AddressRow.account) == account,
            )
            .values(state=state)
        )

    async def manuals(self) -> list[str]:
        """The municipalities that have anybody yet."""
        return list(await self._session.exec(select(PersonRow.manual).distinct()))

    async def areas(self, manual: str) -> list[Area]:
        rows = await self._session.exec(select(AreaRow).where(AreaRow.manual == manual).order_by(AreaRow.name))
        return [Area(id=row.id, name=row.name, kind=row.kind) for row in rows]

    async def open_area(self, manual: str, area: Area) -> None:
        """Write an area down, or its new name."""
        row = insert_into(self._session, AreaRow).values(manual=manual, id=area.id, name=area.name, kind=area.kind)
        now = {"name": area.name, "kind": area.kind}
        await self._session.exec(row.on_conflict_do_update(index_elements=["manual", "id"], set_=now))

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
                select(InviteRow).where(InviteRow.manual == manual, InviteRow.hash == hash_of(secret)).with_for_update()
            )
        ).first()
        if row is None or row.uses < 1 or row.expires_at < now or row.id is None:
            return None
        row.uses -= 1
        self._session.add(row)
        return Invite(row.id, row.role, row.area)

    async def everybody(self, manual: str, *, now: datetime) -> list[Person]:
        query = select(PersonRow).where(PersonRow.manual == manual).order_by(col(PersonRow.id))
        rows = (await self._session.exec(query)).all()
        return await self._known(rows, now=now)

    async def names(self, manual: str, *, now: datetime) -> dict[str, str]:
        """How whoever has a role today is called, by id."""
        query = select(PersonRow.id, PersonRow.name).join(GrantRow, col(GrantRow.person_id) == PersonRow.id)
        rows = await self._session.exec(query.where(PersonRow.manual == manual, *_holds(now)).distinct())
        return {str(key): name for key, name in sorted(rows)}

    async def _change(self, person: int, **changes: Any) -> None:
        await self._session.exec(update(PersonRow).where(col(PersonRow.id) == person).values(**changes))

    async def _contacts(self, rows: Sequence[tuple[PersonRow, AddressRow]], *, now: datetime) -> list[Contact]:
        people = await self._known([person for person, _ in rows], now=now)
        return [
            Contact(
                known,
                address.platform,
                address.chat,
                reachable=address.state == "ok",
                prefs=Prefs.kept(person.prefs),
                active_at=person.active_at,
            )
            for known, (person, address) in zip(people, rows, strict=True)
        ]

    async def _known(self, rows: Sequence[PersonRow], *, now: datetime) -> list[Person]:
        ids = [row.id for row in rows]
        grants = (
            await self._session.exec(
                select(GrantRow).where(col(GrantRow.person_id).in_(ids), *_holds(now)).order_by(col(GrantRow.id))
            )
        ).all()
        held: dict[int, list[Grant]] = {}
        for one in grants:
            held.setdefault(one.person_id, []).append(Grant(role=one.role, area=one.area))
        return [
            Person(
                id=row.id or 0,
                manual=row.manual,
                name=row.name,
                privacy_at=row.privacy_at,
                available=row.available,
                grants=tuple(held.get(row.id or 0, ())),
            )
            for row in rows
        ]


INVITE_LIFE = timedelta(days=7)


def _holds(now: datetime) -> tuple[Any, ...]:
    return (
        col(GrantRow.since) <= now,
        or_(col(GrantRow.until).is_(None), col(GrantRow.until) > now),
    )
