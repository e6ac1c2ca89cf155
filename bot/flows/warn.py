"""What a procedure says that is not forbidden, but that a careful analyst would look at again.

A warning keeps nothing from running. Where an activity carries an `erratum`, somebody
has looked at it already, and nothing more is said of it.
"""

import re
from collections import Counter
from collections.abc import Iterator

from bot.flows.lint import LABEL_LENGTH, Complaint, Where
from bot.flows.procedure import Activity, Manual, Option, Procedure, Requisito
from bot.flows.words import fold

_REFUSES = re.compile(
    r"\bno (se )?(es )?(la |lo )?(procede|viable|cumple|autoriz|aprueb|aprob|acept|emit|otorg)"
    r"|\brechaz|\bnega[dtr]|\bdeneg"
)
_APPROVES = re.compile(r"\b(procede|viable|cumple|autoriz|aprueb|aprob|acept|vo bo|vobo|visto bueno)")
_GRANTS = re.compile(r"\b(procede|autoriz|aprueb|aprobad|aprobac|acept|emite|emitid|otorg)")
_AMOUNT = r"\b(\d+|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|diez|quince|veinte) (h|horas?|dias?)\b"
_BEFORE = r"\b(antes|previ\w*|anticipacion)\b"
_TERM = re.compile(f"{_AMOUNT}.*{_BEFORE}|{_BEFORE}.*{_AMOUNT}")
_DATES = frozenset({"date", "datetime"})
_ONE_ANSWER = frozenset({"choice", "yes_no"})
_TELLING = 6  # letters from which a title's word may tell one procedure from another
_SUBJECT = 2  # words that name another procedure's subject; one alone is chance


def warnings(procedure: Procedure, manual: Manual) -> Iterator[Complaint]:
    """Everything about `procedure`, as part of its whole `manual`, that looks like an oversight."""
    for one in _all(procedure, manual):
        head = one.where[:2]
        place = head[1] if len(head) > 1 and head[0] == "activities" else None
        if not isinstance(place, int) or procedure.activities[place].erratum is None:
            yield one


def unused_roles(manual: Manual) -> Iterator[Complaint]:
    """The roles that nobody needs: no activity, no procedure and no other role that is needed names them."""
    named: set[str] = set()
    for law in manual.procedures:
        named.update(law.opened_by)
        for one in law.activities:
            named.update((one.role, *one.role_for.values(), *one.tell))
            named.update(option.by for option in one.options if option.by)
            if one.assign:
                named.add(one.assign.role)
    for name in tuple(named):
        named.update(manual.roles[name].anyone_of)
    for name in manual.roles:
        if name not in named:
            yield Complaint(("roles", name), f"no activity names the role `{name}`")


def _all(procedure: Procedure, manual: Manual) -> Iterator[Complaint]:
    yield from _headings(procedure, manual)
    yield from _terms(procedure)
    yield from _never_asked(procedure.requisitos, ("requisitos",))
    yield from _two_names(procedure)
    yield from _long_labels(procedure)
    for place, one in enumerate(procedure.activities):
        where: Where = ("activities", place)
        yield from _crossed(one, procedure, where)
        yield from _no_way_out(one, procedure, where)
        yield from _copied(one, procedure, manual, where)
        for form, there in _forms(one, where):
            yield from _never_asked(form, there)


def _forms(one: Activity, where: Where) -> Iterator[tuple[tuple[Requisito, ...], Where]]:
    yield one.form, (*where, "form")
    for place, option in enumerate(one.options):
        yield option.form, (*where, "options", place, "form")


def _crossed(one: Activity, procedure: Procedure, where: Where) -> Iterator[Complaint]:
    """A yes that refuses, a no that grants."""
    for place, option in enumerate(one.options):
        there = (*where, "options", place)
        texts = _straight(procedure, option)
        if _approving(option) and any(_REFUSES.search(text) for text in texts):
            yield Complaint(there, f"`{option.label}` approves, but what follows refuses")
        if _refusing(option) and any(_GRANTS.search(text) and not _REFUSES.search(text) for text in texts):
            yield Complaint(there, f"`{option.label}` refuses, but what follows approves")


def _approving(option: Option) -> bool:
    said = fold(option.label)
    return bool(_APPROVES.search(said) or said.split()[:1] == ["si"]) and not _denied(said)


def _refusing(option: Option) -> bool:
    return _REFUSES.search(fold(option.label)) is not None


def _denied(said: str) -> bool:
    return _REFUSES.search(said) is not None or "no" in said.split()


def _straight(procedure: Procedure, option: Option) -> list[str]:
    """The texts with which an option ends the request, if nobody has any more say in it."""
    if option.outcome is not None:
        return [fold(option.outcome)]
    way = _way(procedure, option)
    if not way or way[-1].end is None:
        return []
    return [fold(way[0].text), fold(way[-1].end)]


def _way(procedure: Procedure, option: Option) -> list[Activity]:
    """The activities that follow an option one after the other, up to the next choice or correction."""
    way: list[Activity] = []
    n = option.to
    while n is not None:
        one = procedure.activity(n)
        if one in way:
            break
        way.append(one)
        n = None if one.options or one.does == "correct" else one.next
    return way


