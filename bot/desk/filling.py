"""Forms being filled in: asking, taking answers, and the summary."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.desk import acting, cards, describing, finishing, pickers, questions
from bot.desk.incoming import Popup
from bot.desk.visit import Screen, Visit, home_row, in_rows
from bot.flows.draft import ALBUM, CAPTION, CONFIRM, ENCLOSED, REVIEW, Draft, Origin, Purpose
from bot.flows.intake import (
    Form,
    Position,
    Reply,
    ask_again,
    back,
    filing_form,
    finished,
    mend,
    notice_for,
    position,
    reply,
    start,
)
from bot.flows.people import may_act
from bot.flows.procedure import Procedure, Requisito
from bot.flows.request import Request
from bot.flows.requisitos import MAX_FILES, Misread, Picked, Said, Setting, Typed
from bot.flows.words import fold, numbered
from storage.files import Kept
from storage.letters import Letter

# What is said about a request, and may come with files.
ENCLOSING = frozenset({"comment", "answer"})

# Answered with words of the person's own, which may be any.
_IN_WORDS = frozenset({"text", "long_text", "person", "place", "area"})


async def open_form(visit: Visit, draft: Draft, *, taken: Sequence[Mapping[str, Any]] = ()) -> None:
    """Begin a form: the first question that has no answer yet. `taken` is said of where the others come from.

    Whoever taps twice has begun one form, and not two.
    """
    form, law = await form_of(visit, draft)
    begun = start(draft, form, visit.setting)
    known = (one for one in await visit.work.drafts.of(visit.person.id) if _is_untouched(one, begun))
    draft = next(known, None) or await visit.work.drafts.open(begun, now=visit.now)
    await ask(visit, draft, form, law, taken=taken)


def _is_untouched(draft: Draft, begun: Draft) -> bool:
    return draft.but(id=begun.id, prompt=begun.prompt, touched_at=begun.touched_at) == begun


async def new_request(
    visit: Visit,
    law: Procedure,
    area: str,
    given: Mapping[str, Any] | None = None,
    *,
    origin: Origin | None = None,
    taken: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Open a procedure's form for an area, with the answers already known."""
    draft = Draft(
        id=0,
        person=visit.person.id,
        manual=visit.manual.id,
        purpose="file",
        procedure=law.code,
        edition=edition_of(visit, law),
        area=area,
        answers=dict(given or {}),
        origin=origin,
    )
    await open_form(visit, draft, taken=taken)


def edition_of(visit: Visit, law: Procedure) -> str:
    """The edition that today's file is."""
    return visit.editions[visit.manual.id, law.code]


async def form_of(visit: Visit, draft: Draft) -> tuple[Form, Procedure | None]:
    """The form that a draft fills in, and the procedure it belongs to."""
    if draft.purpose == "withdraw":
        return Form(visit.house.withdraw, confirm="withdraw"), None
    if draft.purpose == "comment":
        return Form(visit.house.comment), None
    if draft.purpose == "rate":
        return Form(visit.house.rate), None
    if draft.purpose == "decline":
        return Form(visit.house.decline), None
    if draft.purpose == "ask":
        return Form(visit.house.ask), None
    if draft.purpose == "answer":
        return await _answering(visit, draft), None
    law = await visit.work.editions.get(visit.manual.id, draft.procedure, draft.edition)
    if law is None:
        raise LookupError(f"draft {draft.id} follows an edition that was not kept")
    if draft.purpose == "file":
        behalf = () if draft.area else _behalf(visit, law)
        return filing_form(law, visit.house.short_notice, visit.house.again, behalf, draft.answers), law
    request = await visit.work.requests.get(draft.request or 0)
    if request is None:
        raise LookupError(f"draft {draft.id} is about a request that does not exist")
    if draft.purpose == "correct":
        wrong = acting.returned_of(law, request)
        groups = {one.group for one in law.requisitos if one.group is not None}
        earlier = {key: value for key, value in request.answers.items() if key in wrong and key not in groups}
        notice = notice_for(law, {**request.answers, **draft.answers})
        return Form(
            law.requisitos,
            reviewed=True,
            again=visit.house.again,
            notice=notice,
            aviso=visit.house.short_notice if notice and notice.before in wrong else None,
            sent_at=request.sent_at,
            received_at=request.received_at,
            earlier=earlier,
            kept=acting.settled(law, request),
        ), law
    turn = request.turn(draft.turn or 0)
    activity = law.activity(turn.activity if turn else request.activity)
    option = activity.option(draft.option) if draft.option else None
    return acting.form_of(visit, law, request, activity, option), law


