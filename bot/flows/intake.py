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

from bot.flows.calendar import NoticeCheck, Reception
from bot.flows.draft import CONFIRM, REVIEW, Draft
from bot.flows.procedure import AskedNotice, Choice, Procedure, Requisito, applies
from bot.flows.request import Extraordinary
from bot.flows.requisitos import Answered, Misread, Picked, Said, Setting, Typed, Unfinished, moments, read
from bot.flows.words import Words, fold

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
            if not one.is_asked(dict(answers)):
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
        return self.notice.earliest(sent=sent, received=received, calendar=setting.calendar)

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
        if applies(one.when, dict(answers)):
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

    `answered` names the requisito that just got its answer, to be echoed.
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
    if isinstance(said, Picked | Typed):
        word = _word(said, here.asked, draft, form, words)
        if word == "back":
            return back(draft, form, setting)
        if word == "skip":
            return _skip(draft, form, here, setting)
        if word == "keep":
            value = draft.answers.get(here.asked.id, form.earlier.get(here.asked.id))
            starts, _ = moments(value, setting.calendar) if here.asked.kind in {"date", "datetime"} else (None, None)
            if (
                starts is not None
                and setting.calendar.local(starts).date() < setting.calendar.local(setting.now).date()
            ):
                return Reply(draft.but(misses=draft.misses + 1), "misread", misread=Misread("past_kept"))
            return _answered(draft, form, here.asked, Answered(value), setting)
        if word == "done":
            said = Picked("done")
    outcome = read(here.asked, said, setting, draft.pending)
    if isinstance(outcome, Answered) and here.asked.must and outcome.value is False:
        outcome = Misread("must", {"why": here.asked.must})
    if isinstance(outcome, Misread):
        pending = {**draft.pending, **outcome.pending}
        missed = draft.but(misses=draft.misses + 1, pending=pending)
        return Reply(missed, "misread", misread=outcome)
    if isinstance(outcome, Unfinished):
        # A tick changes the same question; a half-given date asks for its other half.
        return Reply(draft.but(pending={**draft.pending, **outcome.pending}, misses=0), "gathering")
    return _answered(draft, form, here.asked, outcome, setting)


_GATHERS = frozenset({"choices", "files", "photos"})


def _word(said: Picked | Typed, asked: Requisito, draft: Draft, form: Form, words: Words) -> str | None:
    can_keep = asked.id in draft.answers or asked.id in form.earlier
    if isinstance(said, Picked):
        return said.key if said.key in {"back", "skip"} or (said.key == "keep" and can_keep) else None
    if any(fold(said.text) == fold(one.label) for one in asked.options):
        return None  # «Ninguno» may be an answer
    known: tuple[str, ...] = ("back", "skip")
    if asked.kind in _GATHERS:
        known = (*known, "done")
    if can_keep:
        known = (*known, "keep")
    return words.read(said.text, known)


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
    return Reply(_ask(changed, _next(changed, form, setting)), "answered", answered=asked.id)


def _ask_again_of_group(draft: Draft, form: Form, group: str) -> Draft:
    """Put the thing just described with the others, and ask about the next."""
    keys = [one.id for one in form.fields if one.group == group]
    thing = {key: draft.answers[key] for key in keys if key in draft.answers}
    kept = {key: value for key, value in draft.answers.items() if key not in keys}
    things = [*draft.answers.get(group, []), thing]
    skipped = tuple(one for one in draft.skipped if one not in keys)
    return _ask(draft.but(answers={**kept, group: things}, skipped=skipped), keys[0])


def _skip(draft: Draft, form: Form, here: Position, setting: Setting) -> Reply:
    if here.asked.required:
        return Reply(draft.but(misses=draft.misses + 1), "cannot_skip")
    answers = {key: value for key, value in draft.answers.items() if key != here.asked.id}
    skipped = draft.but(answers=answers, skipped=(*draft.skipped, here.asked.id))
    return Reply(_ask(skipped, _next(skipped, form, setting)), "skipped")


def back(draft: Draft, form: Form, setting: Setting) -> Reply:
    """Go to the question before this one; from the first there is nowhere to go."""
    asked = form.asked(draft.answers, setting)
    keys = [one.id for one in asked if one.id not in form.kept or one.id == draft.asking]
    place = keys.index(draft.asking) if draft.asking in keys else len(keys)
    if place == 0:
        return Reply(_ask(draft, keys[0]) if keys else draft, "asked")
    return Reply(ask_again(draft, keys[place - 1]), "went_back")


def finished(draft: Draft, form: Form, setting: Setting) -> dict[str, Any] | None:
    """Give the answers that apply, if nothing that is required is missing."""
    asked = form.asked(draft.answers, setting)
    if any(one.id not in draft.answers and (one.required and one.id not in draft.skipped) for one in asked):
        return None
    values = {one.id: draft.answers[one.id] for one in asked if one.id in draft.answers}
    for group in dict.fromkeys(one.group for one in form.fields if one.group is not None):
        keys = [one.id for one in form.fields if one.group == group]
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
