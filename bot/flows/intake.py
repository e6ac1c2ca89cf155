"""Ask the next requisito: the conversation of a form, without a chat.

A form is a list of requisitos of which some depend on earlier answers. `reply`
takes what was said and gives the draft as it is now with what became of it;
`position` says what to ask. Whether an answer was typed, pressed or sent makes no
difference here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from bot.flows.asides import asides, opening_month, read_aside, without_done
from bot.flows.calendar import NoticeCheck, Reception
from bot.flows.draft import CONFIRM, REVIEW, Draft
from bot.flows.picking import DAY_KINDS
from bot.flows.procedure import AskedNotice, Choice, Procedure, Requisito, applies
from bot.flows.request import Extraordinary
from bot.flows.requisitos import Answered, Misread, Picked, Reading, Said, Setting, Typed, Unfinished, moments, read
from bot.flows.words import Words

LOST_AFTER = 3  # misses in a row, after which the way out is shown
CHANGE = "cambiar"
AGAIN = "_otro"


def concrete(asked: Requisito, areas: Mapping[str, str]) -> Requisito:
    """Give a requisito with the municipality's areas as its options, where several may be chosen."""
    if asked.kind != "area" or not asked.several:
        return asked
    options = tuple(Choice(id=key, label=name) for key, name in areas.items())
    return asked.model_copy(update={"kind": "choices", "options": options})


@dataclass(frozen=True)
class Aviso:
    """What to ask when the notice is not kept: what to do about it, and why (`house.yaml`)."""

    way: Requisito
    reason: Requisito


@dataclass(frozen=True)
class Form:
    """What is asked.

    `reviewed` forms end in a summary; `confirm` is the consequence to accept, and
    `confirm_early` the moment before which the act is surprising. `earlier` holds the
    answers that were returned: each is asked again, and may be kept; `kept` names those
    that were not returned. `verb` is the label of the last button, where the manual's file has it.
    """

    fields: tuple[Requisito, ...]
    reviewed: bool = False
    confirm: str | None = None
    notice: AskedNotice | None = None
    aviso: Aviso | None = None
    reception: Reception | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None
    earlier: Mapping[str, Any] = field(default_factory=dict)
    kept: frozenset[str] = frozenset()
    confirm_early: datetime | None = None
    again: Requisito | None = None
    verb: str | None = None

    def asked(self, answers: Mapping[str, Any], setting: Setting) -> tuple[Requisito, ...]:
        """The requisitos that apply, in order, given these answers."""
        asked: list[Requisito] = []
        for place, one in enumerate(self.fields):
            if not one.is_asked(answers):
                continue
            asked.append(concrete(one, setting.areas))
            following = self.fields[place + 1].group if place + 1 < len(self.fields) else None
            if one.group is not None and self.again is not None and following != one.group:
                asked.append(self.again.model_copy(update={"id": f"{one.group}{AGAIN}", "group": one.group}))
            if self.aviso and self.notice and one.id == self.notice.before:
                check = self.check(answers, setting)
                if check is not None and not check.kept:
                    asked.extend((self.aviso.way, self.aviso.reason))
        return tuple(asked)

    def check(self, answers: Mapping[str, Any], setting: Setting) -> NoticeCheck | None:
        """How the date that was answered stands to the notice that the manual asks."""
        if self.notice is None:
            return None
        return check_notice(self.notice, answers.get(self.notice.before), setting, self)

    def earliest(self, setting: Setting) -> Any:
        """The first moment or day that keeps the notice, if there is a notice."""
        if self.notice is None:
            return None
        sent, received = self.stamps(setting)
        asked = next((one for one in self.fields if one.id == self.notice.before), None)
        find = self.notice.earliest_day if asked and asked.kind == "date" else self.notice.earliest
        return find(sent=sent, received=received, calendar=setting.calendar)

    def stamps(self, setting: Setting) -> tuple[datetime, datetime]:
        """When the request was or would be sent, and from when it counts as received."""
        sent = self.sent_at or setting.now
        if self.received_at is not None:
            return sent, self.received_at
        if self.reception is None:
            return sent, sent
        return sent, self.reception.received_at(sent, setting.calendar)


