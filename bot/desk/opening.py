"""Opening a procedure: from the menu of wishes, or from what somebody wants in their own words."""

import hashlib
from collections.abc import Sequence
from typing import Any

from bot.desk import describing, filling, finishing
from bot.desk.acting import not_yours
from bot.desk.visit import Button, Screen, Visit, home_row, in_rows
from bot.flows.draft import Origin
from bot.flows.finding import offered, ranked
from bot.flows.hearing import Heard, heard
from bot.flows.procedure import Procedure
from bot.flows.requisitos import LONG_TEXT_LENGTH
from storage.people import Sentence

_USED_FIRST = 3
_FEW = 5
_MARK = 8


def openable(visit: Visit) -> list[Procedure]:
    """The procedures that this person may open, in the manual's order."""
    return [one for one in visit.manual.procedures if any(visit.person.holds(role) for role in one.opened_by)]


async def catalogue(visit: Visit) -> None:
    """What can be asked for, in the words of whoever asks; of many, what they asked for last comes first."""
    known = openable(visit)
    if not known:
        await visit.show(Screen("nothing_to_open", {}, home_row(visit)))
        return
    used: list[Procedure] = []
    if len(known) > _FEW:
        codes = await visit.work.requests.recent_procedures(visit.person.id)
        used = [one for code in codes for one in known if one.code == code][:_USED_FIRST]
    known = [*used, *(one for one in known if one not in used)]
    example = next((phrase for one in known for phrase in one.asked_as if " " in phrase), None)
    facts = {"procedures": _named(known), "used": len(used), "example": example}
    buttons = [(one.wish, f"n:{one.slug}") for one in known]
    await visit.show(Screen("catalogue", facts, (*in_rows(buttons, width=1), *home_row(visit))))


def _named(procedures: Sequence[Procedure]) -> list[dict[str, str]]:
    return [{"wish": one.wish, "title": one.title, "code": one.code} for one in procedures]


async def open_procedure(visit: Visit, key: str, area: str | None = None, mark: str = "") -> None:
    """Open a procedure's form, after asking for which area where there are several.

    `mark` is of the sentence that asked for it: what that answers is taken, if it is
    still the last that the person said.
    """
    law = visit.manual.procedure(key)
    if law is None:
        await visit.show(Screen("no_procedure", {"code": key[:64]}, home_row(visit)))
        return
    sentence = await visit.work.people.sentence(visit.person.id) if mark else None
    if sentence is not None and sentence.mark != mark:
        sentence = None
    areas = [grant.area for grant in visit.person.grants if grant.role in law.opened_by and grant.area]
    if not areas:
        if finishing.opening_role(visit, law, "") is None:
            await visit.show(not_yours(visit, law.opened_by[0]))
        else:
            await _open(visit, law, "", sentence)
        return
    if area is None and len(areas) > 1:
        after = f":{mark}" if mark else ""
        name = law.series if mark else law.slug  # a button has room for the short one beside the mark
        buttons = [(visit.areas.get(one, one), f"n:{name}:{one}{after}") for one in dict.fromkeys(areas)]
        facts = {"title": law.title, "areas": [label for label, _ in buttons]}
        await visit.show(Screen("which_area", facts, (*in_rows(buttons, width=1), *home_row(visit))))
        return
    await _open(visit, law, area if area in areas else areas[0], sentence)


async def _open(visit: Visit, law: Procedure, area: str, sentence: Sentence | None) -> None:
    if sentence is None:
        await filling.new_request(visit, law, area)
        return
    understood = heard(sentence.text, law, visit.setting, at=sentence.at)
    await filling.new_request(
        visit,
        law,
        area,
        understood.answers,
        origin=Origin(text=sentence.text, asked=understood.about, halves=understood.halves),
        taken=await _told(visit, law, understood),
    )


async def sought(visit: Visit, text: str) -> bool:
    """Offer the procedures that a sentence may ask for; tells whether there was any."""
    text = text.strip()[:LONG_TEXT_LENGTH]
    about = " ".join(visit.areas.get(one, "") for one in visit.person.areas)
    found = offered(ranked(text, openable(visit), about=about))
    if not found:
        return False
    sentence = Sentence(_mark(visit, text), text, visit.now)
    await visit.work.people.keep_sentence(visit.person.id, sentence)
    understood = heard(text, found[0], visit.setting, at=visit.now)
    facts = {"procedures": _named(found), "told": await _told(visit, found[0], understood)}
    buttons = [(one.wish, f"n:{one.series}::{sentence.mark}") for one in found]
    out = (visit.word("all", "m:new"), visit.word("home", "m:home"))
    await visit.show(Screen("found", facts, (*in_rows(buttons, width=1), out)))
    return True


def agreed(visit: Visit, focus: Sequence[Button], text: str) -> str | None:
    """The button that a yes or a no means, where the last screen asked «¿Quieres esto?»."""
    offers = [data for _, data in focus if data.startswith("n:") and "::" in data]
    word = visit.house.words.read(text, ("this_one", "all")) if offers else None
    if word == "this_one" and len(offers) == 1:
        return offers[0]
    return "m:new" if word == "all" else None


def _mark(visit: Visit, text: str) -> str:
    """What tells one sentence from the next, so that a button never brings the answers of another."""
    return hashlib.sha256(f"{visit.now.isoformat()} {text}".encode()).hexdigest()[:_MARK]


async def _told(visit: Visit, law: Procedure, understood: Heard) -> list[dict[str, Any]]:
    """What was understood, as it is read: `half` is a day whose hour must still be asked."""
    lines: list[dict[str, Any]] = []
    for one in law.requisitos:
        if one.id in understood.answers:
            [line] = await describing.answers(visit, [one], understood.answers)
            lines.append({**line, "half": None})
        elif one.id in understood.halves:
            lines.append({"label": one.label, "value": "", "half": understood.halves[one.id]["date"]})
    return lines
