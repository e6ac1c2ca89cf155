"""Facts for every template, as the desk gives them; `SAID` stands wherever a person's own words go.

A template may have several rows, one for each of its faces.
"""

from typing import Any

SAID = "§"
"""Replaced by whatever somebody might write."""

Facts = dict[str, Any]

_DAY = "2026-12-11"
_MOMENT = "2026-12-11T23:00:00+00:00"
_CONTACT = "Coordinación de Comunicación Social, Reforma No. 4 · 597 2 82 80"
_LABELS = ["Nombre del evento", "Fecha y hora", "Lugar y dirección"]

_ACTIVITY = {"n": "5", "total": 8, "text": "Turna la solicitud al departamento que corresponde."}
_HEAD: Facts = {
    "folio": "CHA-P01-2026-0001",
    "title": "Cobertura fotográfica y/o videográfica de eventos institucionales",
    "activity": _ACTIVITY,
    "office": "Coordinación de Comunicación Social",
}
_WAITS: Facts = {
    "waits": [
        {"n": "7", "text": "Realiza la cobertura.", "party": "Departamento", "due": _MOMENT, "item": None},
        {"n": "8", "text": "Entrega el boletín.", "party": "Coordinador", "due": None, "item": "ODAPAS"},
    ],
    "state": "open",
    "outcome": None,
}
_ENDED: Facts = {"waits": [], "state": "closed", "outcome": "Cobertura concluida"}
_FOURTEEN = [{"label": f"Requisito {n}", "value": SAID} for n in range(14)]
_ACT: Facts = {
    "item": None, "did": None, "withdrawn": False, "undone": False, "by": "Ana", "at": _MOMENT, "note": None,
    "left": None,
}  # fmt: skip
_EXTRAORDINARY: Facts = {"reason": SAID, "given": 20, "asked": 72, "unit": "hours", "cite": "1.7"}
_ACTS = [
    {"n": n, "text": "Revisa la solicitud.", "by": by, "kind": kind, "option": option, "note": note, "files": 0}
    for n, by, kind, option, note in (
        ("2", "Rosa Ibarra", "decided", "No cumple", SAID),
        ("3", "bot", "performed", None, None),
        ("10", "bot", "numbered", None, "CHA-FS-2026-0001"),
        ("10", "bot", "assigned", None, "Toño Vera"),
        ("10", "Toño Vera", "accepted", None, None),
        ("10", "Toño Vera", "set_out", None, None),
        ("10", "Toño Vera", "declined", None, SAID),
        ("11", "Ana Robles", "withdrawn", None, SAID),
        ("11", "Ana Robles", "undone", None, None),
        ("11", "Ana Robles", "commented", None, SAID),
        ("11", "Rosa Ibarra", "asked", None, SAID),
        ("11", "Ana Robles", "answered", None, SAID),
        ("12", "bot", "closed", None, "Cobertura concluida"),
    )
]
_ASKED = [{"by": "Rosa Ibarra", "at": _MOMENT, "text": SAID}]
_REMARK: Facts = {**_HEAD, "by": "Ana Robles", "text": SAID, "file": None, "place": 0, "total": 0}
_WITH_FILE: Facts = {"file": "cartel <1>.pdf", "place": 1, "total": 3}
_REACHED: Facts = {"to": [1], "files": 0, "album": None}
_PRIVACY: Facts = {
    "name": SAID,
    "office": "Coordinación de Comunicación Social",
    "manual": "Chalco",
    "contact": _CONTACT,
    "roles": ["Enlace · Dirección de Cultura"],
    "declined": False,
}
_QUESTION: Facts = {
    "title": "Cobertura",
    "folio": None,
    "item": None,
    "place": 2,
    "total": 14,
    "label": "Fecha y hora",
    "ask": "¿Qué día y a qué hora empieza?",
    "kind": "datetime",
    "example": "viernes 11 de diciembre, 5 pm",
    "required": True,
    "options": ["vie 11 dic", "lun 14 dic"],
    "current": SAID,
    "echo": {"label": "Nombre del evento", "value": SAID},
    "trouble": None,
    "lost": False,
    "contact": _CONTACT,
    "gathered": None,
    "ticked": [],
    "day": None,
    "doubt": None,
    "calendar": None,
    "clock": None,
    "hour": None,
    "early": False,
    "notice": None,
    "recommended": {"amount": 8, "unit": "days", "cite": "1.3"},
    "taken": [],
}
_WISHES = [{"wish": "Que cubran un evento", "title": "Cobertura", "code": "GCH-CCS-P01-2023"}]
_TOLD = [
    {"label": "Fecha y hora", "value": "", "half": _DAY},
    {"label": "Lugar y dirección", "value": SAID, "half": None},
]
_NOTICE: Facts = {"amount": 72, "unit": "hours", "cite": "1.7"}
_HOME: Facts = {
    "name": SAID,
    "office": "Coordinación de Comunicación Social",
    "manual": "Chalco",
    "roles": ["Enlace · Dirección de Cultura", "Coordinador"],
    "waiting": 3,
    "drafts": 1,
    "can_open": True,
    "asked": 2,
    "last": {"title": "Que cubran un evento", "done": 3, "total": 7},
    "greeting": False,
    "lost": False,
    "available": None,
    "contact": _CONTACT,
}
_CARD: Facts = {
    **_HEAD,
    "question": "¿Cumple con los requisitos?",
    "area": "Dirección de Cultura",
    "requester": SAID,
    "answers": _FOURTEEN,
    "sent_at": _MOMENT,
    "received_at": _MOMENT,
    "extraordinary": _EXTRAORDINARY,
    "returned": {"labels": _LABELS, "comment": SAID, "by": "Rosa Ibarra"},
    "round": 2,
    "due": _MOMENT,
    "numbers": ["CHA-FS-2026-0001"],
    "given": _FOURTEEN,
    "handed_to": SAID,
    "progress": "accepted",
    "passed": {"by": SAID, "note": SAID},
    "pool": False,
    "place": {"label": "Ubicación", "text": SAID, "map": "https://maps.google.com/?q=19.26,-98.89"},
    "notes": ["Es fuera de Palacio; el área pone el traslado."],
    "remarks": ["El equipo se lleva a la oficina."],
    "clashes": ["CHA-P01-2026-0002 · Feria"],
    "item": "ODAPAS Chalco",
    "parent": {"id": 4, "folio": "CHA-P02-2026-0004", "wish": "Que se difunda", "outcome": None},
    "files": 2,
    "notice": None,
    "rounds": {
        "count": 4,
        "lines": [
            {"by": "Rosa Ibarra", "at": _MOMENT, "did": "No cumple", "labels": _LABELS, "note": SAID},
            {"by": "Ana Robles", "at": _MOMENT, "did": "Pedir cambios", "labels": [], "note": None},
        ],
    },
    "before": {
        "place": 3,
        "month": None,
        "last": {"folio": "CHA-P01-2026-0001", "subject": SAID, "outcome": "Cubierta"},
    },
    "fold": None,
    "whose": "Dirección de Cultura",
    "said": {"by": "Rosa Ibarra", "did": "Pedir cambios", "note": SAID},
    "questions": _ASKED,
    "urgent": True,
}

