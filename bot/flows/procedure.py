"""What a manual's file may say.

The shape only; the mistakes that a well-shaped file may still contain are in
`catalogue.py`, which also knows on which line they stand.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from bot.flows.calendar import Calendar, Hours, Notice, Reception
from bot.flows.value import Value

# Ids stand inside Telegram's 64-byte buttons beside a number or two.
Name: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,23}$")]
Number: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+)*$")]
Words: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Clause: TypeAlias = Words
Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True)]

Kind: TypeAlias = Literal[
    "text", "long_text", "date", "time", "datetime", "place", "choice", "choices", "yes_no", "number",
    "size", "money", "duration", "phone", "email", "person", "area", "files", "photos", "link",
]  # fmt: skip
Unit: TypeAlias = Literal["hours", "days", "business_days"]

_DAYS = {"lun": 0, "mar": 1, "mié": 2, "jue": 3, "vie": 4, "sáb": 5, "dom": 6}


def _week(value: object) -> object:
    """Turn `[lun, mar]` into the numbers that Python's calendar uses."""
    if isinstance(value, dict) and isinstance(value.get("days"), list):
        return {**value, "days": [_DAYS.get(day, day) for day in value["days"]]}
    return value


class Choice(Value):
    """One of the answers that a requisito offers."""

    id: Name
    label: Words


class Requisito(Value):
    """One thing that the manual asks of whoever requests, or that an activity asks of whoever acts.

    `several`: more than one area may be chosen. Requisitos of one `group` are asked
    together, and again for each thing of which there are several. `must` is why the
    only answer that leads on is yes, said to whoever answers no. `usual` are the texts
    that most people would write, each offered with one tap.
    """

    id: Name
    label: Words
    ask: Words
    kind: Kind
    required: bool = True
    options: tuple[Choice, ...] = ()
    when: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)
    help: Text = ""
    example: Text = ""
    offer: Literal["area", "name", "phone", "recent"] | None = None
    usual: tuple[Words, ...] = ()
    max: int | None = None
    min: int | None = None
    unit: Literal["cm", "m", "px"] = "cm"
    several: bool = False
    group: Name | None = None
    must: Words | None = None
    cite: Clause
    added: Words | None = None

    def is_asked(self, answers: Mapping[str, object]) -> bool:
        """Whether earlier answers make this requisito apply."""
        return applies(self.when, answers)


def applies(when: Mapping[str, tuple[str, ...]], answers: Mapping[str, object]) -> bool:
    """Whether a named condition on earlier answers holds."""
    return all(_among(answers.get(key), allowed) for key, allowed in when.items())


def _among(answer: object, allowed: tuple[str, ...]) -> bool:
    if isinstance(answer, bool):
        return ("si" if answer else "no") in allowed
    if isinstance(answer, list | tuple):
        return any(item in allowed for item in answer)
    return answer in allowed


class Option(Value):
    """A button that leads on from an activity.

    With `spawns` the activity goes on waiting, and something beside it begins at `to`
    (each comment on a publication). `due` names the date of the form for which the
    turn is wanted from then on. `usual` are the reasons most often given, where the
    house's own do not fit.
    """

    id: Name
    label: Words
    to: Number | None = None
    by: Name | None = None
    outcome: Words | None = None
    asks: Literal["return", "reason"] | None = None
    usual: tuple[Words, ...] = ()
    form: tuple[Requisito, ...] = ()
    confirm: Words | None = None
    spawns: bool = False
    due: Name | None = None
    added: Words | None = None


class Link(Value):
    """A request in another procedure that begins beside this one, at one of its activities.

    `when` is as in a requisito. `answers` says which of our answers is which of theirs.
    """

    procedure: Words
    at: Number
    when: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)
    answers: dict[Name, Name] = Field(default_factory=dict)


class Assignment(Value):
    """To whom an activity is handed in person: somebody of `role`, the least loaded first."""

    role: Name


