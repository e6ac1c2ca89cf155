"""What is not forbidden but looks like an oversight is said, with its line, and keeps nothing from running."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import __main__ as command
from bot.flows.catalogue import read_catalogue
from tests.flows import guide
from tests.flows.shipped import CATALOGUE

LAW = "pueblo/a.yaml"
INDEX = "pueblo/manual.yaml"
OTHER = "pueblo/b.yaml"
MANUAL = """\
manual: pueblo
title: Pueblo
office: Oficina
prefix: PUE
edition: Primera
contact: Plaza 1
roles:
  enlace: {label: Enlace, party: Área, of_area: true}
  jefe: {label: Jefe, party: Jefatura}
order: [A-01, B-01]
"""
HEAD = """\
procedure: A-01
series: A
title: Préstamo de mobiliario escolar
wish: Pedir mobiliario
section: "1"
opened_by: [enlace]
"""
FILED = """\
activities:
  - {n: "1", role: enlace, text: Pide., cite: "1", does: file, action: Enviar, next: "2"}
"""
DECIDED = """\
  - n: "2"
    role: jefe
    text: Revisa.
    cite: "1"
    does: decide
    question: ¿Se autoriza?
    options:
"""
LENT = """\
  - {n: "3", role: jefe, text: Presta., cite: "1", does: task, action: Prestar, end: Prestado}
"""
REFUSED = """\
  - {n: "4", role: jefe, text: Informa por qué se niega., cite: "1", does: auto, end: No procede}
"""
GOOD = f"""{HEAD}{FILED}{DECIDED}\
      - {{id: autorizar, label: Autorizar, to: "3"}}
      - {{id: negar, label: No se autoriza, to: "4"}}
{LENT}{REFUSED}"""
B_01 = """\
procedure: B-01
series: B
title: Reparación de bocinas portátiles
wish: Reparar bocinas
section: "2"
opened_by: [enlace]
activities:
  - {n: "1", role: enlace, text: Pide., cite: "1", does: file, action: Enviar, next: "2"}
  - {n: "2", role: jefe, text: Atiende., cite: "1", does: task, action: Hecho, end: Atendida}
