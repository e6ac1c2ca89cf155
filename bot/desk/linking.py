"""For which role a group gets cards: who coordinates chooses in private, and can see which groups there are."""

from bot.desk import addressing
from bot.desk.incoming import Popup
from bot.desk.visit import Screen, Visit, home_row, in_rows, turning_row
from bot.flows.people import ADMINISTRATOR
from storage.groups import Group

_PAGE = 8
_LONGEST = 40
_NO_ROLE = "-"


def linkable(visit: Visit) -> dict[str, str]:
    """The roles whose cards this person may bring into a group, as they are called: an area's belong to it alone."""
    every = visit.person.holds(ADMINISTRATOR)
    named = {one.role for law in visit.manual.procedures for one in law.activities}
    named |= {key for key, role in visit.manual.roles.items() if role.serves in named}
    return {
        key: role.label
        for key, role in visit.manual.roles.items()
        if key in named and not role.of_area and (every or visit.person.holds(key))
    }


def _manages(visit: Visit, group: Group) -> bool:
    """Whether a group is this person's to link: anybody's who administers, or their role's, or one they added."""
    roles = linkable(visit)
    if visit.person.holds(ADMINISTRATOR) or group.role in roles:
        return True
    return group.role is None and group.person == visit.person.id and bool(roles)


def _label(visit: Visit, role: str | None) -> str | None:
    known = visit.manual.roles.get(role or "")
    return known.label if known else role


def question(visit: Visit, group: Group) -> Screen:
    """For which role a group gets cards."""
    buttons = [(label, f"g:{group.id}:{key}") for key, label in linkable(visit).items()]
    buttons.append(visit.word("no_role", f"g:{group.id}:{_NO_ROLE}"))
    facts = {
        "title": group.title,
        "roles": [label for label, _ in buttons],
        "current": _label(visit, group.role),
    }
    return Screen("group_role", facts, in_rows(buttons, width=1))


async def every(visit: Visit, page: int = 0) -> None:
    """The groups that this person may link, and how to add one."""
    if not linkable(visit):
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    known = [one for one in await visit.work.groups.every(visit.manual.id) if _manages(visit, one)]
    shown = known[page * _PAGE : (page + 1) * _PAGE]
    buttons = [(one.title[:_LONGEST] or "?", f"g:{one.id}") for one in shown]
    lines = [{"title": one.title, "role": _label(visit, one.role)} for one in shown]
    facts = {"groups": lines, "count": len(known), "link": visit.group_link}
    add = visit.word("add_group", visit.group_link)
    turning = turning_row(visit, "groups", page, last=(page + 1) * _PAGE >= len(known))
    await visit.show(Screen("groups", facts, (*in_rows(buttons, width=1), (add,), turning)))


async def choose(visit: Visit, key: int, role: str | None) -> None:
    """Ask for which role a group gets cards; or link it to the one that was chosen."""
    group = await visit.work.groups.get(key)
    if group is None or group.manual != visit.manual.id or not _manages(visit, group):
        visit.popup = Popup("popup/stale", {}, alert=True)
        return
    if role is None or (role != _NO_ROLE and role not in linkable(visit)):
        await visit.show(question(visit, group))
        return
    linked = None if role == _NO_ROLE else role
    if linked != group.role:
        await visit.work.groups.link(group.id, linked, person=visit.person.id, now=visit.now)
        told = Screen("group_told", {"role": _label(visit, linked)})
        await visit.post([addressing.to_group(visit, group, told, silent=True)])
    facts = {"title": group.title, "role": _label(visit, linked)}
    back = visit.word("groups", "m:groups")
    await visit.show(Screen("group_linked", facts, ((back, *home_row(visit)[0]),)))