def check_notice(notice: AskedNotice, answer: Any, setting: Setting, form: Form) -> NoticeCheck | None:
    """Compare a date or datetime answer with a notice."""
    if not isinstance(answer, str):
        return None
    moment = datetime.fromisoformat(answer.partition("/")[0])
    wanted: Any = moment if moment.tzinfo is not None else moment.date()
    sent, received = form.stamps(setting)
    return notice.check(sent=sent, received=received, wanted=wanted, calendar=setting.calendar)


def filing_form(
    procedure: Procedure,
    aviso: Aviso,
    again: Requisito | None = None,
    behalf: tuple[Requisito, ...] = (),
    answers: Mapping[str, Any] | None = None,
) -> Form:
    """The form with which a procedure begins.

    `behalf` asks for whom, where somebody files for another; `again`, whether there
    is one more of several things. Which notice holds may depend on the answers.
    """
    return Form(
        (*behalf, *procedure.requisitos),
        reviewed=True,
        notice=notice_for(procedure, answers or {}),
        aviso=aviso,
        reception=procedure.reception,
        again=again,
    )


def notice_for(procedure: Procedure, answers: Mapping[str, Any]) -> AskedNotice | None:
    """The notice that the manual asks, given what is answered: some ask more of what is printed."""
    for one in procedure.notice_when:
        if applies(one.when, answers):
            return one
    return procedure.notice


@dataclass(frozen=True)
class Position:
    """Where a draft stands: the requisito being asked, and its place among those that apply."""

    asked: Requisito
    place: int
    total: int


def position(draft: Draft, form: Form, setting: Setting) -> Position | None:
    """Say what the draft asks now; nothing when it is at its review or confirmation."""
    # A correction counts what it corrects, and what that makes necessary.
    asked = [one for one in form.asked(draft.answers, setting) if one.id not in form.kept or one.id == draft.asking]
    for place, one in enumerate(asked, start=1):
        if one.id == draft.asking:
            return Position(one, place, len(asked))
    return None


Became: TypeAlias = Literal[
    "asked", "answered", "skipped", "went_back", "gathering", "misread", "cannot_skip", "finished"
]


@dataclass(frozen=True)
class Reply:
    """What became of what was said.

    `answered` names the requisito that just got its answer, to be echoed; a day can
    then be mended at once (`mend` in the draft's `pending`).
    """

    draft: Draft
    became: Became
    misread: Misread | None = None
    answered: str | None = None


def start(draft: Draft, form: Form, setting: Setting) -> Draft:
    """Ask the first thing that has no answer yet."""
    return _ask(draft, _next(draft, form, setting))


def _ask(draft: Draft, key: str) -> Draft:
    asked = draft.but(asking=key, step=draft.step + 1, pending={}, misses=0)
    if draft.origin is None or key not in draft.origin.halves:
        return asked
    return asked.but(pending=draft.origin.halves[key], origin=draft.origin.without(key))


def _next(draft: Draft, form: Form, setting: Setting) -> str:
    for one in form.asked(draft.answers, setting):
        if one.id not in draft.answers and one.id not in draft.skipped:
            return one.id
    if form.reviewed:
        return REVIEW
    return CONFIRM


def ask_again(draft: Draft, key: str) -> Draft:
    """Ask one thing once more, from the summary; its answer stays until another is given."""
    return _ask(draft.but(skipped=tuple(one for one in draft.skipped if one != key)), key)


