"""Kinds of answers: read what was typed, picked or sent; check it; show it back.

An answer is plain JSON, the same in a draft, a request and a record: text, an
option's id or a list of them, true or false, a number, an ISO date
(`2026-12-11`), an ISO moment with its offset (`2026-12-11T17:00-06:00`, and after
a slash the hour at which it ends), `{"text", "latitude", "longitude"}` for a
place, `{"width", "height", "unit"}` for a size, and a list of file ids.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

from bot.flows.calendar import Calendar
from bot.flows.dates import Unclear, When, long_date, long_when, read_when
from bot.flows.procedure import Requisito
from bot.flows.words import bare, fold, place_in

TEXT_LENGTH = 300
LONG_TEXT_LENGTH = 2000
MAX_FILES = 20
_LARGEST = 1_000_000
_YEARS_AHEAD = 20
_WRITTEN = frozenset({"text", "long_text", "person"})  # they count their own characters

# A right-to-left override hidden in an answer would garble everything printed after it.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LENGTH = r"(\d+(?:[.,]\d+)*)\s*(?:(cms?|centimetros?|mms?|milimetros?|mt?s?|metros?|px|pixel(?:es)?)\b)?"
_BY = r"\s*(?:x|por|×|\*)\s*"
_SIZE = re.compile(rf"(?<![\d.,-]){_LENGTH}{_BY}{_LENGTH}")
# A third figure or an inch would change what the first two mean.
_NOT_A_SIZE = re.compile(rf"{_LENGTH}{_BY}{_LENGTH}(?:{_BY}\d|\s*(?:pulg|plg|pies?\b|[\"”]))")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_AMOUNT = re.compile(r"-?(?:\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.\d{1,2})?")
_YES = frozenset({"si", "sip", "claro", "ok", "va", "correcto", "afirmativo"})
_NO = frozenset({"no", "nop", "nel", "negativo", "ninguno", "ninguna"})
_DURATION = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)\s*(h|hr|hrs|hora|horas|min|mins|minuto|minutos|dia|dias)\b")
_SPOKEN = (
    (re.compile(r"\b(hora|horas|hr|hrs|h) y media\b"), r"\1 30 min"),
    (re.compile(r"\bmedia hora\b"), "30 min"),
    (re.compile(r"\b(?:un|una) (?=hora|dia)|^(?=hora\b)"), "1 "),
    (re.compile(r"\bdos (?=hora|dia)"), "2 "),
    (re.compile(r"\btres (?=hora|dia)"), "3 "),
)
# What may stand around a duration without changing it; «2 a 3 horas» is not one.
_AROUND = re.compile(r"(?:\b(?:y|con|de|dura|como|unas|unos|aprox|aproximadamente|mas o menos)\b|[\s,.])*")
_MINUTES = {"h": 60, "hr": 60, "hrs": 60, "hora": 60, "horas": 60, "dia": 1440, "dias": 1440}


@dataclass(frozen=True)
class Typed:
    """Somebody wrote this."""

    text: str


@dataclass(frozen=True)
class Picked:
    """Somebody pressed the button of this key."""

    key: str


@dataclass(frozen=True)
class Sent:
    """Somebody sent a file that is already kept; `photo` where the app sent it as a picture."""

    file: int
    photo: bool


@dataclass(frozen=True)
class Located:
    """Somebody shared a location, in degrees."""

    latitude: float
    longitude: float
    title: str = ""


@dataclass(frozen=True)
class Phoned:
    """Somebody shared a telephone number."""

    number: str


Said: TypeAlias = Typed | Picked | Sent | Located | Phoned


@dataclass(frozen=True)
class Answered:
    """The requisito has its answer."""

    value: Any


@dataclass(frozen=True)
class Unfinished:
    """Part of the answer is here; `pending` is what to keep until the rest comes."""

    pending: dict[str, Any]


@dataclass(frozen=True)
class Misread:
    """What was said is no answer; `reason` names the template's line, `facts` its figures.

    `pending` is what was understood all the same, to be kept beside the question.
    """

    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    pending: dict[str, Any] = field(default_factory=dict)


Reading: TypeAlias = Answered | Unfinished | Misread


@dataclass(frozen=True)
class Setting:
    """What reading an answer may depend on: the hour here, the days, and the areas by name.

    `past`: whether a date may lie behind us, as that of something already done.
    """

    now: datetime
    calendar: Calendar
    areas: Mapping[str, str] = field(default_factory=dict)
    past: bool = False


def read(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    """Understand an answer, or say why not."""
    if isinstance(said, Typed):
        clean = _INVISIBLE.sub("", said.text).strip()
        if not clean:
            return Misread("empty")
        if asked.kind not in _WRITTEN and len(clean) > LONG_TEXT_LENGTH:
            return Misread("too_long", {"limit": LONG_TEXT_LENGTH, "length": len(clean)})
        said = Typed(clean)
    return _READERS[asked.kind](asked, said, setting, pending)


def _text(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting, pending
    if not isinstance(said, Typed):
        return Misread("not_text")
    limit = asked.max or (LONG_TEXT_LENGTH if asked.kind == "long_text" else TEXT_LENGTH)
    if len(said.text) > limit:
        return Misread("too_long", {"limit": limit, "length": len(said.text)})
    if not any(char.isalnum() for char in said.text):
        return Misread("no_words")
    return Answered(said.text if asked.kind == "long_text" else " ".join(said.text.split()))


def _date(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    if isinstance(said, Picked):
        when = _picked_day(said.key)
        return _on(when, setting) if when else Misread("stale")
    if not isinstance(said, Typed):
        return Misread("not_a_date")
    understood = read_when(said.text, now=setting.calendar.local(setting.now))
    del asked, pending
    if isinstance(understood, Unclear):
        return _unclear(understood)
    return _on(understood.date, setting)


def _on(day: date, setting: Setting) -> Reading:
    today = setting.calendar.local(setting.now).date()
    if day < today and not setting.past:
        return Misread("past", {"when": long_date(day)})
    if day.year > today.year + _YEARS_AHEAD:  # no button of ours offers it, and no calendar reaches it
        return Misread("stale")
    return Answered(day.isoformat())


def _unclear(unclear: Unclear) -> Misread:
    kept: dict[str, Any] = {}
    if unclear.candidates:
        kept["days"] = [day.isoformat() for day in unclear.candidates]
        if unclear.time is not None and not unclear.ambiguous_hour:
            kept["at"] = unclear.time.isoformat("minutes")
            kept["until"] = unclear.end.isoformat("minutes") if unclear.end else None
    return Misread("date", {"why": unclear.why}, kept)


def _picked_day(key: str) -> date | None:
    kind, _, rest = key.partition(":")
    if kind != "d":
        return None
    try:
        return date.fromisoformat(rest)
    except ValueError:
        return None


def _picked_hour(key: str) -> time | None:
    kind, _, rest = key.partition(":")
    if kind != "h":
        return None
    try:
        return time.fromisoformat(rest)
    except ValueError:
        return None


def _datetime(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    """Read a day and its hour, together or one after the other, asking for a doubtful hour."""
    known = date.fromisoformat(pending["date"]) if "date" in pending else None
    if isinstance(said, Picked):
        hour = _picked_hour(said.key)
        if hour is not None and known is not None:
            ends = pending.get("ends", {}).get(hour.isoformat("minutes"))
            return _at(known, hour, time.fromisoformat(ends) if ends else None, setting)
        day = _picked_day(said.key)
        if day is None:
            return Misread("stale")
        if "at" in pending:
            until = time.fromisoformat(pending["until"]) if pending.get("until") else None
            return _at(day, time.fromisoformat(pending["at"]), until, setting)
        return _wait_for_hour(day, setting)
    if not isinstance(said, Typed):
        return Misread("not_a_date")
    del asked
    local = setting.calendar.local(setting.now)
    understood = read_when(said.text, now=local)
    if known is not None:
        understood = _beside(known, said.text, understood, local)
    if isinstance(understood, Unclear):
        return _unclear(understood)
    if understood.time is None:
        return _wait_for_hour(understood.date, setting)
    if understood.ambiguous_hour:
        return _doubtful(understood, setting)
    return _at(understood.date, understood.time, understood.end, setting)


def _hour_words(text: str) -> str:
    text = text.strip()
    return text if re.match(r"(?i)^(a|de|al)\b", text) else f"a las {text}"


def _beside(known: date, text: str, alone: When | Unclear, local: datetime) -> When | Unclear:
    """Read just "5 pm", as people write between a day and its hour, beside that day, unless another day is named."""
    day = known.isoformat()
    both = read_when(f"{day} {text}", now=local)
    if isinstance(both, When) and both.time is not None:
        return both
    return read_when(f"{day} {_hour_words(text)}", now=local) if isinstance(alone, Unclear) else alone


def _wait_for_hour(day: date, setting: Setting) -> Reading:
    checked = _on(day, setting)
    return Unfinished({"date": day.isoformat()}) if isinstance(checked, Answered) else checked


def _doubtful(when: When, setting: Setting) -> Reading:
    waiting = _wait_for_hour(when.date, setting)
    if isinstance(waiting, Unfinished) and when.time is not None:
        later = when.time.hour % 12 + 12
        hours = [time(hour % 24, when.time.minute).isoformat("minutes") for hour in (later - 12, later)]
        ends: dict[str, str] = {}
        if when.end is not None:
            for hour, text in zip((later - 12, later), hours, strict=True):
                end = when.end.replace(hour=(when.end.hour + hour - when.time.hour) % 24)
                ends[text] = end.isoformat("minutes")
        return Unfinished({**waiting.pending, "hours": hours, "ends": ends})
    return waiting


def _at(day: date, hour: time, end: time | None, setting: Setting) -> Reading:
    moment = setting.calendar.at(day, hour).astimezone(setting.calendar.local(setting.now).tzinfo)
    if moment <= setting.now and not setting.past:
        return Misread("past", {"when": long_when(day, hour)})
    text = moment.isoformat(timespec="minutes")
    return Answered(f"{text}/{end.isoformat('minutes')}" if end else text)


def _time(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, pending
    if isinstance(said, Picked):
        hour = _picked_hour(said.key)
        return Answered(hour.isoformat("minutes")) if hour else Misread("stale")
    if not isinstance(said, Typed):
        return Misread("not_text")
    understood = read_when(_hour_words(said.text), now=setting.calendar.local(setting.now))
    if isinstance(understood, Unclear) or understood.time is None:
        return Misread("not_an_hour")
    if understood.ambiguous_hour:
        later = understood.time.hour % 12 + 12
        hours = [time(h % 24, understood.time.minute).isoformat("minutes") for h in (later - 12, later)]
        return Unfinished({"hours": hours})
    return Answered(understood.time.isoformat("minutes"))


def _place(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    if isinstance(said, Located):
        text = _INVISIBLE.sub("", said.title).strip()[:TEXT_LENGTH] or f"{said.latitude:.5f}, {said.longitude:.5f}"
        return Answered({"text": text, "latitude": said.latitude, "longitude": said.longitude})
    read_text = _text(asked, said, setting, pending)
    return Answered({"text": read_text.value}) if isinstance(read_text, Answered) else read_text


def _chosen(asked: Requisito, text: str) -> str | None:
    """The id of the option that was typed: its label or its number, with or without accents."""
    wanted = fold(text)
    place = place_in(wanted, len(asked.options))
    if place is not None:
        return asked.options[place].id
    exact = [one.id for one in asked.options if wanted in (fold(one.label), one.id.replace("_", " "))]
    if exact:
        return exact[0]
    near = [one.id for one in asked.options if fold(one.label).startswith(wanted)]
    return near[0] if len(near) == 1 and len(wanted) > 2 else None  # noqa: PLR2004 (two letters prove nothing)


def _choice(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting, pending
    if isinstance(said, Picked):
        known = any(one.id == said.key for one in asked.options)
        return Answered(said.key) if known else Misread("stale")
    key = _chosen(asked, said.text) if isinstance(said, Typed) else None
    return Answered(key) if key else Misread("not_an_option")


def _apart(asked: Requisito, text: str) -> list[str]:
    """Cut "foto y video" in two, unless an option is called so."""
    if not text.strip() or _chosen(asked, text):
        return [text] if text.strip() else []
    return [part for part in re.split(r"\s+y\s+", text) if part.strip()]


def _choices(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting
    ticked = [str(one) for one in pending.get("ticked", ())]
    if isinstance(said, Picked):
        if said.key == "done":
            return Answered(ticked) if ticked else Misread("nothing_ticked")
        if all(one.id != said.key for one in asked.options):
            return Misread("stale")
        kept = [one for one in ticked if one != said.key]
        return Unfinished({"ticked": kept if said.key in ticked else [*ticked, said.key]})
    if not isinstance(said, Typed):
        return Misread("not_an_option")
    parts = [part for one in re.split(r"[,;\n]", said.text) for part in _apart(asked, one)]
    keys = [_chosen(asked, part) for part in parts]
    unknown = [part.strip() for part, key in zip(parts, keys, strict=True) if key is None]
    if unknown or not keys:
        return Misread("not_options", {"unknown": unknown})
    return Answered([one.id for one in asked.options if one.id in keys])


def _yes_no(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    if isinstance(said, Picked):
        return Answered(said.key == "si") if said.key in {"si", "no"} else Misread("stale")
    word = fold(said.text) if isinstance(said, Typed) else ""
    if word in _YES or word == "1":
        return Answered(value=True)
    if word in _NO or word == "2":
        return Answered(value=False)
    return Misread("not_yes_no")


def _figure(text: str) -> Decimal | None:
    """Give a figure as written in Mexico: a comma parts thousands; «1,5» could be anything, so it is none."""
    plain = text.replace("$", "").strip()
    return Decimal(re.sub(r"[, ]", "", plain)) if _AMOUNT.fullmatch(plain) else None


def _number(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting, pending
    found = _figure(said.text) if isinstance(said, Typed) else None
    if found is None or found != found.to_integral_value():
        return Misread("not_a_number")
    low, high = asked.min or 0, asked.max or 1_000_000
    if not low <= found <= high:
        return Misread("out_of_range", {"low": low, "high": high})
    return Answered(int(found))


def _money(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    text = re.sub(r"(?i)\s*(pesos|mxn|m\.?n\.?)\.?$", "", said.text) if isinstance(said, Typed) else ""
    found = _figure(text)
    if found is None or found < 0 or found >= Decimal(10) ** 12:
        return Misread("not_money")
    return Answered(f"{found:.2f}")


def _size(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del setting, pending
    text = bare(said.text) if isinstance(said, Typed) else ""
    match = _SIZE.search(text)
    if match is None or _NOT_A_SIZE.search(text):
        return Misread("not_a_size", {"unit": asked.unit})
    width, height = _measure(match[1]), _measure(match[3])
    units = {_unit(match[2] or match[4] or asked.unit), _unit(match[4] or match[2] or asked.unit)}
    if len(units) > 1 or not (0 < width <= _LARGEST and 0 < height <= _LARGEST):
        return Misread("not_a_size", {"unit": asked.unit})
    return Answered({"width": width, "height": height, "unit": units.pop()})


def _measure(text: str) -> float:
    """Give a length, of which a comma may part thousands or decimals; nought where it makes no sense."""
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    return float(text.replace(",", ".")) if len(re.findall("[.,]", text)) < 2 else 0  # noqa: PLR2004 (one at most)


def _unit(text: str) -> str:
    if text.startswith("p"):
        return "px"
    return text[:1] + "m" if text[0] == "c" or text.startswith(("mm", "mi")) else "m"


def _duration(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    text = bare(said.text) if isinstance(said, Typed) else ""
    for spoken, written in _SPOKEN:
        text = spoken.sub(written, text)
    if not _AROUND.fullmatch(_DURATION.sub(" ", text)):
        return Misread("not_a_duration")
    minutes = sum(round(float(n.replace(",", ".")) * _MINUTES.get(unit, 1)) for n, unit in _DURATION.findall(text))
    return Answered(minutes) if 0 < minutes <= _LARGEST else Misread("not_a_duration")


def _phone(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    text = said.number if isinstance(said, Phoned) else said.text if isinstance(said, Typed) else ""
    digits = re.sub(r"[^\d+]", "", text)
    # 044, 045, 01 and +52 1 were how one dialled before 2019; people still write them.
    digits = re.sub(r"^(?:\+?52)?(?:044|045|01|1)?(?=\d{10}$)", "", digits)
    try:
        number = parse(digits, "MX")
    except NumberParseException:
        return Misread("not_a_phone")
    if not is_valid_number(number):
        return Misread("not_a_phone")
    return Answered(format_number(number, PhoneNumberFormat.E164))


def _email(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    try:
        found = validate_email(said.text if isinstance(said, Typed) else "", check_deliverability=False)
    except EmailNotValidError:
        return Misread("not_an_email")
    return Answered(found.normalized)


def _link(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    del asked, setting, pending
    text = said.text if isinstance(said, Typed) else ""
    found = link_in(text)
    return Answered(found) if found else Misread("not_a_link")


_LINK = re.compile(r"^(?:https?://)?(?:[\w-]+\.)+[a-zñ]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?$", re.IGNORECASE)


def link_in(text: str) -> str | None:
    """Give the address that the text is, with its scheme, if it is one."""
    text = text.strip()
    if not _LINK.match(text):
        return None
    if re.fullmatch(r"[\w.-]+\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|gif|webp|zip|ai|psd|mp[34]|mov|txt)", text.lower()):
        return None  # the name of a file, and not the file
    return text if "://" in text else f"https://{text}"


def _area(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    if isinstance(said, Picked):
        name = setting.areas.get(said.key.removeprefix("a:"))
        return Answered(name) if name else Misread("stale")
    if isinstance(said, Typed):
        wanted = fold(said.text)
        names = list(setting.areas.values())
        place = place_in(wanted, len(names))
        if place is not None:
            return Answered(names[place])
        near = [name for name in names if wanted == fold(name)] or [n for n in names if wanted in fold(n)]
        if len(near) == 1 and len(wanted) > 2:  # noqa: PLR2004 (two letters prove nothing)
            return Answered(near[0])
    return _text(asked, said, setting, pending)


def _files(asked: Requisito, said: Said, setting: Setting, pending: Mapping[str, Any]) -> Reading:
    """Gather files, photos and links until `done` ends the answer."""
    del setting
    got: list[Any] = list(pending.get("files", ()))
    if isinstance(said, Sent):
        if asked.kind == "photos" and not said.photo:
            return Misread("not_a_photo")
        if len(got) >= MAX_FILES:
            return Misread("too_many_files", {"limit": MAX_FILES})
        return Unfinished({"files": [*got, said.file]})
    if isinstance(said, Picked) and said.key == "done":
        return Answered(got) if got else Misread("no_files")
    if isinstance(said, Typed) and asked.kind == "files":
        link = link_in(said.text)
        if link and len(got) >= MAX_FILES:
            return Misread("too_many_files", {"limit": MAX_FILES})
        if link:
            return Unfinished({"files": [*got, link]})
    return Misread("not_a_file")


_Reader: TypeAlias = Callable[[Requisito, Said, Setting, Mapping[str, Any]], Reading]

_READERS: dict[str, _Reader] = {
    "text": _text,
    "long_text": _text,
    "person": _text,
    "date": _date,
    "time": _time,
    "datetime": _datetime,
    "place": _place,
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_no,
    "number": _number,
    "size": _size,
    "money": _money,
    "duration": _duration,
    "phone": _phone,
    "email": _email,
    "area": _area,
    "files": _files,
    "photos": _files,
    "link": _link,
}


def show(asked: Requisito, value: Any) -> str:
    """Give an answer as a person reads it. Files are told apart elsewhere, by their names."""
    match asked.kind:
        case "choice":
            return next((one.label for one in asked.options if one.id == value), str(value))
        case "choices":
            return ", ".join(one.label for one in asked.options if one.id in value)
        case "yes_no":
            return "Sí" if value else "No"
        case "date":
            return long_date(date.fromisoformat(value))
        case "datetime":
            return _show_moment(value)
        case "time":
            return f"{value} h"
        case "place":
            return str(value["text"])
        case "size":
            return f"{value['width']:.10g} x {value['height']:.10g} {value['unit']}"
        case "money":
            return f"${Decimal(value):,.2f}"
        case "duration":
            return _show_minutes(value)
        case "phone":
            return _show_phone(value)
        case _:
            return str(value)


def brief_date(day: date) -> str:
    """A day as a button has room for it: `mié 25 nov`."""
    weekday, _, rest = long_date(day).partition(" ")
    number, _, month, *_ = rest.split()
    return f"{weekday[:3]} {number} {month[:3]}"


def _show_moment(value: str) -> str:
    start, _, end = value.partition("/")
    moment = datetime.fromisoformat(start)
    shown = long_when(moment.date(), moment.time())
    return f"{shown.removesuffix(' h')} a {end} h" if end else shown


def _show_minutes(value: int) -> str:
    hours, minutes = divmod(value, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)


def _show_phone(value: str) -> str:
    local = value.removeprefix("+52")
    return f"{local[:2]} {local[2:6]} {local[6:]}" if len(local) == 10 else value  # noqa: PLR2004 (digits in Mexico)


def moments(value: Any, calendar: Calendar) -> tuple[datetime | None, datetime | None]:
    """When a date or datetime answer begins and ends, in UTC; a bare date begins at 00:00."""
    if not isinstance(value, str):
        return None, None
    text, _, until = value.partition("/")
    start = datetime.fromisoformat(text)
    if start.tzinfo is None:
        return calendar.at(start.date(), time.min), None
    begins = calendar.at(start.date(), start.time())
    if not until:
        return begins, None
    ends = calendar.at(start.date(), time.fromisoformat(until))
    return begins, ends if ends > begins else calendar.at(start.date() + timedelta(days=1), time.fromisoformat(until))