TROUBLES: tuple[Facts, ...] = (
    {"reason": "empty"},
    {"reason": "no_words"},
    {"reason": "not_text"},
    {"reason": "too_long", "length": 2100, "limit": 1500},
    {"reason": "which_area", "text": SAID},
    {"reason": "which_person", "text": SAID},
    {"reason": "date", "why": "No entendí la fecha."},
    {"reason": "past", "when": "viernes 13 de noviembre de 2026"},
    {"reason": "not_a_date"},
    {"reason": "not_an_hour"},
    {"reason": "not_an_option"},
    {"reason": "not_options", "unknown": [SAID]},
    {"reason": "nothing_ticked"},
    {"reason": "not_yes_no"},
    {"reason": "not_a_number"},
    {"reason": "out_of_range", "low": "1", "high": "500"},
    {"reason": "not_money"},
    {"reason": "not_a_size", "unit": "cm"},
    {"reason": "not_a_size", "unit": "px"},
    {"reason": "not_a_duration"},
    {"reason": "not_a_phone"},
    {"reason": "not_an_email"},
    {"reason": "not_a_link", "why": None},
    *({"reason": "not_a_link", "why": why} for why in ("file", "email", "scheme")),
    {"reason": "not_a_photo"},
    {"reason": "not_a_file"},
    {"reason": "no_files"},
    {"reason": "too_many_files", "limit": 10},
    {"reason": "cannot_skip"},
    {"reason": "gone"},
)

