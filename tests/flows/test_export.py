"""The catalogue and a record as other programs read them: the keys that were promised, and facts that agree."""

import json
import re
from typing import Any

import pytest

from bot.flows.events import Event
from bot.flows.export import catalogue_json, record_json
from bot.flows.procedure import Manual, Procedure
from bot.flows.request import Request
from tests.flows.shipped import CATALOGUE, COVERAGE, NAMES, SHIPPED, WEDNESDAY

EXPORTED: dict[str, Any] = json.loads(json.dumps(catalogue_json(CATALOGUE)))

MANUAL_KEYS = {"id", "title", "procedures"}
PROCEDURE_KEYS = {
    *("code", "slug", "title", "section", "trigger", "opened_by", "requisitos", "notice", "recommended_notice"),
    *("delivery", "reception", "activities"),
}
REQUISITO_KEYS = {"id", "label", "kind", "required", "options", "when", "cite", "added"}
NOTICE_KEYS = {"amount", "unit", "before"}
DELIVERY_KEYS = {"amount", "unit", "from_activity"}
RECEPTION_KEYS = {"days", "from", "to"}
ACTIVITY_KEYS = {
    *("n", "role", "text", "kind", "action", "question", "options", "next", "end", "added", "erratum"),
}
OPTION_KEYS = {"id", "label", "to", "by", "added"}


def exported(manual: Manual, law: Procedure) -> dict[str, Any]:
    [found] = [
        one
        for town in EXPORTED["manuals"]
        if town["id"] == manual.id
        for one in town["procedures"]
        if one["code"] == law.code
    ]
    assert isinstance(found, dict)
    return found


def test_every_manual_is_there_with_its_procedures_in_order() -> None:
    assert EXPORTED.keys() == {"manuals"}
    assert [one["id"] for one in EXPORTED["manuals"]] == list(CATALOGUE.manuals)
    for one in EXPORTED["manuals"]:
        manual = CATALOGUE.manuals[one["id"]]
        assert one.keys() == MANUAL_KEYS
        assert one["title"] == manual.title
        assert [law["code"] for law in one["procedures"]] == list(manual.order)


@pytest.mark.parametrize(("manual", "law"), SHIPPED, ids=NAMES)
def test_a_procedure_has_exactly_the_keys_that_were_promised(manual: Manual, law: Procedure) -> None:
    found = exported(manual, law)
    assert found.keys() == PROCEDURE_KEYS
    for one in found["requisitos"]:
        assert one.keys() == REQUISITO_KEYS
        assert all(option.keys() == {"id", "label"} for option in one["options"])
    for one in found["activities"]:
        assert one.keys() == ACTIVITY_KEYS
        assert one["action"] is None or one["action"].keys() == {"label"}
        assert all(option.keys() == OPTION_KEYS for option in one["options"])
    for name, keys in (
        ("notice", NOTICE_KEYS),
        ("recommended_notice", NOTICE_KEYS),
        ("delivery", DELIVERY_KEYS),
        ("reception", RECEPTION_KEYS),
    ):
        assert found[name] is None or found[name].keys() == keys


@pytest.mark.parametrize(("manual", "law"), SHIPPED, ids=NAMES)
def test_a_slug_goes_into_a_deep_link(manual: Manual, law: Procedure) -> None:
    slug = exported(manual, law)["slug"]
    assert re.fullmatch(r"[a-z0-9-]{1,40}", slug)
    assert slug == re.sub("[^a-z0-9]", "-", law.code.lower())
    assert manual.procedure(slug) is law


def test_slugs_and_codes_are_not_shared_within_a_manual() -> None:
    for manual in CATALOGUE.manuals.values():
        assert len({law.slug for law in manual.procedures}) == len(manual.procedures)
        assert len({law.code for law in manual.procedures}) == len(manual.procedures)