def _behalf(visit: Visit, law: Procedure) -> tuple[Requisito, ...]:
    """What is asked of staff who file for somebody else: for whom."""
    return () if visit.person.holds(law.first.role) else visit.house.behalf


async def _answering(visit: Visit, draft: Draft) -> Form:
    """The form for the answer to a question, with the question in it."""
    request = await visit.work.requests.get(draft.request or 0)
    questions = request.questions if request else ()
    asked = next((one for one in questions if str(one.key) == draft.option), None)
    said = {"by": asked.name if asked else "", "text": asked.text if asked else ""}
    return Form(tuple(one.model_copy(update={"ask": one.ask.format(**said)}) for one in visit.house.answer))


async def show_draft(visit: Visit, draft: Draft) -> None:
    """Show a draft where it stands."""
    if await _over(visit, draft):
        return
    form, law = await form_of(visit, draft)
    await ask(visit, draft, form, law)


async def ask(
    visit: Visit,
    draft: Draft,
    form: Form,
    law: Procedure | None,
    *,
    echo: str | None = None,
    trouble: Misread | None = None,
    over: int | None = None,
    taken: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Ask what the draft asks now, or show its summary; a form with nothing left to say is carried out.

    `over` is a letter to write the question over, where a new message would be one too many.
    """
    here = position(draft, form, visit.setting)
    if here is not None:
        screen = await questions.question(visit, draft, form, law, here, echo=echo, trouble=trouble, taken=taken)
    elif draft.asking == REVIEW:
        screen = await questions.review(visit, draft, form, law)
    elif form.confirm is not None or form.confirm_early is not None:
        screen = await questions.confirmation(visit, draft, form)
    else:
        await _finish(visit, draft, form, law)
        return
    about = draft.request if draft.purpose in ENCLOSING else None
    prompt = await visit.show(screen, draft=draft.id, over=over, strips=draft.prompt, request=about)
    await visit.work.drafts.save(draft.but(prompt=over or prompt), now=visit.now)


def _strip(visit: Visit, letter: int) -> Letter:
    return Letter(
        manual=visit.manual.id,
        platform=visit.platform,
        chat=visit.chat,
        template="",
        kind="strip",
        edits=letter,
        silent=True,
    )


async def open_act(visit: Visit, draft: Draft) -> None:
    """Begin, or go on with, the form that taking a turn needs."""
    visit.message = None  # the card stays above while its form is filled in
    for one in await visit.work.drafts.of(visit.person.id):
        same = (one.purpose, one.request, one.turn, one.option)
        if same == (draft.purpose, draft.request, draft.turn, draft.option):
            await show_draft(visit, one)
            return
    await open_form(visit, draft)


async def takes_files(visit: Visit, draft: Draft) -> bool:
    """Whether the question being asked is one that files answer, or may come with files."""
    form, _ = await form_of(visit, draft)
    here = position(draft, form, visit.setting)
    return here is not None and (here.asked.kind in describing.FILE_KINDS or draft.purpose in ENCLOSING)


async def enclose(visit: Visit, draft: Draft, file: Kept, *, caption: str, album: str | None) -> None:
    """Keep a file beside the words that are asked for; its caption is among the words."""
    form, law = await form_of(visit, draft)
    got = draft.answers.get(ENCLOSED, [])
    if len(got) >= MAX_FILES:
        await ask(visit, draft, form, law, trouble=Misread("too_many_files", {"limit": MAX_FILES}))
        return
    together = album is not None and draft.answers.get(ALBUM) == album
    said = "\n".join(one for one in (draft.answers.get(CAPTION, ""), caption) if one)
    draft = draft.but(answers={**draft.answers, ENCLOSED: [*got, file.id], CAPTION: said, ALBUM: album}, misses=0)
    await ask(visit, draft, form, law, over=draft.prompt if together else None)


async def _over(visit: Visit, draft: Draft) -> bool:
    """Put away the form of a turn that is not open any more, and say what became of it; tells whether it was so."""
    if not await is_over(visit, draft):
        return False
    request = await visit.work.requests.get(draft.request or 0)
    await _put_away(visit, draft)
    if request is not None:
        await acting.late(visit, request, draft.turn or 0)
    return True


async def is_over(visit: Visit, draft: Draft) -> bool:
    """Whether a form is for a turn that is not open any more."""
    request = await visit.work.requests.get(draft.request) if draft.turn is not None and draft.request else None
    return request is not None and draft.turn is not None and request.turn(draft.turn) is None


async def _put_away(visit: Visit, draft: Draft) -> None:
    await visit.work.drafts.discard(draft.id)
    await visit.work.people.put_before(visit.person.id, draft=None, focus=())
    if visit.message is None and draft.prompt is not None:
        await visit.post([_strip(visit, draft.prompt)])


async def takes_words(visit: Visit, draft: Draft, text: str) -> bool:
    """Whether the question being asked is one that these words may answer, whatever else they mean."""
    form, _ = await form_of(visit, draft)
    here = position(draft, form, visit.setting)
    if here is None:
        return False
    options = [fold(one.label) for one in here.asked.options]
    return here.asked.kind in _IN_WORDS or fold(text) in options


async def answer(visit: Visit, draft: Draft, said: Said, *, album: str | None = None) -> None:
    """Take what was said to the question that a draft asks.

    `album` marks pictures sent together: they are acknowledged in one message.
    """
    never = pickers.never(said)
    if never is not None:
        visit.popup = never
        return
    if await _over(visit, draft):
        return
    form, law = await form_of(visit, draft)
    if draft.asking in (REVIEW, CONFIRM):
        await _at_the_end(visit, draft, form, law, said)
        return
    here = position(draft, form, visit.setting)
    known = ("cancel", "why", "done") if ENCLOSED in draft.answers else ("cancel", "why")
    word = _word(visit, said, known) if here else None
    if word == "cancel":
        await leave(visit, draft)
    elif word == "done" and here is not None:  # the files, and what was written under them, are all of it
        await _finish(visit, draft.but(answers={**draft.answers, here.asked.id: ""}), form, law)
    elif word == "why" and here is not None:
        await _why(visit, here.asked)
    else:
        said = await questions.offered(visit, draft, form, here.asked, said) if here else said
        became = reply(draft, form, said, await _setting(visit, draft, here), visit.house.words)
        together = album is not None and draft.pending.get("album") == album
        if became.became == "gathering":
            pending = {**became.draft.pending, "album": album}
            became = replace(became, draft=became.draft.but(pending=pending))
        await _go_on(visit, became, over=draft.prompt if together else None)


async def _setting(visit: Visit, draft: Draft, here: Position | None) -> Setting:
    """What reading an answer may depend on; who is known, only where the question is about somebody."""
    setting = visit.setting_for(draft)
    if here is None or here.asked.kind != "person":
        return setting
    return replace(setting, people=await visit.work.people.names(visit.manual.id, now=visit.now))


async def _go_on(visit: Visit, became: Reply, *, over: int | None = None) -> None:
    form, law = await form_of(visit, became.draft)  # an answer may change what else is asked, or by when
    trouble = became.misread
    if became.became == "cannot_skip":
        trouble = Misread("cannot_skip")
    if trouble is not None and visit.message is not None:
        visit.popup = Popup("popup/stale", {}, alert=True)
    await ask(visit, became.draft, form, law, echo=became.answered, trouble=trouble, over=over)


def _word(visit: Visit, said: Said, among: tuple[str, ...]) -> str | None:
    if isinstance(said, Picked):
        return said.key if said.key in among else None
    return visit.house.words.read(said.text, among) if isinstance(said, Typed) else None


async def _why(visit: Visit, asked: Requisito) -> None:
    facts = {"label": asked.label, "cite": asked.cite, "help": asked.help, "added": asked.added}
    if visit.message is not None:
        visit.popup = Popup("popup/why", facts, alert=True)
        return
    await visit.note(Screen("why", facts))


async def progress(visit: Visit, draft: Draft) -> dict[str, Any]:
    """What a draft asks for, and how far it has come."""
    form, law = await form_of(visit, draft)
    asked = form.asked(draft.answers, visit.setting)
    done = len([one for one in asked if one.id in draft.answers])
    return {"title": law.wish if law else "", "done": done, "total": len(asked)}


async def show_kept(visit: Visit, draft: Draft) -> None:
    """Say that a draft is kept, with the ways on and out."""
    rows = (
        (visit.word("resume", f"r:{draft.id}"), visit.word("discard", f"x:{draft.id}")),
        (visit.word("home", "m:home"),),
    )
    await visit.show(Screen("draft_kept", await progress(visit, draft), rows))


async def leave(visit: Visit, draft: Draft) -> None:
    """Put a form away: a request's draft is kept, an act's is not."""
    if draft.purpose in {"file", "correct"}:
        await show_kept(visit, draft)
        return
    await visit.work.drafts.discard(draft.id)
    request = await visit.work.requests.get(draft.request or 0)
    turn = request.turn(draft.turn or 0) if request and draft.turn else None
    if request is not None and turn is not None and may_act(visit.person, turn, visit.manual):
        await cards.present(visit, await visit.law_of(request), request, turn)
        return
    await visit.show(Screen("nothing_done", {}, home_row(visit)))


async def _at_the_end(visit: Visit, draft: Draft, form: Form, law: Procedure | None, said: Said) -> None:
    """The summary and the confirmation: send, change something, or leave."""
    confirming = draft.asking == CONFIRM
    words = (
        ("send", "send_again", "not_yet", "cancel")
        if confirming
        else ("send", "send_again", *(("mend",) if "mend" in draft.pending else ()), "change", "cancel", "back")
    )
    word = _word(visit, said, words)
    if word is None and isinstance(said, Typed):
        word = await _typed_at_the_end(visit, draft, form, law, said.text)
    if isinstance(said, Picked) and said.key.startswith("e."):
        word = said.key
    match word:
        case "send" | "send_again":
            await _finish(visit, draft, form, law)
        case "cancel" | "not_yet":
            await leave(visit, draft)
        case "change":
            await _which(visit, draft, form)
        case "review":
            await ask(visit, draft, form, law)
        case "back":
            await ask(visit, back(draft, form, visit.setting).draft, form, law)
        case "mend":
            await ask(visit, mend(draft, form, visit.setting).draft, form, law)
        case str() if word.startswith("e."):
            await _change(visit, draft, form, law, word[2:])
        case _:
            await visit.note(
                Screen("use_words", {"label": questions.send_label(visit, draft, form, law), "confirming": confirming}),
            )


async def _typed_at_the_end(visit: Visit, draft: Draft, form: Form, law: Procedure | None, text: str) -> str | None:
    """What a typed label or number means: of the buttons shown, or of the list of what can be changed."""
    if draft.asking == CONFIRM:
        screen = await questions.confirmation(visit, draft, form)
        data = numbered(text, [button for row in screen.rows for button in row])
        return data.rpartition(":")[2] if data else None
    labels = [(one.label, f"e.{one.id}") for one in form.asked(draft.answers, visit.setting)]
    if draft.pending.get("choosing"):
        if visit.house.words.read(text, ("review",)):
            return "review"
        return numbered(text, labels)
    shown = [
        (questions.send_label(visit, draft, form, law), "send"),
        (visit.house.words.label("change"), "change"),
        (visit.house.words.label("cancel"), "cancel"),
    ]
    return numbered(text, shown) or numbered(text if not text.strip().isdecimal() else "", labels)


async def _which(visit: Visit, draft: Draft, form: Form) -> None:
    """Ask which answer to change."""
    asked = form.asked(draft.answers, visit.setting)
    prefix = f"q:{draft.id}:{draft.step}"
    buttons = [(one.label, f"{prefix}:e.{one.id}") for one in asked]
    screen = Screen(
        "which",
        {"labels": [one.label for one in asked]},
        (*in_rows(buttons), (visit.word("review", f"{prefix}:review"),)),
    )
    prompt = await visit.show(screen, draft=draft.id, strips=draft.prompt)
    await visit.work.drafts.save(draft.but(prompt=prompt, pending={"choosing": True}), now=visit.now)


async def _change(visit: Visit, draft: Draft, form: Form, law: Procedure | None, key: str) -> None:
    if any(one.id == key for one in form.asked(draft.answers, visit.setting)):
        await ask(visit, ask_again(draft, key), form, law)
    else:
        visit.popup = Popup("popup/stale", {}, alert=True)


async def _finish(visit: Visit, draft: Draft, form: Form, law: Procedure | None) -> None:
    """Do what the form was for, once; the draft ends with it."""
    values = finished(draft, form, visit.setting)
    if values is None:  # time has passed over a notice: something new must be asked
        await ask(visit, start(draft, form, visit.setting), form, law)
        return
    if law is not None and await finishing.must_wait(visit, draft, law):
        return
    await _put_away(visit, draft)
    await finishing.carry_out(visit, draft, form, law, values)


def about(visit: Visit, request: Request, purpose: Purpose) -> Draft:
    """A form about a request that is not a turn of it."""
    return Draft(id=0, person=visit.person.id, manual=visit.manual.id, purpose=purpose, request=request.id)
