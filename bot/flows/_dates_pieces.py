"""The pieces that a date is said with, as values."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from bot.flows._dates_answers import Unclear
from bot.flows._dates_hours import Hours


@dataclass(frozen=True, slots=True)
class DayMonth:
    day: int
    month: int
    year: int | None


@dataclass(frozen=True, slots=True)
class FromToday:
    """A day told by its distance: hoy, en 3 días, dentro de un mes. `hours` is the distance of a moment."""

    days: int = 0
    months: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class DayOnly:
    """«el 24»; `month_ahead` is 0 for «de este mes» and 1 for the next one."""

    day: int
    month_ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Weekday:
    """«el viernes»; `coming` if it cannot be today, `weeks_after` for «el viernes en ocho»."""

    weekday: int
    coming: bool = False
    weeks_after: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    ahead: int


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """«el último viernes de noviembre»: `nth` is -1; without `weekday` it is a day of the month."""

    nth: int
    weekday: int | None
    month: int | None
    year: int | None
    month_ahead: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    name: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word around the date. `glue` joins, `aside` is a whole remark, `unknown` is anybody's guess."""

    text: str
    kind: Literal["glue", "aside", "unknown"]


Said: TypeAlias = DayMonth | FromToday | DayOnly | Weekday | Week | NthWeekday | Part | Hours
Content: TypeAlias = Said | Word | Unclear


@dataclass(frozen=True, slots=True)
class Piece:
    content: Content
    text: str
