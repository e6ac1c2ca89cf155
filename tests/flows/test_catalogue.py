"""A manual with a mistake does not run: the file, the line and the reason are said."""

from pathlib import Path

import pytest

from bot import shelf
from bot.flows.catalogue import CatalogueError, Mistake, read_catalogue
from bot.flows.edition import edition, editions
from tests.flows.shipped import CATALOGUE, CHALCO, COVERAGE, MANUALS, SHIPPED

INDEX = "pueblo/manual.yaml"
LAW = "pueblo/a.yaml"
MANUAL = """\
manual: pueblo
title: Pueblo
office: Oficina de Pueblo
prefix: PUE
zone: America/Mexico_City
edition: Primera
contact: Plaza 1
closed: {"2026-12-24": Nochebuena}
roles:
  enlace: {label: Enlace, party: Área, of_area: true}
  jefe: {label: Jefe, party: Jefatura}
  tecnico: {label: Técnico, party: Taller, serves: jefe}
order:
  - A-01
"""
PROCEDURE = """\
procedure: A-01
series: A
title: Prueba
wish: Una prueba
asked_as:
  - probar una cosa
section: "1"
opened_by: [enlace]
notice: {amount: 72, unit: hours, before: cuando, cite: "1"}
delivery: {amount: 5, unit: business_days, from_activity: "4", cite: "1"}
requisitos:
  - id: modo
    label: Modo
    ask: ¿Cómo?
    kind: choice
    options:
      - {id: foto, label: Foto}
      - {id: video, label: Video}
    cite: "1"
  - id: minutos
    label: Minutos
    ask: ¿Cuántos?
    kind: number
    when: {modo: [video]}
    cite: "1"
  - id: cuando
    label: Cuándo
    ask: ¿Cuándo?
    kind: datetime
    cite: "1"
activities:
  - n: "1"
    role: enlace
    text: Pide.
    cite: "1"
    does: file
    action: Enviar
    joins: ["3"]
    next: "2"
  - n: "2"
    role: jefe
    text: Revisa.
    cite: "1"
    does: decide
    question: ¿Cumple?
    options:
      - {id: cumple, label: Sí cumple, to: "4"}
      - {id: no_cumple, label: No cumple, to: "3", asks: return}
  - n: "3"
    role: enlace
    text: Corrige.
    cite: "1"
    does: correct
    action: Corregir
    next: "1"
  - n: "4"
    role: jefe
    text: Atiende.
    cite: "1"
    does: task
    action: Atender
    agenda: cuando
    not_before: cuando
    assign: {role: tecnico}
    next: "5"
  - n: "5"
    role: jefe
    text: Entrega.
    cite: "1"
    does: deliver
    action: Entregar
    form:
      - id: prueba
        label: La prueba
        ask: Mándala.
        kind: files
        cite: "1"
    options:
      - {id: aprobar, label: Aprobar, by: enlace, to: "6"}
      - {id: cambios, label: Pedir cambios, by: enlace, to: "4"}
  - n: "6"
    role: jefe
    text: Archiva.
    cite: "1"
    does: auto
    next: "7"
  - n: "7"
    role: jefe
    text: Avisa.
    cite: "1"
    does: auto
    tell: [tecnico]
    end: Entregada
"""
GOOD = {INDEX: MANUAL, LAW: PROCEDURE}


def mistakes_in(files: dict[str, str]) -> list[Mistake]:
    with pytest.raises(CatalogueError) as refused:
        read_catalogue(files)
    assert str(refused.value) == "\n".join(str(one) for one in refused.value.mistakes)
    return refused.value.mistakes


def line_of(text: str, words: str) -> int:
    """The line where these words first stand."""
    return text[: text.index(words)].count("\n") + 1


def broken(file: str, old: str, new: str) -> dict[str, str]:
    assert old in GOOD[file], f"the good file does not say {old}"
    return {**GOOD, file: GOOD[file].replace(old, new, 1)}


