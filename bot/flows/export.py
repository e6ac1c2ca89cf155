"""What other programs read: the catalogue and a request's record, as plain JSON values."""

from collections.abc import Sequence
from typing import Any

from bot.flows.catalogue import Catalogue
from bot.flows.events import Event
from bot.flows.procedure import Activity, AskedNotice, Option, Procedure, Requisito
from bot.flows.request import Request

_DAYS = ("lun", "mar", "mié", "jue", "vie", "sáb", "dom")


def catalogue_json(catalogue: Catalogue) -> dict[str, Any]:
    """Everything that the procedure files say."""
    return {
        "manuals": [
            {
                "id": manual.id,
                "title": manual.title,
                "procedures": [_procedure(one) for one in manual.procedures],
            }
            for manual in catalogue.manuals.values()
        ]
    }


def _procedure(law: Procedure) -> dict[str, Any]:
    delivery, reception = law.delivery, law.reception
    return {
        "code": law.code,
        "slug": law.slug,
        "title": law.title,
        "section": law.section,
        "trigger": law.trigger,
        "opened_by": list(law.opened_by),
        "requisitos": [_requisito(one) for one in law.requisitos],
        "notice": _notice(law.notice),
        "recommended_notice": _notice(law.recommended_notice),
        "delivery": delivery
        and {"amount": delivery.amount, "unit": delivery.unit, "from_activity": delivery.from_activity},
        "reception": reception
        and {
            "days": [_DAYS[day] for day in sorted(reception.days)],
            "from": f"{reception.opens:%H:%M}",
            "to": f"{reception.closes:%H:%M}",
        },
        "activities": [_activity(one) for one in law.activities],
    }


def _requisito(one: Requisito) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        "kind": one.kind,
        "required": one.required,
        "options": [{"id": option.id, "label": option.label} for option in one.options],
        "when": {key: list(values) for key, values in one.when.items()} or None,
        "cite": one.cite,
        "added": one.added,
    }


def _notice(one: AskedNotice | None) -> dict[str, Any] | None:
    return {"amount": one.amount, "unit": one.unit, "before": one.before} if one else None


def _activity(one: Activity) -> dict[str, Any]:
    return {
        "n": one.n,
        "role": one.role,
        "text": one.text,
        "kind": one.does,
        "action": {"label": one.action} if one.action else None,
        "question": one.question,
        "options": [_option(option) for option in one.options],
        "next": one.next,
        "end": one.end is not None,
        "added": one.added,
        "erratum": one.erratum,
    }


def _option(one: Option) -> dict[str, Any]:
    return {"id": one.id, "label": one.label, "to": one.to, "by": one.by, "added": one.added}


def record_json(request: Request, events: Sequence[tuple[int, Event]]) -> dict[str, Any]:
    """One request's record: where it stands, what was answered and everything that happened."""
    return {
        "folio": request.folio,
        "manual": request.manual,
        "procedure": request.procedure,
        "edition": request.edition,
        "state": request.state,
        "outcome": request.outcome,
        "activity": request.activity,
        "answers": request.answers,
        "events": [
            {
                "seq": seq,
                "at": event.at.isoformat(),
                "activity": event.activity,
                "kind": event.kind,
                "actor": event.name,
                "role": event.role,
                "option": event.option,
                "note": event.note,
            }
            for seq, event in events
        ],
    }