class Term(Value):
    """A length of time that begins where an activity does."""

    amount: int = Field(gt=0)
    unit: Unit


class Delivery(Term):
    """By when the manual promises the result, counted from an inner activity."""

    from_activity: Number
    cite: Clause


class AskedNotice(Notice):
    """How long before the answer to `before` the request must arrive; `when` is as in a requisito."""

    before: Name
    cite: Clause
    when: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)


class Window(Reception):
    """The hours in which the manual receives requests."""

    cite: Clause


Does: TypeAlias = Literal["file", "correct", "decide", "task", "deliver", "auto", "outside", "plan"]


def _remark(value: object) -> object:
    """Take a remark that holds always as it is written: as its text alone."""
    return {"text": value} if isinstance(value, str) else value


class Remark(Value):
    """Something to know before sending; with `when`, as in a requisito, only of some requests."""

    text: Words
    when: dict[Name, tuple[Name, ...]] = Field(default_factory=dict)


class Activity(Value):
    """One numbered line of the manual's table.

    `does` says what it is: the filing itself (`file`), the mending of what was
    returned (`correct`), a question with answers (`decide`), something its
    responsible marks as done (`task`), a proposal that somebody reviews in
    rounds (`deliver`), what the bot performs (`auto`), an act of somebody
    outside (`whose`) that its role records (`outside`), or the planning of a
    campaign, with a date for each of a list (`plan`).

    `joins` names the activities after which the same gesture performs this one too.
    `each` opens it once for each area, thing or planned item of that name; `join`
    waits until all of them have arrived. `role_for` gives it to another role, by the
    kind of the area that asks. `opens` begins a linked request when it is performed.
    `goes_to` is the requisito with the place to which its responsible must go.
    """

    n: Number
    role: Name
    role_for: dict[Name, Name] = Field(default_factory=dict)
    whose: Words | None = None
    text: Words
    cite: Clause
    does: Does
    action: Words | None = None
    question: Words | None = None
    options: tuple[Option, ...] = ()
    next: Number | None = None
    end: Words | None = None
    joins: tuple[Number, ...] = ()
    form: tuple[Requisito, ...] = ()
    assign: Assignment | None = None
    goes_to: Name | None = None
    agenda: Name | None = None
    not_before: Name | None = None
    folio: Name | None = None
    tell: tuple[Name, ...] = ()
    term: Term | None = None
    each: Name | None = None
    join: bool = False
    plan: Name | None = None
    opens: Link | None = None
    added: Words | None = None
    erratum: Words | None = None

    def exits(self) -> Iterator[str]:
        """The numbers of the activities that may follow."""
        if self.next is not None:
            yield self.next
        for option in self.options:
            if option.to is not None:
                yield option.to

    def option(self, key: str) -> Option | None:
        """The option of that id, if the activity has it."""
        return next((option for option in self.options if option.id == key), None)


