"""What a button's data means: the first letter says which act, the rest of whom or of what."""

from collections.abc import Awaitable, Callable

from bot.desk import (
    acting,
    arriving,
    consulting,
    filed,
    filling,
    linking,
    opening,
    pool,
    rating,
    replies,
    searching,
    staffing,
    telling,
    trays,
    undoing,
    walking,
)
from bot.desk.incoming import Popup
from bot.desk.visit import Screen, Visit, home_row
from bot.flows.draft import Draft
from bot.flows.requisitos import Picked

_Numbers = list[int]
_Act = Callable[[Visit, list[str], _Numbers], Awaitable[None]]


async def _form(visit: Visit, key: int) -> Draft | None:
    """A form of this person's; a search is a draft as well, and nothing to fill in."""
    draft = await visit.work.drafts.get(key, person=visit.person.id)
    return draft if draft is not None and draft.purpose != "search" else None


async def _on_question(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    draft = await _form(visit, numbers[0])
    if draft is None or len(parts) < 3:  # noqa: PLR2004 (draft, step and key)
        visit.popup = Popup("popup/question_gone", {}, alert=True)
        return
    if draft.step != numbers[1]:
        visit.popup = Popup("popup/question_old", {}, alert=False)
        # What is being asked now comes below, so that the person sees where they are.
        visit.message = None
        await filling.show_draft(visit, draft)
        return
    await filling.answer(visit, draft, Picked(":".join(parts[2:])))


async def _on_turn(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    draft = await acting.press(visit, numbers[0], numbers[1], parts[2] if len(parts) > 2 else "")  # noqa: PLR2004 (request, turn and act)
    await opened(visit, draft)


async def _on_menu(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    if parts[0] == "people" and numbers[1] >= 0:
        await arriving.people(visit, numbers[1])
    elif parts[0] == "groups" and numbers[1] >= 0:
        await linking.every(visit, numbers[1])
    elif parts[0] in MENU:
        await MENU[parts[0]](visit)
    else:
        visit.popup = Popup("popup/unknown", {}, alert=True)


async def _on_new(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del numbers
    _, area, mark, *_ = (*parts, "", "")
    await opening.open_procedure(visit, parts[0], area or None, mark)


async def _on_view(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    if parts[1:] == ["files"]:
        await consulting.send_files(visit, numbers[0])
    elif parts[1:] == ["map"]:
        await consulting.send_map(visit, numbers[0])
    else:
        back = searching.back(visit, parts[1:]) or filed.back(visit, parts[1:])
        await consulting.view(visit, numbers[0], log=parts[1:] == ["log"], back=back)


async def _on_filed(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    whose, state, way = (*parts[:3], "", "", "")[:3]
    await filed.mine(visit, whose, state, way, numbers[3] if way else None)


async def _on_results(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    await searching.results(visit, numbers[0], parts[1] if len(parts) > 1 else "", numbers[2])


async def _on_card(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    how = parts[2] if len(parts) > 2 else ""  # noqa: PLR2004 (request, turn, and the sieve or the part)
    part = how.removeprefix("w")
    page = int(part) if part != how and part.isdecimal() and len(part) < 3 else 0  # noqa: PLR2004 (pages)
    await trays.show_card(visit, numbers[0], numbers[1], how if how in walking.SIEVES else None, page)


async def _on_list(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    if len(parts) > 1:
        await trays.turn_page(visit, parts[0], parts[1], numbers[2], numbers[3])
    else:
        await trays.tray(visit, parts[0])


async def _on_walk(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    await trays.walk(visit, parts[0], parts[1] if len(parts) > 1 else "", numbers[2], numbers[3])


async def _on_draft(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del parts
    draft = await _form(visit, numbers[0])
    if draft is None:
        visit.popup = Popup("popup/question_gone", {}, alert=True)
    else:
        await filling.show_draft(visit, draft)


async def _on_discard(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del parts
    draft = await visit.work.drafts.get(numbers[0], person=visit.person.id)
    if draft is None:
        visit.popup = Popup("popup/question_gone", {}, alert=True)
        return
    await visit.work.drafts.discard(draft.id)
    await visit.show(Screen("discarded", {}, home_row(visit)))


async def _on_comment(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del parts
    visit.message = None
    await consulting.begin_comment(visit, numbers[0])


async def _on_inquiry(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    visit.message = None
    if len(parts) > 1:
        await replies.begin_answer(visit, numbers[0], numbers[1])
    else:
        await replies.begin_question(visit, numbers[0])


async def _on_withdraw(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del parts
    visit.message = None
    await consulting.begin_withdrawal(visit, numbers[0])


async def _on_repeat(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del parts
    visit.message = None
    await consulting.repeat(visit, numbers[0])


async def _on_reassign(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    if len(parts) > 2:  # noqa: PLR2004 (request, turn and person)
        await staffing.reassign(visit, numbers[0], numbers[1], numbers[2])
    else:
        await staffing.choose_staff(visit, numbers[0], numbers[1])


async def _on_undo(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del parts
    await undoing.take_back(visit, numbers[0], numbers[1])


async def _on_rating(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del parts
    await opened(visit, await rating.rate(visit, numbers[0], numbers[1]))


async def opened(visit: Visit, draft: Draft | None) -> None:
    """Open the form that an act needs, if it needs one."""
    if draft is not None:
        await filling.open_act(visit, draft)


async def _on_hands(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    await pool.press(visit, numbers[0], numbers[1], parts[2] if len(parts) > 2 else "")  # noqa: PLR2004 (request, turn and act)


async def _on_invite(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del numbers
    await arriving.invite(visit, parts[0], parts[1] if len(parts) > 1 else None)


async def _on_person(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    if len(parts) > 2:  # noqa: PLR2004 (person, role and area)
        await arriving.end_role(visit, numbers[0], parts[1], parts[2] or None, sure=parts[3:] == ["yes"])
    else:
        await arriving.person(visit, numbers[0])


async def _on_group(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    await linking.choose(visit, numbers[0], parts[1] if len(parts) > 1 else None)


async def _on_privacy(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del parts, numbers
    await consulting.home(visit)


async def _on_urgent(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del parts
    await telling.urge(visit, numbers[0])


async def _on_preference(visit: Visit, parts: list[str], numbers: _Numbers) -> None:
    del numbers
    await telling.prefer(visit, parts[0])


ACTS: dict[str, _Act] = {
    "q": _on_question,
    "t": _on_turn,
    "m": _on_menu,
    "n": _on_new,
    "v": _on_view,
    "k": _on_card,
    "l": _on_list,
    "b": _on_results,
    "f": _on_filed,
    "j": _on_walk,
    "r": _on_draft,
    "x": _on_discard,
    "c": _on_comment,
    "y": _on_inquiry,
    "w": _on_withdraw,
    "z": _on_repeat,
    "a": _on_reassign,
    "o": _on_undo,
    "s": _on_rating,
    "h": _on_hands,
    "i": _on_invite,
    "p": _on_privacy,
    "u": _on_person,
    "g": _on_group,
    "urge": _on_urgent,
    "tell": _on_preference,
}

# What shows something, and asks nothing: a request, a card, a list of them, or a card as it was.
LOOKS = frozenset({"v", "k", "l", "b", "f", "j", "o"})

MENU: dict[str, Callable[[Visit], Awaitable[None]]] = {
    "home": consulting.home,
    "new": opening.catalogue,
    "mine": filed.mine,
    "tray": trays.tray,
    "search": searching.begin,
    "drafts": consulting.drafts,
    "answer": replies.questions,
    "resume": consulting.resume,
    "discard": consulting.discard,
    "prefs": telling.prefs,
    "help": consulting.help_,
    "undo": undoing.last,
    "away": pool.away,
    "available": pool.available,
    "invite": arriving.invite,
    "people": arriving.people,
    "groups": linking.every,
    "troubles": consulting.troubles,
}
