"""Answers that fit whatever a form asks, for whoever fills one in without knowing the procedure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from bot import shelf
from bot.flows.draft import Draft
from bot.flows.procedure import Activity, Manual, Procedure, Requisito

_HOUSE = shelf.house()
_MONTHS = [
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
]  # fmt: skip
# What a draft asks that no form of a manual or of ours describes: a day of a campaign.
_DAY = Requisito(id="dia", label="x", ask="x", kind="date", cite="x")


@dataclass(frozen=True)
class Answers:
    """What to say to the forms of one procedure; `branch` makes one request's answers differ from another's."""

    manual: Manual
    law: Procedure
    branch: int = 0

    def asked(self, draft: Draft, activity: Activity | None) -> Requisito:
        """What a draft asks now, where it is neither at its summary nor at its confirmation."""
        fields: list[Requisito] = list(self.law.requisitos)
        if activity is not None:
            mine = [*activity.form, *(one for option in activity.options for one in option.form)]
            chosen = activity.option(draft.option) if draft.option else None
            fields = [*(chosen.form if chosen else ()), *mine] if draft.purpose == "act" else fields
        fields.extend((*_HOUSE.aviso, *_HOUSE.back, *_HOUSE.reason, *_HOUSE.behalf))
        found = next((one for one in fields if one.id == draft.asking), None)
        if found is not None:
            return found
        return _HOUSE.again if (draft.asking or "").endswith("_otro") else _DAY

    def said(self, asked: Requisito, draft: Draft, now: datetime) -> str:
        """An answer that fits; choices differ from one request to the next."""
        later = now.astimezone() + timedelta(days=30 + self.branch)
        day = f"{later.day} de {_MONTHS[later.month - 1]} de {later.year}"
        pick = str(1 + self.branch % max(1, len(asked.options)))
        if asked.id == "requisitos" and draft.option:
            return "1 listo"
        return {
            "date": day,
            "datetime": f"{day} 17:00",
            "time": "17:00",
            "choice": pick,
            "choices": f"{pick} listo",
            "yes_no": _yes_or_no(asked, draft),
            "number": str(asked.min or 1),
            "size": "60 x 90 cm",
            "money": "1250",
            "duration": "2 horas",
            "phone": "55 5512 3456",
            "email": "ana@ejemplo.gob.mx",
            "link": "https://ejemplo.gob.mx/aviso",
            "files": "listo",
            "photos": "listo",
            "area": _areas(self.manual) if asked.several else "1",
        }.get(asked.kind, "Palabras de prueba")


def _areas(manual: Manual) -> str:
    """The areas that have somebody to answer for them."""
    named = (manual.areas[key].name for key in _spoken_for(manual.id) if key in manual.areas)
    return f"{', '.join(named)}, listo"


@cache
def _spoken_for(manual: str) -> tuple[str, ...]:
    demo = shelf.demo(shelf.MANUALS, manual)
    return tuple(dict.fromkeys(one.area for one in demo.people if one.area))


def wants_file(asked: Requisito, draft: Draft) -> bool:
    """Whether a file is what is wanted next."""
    return asked.kind in {"files", "photos"} and not draft.pending.get("files")


def _yes_or_no(asked: Requisito, draft: Draft) -> str:
    """Yes, but to describe a second thing of a group, once only."""
    group = (draft.asking or "").removesuffix("_otro")
    return "no" if asked.id == "otro" and draft.answers.get(group) else "sí"