class Procedure(Value):
    """A way of working, written down: who does what, in which order.

    `asked_as` are everyday phrases by which people ask for it, to find it by. `urgent`:
    whoever asks may say that it cannot wait for the morning.
    """

    procedure: Words
    series: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9-]{1,12}$")]
    title: Words
    wish: Words
    asked_as: tuple[Words, ...] = ()
    section: Words
    trigger: Literal["request", "calendar", "continuous"] = "request"
    opened_by: tuple[Name, ...] = Field(min_length=1)
    urgent: bool = False
    requisitos: tuple[Requisito, ...] = ()
    notice: AskedNotice | None = None
    notice_when: tuple[AskedNotice, ...] = ()
    recommended_notice: AskedNotice | None = None
    delivery: Delivery | None = None
    reception: Annotated[Window | None, BeforeValidator(_week)] = None
    remarks: tuple[Annotated[Remark, BeforeValidator(_remark)], ...] = ()
    activities: tuple[Activity, ...] = Field(min_length=1)

    @property
    def code(self) -> str:
        """The manual's own code."""
        return self.procedure

    @property
    def slug(self) -> str:
        """The code as a deep link can carry it: lower case, every other character a hyphen."""
        return re.sub(r"[^a-z0-9]", "-", self.procedure.lower())

    def activity(self, n: str) -> Activity:
        """The activity of that number.

        Raises:
            KeyError: the procedure has no such activity.

        """
        for activity in self.activities:
            if activity.n == n:
                return activity
        raise KeyError(n)

    def requisito(self, key: str) -> Requisito | None:
        """The requisito of that id, if there is one."""
        return next((one for one in self.requisitos if one.id == key), None)

    def remarks_for(self, answers: Mapping[str, object]) -> tuple[str, ...]:
        """What there is to know of a request with these answers."""
        return tuple(one.text for one in self.remarks if applies(one.when, answers))

    def notes_for(self, answers: Mapping[str, object]) -> tuple[str, ...]:
        """The same, without what holds of every request."""
        return tuple(one.text for one in self.remarks if one.when and applies(one.when, answers))

    @property
    def first(self) -> Activity:
        """The activity with which a request begins."""
        return self.activities[0]

    @property
    def total(self) -> int | None:
        """How many activities there are, where the manual simply counts them."""
        printed = [one for one in self.activities if one.added is None]
        return len(printed) if printed and all(one.n.isdigit() for one in printed) else None


class Role(Value):
    """A party that the manual names.

    `of_area`: held for one area, whose requests alone it reaches. `serves`: staff
    of another role, to whom that role's activities can be assigned in person.
    `anyone_of`: whoever holds one of these roles holds this one.
    """

    label: Words
    party: Words
    of_area: bool = False
    serves: Name | None = None
    anyone_of: tuple[Name, ...] = ()


class Place(Value):
    """An area that may ask; `kind` is what routing depends on (`central`, `organismo`)."""

    name: Words
    kind: Name = "central"


class Manual(Value):
    """A municipality's manual: its parties, its calendar and its procedures.

    `lists` are the things that campaigns go through, by id, beside the areas. Outside
    `hours` nobody is disturbed.
    """

    manual: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,23}$")]
    title: Words
    office: Words
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,4}$")]
    zone: Words = "America/Mexico_City"
    contact: Words
    edition: Words
    withdrawn: Words = "Retirada por quien la solicitó"
    closed: dict[str, Words] = Field(default_factory=dict)
    hours: Hours = Hours()
    roles: dict[Name, Role]
    areas: dict[Name, Place] = Field(default_factory=dict)
    lists: dict[Name, dict[Name, Words]] = Field(default_factory=dict)
    order: tuple[Words, ...] = Field(min_length=1)
    procedures: tuple[Procedure, ...] = ()

    @property
    def id(self) -> str:
        """The municipality's id, the same everywhere."""
        return self.manual

    @cached_property
    def calendar(self) -> Calendar:
        """The municipality's days."""
        return Calendar.model_validate({"zone": self.zone, "closed": self.closed})

    def with_role(self, role: str) -> frozenset[str]:
        """The roles that count as this one: itself, and any that may stand for it."""
        return frozenset({role, *self.roles[role].anyone_of})

    @property
    def pools(self) -> frozenset[str]:
        """The roles whose people are handed activities in person."""
        return frozenset(one.assign.role for law in self.procedures for one in law.activities if one.assign)

    def procedure(self, key: str) -> Procedure | None:
        """The procedure of that code, slug or series, in any case."""
        wanted = key.strip().lower()
        for one in self.procedures:
            if wanted in (one.code.lower(), one.slug, one.series.lower()):
                return one
        return None

    @model_validator(mode="after")
    def _every_staff_serves_somebody(self) -> Self:
        for name, role in self.roles.items():
            for other in role.anyone_of:
                if other not in self.roles:
                    raise ValueError(f"role `{name}` counts `{other}`, which does not exist")
            if role.serves is not None and role.serves not in self.roles:
                raise ValueError(f"role `{name}` serves `{role.serves}`, which does not exist")
        return self
