"""The mistakes that a well-shaped procedure may still contain.

Each check yields complaints with the place in the file, so that an analyst is
sent to the line. `catalogue.py` refuses whatever complains here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.flows.calendar import Calendar
from bot.flows.finding import words
from bot.flows.procedure import Activity, AskedNotice, Manual, Option, Procedure, Requisito
from bot.flows.requisitos import Answered, Setting, Typed, read
from bot.flows.words import fold

Where = tuple[int | str, ...]

# Telegram cuts what is longer on a phone; WhatsApp's lists refuse it.
LABEL_LENGTH = 24
USUAL_LENGTH = 30
MOST_USUAL = 6
# Longer than this is not how anybody asks.
PHRASE_LENGTH = 60
_WITH_OPTIONS = frozenset({"choice", "choices"})
_NEEDS_ACTION = frozenset({"file", "correct", "task", "deliver", "outside", "plan"})
# What the buttons beside a question answer; an option of that id could not be told from them.
_OURS = frozenset({"back", "cancel", "done", "drop", "keep", "mend", "skip", "why"})
_MOMENTS = frozenset({"date", "datetime"})
_WITH_USUAL = frozenset({"text", "long_text", "number", "size", "money", "duration"})
# These kinds are read alike on every day.
_ANY_DAY = Setting(now=datetime(2026, 1, 1, tzinfo=UTC), calendar=Calendar(zone="UTC"))


@dataclass(frozen=True)
class Complaint:
    """What is wrong, and where in the file."""

    where: Where
    reason: str


def complaints(procedure: Procedure, manual: Manual) -> Iterator[Complaint]:
    """Everything that is wrong with `procedure` as part of `manual`."""
    yield from _phrases(procedure)
    yield from _requisitos(procedure.requisitos, ("requisitos",))
    yield from _notices(procedure)
    yield from _remarks(procedure)
    for role in procedure.opened_by:
        if role not in manual.roles:
            yield Complaint(("opened_by",), f"role `{role}` is not in manual.yaml")
    yield from _numbers(procedure)
    for place, activity in enumerate(procedure.activities):
        where: Where = ("activities", place)
        yield from _activity(activity, procedure, manual, where)
    yield from _ways(procedure)


def repeated(procedure: Procedure, others: Iterable[Procedure]) -> Iterator[Complaint]:
    """The phrases of `procedure` by which people also ask for one of the others: none would be found by them."""
    taken = {_telling(phrase): one.code for one in others if one.code != procedure.code for phrase in one.asked_as}
    for place, phrase in enumerate(procedure.asked_as):
        other = taken.get(_telling(phrase)) if words(phrase) else None
        if other is not None:
            told = "is there already" if other == procedure.code else f"already asks for `{other}`"
            yield Complaint(("asked_as", place), f"`{phrase}` {told}, in these or other words")
        taken[_telling(phrase)] = procedure.code


def _phrases(procedure: Procedure) -> Iterator[Complaint]:
    for place, phrase in enumerate(procedure.asked_as):
        if len(phrase) > PHRASE_LENGTH:
            yield Complaint(("asked_as", place), f"`{phrase}` is too long for a phrase ({PHRASE_LENGTH})")
        elif not words(phrase):
            yield Complaint(("asked_as", place), f"`{phrase}` says nothing: people use such words for everything")


def _telling(phrase: str) -> frozenset[str]:
    return frozenset(root for _, root in words(phrase))


def _requisitos(asked: tuple[Requisito, ...], where: Where) -> Iterator[Complaint]:
    before: dict[str, Requisito] = {}
    for place, one in enumerate(asked):
        here = (*where, place)
        if one.id in before:
            yield Complaint(here, f"requisito `{one.id}` appears twice")
        if one.kind in _WITH_OPTIONS and not one.options:
            yield Complaint(here, f"requisito `{one.id}` is a {one.kind} without options")
        if one.kind not in _WITH_OPTIONS and one.options:
            yield Complaint((*here, "options"), f"requisito `{one.id}` has options but is a {one.kind}")
        if one.usual and one.kind not in _WITH_USUAL:
            yield Complaint((*here, "usual"), f"requisito `{one.id}` is a {one.kind}: it has no usual texts")
        else:
            yield from _usual(one.usual, (*here, "usual"))
            yield from _answers(one, (*here, "usual"))
        yield from _unique((option.id for option in one.options), (*here, "options"), "option")
        for option in one.options:
            if option.id in _OURS:
                yield Complaint((*here, "options"), f"option `{option.id}` has the id of a button of ours")
        yield from _conditions(one.id, one.when, before, here)
        before[one.id] = one


def _answers(one: Requisito, where: Where) -> Iterator[Complaint]:
    """What most people answer is understood."""
    for text in one.usual:
        if not isinstance(read(one, Typed(text), _ANY_DAY, {}), Answered):
            yield Complaint(where, f"`{text}` is no answer to `{one.id}`")


def _conditions(
    name: str, when: Mapping[str, tuple[str, ...]], before: Mapping[str, Requisito], here: Where
) -> Iterator[Complaint]:
    for key, allowed in when.items():
        there = (*here, "when", key)
        earlier = before.get(key)
        if earlier is None:
            yield Complaint(there, f"`{name}` depends on `{key}`, which is not asked before it")
            continue
        known = {"si", "no"} if earlier.kind == "yes_no" else {option.id for option in earlier.options}
        for value in allowed:
            if value not in known:
                yield Complaint(there, f"`{name}` waits for `{key}: {value}`, which is not an answer")


def _remarks(procedure: Procedure) -> Iterator[Complaint]:
    asked = {one.id: one for one in procedure.requisitos}
    for place, remark in enumerate(procedure.remarks):
        yield from _conditions(f"remark {place + 1}", remark.when, asked, ("remarks", place))


def _notices(procedure: Procedure) -> Iterator[Complaint]:
    asked: list[tuple[str, AskedNotice | None]] = [
        ("notice", procedure.notice),
        ("recommended_notice", procedure.recommended_notice),
        *(("notice_when", one) for one in procedure.notice_when),
    ]
    for name, notice in asked:
        if notice is None:
            continue
        moment = procedure.requisito(notice.before)
        if moment is None:
            yield Complaint((name, "before"), f"the notice needs `{notice.before}`, which nobody asks")
        elif moment.kind not in _MOMENTS:
            yield Complaint((name, "before"), f"`{notice.before}` is not a date")
    if procedure.delivery and not _has(procedure, procedure.delivery.from_activity):
        where = ("delivery", "from_activity")
        yield Complaint(where, f"there is no activity {procedure.delivery.from_activity}")


def _numbers(procedure: Procedure) -> Iterator[Complaint]:
    yield from _unique((one.n for one in procedure.activities), ("activities",), "activity")
    if procedure.trigger == "request" and procedure.first.does != "file":
        yield Complaint(("activities", 0, "does"), "the first activity must be the filing (`does: file`)")
    if procedure.urgent and procedure.trigger != "request":
        yield Complaint(("urgent",), "`urgent` is for what somebody asks: nobody asks for a campaign in a hurry")


def _activity(one: Activity, procedure: Procedure, manual: Manual, where: Where) -> Iterator[Complaint]:
    named: list[tuple[str, Where]] = [(one.role, ("role",)), *((role, ("tell",)) for role in one.tell)]
    named.extend((option.by, ("options", place, "by")) for place, option in enumerate(one.options) if option.by)
    if one.assign:
        named.append((one.assign.role, ("assign", "role")))
    for role, there in named:
        if role not in manual.roles:
            yield Complaint((*where, *there), f"role `{role}` is not in manual.yaml")
    if one.assign and one.assign.role in manual.roles and manual.roles[one.assign.role].serves != one.role:
        yield Complaint((*where, "assign"), f"`{one.assign.role}` does not serve `{one.role}`")
    yield from _shape(one, where)
    yield from _several(one, procedure, manual, where)
    for place, option in enumerate(one.options):
        yield from _option(option, one, procedure, (*where, "options", place))
    if one.next is not None and not _has(procedure, one.next):
        yield Complaint((*where, "next"), f"activity {one.n} leads to {one.next}, which does not exist")
    for n in one.joins:
        if not _has(procedure, n):
            yield Complaint((*where, "joins"), f"there is no activity {n} to join")
    for name, key, kinds, what in (
        ("agenda", one.agenda, _MOMENTS, "a date"),
        ("not_before", one.not_before, _MOMENTS, "a date"),
        ("goes_to", one.goes_to, {"place"}, "a place"),
    ):
        asked = procedure.requisito(key) if key else None
        if key and (asked is None or asked.kind not in kinds):
            yield Complaint((*where, name), f"`{key}` is not a requisito with {what}")
    yield from _requisitos(one.form, (*where, "form"))
    if one.action and len(one.action) > LABEL_LENGTH:
        yield Complaint((*where, "action"), f"`{one.action}` is too long for a button ({LABEL_LENGTH})")


def _shape(one: Activity, where: Where) -> Iterator[Complaint]:
    if one.does in _NEEDS_ACTION and one.action is None:
        yield Complaint(where, f"activity {one.n} is a `{one.does}` and needs the `action` of its button")
    if one.does in {"auto", "decide"} and one.action is not None:
        yield Complaint((*where, "action"), f"activity {one.n} is `{one.does}`: it has no button of its own")
    if one.does in {"decide", "deliver"} and len(one.options) < 2:  # noqa: PLR2004 (a choice of one is none)
        yield Complaint(where, f"activity {one.n} needs at least two options")
    if one.does not in {"decide", "deliver"} and one.options:
        yield Complaint((*where, "options"), f"activity {one.n} is a `{one.does}`: it has no options")
    if one.joins and one.options:
        yield Complaint((*where, "joins"), f"activity {one.n} waits for an answer: no gesture can perform it too")
    if one.does == "decide" and one.question is None:
        yield Complaint(where, f"activity {one.n} decides and needs its `question`")
    if one.does == "deliver" and not any(field.kind in {"files", "photos", "link"} for field in one.form):
        yield Complaint(where, f"activity {one.n} delivers, but its form asks for no file or link")
    leads = bool(one.options) + (one.next is not None) + (one.end is not None)
    if leads != 1:
        yield Complaint(where, f"activity {one.n} needs exactly one of `options`, `next` and `end`")
    yield from _unique((option.id for option in one.options), (*where, "options"), "option")
    yield from _unique((option.label for option in one.options), (*where, "options"), "label")


def _several(one: Activity, procedure: Procedure, manual: Manual, where: Where) -> Iterator[Complaint]:
    """What goes on side by side, and what others do."""
    for kind, role in one.role_for.items():
        if role not in manual.roles:
            yield Complaint((*where, "role_for", kind), f"role `{role}` is not in manual.yaml")
    if one.does == "outside" and one.whose is None:
        yield Complaint(where, f"activity {one.n} is of somebody outside: say `whose`")
    if (one.does == "plan") != (one.plan is not None):
        yield Complaint(where, f"activity {one.n}: `does: plan` and `plan` go together")
    if one.plan is not None and one.plan != "areas" and one.plan not in manual.lists:
        yield Complaint((*where, "plan"), f"`{one.plan}` is neither `areas` nor a list of manual.yaml")
    if one.each is not None and one.each not in _listed(procedure):
        yield Complaint((*where, "each"), f"`{one.each}` is no plan, no group and no requisito with several areas")
    if one.opens is not None and one.opens.procedure not in manual.order:
        yield Complaint((*where, "opens"), f"`{one.opens.procedure}` is not in the order of manual.yaml")
    reviewers = {option.by for option in one.options}
    if one.does == "deliver" and len(reviewers) > 1:
        yield Complaint((*where, "options"), f"what {one.n} delivers is reviewed by one role")
    if one.does == "decide" and reviewers - {None, one.role}:
        yield Complaint((*where, "options"), f"activity {one.n} is decided by `{one.role}`: leave `by` out")
    if any(option.spawns and option.to is None for option in one.options):
        yield Complaint((*where, "options"), f"activity {one.n}: what `spawns` needs `to`")


def _listed(procedure: Procedure) -> set[str]:
    fields = list(procedure.requisitos)
    names: set[str] = set()
    for one in procedure.activities:
        fields.extend((*one.form, *(field for option in one.options for field in option.form)))
        if one.plan is not None:
            names.add(one.plan)
    names.update(field.group for field in fields if field.group is not None)
    names.update(field.id for field in fields if field.kind == "area" and field.several)
    return names


def _option(option: Option, one: Activity, procedure: Procedure, where: Where) -> Iterator[Complaint]:
    if len(option.label) > LABEL_LENGTH:
        yield Complaint(where, f"`{option.label}` is too long for a button ({LABEL_LENGTH})")
    if (option.to is None) == (option.outcome is None):
        yield Complaint(where, f"option `{option.id}` needs either `to` or the `outcome` with which it ends")
    if option.to is not None and not _has(procedure, option.to):
        yield Complaint((*where, "to"), f"option `{option.id}` leads to {option.to}, which does not exist")
    if one.does == "deliver" and option.by is None:
        yield Complaint(where, f"option `{option.id}` needs `by`: who reviews what {one.n} delivers")
    if option.usual and option.asks != "reason":
        yield Complaint((*where, "usual"), f"option `{option.id}` asks for no reason, so none is usual")
    yield from _usual(option.usual, (*where, "usual"))
    if option.asks == "return" and not _mended(procedure, option):
        yield Complaint(where, f"option `{option.id}` returns, but no `correct` follows it")
    yield from _requisitos(option.form, (*where, "form"))


def _usual(texts: tuple[str, ...], where: Where) -> Iterator[Complaint]:
    """What is usually answered becomes a button, and is told from the others by its words."""
    if len(texts) > MOST_USUAL:
        yield Complaint(where, f"more than {MOST_USUAL} usual texts")
    for text in texts:
        if len(text) > USUAL_LENGTH:
            yield Complaint(where, f"`{text}` is too long for a button ({USUAL_LENGTH})")
    yield from _unique((fold(text) for text in texts), where, "usual")


def _mended(procedure: Procedure, option: Option) -> bool:
    """Whether what an option returns is mended by whoever filed it."""
    reached = _reach(procedure, option.to, through={"auto"})
    return any(procedure.activity(n).does == "correct" for n in reached)


def _ways(procedure: Procedure) -> Iterator[Complaint]:
    """Every activity is reached, and from every one of them some end is."""
    reached = _reach(procedure, procedure.first.n)
    ends = {one.n for one in procedure.activities if _ends(one)}
    for place, one in enumerate(procedure.activities):
        if one.n not in reached:
            yield Complaint(("activities", place), f"nothing leads to activity {one.n}")
        elif not ends & _reach(procedure, one.n):
            yield Complaint(("activities", place), f"from activity {one.n} no end can be reached")
    yield from _circles(procedure)


def _circles(procedure: Procedure) -> Iterator[Complaint]:
    """What is performed without anybody's gesture must come to rest somewhere."""
    for place, one in enumerate(procedure.activities):
        seen, n = {one.n}, _rolls_on(procedure, one.n)
        while n is not None:
            if n in seen:
                yield Complaint(("activities", place), f"activities {one.n} and {n} go round for ever")
                break
            seen.add(n)
            n = _rolls_on(procedure, n)


def _rolls_on(procedure: Procedure, n: str) -> str | None:
    """The activity that follows by itself once `n` was performed: an `auto`, or one that joins it."""
    after = procedure.activity(n).next
    if after is None or not _has(procedure, after):
        return None
    following = procedure.activity(after)
    return after if following.does == "auto" or n in following.joins else None


def _ends(one: Activity) -> bool:
    return one.end is not None or any(option.outcome is not None for option in one.options)


def _reach(procedure: Procedure, start: str | None, *, through: set[str] | None = None) -> set[str]:
    reached: set[str] = set()
    pending = [start]
    while pending:
        n = pending.pop()
        if n is None or n in reached or not _has(procedure, n):
            continue
        reached.add(n)
        activity = procedure.activity(n)
        if through is None or activity.does in through:
            pending.extend(activity.exits())
    return reached


def _has(procedure: Procedure, n: str) -> bool:
    return any(one.n == n for one in procedure.activities)


def _unique(keys: Iterator[str], where: Where, what: str) -> Iterator[Complaint]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield Complaint(where, f"{what} `{key}` appears {times} times")