_TURNS: tuple[Facts, ...] = tuple(
    {
        "turns": [{"folio": "CHA-P10-2026-0001", "wish": "Que arreglen mi equipo", "subject": SAID}] * min(count, 6),
        "count": count,
    }
    for count in (0, 1, 2, 9)
)

ROWS: dict[str, tuple[Facts, ...]] = {
    "card": (
        _CARD,
        {
            **_CARD, "question": None, "extraordinary": None, "returned": None, "round": 0, "due": None, "numbers": [],
            "given": [], "handed_to": None, "pool": True, "remarks": [], "clashes": [],
            "rounds": None, "before": None, "files": 0,
            "item": None, "parent": None, "whose": None, "said": None, "place": None, "notes": [], "passed": None,
            "progress": "", "questions": [], "urgent": False,
        },
        {
            **_CARD, "extraordinary": None, "fold": {"page": 0, "pages": 0, "hidden": 9}, "given": [],
            "notice": {"given": 9, "asked": 3, "unit": "business_days", "cite": "2.3", "kept": True, "only": False},
            "before": {"place": 14, "month": "octubre", "last": None},
        },
        {
            **_CARD, "extraordinary": None, "fold": {"page": 2, "pages": 3, "hidden": 0}, "given": [], "answers": [],
            "notice": {"given": 3, "asked": 8, "unit": "days", "cite": "1.3", "kept": False, "only": True},
            "before": {"place": 1, "month": None, "last": {"folio": "A", "subject": None, "outcome": None}},
            "rounds": {"count": 1, "lines": []}, "parent": {"id": 1, "folio": "B", "wish": "C", "outcome": "D"},
        },
        {
            **_CARD, "extraordinary": None, "fold": {"page": 1, "pages": 1, "hidden": 0}, "given": [], "before": None,
            "notice": {"given": 1, "asked": 72, "unit": "hours", "cite": "1.7", "kept": False, "only": False},
            "rounds": None,
        },
        {**_CARD, "progress": "under_way", "place": {"label": "Ubicación", "text": SAID, "map": None}},
    ),
    "available": _TURNS,
    "away": _TURNS,
    "cannot_send": ({"area": "Dirección de Cultura", "contact": _CONTACT}, {"area": None, "contact": _CONTACT}),
    "catalogue": (
        {"procedures": _WISHES * 30, "used": 3, "example": "fotos de un evento"},
        {"procedures": _WISHES * 3, "used": 0, "example": None},
    ),
    "choose_staff": (
        {
            **_HEAD,
            "people": [
                {"name": name, "load": load, "available": there, "declined": declined, "has_it": has_it}
                for name, load, there, declined, has_it in (
                    ("Toño Vera", 1, True, False, True), (SAID, 4, False, False, False), (SAID, 0, True, True, False),
                )
            ],
        },
    ),
    "closed_already": ({"folio": "CHA-P01-2026-0001"},),
    "answer": (
        {**_REMARK, "asked": SAID},
        {**_REMARK, **_WITH_FILE, "asked": SAID},
        {**_REMARK, **_WITH_FILE, "asked": SAID, "text": "", "place": 2},
    ),
    "answered": (
        {**_HEAD, "by": "Ana Robles", "asked": SAID, "asker": "Rosa Ibarra", **_REACHED},
        {**_HEAD, "by": "Ana Robles", "asked": SAID, "asker": "Rosa Ibarra", **_REACHED, "files": 3},
    ),
    "asked": ({**_HEAD, "by": "Rosa Ibarra", "text": SAID, "key": 1},),
    "comment": (
        _REMARK,
        {**_REMARK, **_WITH_FILE},
        {**_REMARK, **_WITH_FILE, "text": "", "place": 2},
        {**_REMARK, **_WITH_FILE, "text": "", "total": 1},
    ),
    "commented": (
        {**_HEAD, "by": "Ana Robles", "reached": 1, **_REACHED},
        {**_HEAD, "by": "Ana Robles", "reached": 3, **_REACHED, "files": 1, "album": "7"},
        {**_HEAD, "by": "Ana Robles", "reached": 0, **_REACHED, "files": 10},
    ),
    "confirm": (
        {"folio": "CHA-P01-2026-0001", "label": "Rechazar", "consequence": "La solicitud se cierra.", "early": None},
        {"folio": None, "label": "Retirar", "consequence": "withdraw", "early": None},
        {"folio": None, "label": "Cobertura realizada", "consequence": None, "early": _MOMENT},
    ),
    "digest": (
        {
            "name": SAID,
            "tasks": [
                {
                    "folio": "CHA-P01-2026-0001", "wish": "Que cubran un evento", "activity": _ACTIVITY,
                    "question": question, "due": due, "late": late, "item": item,
                }
                for question, due, late, item in (
                    ("¿Cumple con los requisitos?", _MOMENT, True, None),
                    (None, _MOMENT, False, "ODAPAS Chalco"),
                    (None, None, False, None),
                )
            ],
            "count": 7,
            "drafts": 2,
        },
        {
            "name": SAID,
            "tasks": [
                {
                    "folio": "CHA-P01-2026-0001", "wish": "Que cubran un evento", "activity": _ACTIVITY,
                    "question": None, "due": None, "late": False, "item": None,
                }
            ],
            "count": 1,
            "drafts": 1,
        },
    ),
    "discarded": ({},),
    "draft_fading": ({"title": "Que cubran un evento", "done": 3, "total": 7, "at": _MOMENT},),
    "draft_gone": ({"title": "Que cubran un evento", "done": 3, "total": 7, "days": 30},),
    "draft_kept": ({"title": "Cobertura", "done": 3, "total": 7},),
    "drafts": (
        {"drafts": []},
        {"drafts": [{"title": "Que cubran un evento", "done": 3, "total": 7, "at": _MOMENT}] * 20},
    ),
    "map": ({**_HEAD, "procedure": "GCH-CCS-P01-2023", "edition": "0", "mark": "2"},),
    "enclosure": ({**_HEAD, "name": "propuesta <1> & final.pdf", "round": 2}, {**_HEAD, "name": "a.pdf", "round": 0}),
    "end_role": ({"name": SAID, "role": "Coordinador"},),
    "ended": (
        {**_HEAD, **_ACT, "did": "No cumple", "by": SAID, "note": SAID, **_WAITS},
        {**_HEAD, **_ACT, "item": "ODAPAS Chalco", "did": "Autorizar", "undone": True, **_WAITS},
        {**_HEAD, **_ACT, "withdrawn": True, **_ENDED},
        {**_HEAD, **_ACT, "did": "Sí cumple", "left": {"count": 6, "sieve": None}, **_WAITS},
        {**_HEAD, **_ACT, "did": "Sí cumple", "left": {"count": 0, "sieve": "Por decidir"}, **_WAITS},
    ),
    "file_alone": ({"name": "cartel.pdf", "album": None}, {"name": "cartel.pdf", "album": "7"}),
    "file_trouble": (
        {"trouble": "too_big", "name": "video.mp4", "size": 30_000_000},
        {"trouble": "empty", "name": "vacío.txt", "size": 0},
        {"trouble": "lost", "name": "cartel.pdf", "size": 700},
    ),
    "filed": (
        {
            **_HEAD, "received_at": _MOMENT, "extraordinary": True, "notes": _CARD["notes"], "told_at": _MOMENT,
            "may_urge": True, **_WAITS,
        },
        {
            **_HEAD, "received_at": None, "extraordinary": False, "notes": [], "told_at": None, "may_urge": False,
            **_ENDED,
        },
    ),
    "found": (
        {"procedures": _WISHES, "told": _TOLD},
        {"procedures": _WISHES * 3, "told": []},
    ),
    "group": ({"office": "Coordinación de Comunicación Social"},),
    "group_linked": ({"title": SAID, "role": "Coordinador"}, {"title": SAID, "role": None}),
    "group_lost": ({"title": SAID, "linked": True}, {"title": SAID, "linked": False}),
    "group_role": (
        {"title": SAID, "roles": ["Coordinador", "Gobierno Digital", "Ninguna"], "current": None},
        {"title": SAID, "roles": ["Coordinador", "Ninguna"], "current": "Coordinador"},
    ),
    "group_told": ({"role": "Coordinador"}, {"role": None}),
    "groups": (
        {"groups": [], "count": 0, "link": "https://t.me/bot?startgroup=tarjetas"},
        {
            "groups": [{"title": SAID, "role": "Coordinador"}, {"title": "Obras", "role": None}],
            "count": 2,
            "link": "https://t.me/bot?startgroup=tarjetas",
        },
    ),
    "handed": tuple(
        {**_HEAD, "name": name, "how": how}
        for name, how in ((SAID, "taken"), (SAID, "reassigned"), (SAID, "has"), ("", "reassigned"))
    ),
    "help": (
        {"office": "Coordinación", "contact": _CONTACT, "can_open": True, "administrator": True},
        {"office": "Coordinación", "contact": _CONTACT, "can_open": False, "administrator": False},
    ),
    "home": (
        _HOME,
        {**_HOME, "greeting": True, "waiting": 1, "drafts": 2, "available": True, "asked": 1},
        {**_HOME, "lost": True, "waiting": 0, "drafts": 0, "last": None, "available": False, "asked": 0},
    ),
    "invite_area": ({"labels": ["Dirección de Cultura", "ODAPAS Chalco"]},),
    "invite_role": ({"labels": ["Enlace", "Coordinador", "Administrador"]},),
    "invite_spent": ({"contact": _CONTACT},),
    "invited": (
        {"role": "Enlace", "area": "Cultura", "link": "https://t.me/bot?start=inv-x_-", "office": "Coordinación"},
        {"role": "Coordinador", "area": None, "link": "https://t.me/bot?start=inv-x_-", "office": "Coordinación"},
    ),
    "joined": ({"office": "Coordinación de Comunicación Social"},),
    "log": (
        {**_HEAD, "area": "Cultura", "events": [{**act, "at": _MOMENT} for act in _ACTS], **_WAITS},
        {**_HEAD, "area": "Cultura", "events": [{**act, "at": _MOMENT} for act in _ACTS * 30], **_ENDED},
    ),
    "mine": (
        {"requests": [], "older": False, "whose": "me", "state": None},
        {"requests": [], "older": True, "whose": "me", "state": None},
        {"requests": [], "older": False, "whose": "area", "state": "Abiertas"},
        {
            "requests": [
                {
                    "folio": "CHA-P01-2026-0001", "wish": "Que cubran un evento", "subject": SAID, **_WAITS,
                    "questions": _ASKED, "by": SAID,
                },
                {
                    "folio": "CHA-P01-2026-0002", "wish": "Que cubran un evento", "subject": SAID, **_ENDED,
                    "questions": [], "by": None,
                },
            ]
            * 3,
            "older": False, "whose": "area", "state": None,
        },
    ),
    "misread": tuple({"trouble": one} for one in TROUBLES),
    "news": (
        {**_HEAD, "acts": _ACTS[:-1], "numbers": ["CHA-FS-2026-0001"], "given": [], "rating": None, **_WAITS},
        {**_HEAD, "acts": _ACTS[:2], "numbers": [], "given": _FOURTEEN, "rating": "", **_ENDED},
        {**_HEAD, "acts": _ACTS[:2], "numbers": [], "given": [], "rating": "Regular", **_ENDED},
    ),
    "none_open": ({"label": "Preguntar"},),
    "not_said": (
        {"folio": "CHA-P01-2026-0001", "reason": "closed", "text": SAID, "outcome": "Concluida", "again": True},
        {"folio": "CHA-P01-2026-0001", "reason": "closed", "text": "", "outcome": "Retirada", "again": False},
        *(
            {"folio": "CHA-P01-2026-0001", "reason": reason, "text": SAID, "outcome": None, "again": False}
            for reason in ("unseen", "nobody", "not_yours")
        ),
    ),
    "no_command": ({"command": "/fiesta"},),
    "no_procedure": ({"code": "P99"},),
    "no_request": ({"folio": "CHA-P01-2026-9999"},),
    "nobody": ({**_HEAD, "party": "Coordinador de Comunicación Social"},),
    "not_a_place_for_files": ({"name": "cartel.pdf", "album": None}, {"name": "cartel.pdf", "album": "7"}),
    "not_yours": ({"party": "Coordinador de Comunicación Social"},),
    "nothing_done": ({},),
    "nothing_to_open": ({},),
    "passed_on": tuple(
        {**_HEAD, "name": name, "party": "Departamento de Gobierno Digital"} for name in (SAID, None)
    ),
    "people": (
        {"people": [{"name": SAID, "roles": ["Enlace · Dirección de Cultura", "Coordinador"]}] * 8, "count": 12},
    ),
    "person": (
        {"name": SAID, "roles": ["Enlace · Dirección de Cultura"], "reachable": True},
        {"name": "Ana Robles", "roles": [], "reachable": False},
    ),
    "prefs": (
        {"digest": True, "night": False, "sound": False, "digest_at": "8:30", "opens": "7:00", "closes": "21:00"},
        {"digest": False, "night": True, "sound": True, "digest_at": "8:30", "opens": "7:00", "closes": "21:00"},
    ),
    "privacy": (_PRIVACY, {**_PRIVACY, "declined": True}),
    "question": (
        _QUESTION,
        {**_QUESTION, "echo": None, "notice": {**_NOTICE, "kept": True}},
        {**_QUESTION, "echo": None, "taken": _TOLD},
        {**_QUESTION, "day": _DAY},
        {**_QUESTION, "day": _DAY, "options": [], "clock": "hours", "early": True},
        {**_QUESTION, "kind": "time", "options": [], "clock": "quarters", "hour": "17:00"},
        {**_QUESTION, "options": [], "early": True, "calendar": {"month": "diciembre de 2026", "closed": True}},
        {**_QUESTION, "options": [], "calendar": {"month": "enero de 2027", "closed": False}},
        {**_QUESTION, "kind": "place", "lost": True, "options": []},
        {**_QUESTION, "kind": "phone", "options": []},
        {**_QUESTION, "day": _DAY, "doubt": ["05:00", "17:00"]},
        {**_QUESTION, "doubt": ["05:00", "17:00"], "lost": True},
        {**_QUESTION, "folio": "CHA-P01-2026-0001", "kind": "choices", "ticked": ["Fecha y hora"], "required": False},
        {**_QUESTION, "kind": "files", "options": []},
        {**_QUESTION, "kind": "files", "options": [], "gathered": {"count": 3, "size": 4_400_000}},
        {**_QUESTION, "notice": {**_NOTICE, "kept": False, "given": 20, "earliest": _MOMENT}},
        {**_QUESTION, "notice": {"amount": 5, "unit": "business_days", "cite": "2.3", "kept": False, "given": 1,
                                 "earliest": _DAY}},
        {**_QUESTION, "notice": {"amount": 1, "unit": "days", "cite": "2.3", "kept": False, "given": -1,
                                 "earliest": _DAY}},
        *({**_QUESTION, "trouble": one} for one in TROUBLES),
    ),
    "question_over": (
        {**_HEAD, "by": "Rosa Ibarra", "text": SAID, "key": 1, "answer": SAID, "who": "Ana Robles"},
        {**_HEAD, "by": "Rosa Ibarra", "text": SAID, "key": 1, "answer": None, "who": "Ana Robles"},
    ),
    "question_sent": ({**_HEAD, "by": "Rosa Ibarra", "text": SAID, "key": 1, "names": ["Ana Robles", "Luis Gil"]},),
    "questions": (
        {"questions": []},
        {"questions": [{"folio": "CHA-P01-2026-0001", **_ASKED[0]}] * 12},
    ),
    "rated": ({},),
    "rating": ({**_HEAD, "rating": ""}, {**_HEAD, "rating": "Bien"}),
    "reassigned": ({**_HEAD, "by": SAID, "name": SAID},),
    "reminder": (_CARD,),
    "review": (
        {
            "title": "Cobertura", "folio": None, "item": None, "answers": _FOURTEEN, "kept": False,
            "received_at": _MOMENT, "recommended": {"amount": 8, "unit": "days", "cite": "1.3"},
            "remarks": ["El equipo se lleva a la oficina."], "send": "Enviar solicitud",
        },
        {
            "title": "Cobertura", "folio": "CHA-P01-2026-0001", "item": None, "answers": [], "kept": None,
            "received_at": None, "recommended": None,
            "remarks": [], "send": "Enviar corrección",
        },
    ),
    "results": (
        {"text": SAID, "requests": [], "more": False},
        {
            "text": SAID,
            "requests": [
                {
                    "folio": "CHA-P01-2026-0001", "wish": "Que cubran un evento", "area": "Dirección de Cultura",
                    "subject": SAID, "wanted": wanted, "sent_at": _MOMENT, **where,
                }
                for wanted, where in ((_MOMENT, _WAITS), (None, _ENDED), (_DAY, _WAITS))
            ]
            * 2,
            "more": True,
        },
    ),
    "search": ({},),
    "stranger": ({"office": "Coordinación", "manual": "Chalco", "contact": _CONTACT},),
    "tray": (
        {"tasks": [], "count": 0, "first": 1, "sieve": None, "all": 0},
        {"tasks": [], "count": 0, "first": 1, "sieve": "Atrasadas", "all": 3},
        {
            "tasks": [
                {
                    "folio": "CHA-P01-2026-0001", "wish": "Que cubran un evento", "activity": _ACTIVITY,
                    "area": "Dirección de Cultura", "subject": SAID, "extraordinary": late,
                    "question": question, "due": due, "item": item, "late": late,
                }
                for question, due, item, late in (
                    ("¿Cumple con los requisitos?", _MOMENT, "ODAPAS Chalco", True),
                    (None, None, None, False),
                    (None, _MOMENT, None, False),
                )
            ]
            * 2,
            "count": 40, "first": 7, "sieve": "Por decidir", "all": 50,
        },
    ),
    "troubles": (
        {"people": []},
        {
            "people": [
                {"name": "Ana Robles", "count": 1, "state": "held", "error": "Forbidden"},
                {"name": "Rosa Ibarra", "count": 2, "state": "held", "error": "Forbidden: user is deactivated"},
                {"name": SAID, "count": 2, "state": "dead", "error": "can't parse entities: <x>"},
                {"name": "", "count": 1, "state": "pending", "error": "Bad Gateway"},
            ]
        },
    ),
    "unexpected": ({"reference": "7-101500", "contact": _CONTACT},),
    "unsupported": (
        {"kind": "sticker", "asking": True},
        {"kind": "tomorrows_kind", "asking": False},
    ),
    "urged": ({**_HEAD, **_WAITS},),
    "use_words": (
        {"label": "Enviar solicitud", "confirming": False},
        {"label": "Retirar", "confirming": True},
    ),
    "view": (
        {
            **_HEAD, "area": "Dirección de Cultura", "answers": _FOURTEEN, "extraordinary": _EXTRAORDINARY,
            "numbers": ["CHA-FS-2026-0001"], "sent_at": _MOMENT, "received_at": "2026-12-14T15:00:00+00:00",
            "rating": None, "questions": _ASKED, **_WAITS,
        },
        {
            **_HEAD, "area": "Dirección de Cultura", "answers": [], "extraordinary": None,
            "numbers": [], "sent_at": _MOMENT, "received_at": _MOMENT,
            "rating": {"label": "Mal", "comment": SAID}, "questions": [], **_ENDED,
        },
    ),
    "which": ({"labels": _LABELS},),
    "which_area": ({"title": "Cobertura", "areas": ["Dirección de Cultura", "ODAPAS Chalco"]},),
    "which_request": ({"label": "Sí cumple", "folios": ["CHA-P01-2026-0001", "CHA-P01-2026-0002"]},),
    "why": (
        {"label": "Fecha y hora", "cite": "1.7, requisito 2", "help": "Para agendar.", "added": None},
        {"label": "Motivo", "cite": "plazo del manual", "help": None, "added": "Sin motivo no hay con qué decidir."},
    ),
    "withdrawn": ({**_HEAD, "outcome": "Retirada"},),
    "popup/accepted": ({"folio": "CHA-P10-2026-0001"},),
    "popup/answered": ({"folio": "CHA-P01-2026-0001"},),
    "popup/done": ({"folio": "CHA-P01-2026-0001", "did": "Sí cumple"},),
    "popup/come_private": ({"accepted": True}, {"accepted": False}),
    "popup/in_private": ({},),
    "popup/unexpected": ({"reference": "7-101500"},),
    "popup/map": ({"folio": "CHA-P01-2026-0001"},),
    "popup/handed": ({"name": SAID},),
    "popup/last_administrator": ({},),
    "popup/late": tuple(
        {
            "folio": "CHA-P01-2026-0001", "item": item, "by": SAID, "at": _MOMENT, "did": did, "withdrawn": withdrawn,
            "undone": undone,
        }
        for item, did, withdrawn, undone in (
            (None, "Sí cumple", False, False),
            ("ODAPAS Chalco", None, False, False),
            (None, None, True, False),
            (None, None, False, True),
        )
    ),
    "popup/no_hurry": (
        {"told": False, "open": True}, {"told": True, "open": True}, {"told": False, "open": False},
    ),
    "popup/not_yours": ({"party": "Coordinador de Comunicación Social"},),
    "popup/not_this_one": tuple({"reason": one} for one in ("past", "hour", "first", "last", "other", "head")),
    "popup/question_gone": ({},),
    "popup/question_old": ({},),
    "popup/rated": ({"folio": "CHA-P01-2026-0001"},),
    "popup/thanks": ({"folio": "CHA-P01-2026-0001"},),
    "popup/role_ended": ({"name": SAID, "role": "Coordinador"},),
    "popup/set_out": ({"folio": "CHA-P10-2026-0001"},),
    "popup/stale": ({},),
    "popup/undo_late": ({"folio": "CHA-P01-2026-0001"},),
    "popup/undo_over": ({},),
    "popup/undone": ({"folio": "CHA-P01-2026-0001"},),
    "popup/taken": ({"folio": "CHA-P10-2026-0001", "name": SAID},),
    "popup/unknown": ({},),
    "popup/why": (
        {"label": "Fecha", "cite": "1.7, requisito 2", "help": "Para agendar. " * 40, "added": None},
        {"label": "Motivo", "cite": "plazo del manual", "help": None, "added": "Sin motivo no hay con qué decidir."},
        {"label": "Motivo", "cite": "plazo del manual", "help": None, "added": None},
    ),
}  # fmt: skip


def with_words(facts: Any, said: str) -> Any:
    """Put somebody's words where they go."""
    if isinstance(facts, str):
        return facts.replace(SAID, said)
    if isinstance(facts, dict):
        return {key: with_words(value, said) for key, value in facts.items()}
    if isinstance(facts, list):
        return [with_words(one, said) for one in facts]
    return facts
