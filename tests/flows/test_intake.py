"""A form as a conversation: what is asked next, what can be undone, and what is never lost."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows.draft import CONFIRM, REVIEW, Draft
from bot.flows.intake import (
    LOST_AFTER,
    Became,
    Form,
    Reply,
    ask_again,
    back,
    extraordinary,
    filing_form,
    finished,
    position,
    reply,
    start,
)
from bot.flows.procedure import Choice, Kind, Requisito
from bot.flows.request import Extraordinary
from bot.flows.requisitos import Located, Misread, Picked, Said, Sent, Setting, Typed
from tests.flows.shipped import CHALCO, COVERAGE, GRAPHICS, HOUSE, SETTING, SUPPORT, WEDNESDAY

COVERING = filing_form(COVERAGE, HOUSE.short_notice)
DESIGNING = filing_form(GRAPHICS, HOUSE.short_notice)
FORMS = [COVERING, DESIGNING, filing_form(SUPPORT, HOUSE.short_notice)]
EMPTY = Draft(id=1, person=1, manual="chalco", purpose="file")

EVENT = {
    "evento": "Feria del Libro",
    "fecha": "2026-12-11T17:00-06:00",
    "lugar": {"text": "Plaza Cívica"},
    "formato": "foto",
}
DESIGN = {
    "justificacion": "Difundir la feria",
    "tipo": "lona",
    "formato": ["pdf"],
    "modalidad": "digital",
    "plataforma": "Facebook",
    "texto": "Feria del Libro",
    "fecha_requerida": "2026-12-07",
    "seguimiento": "Ana Robles",
}
SKIPPED = ("eslogan", "logotipos", "fecha", "imagen")


class Conversation:
    """A draft being filled in, by what is said to it."""

    def __init__(self, form: Form, draft: Draft = EMPTY, setting: Setting = SETTING) -> None:
        self.form = form
        self.setting = setting
        self.draft = start(draft, form, setting)

    def says(self, *said: Said | str) -> Reply:
        for one in said:
            spoken = Typed(one) if isinstance(one, str) else one
            last = reply(self.draft, self.form, spoken, self.setting, HOUSE.words)
            self.draft = last.draft
        return last

    def asks(self) -> str | None:
        return self.draft.asking

    def count(self) -> tuple[int, int] | None:
        here = position(self.draft, self.form, self.setting)
        return (here.place, here.total) if here else None

    def values(self) -> dict[str, Any] | None:
        return finished(self.draft, self.form, self.setting)


def at_the_review(form: Form, answers: dict[str, Any], skipped: tuple[str, ...] = ()) -> Conversation:
    here = Conversation(form, EMPTY.but(answers=answers, skipped=skipped))
    assert here.asks() == REVIEW
    return here


# In order


def test_a_coverage_is_asked_in_four_questions() -> None:
    ana = Conversation(COVERING)
    assert (ana.asks(), ana.count()) == ("evento", (1, 4))
    assert ana.says("Feria del Libro").answered == "evento"
    assert (ana.asks(), ana.count()) == ("fecha", (2, 4))
    ana.says("viernes 11 de diciembre, 5 pm")
    assert (ana.asks(), ana.count()) == ("lugar", (3, 4))
    ana.says(Located(19.26, -98.9, "Plaza Cívica"))
    assert (ana.asks(), ana.count()) == ("formato", (4, 4))
    assert ana.values() is None
    assert ana.says(Picked("foto")).became == "answered"
    assert (ana.asks(), ana.count()) == (REVIEW, None)
    assert ana.values() == {**EVENT, "lugar": {"text": "Plaza Cívica", "latitude": 19.26, "longitude": -98.9}}
    assert extraordinary(ana.draft, COVERING, SETTING) is None


def test_every_question_has_another_step() -> None:
    ana = Conversation(COVERING)
    steps = [ana.draft.step]
    for said in ("Feria", "11 de diciembre a las 17:00", "Plaza", "atrás", "Plaza", "foto"):
        ana.says(said)
        steps.append(ana.draft.step)
    assert steps == sorted(set(steps))


def test_a_day_and_its_hour_are_one_question_in_two_messages() -> None:
    ana = Conversation(COVERING)
    ana.says("Feria")
    step = ana.draft.step
    assert ana.says("11 de diciembre").became == "gathering"
    assert (ana.asks(), ana.draft.step, ana.draft.pending) == ("fecha", step, {"date": "2026-12-11"})
    assert ana.says("5 pm").became == "answered"
    assert ana.draft.answers["fecha"] == "2026-12-11T17:00-06:00"
    assert ana.draft.pending == {"mend": "fecha"}


def test_a_weekday_that_does_not_agree_is_settled_by_a_button() -> None:
    ana = Conversation(COVERING)
    ana.says("Feria")
    assert ana.says("sábado 11 de diciembre, 5 pm").became == "misread"
    assert ana.draft.pending["days"] == ["2026-12-11", "2026-12-12"]
    ana.says(Picked("d:2026-12-12"))
    assert ana.draft.answers["fecha"] == "2026-12-12T17:00-06:00"


def test_answers_that_are_not_understood_are_counted_until_one_is() -> None:
    ana = Conversation(COVERING)
    ana.says("Feria")
    assert ana.says("luego").misread is not None
    assert ana.says("31 de noviembre").draft.misses == 2
    assert ana.asks() == "fecha"
    assert ana.says("11 de diciembre, 5 pm").draft.misses == 0


def test_the_count_follows_the_branch_that_was_taken() -> None:
    ana = Conversation(DESIGNING)
    assert ana.count() == (1, 11)
    ana.says("Difundir la feria", "Lona", "PDF y PNG", "listo")
    assert (ana.asks(), ana.count()) == ("modalidad", (4, 11))
    ana.says("Digital")
    assert (ana.asks(), ana.count()) == ("plataforma", (5, 12))
    ana.says("atrás", "Para impresión")
    assert (ana.asks(), ana.count()) == ("tamano", (5, 13))
    ana.says("atrás", "Ambos")
    assert (ana.asks(), ana.count()) == ("tamano", (5, 14))
    ana.says("60 x 90", "Lona mate")
    assert (ana.asks(), ana.count()) == ("plataforma", (7, 14))


def test_files_gather_until_the_person_is_done() -> None:
    ana = Conversation(
        DESIGNING, EMPTY.but(answers={key: DESIGN[key] for key in list(DESIGN)[:6]}, skipped=("eslogan",))
    )
    assert ana.asks() == "logotipos"
    step = ana.draft.step
    assert ana.says(Sent(7, photo=True), Sent(8, photo=False)).became == "gathering"
    assert (ana.asks(), ana.draft.step) == ("logotipos", step)
    assert ana.says("listo").became == "answered"
    assert ana.draft.answers["logotipos"] == [7, 8]


# Back, skip, keep


def test_back_asks_the_question_before_and_keeps_its_answer() -> None:
    ana = Conversation(COVERING)
    ana.says("Feria", "11 de diciembre, 5 pm")
    assert ana.says("Atrás").became == "went_back"
    assert ana.asks() == "fecha"
    assert ana.draft.answers["fecha"] == "2026-12-11T17:00-06:00"
    assert ana.says(Picked("back")).became == "went_back"
    assert ana.asks() == "evento"
    assert ana.says("regresar").became == "asked"
    assert ana.asks() == "evento"
    ana.says("Feria de la Lectura")
    assert ana.asks() == "lugar"
    assert ana.draft.answers["fecha"] == "2026-12-11T17:00-06:00"


def test_back_from_the_review_asks_the_last_question() -> None:
    ana = at_the_review(COVERING, EVENT)
    went = back(ana.draft, COVERING, SETTING)
    assert (went.became, went.draft.asking) == ("went_back", "formato")


def test_what_is_optional_can_be_skipped_and_asked_again() -> None:
    ana = at_the_review(DESIGNING, DESIGN, SKIPPED)
    assert ana.values() == DESIGN
    ana.draft = ask_again(ana.draft, "eslogan")
    assert "eslogan" not in ana.draft.skipped
    ana.says("Leer es crecer")
    assert ana.asks() == REVIEW
    assert (ana.values() or {})["eslogan"] == "Leer es crecer"
    ana.draft = ask_again(ana.draft, "eslogan")
    assert ana.says("no aplica").became == "skipped"
    assert ana.asks() == REVIEW
    assert ana.draft.skipped.count("eslogan") == 1
    assert ana.values() == DESIGN


@pytest.mark.parametrize("said", [Typed("omitir"), Typed("no tengo"), Picked("skip")])
def test_what_the_manual_demands_cannot_be_skipped(said: Said) -> None:
    ana = Conversation(COVERING)
    refused = ana.says(said)
    assert (refused.became, refused.draft.misses, ana.asks()) == ("cannot_skip", 1, "evento")


@pytest.mark.parametrize("said", [Typed("Dejar igual"), Typed("igual"), Picked("keep")])
def test_an_answer_can_be_left_as_it_is(said: Said) -> None:
    ana = at_the_review(COVERING, EVENT)
    ana.draft = ask_again(ana.draft, "lugar")
    assert ana.says(said).became == "answered"
    assert (ana.asks(), ana.values()) == (REVIEW, EVENT)


def test_where_there_is_no_answer_yet_none_can_be_kept() -> None:
    ana = Conversation(COVERING)
    assert ana.says(Picked("keep")).became == "misread"
    ana.says("igual")
    assert ana.draft.answers == {"evento": "igual"}


def test_a_word_of_ours_that_is_an_option_is_that_option() -> None:
    options = (Choice(id="una", label="Una"), Choice(id="ninguna", label="Ninguno"))
    one = Requisito(id="cual", label="Cuál", ask="¿Cuál?", kind="choice", options=options, cite="1")
    ana = Conversation(Form((one,)))
    ana.says("ninguno")
    assert ana.values() == {"cual": "ninguna"}


# Changing from the review


def test_a_change_from_the_review_returns_to_the_review() -> None:
    ana = at_the_review(COVERING, EVENT)
    ana.draft = ask_again(ana.draft, "lugar")
    assert ana.count() == (3, 4)
    ana.says("Casa de Cultura")
    assert ana.asks() == REVIEW
    assert ana.values() == {**EVENT, "lugar": {"text": "Casa de Cultura"}}


def test_a_change_of_branch_asks_what_is_new_and_drops_what_no_longer_applies() -> None:
    ana = at_the_review(DESIGNING, DESIGN, SKIPPED)
    ana.draft = ask_again(ana.draft, "modalidad")
    ana.says("Para impresión")
    assert ana.asks() == "tamano"
    assert ana.values() is None
    ana.says("60 x 90 cm", "Lona mate")
    assert ana.asks() == REVIEW
    assert set(ana.values() or {}) == {*DESIGN, "tamano", "material"} - {"plataforma"}
    ana.draft = ask_again(ana.draft, "modalidad")
    ana.says("Digital")
    assert (ana.asks(), ana.values()) == (REVIEW, DESIGN), "what was answered before is still there"


def test_what_is_said_at_the_review_answers_nothing() -> None:
    ana = at_the_review(COVERING, EVENT)
    assert ana.says("Otro evento").became == "asked"
    assert (ana.asks(), ana.draft.answers) == (REVIEW, EVENT)


# Notice not kept


def short() -> Conversation:
    ana = Conversation(COVERING)
    ana.says("Feria", "viernes 20 de noviembre, 5 pm")
    return ana


def test_a_date_too_near_is_asked_about_before_anything_else() -> None:
    ana = short()
    assert (ana.asks(), ana.count()) == ("extraordinaria", (3, 6))
    check = COVERING.check(ana.draft.answers, SETTING)
    assert check is not None
    assert (check.kept, check.given) == (False, 54)
    assert check.earliest == COVERING.earliest(SETTING) == WEDNESDAY + timedelta(hours=72)


def test_the_date_can_be_changed_for_one_that_keeps_the_notice() -> None:
    ana = short()
    assert ana.says("Cambiar la fecha").became == "went_back"
    assert (ana.asks(), ana.count()) == ("fecha", (2, 4))
    assert ana.draft.answers == {"evento": "Feria"}
    ana.says("11 de diciembre, 5 pm")
    assert ana.asks() == "lugar"
    ana.says("Plaza", "Foto")
    assert ana.asks() == REVIEW
    assert set(ana.values() or {}) == set(EVENT)
    assert extraordinary(ana.draft, COVERING, SETTING) is None


def test_a_request_can_be_sent_as_extraordinary_with_its_reason() -> None:
    ana = short()
    ana.says("Enviar extraordinaria")
    assert (ana.asks(), ana.count()) == ("motivo_extraordinaria", (4, 6))
    assert ana.says("omitir").became == "cannot_skip"
    ana.says("El evento se confirmó hoy", "Plaza", "Foto")
    assert ana.asks() == REVIEW
    assert (ana.values() or {})["motivo_extraordinaria"] == "El evento se confirmó hoy"
    mark = extraordinary(ana.draft, COVERING, SETTING)
    assert mark == Extraordinary(reason="El evento se confirmó hoy", given=54, asked=72, unit="hours")


def test_another_date_asks_the_reason_anew() -> None:
    ana = short()
    ana.says("Enviar extraordinaria", "Se confirmó hoy", "Plaza", "Foto")
    ana.draft = ask_again(ana.draft, "fecha")
    ana.says("jueves 19 de noviembre, 5 pm")
    assert ana.asks() == "extraordinaria"
    assert not {"extraordinaria", "motivo_extraordinaria"} & ana.draft.answers.keys()
    ana.draft = ask_again(ana.draft, "fecha")
    ana.says("11 de diciembre, 5 pm")
    assert (ana.asks(), set(ana.values() or {})) == (REVIEW, set(EVENT))


def test_a_notice_that_passes_while_the_draft_waits_is_asked_about() -> None:
    ana = at_the_review(COVERING, EVENT)
    later = Setting(now=WEDNESDAY + timedelta(days=21), calendar=SETTING.calendar)
    assert finished(ana.draft, COVERING, later) is None
    assert start(ana.draft, COVERING, later).asking == "extraordinaria"


def test_business_days_are_counted_from_the_reception() -> None:
    """Received on Wednesday the 18th: the third business day is Monday the 23rd."""
    for day, kept in (("2026-11-20", False), ("2026-11-23", True)):
        check = DESIGNING.check({"fecha_requerida": day}, SETTING)
        assert check is not None
        assert check.kept is kept
    evening = Setting(now=WEDNESDAY + timedelta(hours=8), calendar=SETTING.calendar)
    late = DESIGNING.check({"fecha_requerida": "2026-11-23"}, evening)
    assert late is not None
    assert not late.kept


def test_a_form_without_notice_has_nothing_to_check() -> None:
    form = filing_form(SUPPORT, HOUSE.short_notice)
    assert form.check({}, SETTING) is None
    assert form.earliest(SETTING) is None
    assert form.stamps(SETTING) == (WEDNESDAY, WEDNESDAY)
    assert extraordinary(EMPTY, form, SETTING) is None


# Corrections


def correcting(*wrong: str) -> Conversation:
    form = Form(
        COVERAGE.requisitos,
        reviewed=True,
        notice=COVERAGE.notice,
        aviso=HOUSE.short_notice if "fecha" in wrong else None,
        sent_at=WEDNESDAY - timedelta(days=1),
        received_at=WEDNESDAY - timedelta(days=1),
        earlier={key: EVENT[key] for key in wrong},
        kept=frozenset(EVENT) - frozenset(wrong),
    )
    kept = {key: value for key, value in EVENT.items() if key not in wrong}
    return Conversation(form, EMPTY.but(purpose="correct", answers=kept))


def test_a_correction_asks_exactly_what_was_returned() -> None:
    ana = correcting("evento", "lugar")
    assert (ana.asks(), ana.count()) == ("evento", (1, 2))
    ana.says("Feria Municipal del Libro")
    assert (ana.asks(), ana.count()) == ("lugar", (2, 2))
    ana.says("Casa de Cultura")
    assert ana.asks() == REVIEW
    assert ana.values() == {**EVENT, "evento": "Feria Municipal del Libro", "lugar": {"text": "Casa de Cultura"}}


def test_what_was_returned_can_be_kept() -> None:
    ana = correcting("evento", "lugar")
    assert ana.says("Dejar igual").became == "answered"
    ana.says(Picked("keep"))
    assert (ana.asks(), ana.values()) == (REVIEW, EVENT)


def test_a_correction_can_change_what_was_not_returned() -> None:
    ana = correcting("lugar")
    ana.says("Casa de Cultura")
    ana.draft = ask_again(ana.draft, "formato")
    assert position(ana.draft, ana.form, SETTING) is not None
    ana.says("Video")
    assert (ana.asks(), (ana.values() or {})["formato"]) == (REVIEW, "video")


def test_a_corrected_date_is_measured_from_the_first_sending() -> None:
    ana = correcting("fecha")
    ana.says("viernes 20 de noviembre, 5 pm")
    assert ana.asks() == REVIEW, "seventy-eight hours from the day before"
    ana = correcting("fecha")
    ana.says("jueves 19 de noviembre, 5 pm")
    assert ana.asks() == "extraordinaria"


# The other forms


def test_a_small_form_ends_at_its_confirmation() -> None:
    ana = Conversation(Form(HOUSE.withdraw, confirm="withdraw"))
    assert (ana.asks(), ana.count()) == ("motivo", (1, 1))
    assert ana.says("omitir").became == "skipped"
    assert (ana.asks(), ana.values()) == (CONFIRM, {})


def test_whoever_returns_ticks_what_falls_short() -> None:
    form = HOUSE.returning(COVERAGE, EVENT)
    rosa = Conversation(form)
    assert [one.id for one in form.fields[0].options] == [one.id for one in COVERAGE.requisitos]
    rosa.says(Picked("lugar"), Picked("evento"), "listo", "Falta la dirección")
    assert rosa.values() == {"requisitos": ["evento", "lugar"], "comentario": "Falta la dirección"}
    printed = HOUSE.returning(GRAPHICS, DESIGN).fields[0]
    assert not {"tamano", "material"} & {one.id for one in printed.options}, "nobody asked them"


def test_a_form_without_questions_is_ready() -> None:
    ana = Conversation(Form((), confirm="close"))
    assert (ana.asks(), ana.count(), ana.values()) == (CONFIRM, None, {})
    assert back(ana.draft, ana.form, SETTING).draft.asking == CONFIRM


# Whatever is said

GOOD: dict[str, list[Said]] = {
    "text": [Typed("Feria")],
    "long_text": [Typed("Feria")],
    "person": [Typed("Ana Robles")],
    "area": [Picked("a:cultura")],
    "place": [Typed("Plaza Cívica")],
    "datetime": [Typed("11 de diciembre, 5 pm")],
    "date": [Typed("7 de diciembre")],
    "size": [Typed("60 x 90 cm")],
    "files": [Sent(7, photo=True), Picked("done")],
    "choices": [Typed("todos"), Picked("done")],
    "choice": [Typed("2")],
    "yes_no": [Typed("sí")],
}
ANYTHING = st.one_of(
    st.sampled_from(["atrás", "omitir", "igual", "listo", "1", "2", "3", "sí", "hola", "60x90", "5 pm"]).map(Typed),
    st.sampled_from(["20 de noviembre, 5 pm", "11 de diciembre", "sábado 11 de diciembre", "a las 5"]).map(Typed),
    st.sampled_from(["back", "skip", "keep", "done", "ambos", "digital", "impreso", "cambiar", "enviar"]).map(Picked),
    st.sampled_from(["d:2026-11-20", "d:2026-12-11", "h:17:00", "a:odapas", "pdf", "foto"]).map(Picked),
    st.just(Sent(7, photo=True)),
    st.just(Located(19.26, -98.9)),
    st.text(max_size=20).map(Typed),
)
MAY_LOSE: frozenset[Became] = frozenset({"skipped", "answered", "went_back"})


def loses_nothing(before: Draft, after: Reply, form: Form) -> None:
    """Only what was answered, skipped or is to be dated anew may differ."""
    lost = before.answers.keys() - after.draft.answers.keys()
    changed = {key for key in before.answers.keys() & after.draft.answers.keys()
               if before.answers[key] != after.draft.answers[key]}  # fmt: skip
    assert changed <= {before.asking}
    if after.became not in MAY_LOSE:
        assert (lost, changed) == (set(), set())
    dated = {form.notice.before, "extraordinaria", "motivo_extraordinaria"} if form.notice else set()
    assert lost <= {before.asking, *dated}


@settings(max_examples=250)
@given(st.sampled_from(FORMS), st.lists(st.one_of(ANYTHING, st.integers(0, 20)), max_size=25))
def test_no_answer_is_lost_and_every_form_ends(form: Form, conversation: list[Said | int]) -> None:
    ana = Conversation(form)
    for said in conversation:
        if isinstance(said, int):  # from the summary, a requisito is asked once more
            asked = form.asked(ana.draft.answers, SETTING)
            ana.draft = ask_again(ana.draft, asked[said % len(asked)].id)
            continue
        before = ana.draft
        loses_nothing(before, ana.says(said), form)
        assert ana.draft.step >= before.step
        here = position(ana.draft, form, SETTING)
        assert (here is None) == (ana.asks() == REVIEW)
        assert here is None or 1 <= here.place <= here.total
    for _ in range(2 * len(form.fields) + 4):
        here = position(ana.draft, form, SETTING)
        if here is None:
            break
        ana.says(*GOOD[here.asked.kind])
    assert ana.asks() == REVIEW
    assert ana.values() is not None
    asked_now = {one.id for one in form.asked(ana.draft.answers, SETTING)}
    assert ana.values() == {key: value for key, value in ana.draft.answers.items() if key in asked_now}


def test_a_misread_answer_says_why() -> None:
    ana = Conversation(COVERING)
    assert ana.says("¿?").misread == Misread("no_words")


NONSENSE: dict[str, Said] = {
    **dict.fromkeys(("text", "long_text", "person", "place", "area"), Typed("¿?")),
    **dict.fromkeys(("phone", "email", "number", "money", "size", "duration", "yes_no"), Typed("quién sabe")),
    **dict.fromkeys(("date", "datetime", "time", "choice", "choices", "link", "files", "photos"), Typed("quién sabe")),
}


@pytest.mark.parametrize("kind", get_args(Kind))
def test_three_misses_of_any_kind_are_counted_and_a_day_gets_its_calendar(kind: Kind) -> None:
    options = (Choice(id="a", label="Azul"), Choice(id="r", label="Rojo")) if kind in {"choice", "choices"} else ()
    asked = Requisito(id="x", label="X", ask="¿X?", kind=kind, cite="1", options=options)
    ana = Conversation(Form((asked,)))
    ana.says(NONSENSE[kind], NONSENSE[kind])
    assert ana.draft.misses == LOST_AFTER - 1
    assert "month" not in ana.draft.pending
    ana.says(NONSENSE[kind])
    assert ana.draft.misses == LOST_AFTER
    assert ana.draft.pending.get("month") == ("2026-11" if kind in {"date", "datetime"} else None)
    assert ana.asks() == "x"


# One thing more


def test_one_thing_more_by_mistake_is_taken_back_and_nothing_is_lost() -> None:
    """P11 lists assets, each with what describes it."""
    law = next(one for one in CHALCO.procedures if any(field.group for field in one.requisitos))
    form = filing_form(law, HOUSE.short_notice, HOUSE.again)
    [group] = {one.group for one in law.requisitos if one.group is not None}
    keys = [one.id for one in law.requisitos if one.group == group]
    optional = tuple(one.id for one in law.requisitos if one.id in keys and not one.required)[:1]
    first = {key: f"{key} 1" for key in keys if key not in optional}
    before = {one.id: "x" for one in law.requisitos if one.group is None}
    ana = Conversation(form, EMPTY.but(answers={**before, **first}, skipped=optional))
    assert ana.asks() == f"{group}_otro"
    described = ana.draft
    ana.says("sí")
    assert ana.asks() == keys[0]
    assert ana.draft.answers[group] == [first]
    ana.says("atrás")
    assert (ana.asks(), ana.draft.answers, ana.draft.skipped) == (
        f"{group}_otro",
        described.answers,
        described.skipped,
    )
    ana.says("no")
    values = ana.values()
    assert values is not None
    assert values[group] == [first]


def test_who_looks_back_over_the_last_of_several_things_loses_none() -> None:
    law = next(one for one in CHALCO.procedures if any(field.group for field in one.requisitos))
    form = filing_form(law, HOUSE.short_notice, HOUSE.again)
    [group] = {one.group for one in law.requisitos if one.group is not None}
    keys = [one.id for one in law.requisitos if one.group == group]
    second = {key: f"{key} 2" for key in keys}
    before = {one.id: "x" for one in law.requisitos if one.group is None}
    ana = at_the_review(form, {**before, **second, group: [{keys[0]: "1"}], f"{group}_otro": False})
    ana.draft = ask_again(ana.draft, keys[0])
    ana.draft = back(ana.draft, form, SETTING).draft
    assert ana.draft.answers.items() >= {**second, group: [{keys[0]: "1"}]}.items()