def _no_way_out(one: Activity, procedure: Procedure, where: Where) -> Iterator[Complaint]:
    """Somebody is asked to approve, and whatever they answer the request goes on."""
    asked = fold(one.question or "")
    if not any(_approving(option) and _APPROVES.search(fold(option.label)) for option in one.options):
        return
    if not (_APPROVES.search(asked) or one.does == "deliver"):
        return
    if not any(_leads_away(option, one, procedure) for option in one.options):
        yield Complaint(where, f"activity {one.n} can be approved but neither returned nor refused")


def _leads_away(option: Option, one: Activity, procedure: Procedure) -> bool:
    if option.outcome is not None or option.asks is not None:
        return True
    way = _way(procedure, option)
    order = [activity.n for activity in procedure.activities]
    back = any(order.index(activity.n) <= order.index(one.n) for activity in way)
    return back or (not _approving(option) and way[-1].end is not None)


def _terms(procedure: Procedure) -> Iterator[Complaint]:
    if any(one.kind in _DATES for one in procedure.requisitos):
        return
    for place, remark in enumerate(procedure.remarks):
        if _TERM.search(fold(remark.text)):
            yield Complaint(("remarks", place), "it speaks of time before a date, and no requisito asks for a date")


def _headings(procedure: Procedure, manual: Manual) -> Iterator[Complaint]:
    for other in manual.procedures:
        if other.code == procedure.code:
            continue
        if fold(other.title) == fold(procedure.title):
            yield Complaint(("title",), f"`{other.code}` has the same title")
        if fold(other.wish) == fold(procedure.wish) and set(other.opened_by) & set(procedure.opened_by):
            yield Complaint(("wish",), f"`{other.code}` has the same button in the menu")


def _copied(one: Activity, procedure: Procedure, manual: Manual, where: Where) -> Iterator[Complaint]:
    """A text that speaks of another procedure's subject, and does not mean to."""
    if one.opens is not None:
        return
    own = {word for text in (procedure.title, procedure.wish, *_labels(procedure)) for word in _words(text)}
    times = Counter(word for law in manual.procedures for word in _words(law.title))
    said = _words(" ".join((one.text, one.question or "", one.action or "", *(option.label for option in one.options))))
    for other in manual.procedures:
        telling = {word for word in _words(other.title) if times[word] == 1} - own
        found = telling & said
        if other.code != procedure.code and len(found) >= _SUBJECT:
            about = "» and «".join(sorted(found))
            yield Complaint(where, f"activity {one.n} speaks of «{about}», the subject of `{other.code}`")


def _labels(procedure: Procedure) -> Iterator[str]:
    for one in procedure.requisitos:
        yield one.label
        yield from (option.label for option in one.options)


def _words(text: str) -> set[str]:
    return {word for word in fold(text).split() if len(word) >= _TELLING}


def _two_names(procedure: Procedure) -> Iterator[Complaint]:
    """The same answer of the same question, called differently in two places."""
    known: dict[tuple[str, str], str] = {}
    for form, where in _all_forms(procedure):
        for place, field in enumerate(form):
            for at, option in enumerate(field.options):
                label = known.setdefault((field.id, option.id), option.label)
                if label != option.label:
                    reason = f"`{option.id}` of `{field.id}` is «{label}» elsewhere and «{option.label}» here"
                    yield Complaint((*where, place, "options", at), reason)


def _long_labels(procedure: Procedure) -> Iterator[Complaint]:
    """Answers that a phone cuts short."""
    for form, where in _all_forms(procedure):
        for place, field in enumerate(form):
            for at, option in enumerate(field.options):
                if len(option.label) > LABEL_LENGTH:
                    reason = f"`{option.label}` is long for a button: a phone may cut it at {LABEL_LENGTH}"
                    yield Complaint((*where, place, "options", at), reason)


def _all_forms(procedure: Procedure) -> Iterator[tuple[tuple[Requisito, ...], Where]]:
    yield procedure.requisitos, ("requisitos",)
    for place, one in enumerate(procedure.activities):
        yield from _forms(one, ("activities", place))


def _never_asked(form: tuple[Requisito, ...], where: Where) -> Iterator[Complaint]:
    """Conditions that no answers fulfil."""
    before: dict[str, Requisito] = {}
    for place, one in enumerate(form):
        allowed: dict[str, set[str]] = {}
        pending = [one]
        while pending:
            field = pending.pop()
            for key, values in field.when.items():
                if key not in before:
                    continue
                asked = before[key]
                pending.append(asked)
                wanted = set(values) & ({"si"} if asked.must else set(values))
                single = asked.kind in _ONE_ANSWER
                allowed[key] = wanted & allowed.get(key, wanted) if single else wanted
        if any(not values for values in allowed.values()):
            yield Complaint((*where, place), f"`{one.id}` is never asked: no answers fulfil its `when`")
        before[one.id] = one