def test_the_manuals_that_ship_can_run() -> None:
    assert "chalco" in CATALOGUE.manuals
    for manual, law in SHIPPED:
        assert CATALOGUE.procedure(manual.id, law.slug) is law
        assert CATALOGUE.procedure(manual.id, law.code.lower()) is law
    assert COVERAGE.total == 8
    assert COVERAGE.reception is not None
    assert sorted(COVERAGE.reception.days) == [0, 1, 2, 3, 4]


def test_the_menu_keeps_the_order_of_the_manual() -> None:
    for manual in CATALOGUE.manuals.values():
        assert tuple(law.code for law in manual.procedures) == manual.order


def test_a_procedure_that_no_manual_has_is_not_found() -> None:
    assert CHALCO.procedure("P99") is None
    with pytest.raises(KeyError):
        CATALOGUE.procedure("chalco", "P99")
    with pytest.raises(KeyError):
        COVERAGE.activity("99")


def test_the_people_of_the_sandbox_hold_roles_that_exist() -> None:
    for manual in CATALOGUE.manuals.values():
        demo = shelf.demo(MANUALS, manual.id)
        assert {role for one in demo.people for role in one.roles} <= {*manual.roles, "administrador"}
        assert {one.area for one in demo.people} <= {*manual.areas, None}
        needed = {name for name, role in manual.roles.items() if role.of_area}
        assert all(one.area for one in demo.people if needed & set(one.roles))


def test_a_good_manual_runs() -> None:
    [manual] = read_catalogue(GOOD).manuals.values()
    assert [law.code for law in manual.procedures] == ["A-01"]


def test_an_edition_changes_with_the_text_and_with_nothing_else() -> None:
    law = read_catalogue(GOOD).procedure("pueblo", "A-01")
    reworded = read_catalogue(broken(LAW, "text: Atiende.", "text: Resuelve.")).procedure("pueblo", "A-01")
    commented = read_catalogue({**GOOD, LAW: f"# Nota\n{PROCEDURE}"}).procedure("pueblo", "A-01")
    assert edition(law) == edition(commented) != edition(reworded)
    asked = read_catalogue(broken(LAW, "- probar una", "- ensayar una")).procedure("pueblo", "A-01")
    assert edition(law) == edition(asked)
    assert editions(read_catalogue(GOOD)) == {("pueblo", "A-01"): edition(law)}


