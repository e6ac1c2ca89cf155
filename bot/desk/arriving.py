"""First contact: invitations, the aviso de privacidad, and strangers."""

from bot.desk import acting, consulting
from bot.desk.incoming import Popup
from bot.desk.visit import Button, Screen, Visit, in_rows
from bot.flows.people import ADMINISTRATOR

INVITATION = "inv-"


async def stranger(visit: Visit) -> None:
    """A kind answer for somebody without a role, and nothing else."""
    facts = {"office": visit.manual.office, "manual": visit.manual.title, "contact": visit.manual.contact}
    await visit.show(Screen("stranger", facts))


async def privacy(visit: Visit, *, declined: bool = False) -> None:
    """Who we are, what is kept and why; nothing goes on before it is accepted."""
    facts = {
        "name": visit.person.name,
        "office": visit.manual.office,
        "manual": visit.manual.title,
        "contact": visit.manual.contact,
        "roles": await consulting.role_names(visit),
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
    await visit.show(Screen("invite_spent", {"contact": visit.manual.contact}))


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
    await visit.show(Screen("invited", facts, acting.home_row(visit)))


def _choice(visit: Visit, template: str, buttons: list[Button]) -> Screen:
    labels = [label for label, _ in buttons]
    return Screen(template, {"labels": labels}, (*in_rows(buttons, width=1), *acting.home_row(visit)))
