"""First contact and people: invitations, the aviso de privacidad, strangers, and the end of roles."""

from typing import Any

from bot.desk import consulting, staffing
from bot.desk.incoming import Popup
from bot.desk.visit import Button, Screen, Visit, home_row, in_rows, turning_row
from bot.flows.people import ADMINISTRATOR, Grant
from storage.people import Contact

INVITATION = "inv-"


async def stranger(visit: Visit) -> None:
    """A kind answer for somebody without a role, and nothing else."""
    facts = {"office": visit.manual.office, "manual": visit.manual.title, "contact": visit.manual.contact}
    await visit.note(Screen("stranger", facts))


async def privacy(visit: Visit, *, declined: bool = False) -> None:
    """Who we are, what is kept and why; nothing goes on before it is accepted."""
    facts = {
        "name": visit.person.name,
        "office": visit.manual.office,
        "manual": visit.manual.title,
        "contact": visit.manual.contact,
        "roles": consulting.names_of(visit, visit.person),
        "declined": declined,
    }
    rows = ((visit.word("accept", "p:yes"), visit.word("decline", "p:no")),)
    await visit.show(Screen("privacy", facts, rows))


async def accept(visit: Visit) -> None:
    await visit.work.people.accept_privacy(visit.person.id, now=visit.now)
    await consulting.home(visit, greeting=True)


async def invited(visit: Visit, secret: str, account: str) -> bool:
    """Give what an invitation promises; tells whether it was one."""
    invite = await visit.work.people.redeem(visit.manual.id, secret, now=visit.now)
    if invite is None:
        return False
    if not visit.person.id:
        visit.person = await visit.work.people.meet(
            visit.manual.id, visit.platform, account, name=visit.person.name, now=visit.now
        )
    if not visit.person.holds(invite.role, invite.area):
        await visit.work.people.give(visit.person, invite.role, invite.area, now=visit.now)
    known = await visit.work.people.at(visit.manual.id, visit.platform, account, now=visit.now)
    if known is not None:
        visit.person = known.person
    if visit.person.privacy_at is None:
        await privacy(visit)
    else:
        await consulting.home(visit, greeting=True)
    return True


async def spent(visit: Visit) -> None:
    """Say that an invitation is no more."""
    await visit.note(Screen("invite_spent", {"contact": visit.manual.contact}))


async def invite(visit: Visit, role: str | None = None, area: str | None = None) -> None:
    """Make an invitation: for which role, in which area, and the link."""
    if not visit.person.holds(ADMINISTRATOR):
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    known = visit.manual.roles
    if role is None or (role not in known and role != ADMINISTRATOR):
        roles: list[Button] = [(one.label, f"i:{key}") for key, one in known.items()]
        roles.append((ADMINISTRATOR.capitalize(), f"i:{ADMINISTRATOR}"))
        await visit.show(_choice(visit, "invite_role", roles))
        return
    label = known[role].label if role in known else ADMINISTRATOR.capitalize()
    if role in known and known[role].of_area and area not in visit.areas:
        buttons = [(name, f"i:{role}:{key}") for key, name in visit.areas.items()]
        await visit.show(_choice(visit, "invite_area", buttons))
        return
    secret = visit.secret()
    await visit.work.people.invite(
        visit.manual.id, secret, role=role, area=area, made_by=visit.person.id, now=visit.now
    )
    facts = {
        "role": label,
        "area": visit.areas.get(area or ""),
        "link": visit.link(INVITATION + secret),
        "office": visit.manual.office,
    }
    await visit.show(Screen("invited", facts, home_row(visit)))


def _choice(visit: Visit, template: str, buttons: list[Button]) -> Screen:
    labels = [label for label, _ in buttons]
    return Screen(template, {"labels": labels}, (*in_rows(buttons, width=1), *home_row(visit)))


_PAGE = 8
_LONGEST = 40


async def people(visit: Visit, page: int = 0) -> None:
    """Everybody with a role, for whoever administers."""
    if not visit.person.holds(ADMINISTRATOR):
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    known = [one for one in await visit.work.people.everybody(visit.manual.id, now=visit.now) if one.grants]
    shown = known[page * _PAGE : (page + 1) * _PAGE]
    buttons = [(one.name, f"u:{one.id}") for one in shown]
    lines = [{"name": one.name, "roles": consulting.names_of(visit, one)} for one in shown]
    facts: dict[str, Any] = {"people": lines, "count": len(known)}
    turning = turning_row(visit, "people", page, last=(page + 1) * _PAGE >= len(known))
    await visit.show(Screen("people", facts, (*in_rows(buttons, width=2), turning)))


async def person(visit: Visit, key: int) -> None:
    """One person's roles, each with the button that ends it."""
    found = await _somebody(visit, key)
    if found is None:
        return
    names = consulting.names_of(visit, found.person)
    end = visit.house.words.label("end_role")
    buttons = [
        (f"{end}: {name}"[:_LONGEST], f"u:{key}:{one.role}:{one.area or ''}")
        for name, one in zip(names, found.person.grants, strict=True)
    ]
    facts: dict[str, Any] = {"name": found.person.name, "roles": names, "reachable": found.reachable}
    ways = (visit.word("back", "m:people"), visit.word("home", "m:home"))
    await visit.show(Screen("person", facts, (*in_rows(buttons, width=1), ways)))


async def end_role(visit: Visit, key: int, role: str, area: str | None, *, sure: bool) -> None:
    """End one of a person's roles, on a second screen; the last administrator's cannot be."""
    found = await _somebody(visit, key)
    grant = Grant(role=role, area=area)
    if found is None or grant not in found.person.grants:
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    name = consulting.names_of(visit, found.person)[found.person.grants.index(grant)]
    facts = {"name": found.person.name, "role": name}
    administrators = await visit.work.people.holders(visit.manual.id, ADMINISTRATOR, None, now=visit.now)
    if grant.role == ADMINISTRATOR and len(administrators) == 1:
        visit.popup = Popup("popup/last_administrator", {}, alert=True)
    elif not sure:
        rows = ((visit.word("not_yet", f"u:{key}"), visit.word("end_role", f"u:{key}:{role}:{area or ''}:yes")),)
        await visit.show(Screen("end_role", facts, rows))
    else:
        await visit.work.people.take_away(key, grant.role, grant.area, now=visit.now)
        if grant.role in visit.manual.pools:
            await staffing.take_off(visit, key, grant.role)
        visit.popup = Popup("popup/role_ended", facts)
        await people(visit)


async def _somebody(visit: Visit, key: int) -> Contact | None:
    """Somebody of this municipality, if whoever asks administers."""
    found = await visit.work.people.contacts(visit.manual.id, [key], now=visit.now)
    if visit.person.holds(ADMINISTRATOR) and found:
        return found[0]
    visit.popup = Popup("popup/stale", {}, alert=True)
    return None