# Each: what the file says | what it says instead | where the mistake is | why it is one.
BROKEN = {
    # What the shape forbids.
    "an unknown key": ("wish: Una prueba", "whish: Una prueba", "whish:", "`whish`: Extra inputs"),
    "a missing key": ("wish: Una prueba\n", "", "procedure:", "`wish`: Field required"),
    "a missing key of an activity": ("    text: Atiende.\n", "", '- n: "4"', "`activities.3.text`: Field required"),
    "a wrong type": ("amount: 72", "amount: muchas", "amount: muchas", "`notice.amount`: Input should be"),
    "a word for a list": ("opened_by: [enlace]", "opened_by: enlace", "opened_by:", "`opened_by`: Input should be"),
    "nobody may open it": ("opened_by: [enlace]", "opened_by: []", "opened_by:", "at least 1 item"),
    "an unknown kind": ("kind: number", "kind: numero", "kind: numero", "`requisitos.1.kind`: Input should be"),
    "an unknown deed": ("does: task", "does: tarea", "does: tarea", "`activities.3.does`: Input should be"),
    "an id with capitals": ("id: minutos", "id: Minutos", "id: Minutos", "should match pattern"),
    "an empty label": ("label: Minutos", 'label: ""', 'label: ""', "at least 1 character"),
    "no activities": (PROCEDURE[PROCEDURE.index("activities:") :], "activities: []\n", "activities:", "at least 1"),
    "a repeated key": ("title: Prueba", "title: Prueba\ntitle: Otra", "title: Otra", "`title` is written twice"),
    "a repeated key inside": ('to: "4"}', 'to: "4", to: "5"}', 'to: "5"', "`to` is written twice"),
    "a key that is a list": ("title: Prueba", "[a, b]: Prueba", "[a, b]", "a key must be a word"),
    "no YAML": ("title: Prueba", "title: 'Prueba", "title: 'Prueba", "not YAML"),
    "a tabulator": ("title: Prueba", "title:\n\tPrueba", "\tPrueba", "not YAML"),
    "a character no text has": ("title: Prueba", "title: Pru\x07eba", "title: Pru", "not YAML: special"),
    "two documents": ("activities:", "---\nactivities:", "---", "not YAML"),
    "an empty file": (PROCEDURE, "# nada\n", "# nada", "the file is empty"),
    "a sentence": (PROCEDURE, "Aquí va el manual.\n", "Aquí", "`file`: Input should be"),
    # How nobody asks.
    "a phrase of nothing": ("- probar una cosa", '- ""', '- ""', "`asked_as.0`: String should have at least 1"),
    "a phrase for everything": ("- probar una", "- necesito una", "- necesito", "says nothing"),
    "a phrase too long": ("probar una", "probar " * 9 + "una", "- probar", "is too long for a phrase (60)"),
    "a phrase said twice": ("- probar una cosa", "- probar una cosa\n  - cosas probadas", "  - cosas", "there already"),
    # What the requisitos may not be.
    "two requisitos of one id": ("id: minutos", "id: modo", "- id: modo\n    label: Min", "`modo` appears twice"),
    "a choice of nothing": ("kind: number", "kind: choices", "- id: minutos", "is a choices without options"),
    "options for nothing": ("kind: choice\n", "kind: text\n", "options:", "has options but is a text"),
    "usual files": ("kind: files", "kind: files\n        usual: [Lo de siempre]", "usual:", "it has no usual texts"),
    "a usual answer that is none": ("kind: number", "kind: number\n    usual: [x]", "usual:", "`x` is no answer to"),
    "usual answers alike": ("kind: number", "kind: number\n    usual: ['3', '3']", "usual:", "`3` appears 2 times"),
    "too many usual": ("kind: number", "kind: number\n    usual: [a, b, c, d, e, f, g]", "usual:", "more than 6"),
    "a usual text too long": ("kind: number", f"kind: number\n    usual: [{'a' * 31}]", "usual:", "too long for a"),
    "options of one id": ("{id: video,", "{id: foto,", "options:", "option `foto` appears 2 times"),
    "an option like a button of ours": ("{id: video,", "{id: back,", "options:", "the id of a button of ours"),
    "a condition on what comes later": ("when: {modo: [video]}", "when: {cuando: [video]}", "when:", "not asked"),
    "a condition on nothing": ("when: {modo: [video]}", "when: {modos: [video]}", "when:", "`modos`, which"),
    "a condition on no option": ("when: {modo: [video]}", "when: {modo: [cine]}", "when:", "`modo: cine`, which"),
    "a condition that is a word": ("when: {modo: [video]}", "when: {modo: video}", "when:", "`requisitos.1.when"),
    "a notice on nothing": ("before: cuando", "before: fecha", "notice:", "needs `fecha`, which nobody asks"),
    "a notice on a number": ("before: cuando", "before: minutos", "notice:", "`minutos` is not a date"),
    "a delivery from nowhere": ('from_activity: "4"', 'from_activity: "44"', "delivery:", "no activity 44"),
    "a campaign in a hurry": (
        "opened_by: [enlace]",
        "trigger: calendar\nurgent: true\nopened_by: [enlace]",
        "urgent:",
        "`urgent` is for what somebody asks",
    ),
    # What the activities may not be.
    "a first activity that files nothing": ("does: file", "does: task", "does: task", "must be the filing"),
    "two activities of one number": ('- n: "7"', '- n: "6"', "activities:", "activity `6` appears 2 times"),
    "a role that does not exist": ("role: jefe", "role: jefa", "role: jefa", "role `jefa` is not in manual.yaml"),
    "an opener that does not exist": ("[enlace]", "[vecino]", "opened_by:", "role `vecino` is not in manual.yaml"),
    "a reviewer that does not exist": ("by: enlace", "by: vecino", "by: vecino", "role `vecino` is not in"),
    "telling nobody": ("tell: [tecnico]", "tell: [prensa]", "tell: [prensa]", "role `prensa` is not in manual.yaml"),
    "staff that does not serve": ("assign: {role: tecnico}", "assign: {role: enlace}", "assign:", "does not serve"),
    "staff that does not exist": ("assign: {role: tecnico}", "assign: {role: x}", "assign: {role: x}", "role `x`"),
    "an exit to nowhere": ('next: "5"', 'next: "55"', 'next: "55"', "activity 4 leads to 55, which does not"),
    "an option to nowhere": ('to: "6"}', 'to: "66"}', 'to: "66"', "option `aprobar` leads to 66, which does not"),
    "an option with neither": (', to: "6"}', "}", "id: aprobar", "needs either `to` or the `outcome`"),
    "an option with both": ('to: "6"}', 'to: "6", outcome: Lista}', "id: aprobar", "needs either `to` or the"),
    "options of one label": ("label: Pedir cambios", "label: Aprobar", "options:\n      - {id: apr", "`Aprobar` app"),
    "two ways on": ("    end: Entregada", '    next: "6"\n    end: Entregada', '- n: "7"', "one of"),
    "a deed without an exit": ("    end: Entregada\n", "", '- n: "7"', "needs exactly one of"),
    "a decision without question": ("    question: ¿Cumple?\n", "", '- n: "2"', "decides and needs its `question`"),
    "a decision with a button": ("question: ¿", "action: Ver\n    question: ¿", "action: Ver", "no button of its own"),
    "a decision of one option": (
        '      - {id: cumple, label: Sí cumple, to: "4"}\n',
        "",
        '- n: "2"',
        "needs at least two options",
    ),
    "a task with options": ("does: deliver", "does: task", "options:\n      - {id: aprobar", "it has no options"),
    "a task without button": ("    action: Atender\n", "", '- n: "4"', "needs the `action` of its button"),
    "a delivery of nothing": ("kind: files", "kind: text", '- n: "5"', "its form asks for no file or link"),
    "a delivery to nobody": ("by: enlace, ", "", "id: aprobar", "option `aprobar` needs `by`"),
    "a return that nobody mends": ('to: "3", asks', 'to: "4", asks', "id: no_cumple", "no `correct` follows"),
    "a button too long": ("action: Atender", "action: Atender la solicitud ahora", "action: Atender la", "too long"),
    "an option too long": (
        "label: Sí cumple",
        "label: Sí cumple con lo que se pide",
        "id: cumple",
        "`Sí cumple con lo que se pide` is too long for a button (24)",
    ),
    "a way to no place": ("agenda: cuando", "goes_to: minutos", "goes_to:", "`minutos` is not a requisito with"),
    "a remark on no answer": (
        "activities:",
        "remarks:\n  - {text: Va solo., when: {modo: [cine]}}\nactivities:",
        "- {text",
        "`remark 1` waits for `modo: cine`",
    ),
    "an agenda without a date": ("agenda: cuando", "agenda: minutos", "agenda:", "`minutos` is not a requisito with"),
    "a wait for nothing": ("not_before: cuando", "not_before: nunca", "not_before:", "`nunca` is not a requisito"),
    "a form with two of one id": (
        "    options:\n      - {id: aprobar",
        "      - {id: prueba, label: Otra, ask: ¿Otra?, kind: text, cite: '1'}\n    options:\n      - {id: aprobar",
        "label: Otra",
        "`prueba` appears twice",
    ),
    "a gesture that joins nothing": ('joins: ["3"]', 'joins: ["33"]', "joins:", "there is no activity 33 to join"),
    "a gesture that answers a question": (
        "question: ¿Cumple?",
        'question: ¿Cumple?\n    joins: ["1"]',
        'joins: ["1"]',
        "activity 2 waits for an answer",
    ),
    # What the way through them may not be.
    "a lost activity": ('to: "6"}', 'to: "4"}', '- n: "6"', "nothing leads to activity 6"),
    "no end": ("    end: Entregada", '    next: "4"', '- n: "4"', "from activity 4 no end can be reached"),
    "a circle of the bot's own": ("    end: Entregada", '    next: "6"', '- n: "6"', "6 and 6 go round for ever"),
}  # fmt: skip