"""


def said(law: str = GOOD, *, other: str = B_01, manual: str = MANUAL) -> list[str]:
    return [str(one) for one in read_catalogue({INDEX: manual, LAW: law, OTHER: other}).warnings]


def but(old: str, new: str, text: str = GOOD) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


def line_of(text: str, within: str) -> int:
    return next(n for n, line in enumerate(within.splitlines(), start=1) if text in line)


def test_what_ships_and_what_the_guide_shows_call_for_no_second_look() -> None:
    assert [str(one) for one in CATALOGUE.warnings] == []
    assert read_catalogue(guide.files()).warnings == ()
    assert said() == []


def with_requisitos(*lines: str) -> str:
    return but("activities:", "requisitos:\n" + "".join(f"  - {one}\n" for one in lines) + "activities:")


VARIANTS = [
    (
        "a yes that leads to the refusal",
        but('label: Autorizar, to: "3"', 'label: Sí procede, to: "4"').replace(
            'No se autoriza, to: "4"', 'Prestar, to: "3"'
        ),
        "label: Sí procede",
        "`Sí procede` approves, but what follows refuses",
    ),
    (
        "a yes that ends refused",
        but('label: Autorizar, to: "3"', "label: Dar Vo.Bo., outcome: Solicitud rechazada").replace(
            'No se autoriza, to: "4"', 'Otra, to: "4"}\n      - {id: mas, label: Prestar, to: "3"'
        ),
        "label: Dar Vo.Bo.",
        "`Dar Vo.Bo.` approves, but what follows refuses",
    ),
    (
        "a no that grants",
        but('label: No se autoriza, to: "4"', "label: No es viable, outcome: Préstamo aprobado").replace(REFUSED, ""),
        "label: No es viable",
        "`No es viable` refuses, but what follows approves",
    ),
    (
        "nobody may say no",
        but('id: negar, label: No se autoriza, to: "4"', 'id: aval, label: Autorizar con aval, to: "3"').replace(
            REFUSED, ""
        ),
        '- n: "2"',
        "activity 2 can be approved but neither returned nor refused",
    ),
    (
        "an answer that a phone cuts",
        with_requisitos(
            "{id: a, label: A, ask: A, kind: choice, cite: '1', options: [{id: x, label: Respuesta demasiado larga}]}"
        ),
        "Respuesta demasiado",
        "`Respuesta demasiado larga` is long for a button: a phone may cut it at 24",
    ),
    (
        "a term before a date that is not asked",
        but("activities:", "remarks:\n  - Va por oficio (1).\n  - Pídelo tres días hábiles antes (2).\nactivities:"),
        "tres días",
        "it speaks of time before a date, and no requisito asks for a date",
    ),
    (
        "a text copied from another procedure",
        but("text: Presta.", "text: Entrega las bocinas portátiles."),
        '- {n: "3"',
        "activity 3 speaks of «bocinas» and «portatiles», the subject of `B-01`",
    ),
    (
        "a title copied from another procedure",
        but("title: Préstamo de mobiliario escolar", "title: Reparación de Bocinas portátiles"),
        "title:",
        "`B-01` has the same title",
    ),
    (
        "two equal buttons in the menu",
        but("wish: Pedir mobiliario", "wish: Reparar bocinas"),
        "wish:",
        "`B-01` has the same button in the menu",
    ),
    (
        "a requisito that needs two answers of one question",
        with_requisitos(
            '{id: modo, label: M, ask: ¿M?, kind: choice, options: [{id: a, label: A}, {id: b, label: B}], cite: "1"}',
            '{id: color, label: C, ask: ¿C?, kind: yes_no, when: {modo: [a]}, cite: "1"}',
            '{id: tono, label: T, ask: ¿T?, kind: text, when: {modo: [b], color: [si]}, cite: "1"}',
        ),
        "id: tono",
        "`tono` is never asked: no answers fulfil its `when`",
    ),
    (
        "a requisito for whoever may not go on",
        with_requisitos(
            '{id: aval, label: A, ask: ¿A?, kind: yes_no, must: Sin aval no se presta., cite: "1"}',
            '{id: causa, label: C, ask: ¿C?, kind: text, when: {aval: ["no"]}, cite: "1"}',
        ),
        "id: causa",
        "`causa` is never asked: no answers fulfil its `when`",
    ),
    (
        "an answer with two names",
        with_requisitos(
            "{id: modo, label: M, ask: ¿M?, kind: choice, "
            'options: [{id: a, label: Azul}, {id: b, label: B}], cite: "1"}',
        ).replace(
            "action: Prestar,",
            "action: Prestar, form: [{id: modo, label: M, ask: ¿M?, kind: choice, "
            'options: [{id: a, label: Amarillo}, {id: b, label: B}], cite: "1"}],',
        ),
        '- {n: "3"',
        "`a` of `modo` is «Azul» elsewhere and «Amarillo» here",
    ),
]


@pytest.mark.parametrize(("law", "at", "reason"), [row[1:] for row in VARIANTS], ids=[row[0] for row in VARIANTS])
def test_each_is_said_once_on_its_line(law: str, at: str, reason: str) -> None:
    found = [one for one in said(law) if one.startswith(LAW)]
    assert found == [f"{LAW}:{line_of(at, law)}: {reason}"]


def test_a_role_that_nobody_names_is_said() -> None:
    manual = but("order:", "  archivo: {label: Archivo, party: Archivo}\norder:", MANUAL)
    assert said(manual=manual) == [f"{INDEX}:{line_of('archivo', manual)}: no activity names the role `archivo`"]
    used = but("party: Jefatura", "party: Jefatura, anyone_of: [archivo]", manual)
    assert said(manual=used) == []


@pytest.mark.parametrize(
    "law",
    [
        but("text: Revisa.", "text: Revisa.\n    erratum: Se imprime al revés.", VARIANTS[3][1]),
        but("text: Presta.", "text: Entrega las bocinas.", GOOD),
        but("title: Préstamo de mobiliario escolar", "title: Bocinas portátiles escolares").replace(
            "text: Presta.", "text: Presta las bocinas portátiles."
        ),
        but("¿Se autoriza?", "¿Hay mobiliario?").replace("Autorizar", "Sí hay").replace("No se autoriza", "Ya no hay"),
    ],
    ids=["settled by an erratum", "one word in common", "its own subject", "a plain question"],
)
def test_what_is_settled_or_meant_is_not_said(law: str) -> None:
    assert said(law) == []


def test_check_prints_them_and_fails_only_when_strict(tmp_path: Path) -> None:
    folder = tmp_path / "pueblo"
    folder.mkdir()
    for path, text in ((INDEX, MANUAL), (LAW, VARIANTS[0][1]), (OTHER, B_01)):
        (tmp_path / path).write_text(text, encoding="utf-8")
    environment = {"OFICIALIA_MANUALS": str(tmp_path)}
    expected = f"{LAW}:{line_of('Sí procede', VARIANTS[0][1])}: `Sí procede` approves, but what follows refuses"
    for arguments in ([], [str(folder)], [str(folder / "a.yaml")]):
        loose = CliRunner().invoke(command.main, ["check", *arguments], env=environment)
        assert loose.exit_code == 0
        [line] = [one for one in loose.output.splitlines() if one.startswith("warning: ")]
        assert line.endswith(expected)
        strict = CliRunner().invoke(command.main, ["check", "--strict", *arguments], env=environment)
        assert strict.exit_code == 1
    of_another = CliRunner().invoke(command.main, ["check", "--strict", str(folder / "b.yaml")], env=environment)
    assert (of_another.exit_code, of_another.output) == (0, "no mistakes\n")