def reply(draft: Draft, form: Form, said: Said, setting: Setting, words: Words) -> Reply:
    """Take an answer, or one of the words that every question understands."""
    here = position(draft, form, setting)
    if here is None:
        return Reply(start(draft, form, setting), "asked")
    match read_aside(said, here.asked, beside(draft, form, here.asked, setting), words):
        case "back":
            return back(draft, form, setting)
        case "skip":
            return _skip(draft, form, here, setting)
        case "keep":
            return _keep(draft, form, here.asked, setting)
        case "mend":
            return mend(draft, form, setting)
        case str() as key:
            said = Picked(key)
    outcome = _read(draft, form, here.asked, said, setting, words)
    if isinstance(outcome, Answered) and here.asked.must and outcome.value is False:
        outcome = Misread("must", {"why": here.asked.must})
    if isinstance(outcome, Misread):
        missed = draft.but(misses=draft.misses + 1, pending=outcome.after(draft.pending))
        return Reply(_with_buttons(missed, form, here.asked, setting), "misread", misread=outcome)
    if isinstance(outcome, Unfinished):
        # A tick changes the same question; a half-given date asks for its other half.
        return Reply(draft.but(pending=outcome.after(draft.pending), misses=0), "gathering")
    return _answered(draft, form, here.asked, outcome, setting)


def _read(draft: Draft, form: Form, asked: Requisito, said: Said, setting: Setting, words: Words) -> Reading:
    pending = {**draft.pending, "ticked": ticked(draft, form, asked)}
    if asked.kind != "choices" or not isinstance(said, Typed):
        return read(asked, said, setting, pending)
    said, last = without_done(said, words)
    outcome = read(asked, said, setting, pending)
    if last and isinstance(outcome, Unfinished):
        return read(asked, Picked("done"), setting, outcome.after(pending))
    return outcome


def ticked(draft: Draft, form: Form, asked: Requisito) -> list[str]:
    """What is ticked of several choices; those of the answer there is already, until any is changed."""
    given = draft.pending.get("ticked", draft.answers.get(asked.id, form.earlier.get(asked.id)))
    return [one.id for one in asked.options if isinstance(given, list) and one.id in given]


def _with_buttons(draft: Draft, form: Form, asked: Requisito, setting: Setting) -> Draft:
    """Open the month to whoever cannot get a day understood."""
    if draft.misses < LOST_AFTER or asked.kind not in DAY_KINDS or not {"date", "days"}.isdisjoint(draft.pending):
        return draft
    month = opening_month(form.earliest(setting), setting)
    return draft.but(pending={"month": month.removeprefix("c:"), **draft.pending})


def beside(draft: Draft, form: Form, asked: Requisito, setting: Setting) -> dict[str, str]:
    """The buttons beside the answers, by word, each with its key."""
    return asides(
        asked,
        pending=draft.pending,
        can_keep=asked.id in draft.answers or asked.id in form.earlier,
        earliest=form.earliest(setting),
        setting=setting,
    )


def mend(draft: Draft, form: Form, setting: Setting) -> Reply:
    """Ask again for the day that was given last."""
    key = draft.pending.get("mend")
    if not any(one.id == key for one in form.asked(draft.answers, setting)):
        return Reply(draft, "asked")
    return Reply(ask_again(draft, str(key)), "went_back")


def _keep(draft: Draft, form: Form, asked: Requisito, setting: Setting) -> Reply:
    value = draft.answers.get(asked.id, form.earlier.get(asked.id))
    starts, _ = moments(value, setting.calendar) if asked.kind in DAY_KINDS else (None, None)
    if starts is not None and setting.calendar.local(starts).date() < setting.calendar.local(setting.now).date():
        return Reply(draft.but(misses=draft.misses + 1), "misread", misread=Misread("past_kept"))
    return _answered(draft, form, asked, Answered(value), setting)


def _answered(draft: Draft, form: Form, asked: Requisito, outcome: Answered, setting: Setting) -> Reply:
    answers = {**draft.answers, asked.id: outcome.value}
    if form.aviso and form.notice and asked.id == form.notice.before:
        for key in (form.aviso.way.id, form.aviso.reason.id):
            answers.pop(key, None)
    if asked.group is not None and asked.id.endswith(AGAIN) and outcome.value is True:
        return Reply(_ask_again_of_group(draft, form, asked.group), "answered")
    changed = draft.but(answers=answers, skipped=tuple(one for one in draft.skipped if one != asked.id))
    if form.aviso and form.notice and asked.id == form.aviso.way.id and outcome.value == CHANGE:
        kept = {key: value for key, value in answers.items() if key not in {asked.id, form.notice.before}}
        return Reply(_ask(changed.but(answers=kept), form.notice.before), "went_back")
    following = _ask(changed, _next(changed, form, setting))
    if asked.kind in DAY_KINDS and not (form.aviso and following.asking == form.aviso.way.id):
        following = following.but(pending={**following.pending, "mend": asked.id})
    return Reply(following, "answered", answered=asked.id)