BROKEN_INDEX = {
    "a night that ends before it begins": (
        "title: Pueblo",
        "title: Pueblo\nhours: {opens: '21:00', closes: '07:00'}",
        "hours:",
        "the night ends before it begins",
    ),
    "an unknown key of the manual": ("title: Pueblo", "titulo: Pueblo", "titulo:", "`titulo`: Extra inputs"),
    "a role that serves nobody": ("serves: jefe", "serves: jefa", "manual:", "`tecnico` serves `jefa`"),
    "an unknown key of a role": ("of_area: true", "ofarea: true", "ofarea", "`roles.enlace.ofarea`: Extra"),
    "an order without its file": ("  - A-01", "  - A-01\n  - B-02", "- B-02", "`B-02` has no file"),
    "a file without its order": ("  - A-01", "  - B-02", "order:", "`A-01` is missing from the order"),
    "an order that repeats itself": ("  - A-01", "  - A-01\n  - 'A-01'", "- 'A-01'", "in the order twice"),
    "a zone that does not exist": ("America/Mexico_City", "America/Chalco", "zone:", "not an IANA time zone"),
    "a day that does not exist": ("2026-12-24", "2026-13-24", "closed:", "`closed.2026-13-24"),
    "a prefix with accents": ("prefix: PUE", "prefix: PÚE", "prefix:", "should match pattern"),
}  # fmt: skip