@pytest.mark.parametrize(("manual", "law"), SHIPPED, ids=NAMES)
def test_the_facts_about_routing_agree(manual: Manual, law: Procedure) -> None:
    activities = {one["n"]: one for one in exported(manual, law)["activities"]}
    assert list(activities) == [one.n for one in law.activities]
    for one in activities.values():
        said = law.activity(one["n"])
        assert bool(one["options"]) + (one["next"] is not None) + one["end"] == 1
        assert one["next"] is None or one["next"] in activities
        assert one["role"] in manual.roles
        assert (one["kind"], one["text"], one["question"]) == (said.does, said.text, said.question)
        assert (one["action"] or {}).get("label") == said.action
        assert (one["action"] is None) == (said.does in {"auto", "decide"})
        for option in one["options"]:
            kept = said.option(option["id"])
            assert kept is not None
            assert (option["to"], option["by"], option["label"]) == (kept.to, kept.by, kept.label)
            assert (option["to"] is None) == (kept.outcome is not None)
            assert option["to"] is None or option["to"] in activities
            assert option["by"] is None or option["by"] in manual.roles


@pytest.mark.parametrize(("manual", "law"), SHIPPED, ids=NAMES)
def test_the_facts_about_requisitos_agree(manual: Manual, law: Procedure) -> None:
    found = exported(manual, law)
    options: dict[str, set[str]] = {}
    for one in found["requisitos"]:
        for key, values in (one["when"] or {}).items():
            assert set(values) <= options[key]
        options[one["id"]] = {option["id"] for option in one["options"]} or {"si", "no"}
    assert set(found["opened_by"]) <= manual.roles.keys()
    for name in ("notice", "recommended_notice"):
        assert found[name] is None or found[name]["before"] in options


def test_a_coverage_reads_as_the_manual_prints_it() -> None:
    found = exported(CATALOGUE.manuals["chalco"], COVERAGE)
    assert found["slug"] == "gch-ccs-p01-2023"
    assert found["notice"] == {"amount": 72, "unit": "hours", "before": "fecha"}
    assert found["recommended_notice"] is None
    assert found["reception"] == {"days": ["lun", "mar", "mié", "jue", "vie"], "from": "09:00", "to": "16:00"}
    assert found["requisitos"][3] == {
        "id": "formato",
        "label": "Foto y/o video",
        "kind": "choice",
        "required": True,
        "options": [
            {"id": "foto", "label": "Foto"},
            {"id": "video", "label": "Video"},
            {"id": "ambos", "label": "Foto y video"},
        ],
        "when": None,
        "cite": "1.7, requisito 3",
        "added": None,
    }
    _, decision, told, *_, last = found["activities"]
    assert decision["options"] == [
        {"id": "cumple", "label": "Sí cumple", "to": "5", "by": None, "added": None},
        {"id": "no_cumple", "label": "No cumple", "to": "3", "by": None, "added": None},
    ]
    assert (decision["action"], decision["next"], decision["end"]) == (None, None, False)
    assert (told["action"], told["next"], told["end"]) == (None, "4", False)
    assert (last["action"], last["next"], last["end"]) == ({"label": "Concluir cobertura"}, None, True)


def test_a_record_has_exactly_the_keys_that_were_promised() -> None:
    request = Request(
        id=1,
        manual="chalco",
        procedure=COVERAGE.code,
        edition="abc",
        folio="CHA-P01-0001",
        requester=1,
        area="cultura",
        answers={"evento": "Feria"},
        sent_at=WEDNESDAY,
        received_at=WEDNESDAY,
        activity="2",
    )
    events = [(1, Event(at=WEDNESDAY, activity="1", kind="filed", actor=1, name="Ana", role="enlace"))]
    assert json.loads(json.dumps(record_json(request, events))) == {
        "folio": "CHA-P01-0001",
        "manual": "chalco",
        "procedure": COVERAGE.code,
        "edition": "abc",
        "state": "open",
        "outcome": None,
        "activity": "2",
        "answers": {"evento": "Feria"},
        "events": [
            {
                "seq": 1,
                "at": "2026-11-18T16:30:00+00:00",
                "activity": "1",
                "kind": "filed",
                "actor": "Ana",
                "role": "enlace",
                "option": None,
                "note": None,
            }
        ],
    }