def _ask_again_of_group(draft: Draft, form: Form, group: str) -> Draft:
    """Put the thing just described with the others, and ask about the next."""
    keys = _keys_of(form, group)
    thing = {key: draft.answers[key] for key in keys if key in draft.answers}
    kept = {key: value for key, value in draft.answers.items() if key not in keys}
    things = [*draft.answers.get(group, []), thing]
    skipped = tuple(one for one in draft.skipped if one not in keys)
    return _ask(draft.but(answers={**kept, group: things}, skipped=skipped), keys[0])


def _keys_of(form: Form, group: str) -> list[str]:
    return [one.id for one in form.fields if one.group == group]


def _skip(draft: Draft, form: Form, here: Position, setting: Setting) -> Reply:
    if here.asked.required:
        return Reply(draft.but(misses=draft.misses + 1), "cannot_skip")
    answers = {key: value for key, value in draft.answers.items() if key != here.asked.id}
    skipped = draft.but(answers=answers, skipped=(*draft.skipped, here.asked.id))
    return Reply(_ask(skipped, _next(skipped, form, setting)), "skipped")


def back(draft: Draft, form: Form, setting: Setting) -> Reply:
    """Go to the question before this one; from the first there is nowhere to go."""
    asked = form.asked(draft.answers, setting)
    group = next((one.group for one in asked if one.id == draft.asking), None)
    if group is not None and draft.answers.get(group) and draft.answers.keys().isdisjoint(_keys_of(form, group)):
        return Reply(_back_to_the_last(draft, form, group), "went_back")
    keys = [one.id for one in asked if one.id not in form.kept or one.id == draft.asking]
    place = keys.index(draft.asking) if draft.asking in keys else len(keys)
    if place == 0:
        return Reply(_ask(draft, keys[0]) if keys else draft, "asked")
    return Reply(ask_again(draft, keys[place - 1]), "went_back")


def _back_to_the_last(draft: Draft, form: Form, group: str) -> Draft:
    """Ask again whether there is one more: of that one nothing is said yet, and the one before is the last again."""
    keys = _keys_of(form, group)
    *others, last = draft.answers[group]
    answers = {key: value for key, value in draft.answers.items() if key != group}
    answers |= {**last, **({group: others} if others else {})}
    skipped = (*(one for one in draft.skipped if one not in keys), *(key for key in keys if key not in last))
    return _ask(draft.but(answers=answers, skipped=skipped), f"{group}{AGAIN}")


def finished(draft: Draft, form: Form, setting: Setting) -> dict[str, Any] | None:
    """Give the answers that apply, if nothing that is required is missing."""
    asked = form.asked(draft.answers, setting)
    if any(one.id not in draft.answers and (one.required and one.id not in draft.skipped) for one in asked):
        return None
    values = {one.id: draft.answers[one.id] for one in asked if one.id in draft.answers}
    for group in dict.fromkeys(one.group for one in form.fields if one.group is not None):
        keys = _keys_of(form, group)
        last = {key: values[key] for key in keys if key in values}
        values[group] = [*draft.answers.get(group, []), last]
        values.pop(f"{group}{AGAIN}", None)
    return values


def extraordinary(draft: Draft, form: Form, setting: Setting) -> Extraordinary | None:
    """Give the mark that a request carries when it comes with less notice than asked."""
    check = form.check(draft.answers, setting)
    if check is None or check.kept or form.notice is None or form.aviso is None:
        return None
    reason = str(draft.answers.get(form.aviso.reason.id, ""))
    return Extraordinary(reason=reason, given=check.given, asked=form.notice.amount, unit=form.notice.unit)