def refuses(file: str, old: str, new: str, where: str, reason: str) -> None:
    files = broken(file, old, new)
    found = mistakes_in(files)
    line = line_of(files[file], where)
    assert [one for one in found if one.file == file and one.line == line and reason in one.reason], found


@pytest.mark.parametrize(("old", "new", "where", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_procedure_is_refused_at_its_line(old: str, new: str, where: str, reason: str) -> None:
    refuses(LAW, old, new, where, reason)


@pytest.mark.parametrize(("old", "new", "where", "reason"), BROKEN_INDEX.values(), ids=BROKEN_INDEX)
def test_a_broken_manual_is_refused_at_its_line(old: str, new: str, where: str, reason: str) -> None:
    refuses(INDEX, old, new, where, reason)


def test_two_procedures_of_a_manual_are_not_asked_for_alike() -> None:
    other = PROCEDURE.replace("A-01", "A-02").replace("series: A", "series: B").replace("probar una", "Probando una")
    files = {INDEX: MANUAL.replace("- A-01", "- A-01\n  - A-02"), LAW: PROCEDURE, "pueblo/b.yaml": other}
    reason = "`Probando una cosa` already asks for `A-01`, in these or other words"
    assert mistakes_in(files) == [Mistake("pueblo/b.yaml", line_of(other, "- Probando"), reason)]


def test_a_circle_without_a_gesture_would_never_rest() -> None:
    """Two activities that join each other would be performed for ever by one press."""
    files = broken(
        LAW, 'does: auto\n    next: "7"', 'does: task\n    action: Archivar\n    joins: ["7"]\n    next: "7"'
    )
    files[LAW] = files[LAW].replace("    end: Entregada", '    joins: ["6"]\n    next: "6"')
    assert "activities 6 and 6 go round for ever" in [one.reason for one in mistakes_in(files)]


def test_what_would_end_a_question_by_itself_is_no_option() -> None:
    """The button beside a form's question says «Omitir»; a requisito of a form may not answer to the same id."""
    form = "      - {id: como, label: Cómo, ask: ¿?, kind: choice, options: [{id: skip, label: No}], cite: '1'}\n"
    found = mistakes_in(broken(LAW, "    form:\n", f"    form:\n{form}"))
    assert found == [Mistake(LAW, line_of(PROCEDURE, "form:") + 1, "option `skip` has the id of a button of ours")]


def test_all_mistakes_are_said_at_once_and_in_order() -> None:
    law = PROCEDURE.replace("does: task", "does: tarea").replace("unit: hours", "unit: horas")
    other = (
        PROCEDURE.replace("A-01", "A-02").replace("role: jefe", "role: jefa", 1).replace("kind: number", "kind: money")
    )
    files = {
        INDEX: MANUAL.replace("  - A-01", "  - A-01\n  - A-02\n  - A-02"),
        LAW: law,
        "pueblo/b.yaml": other.replace("before: cuando", "before: minutos", 1),
        "pueblo/c.yaml": "nada: [",
        "villa/manual.yaml": MANUAL.replace("prefix: PUE", "prefix: pue").replace("pueblo", "villa"),
        "villa/a.yaml": PROCEDURE.replace("title: Prueba", "titulo: Prueba"),
        "sola/a.yaml": PROCEDURE,
    }
    found = mistakes_in(files)
    assert found == sorted(found)
    assert [(one.file, one.line) for one in found] == [
        ("pueblo/a.yaml", line_of(law, "unit: horas")),
        ("pueblo/a.yaml", line_of(law, "does: tarea")),
        ("pueblo/b.yaml", line_of(other, "notice:")),
        ("pueblo/b.yaml", line_of(other, "role: jefa")),
        ("pueblo/c.yaml", 1),
        ("pueblo/manual.yaml", line_of(files[INDEX], "- A-02") + 1),
        ("sola/manual.yaml", 1),
        ("villa/a.yaml", 1),
        ("villa/a.yaml", line_of(PROCEDURE, "title:")),
        ("villa/manual.yaml", line_of(MANUAL, "prefix:")),
    ]


def test_a_file_that_nobody_can_read_is_not_called_missing() -> None:
    found = mistakes_in({**GOOD, LAW: "nada: ["})
    assert [one.file for one in found] == [LAW]


def test_two_files_may_not_hold_one_procedure() -> None:
    found = mistakes_in({**GOOD, "pueblo/b.yaml": PROCEDURE})
    assert found == [Mistake("pueblo/b.yaml", 1, "`A-01` is already in another file")]


def test_two_folders_may_not_hold_one_manual() -> None:
    found = mistakes_in({**GOOD, "villa/manual.yaml": MANUAL, "villa/a.yaml": PROCEDURE})
    assert found == [Mistake("villa/manual.yaml", 1, "another folder already holds `pueblo`")]


def test_a_folder_without_its_manual_is_a_mistake() -> None:
    assert mistakes_in({LAW: PROCEDURE}) == [Mistake(INDEX, 1, "a manual's folder needs this file")]


def test_no_manual_at_all_is_a_mistake() -> None:
    assert mistakes_in({}) == [Mistake("manual.yaml", 1, "there is no manual here")]


def test_the_people_of_the_sandbox_are_no_procedure() -> None:
    assert read_catalogue({**GOOD, "pueblo/demo.yaml": "people: []"}).manuals.keys() == {"pueblo"}


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pueblo").mkdir()
    (tmp_path / "pueblo" / "manual.yaml").write_bytes(MANUAL.encode("latin-1"))
    with pytest.raises(CatalogueError, match=r"pueblo/manual\.yaml:1: not UTF-8"):
        shelf.catalogue(tmp_path)


def test_a_folder_of_manuals_is_read_from_the_disk(tmp_path: Path) -> None:
    (tmp_path / "pueblo").mkdir()
    (tmp_path / "pueblo" / "manual.yaml").write_text(MANUAL, encoding="utf-8")
    (tmp_path / "pueblo" / "a.yaml").write_text(PROCEDURE, encoding="utf-8")
    assert shelf.catalogue(tmp_path).procedure("pueblo", "a-01").title == "Prueba"
    assert shelf.demo(tmp_path, "pueblo").people == ()
