"""The flow as a picture: everything is there, nothing lies on anything else, and hostile words stay words."""

import math
import random
from collections import Counter
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.flows.picture import Box, Drawing, Line, draw, svg
from bot.flows.procedure import Activity, Manual, Option, Procedure
from tests.flows.shipped import CHALCO, GRAPHICS, NAMES, SHIPPED, SUPPORT, law_of

Point = tuple[float, float]
# The foot of a document is wavy: a line begins a little above it, and the symbol covers that bit.
FOOT = 14.5


def parsed(drawing: Drawing) -> "ET.Element[str]":
    return ET.fromstring(svg(drawing))  # noqa: S314 (we wrote it a moment ago)


def words(text: str) -> list[str]:
    """What is read of a text, wherever its lines break."""
    return "".join(letter if letter.isprintable() else " " for letter in text).split()


def joined(lines: tuple[str, ...]) -> str:
    return " ".join(lines)


def apart(one: Box, other: Box, *, by: float = 0.0) -> bool:
    return (
        one.x + one.width + by <= other.x
        or other.x + other.width + by <= one.x
        or one.y + one.height + by <= other.y
        or other.y + other.height + by <= one.y
    )


def shrunk(box: Box, by: float) -> Box:
    return Box(box.x + by, box.y + by, box.width - 2 * by, box.height - 2 * by)


def stretch(start: Point, end: Point) -> Box:
    """A stretch of a line as a box without thickness."""
    return Box(min(start[0], end[0]), min(start[1], end[1]), abs(end[0] - start[0]), abs(end[1] - start[1]))


def stretches(line: Line) -> list[Box]:
    return [stretch(start, end) for start, end in pairwise(line.points)]


def everything_is_there(drawing: Drawing, law: Procedure) -> None:
    shapes = {one.node.key: one.node for one in drawing.flow.shapes}
    for activity in law.activities:
        node = shapes[activity.n]
        assert words(joined(node.lines)) == words(activity.text)
        assert node.kind in {"operation", "document"}
        if activity.options:
            assert shapes[f"{activity.n}?"].kind == "decision"
        if activity.question and activity.options:
            assert words(joined(shapes[f"{activity.n}?"].lines)) == words(activity.question)
    said = {one.edge: joined(one.lines) for one in drawing.flow.labels}
    drawn = {(one.edge.source, one.edge.option): one.edge for one in drawing.flow.lines if one.edge.option}
    for activity in law.activities:
        for option in activity.options:
            edge = drawn.pop((f"{activity.n}?", option.id))
            assert said[edge].startswith(option.label)
            assert edge.target == (option.to or f"{activity.n}.{option.id}")
            assert edge.added == (option.added is not None)
    assert drawn == {}
    ends = Counter(joined(one.lines) for one in shapes.values() if one.kind == "end")
    assert ends == Counter(
        f"FIN {outcome}".strip()
        for activity in law.activities
        for outcome in (
            *([activity.end] if activity.end else []),
            *(option.outcome or "" for option in activity.options if option.to is None),
        )
    )


def nothing_lies_on_anything(drawing: Drawing) -> None:
    shapes = {one.node.key: one for one in drawing.flow.shapes}
    for one, other in combinations(shapes.values(), 2):
        assert apart(one.box, other.box, by=8), (one.node.key, other.node.key)
    page = Box(0, 0, drawing.width, drawing.height)
    for one in shapes.values():
        lane = drawing.flow.lanes[one.node.lane]
        assert lane.x < one.box.x < one.box.x + one.box.width < lane.x + lane.width
        assert not apart(one.box, page)
    for line in drawing.flow.lines:
        for key, shape in shapes.items():
            own = key in {line.edge.source, line.edge.target}
            inside = shrunk(shape.box, FOOT if shape.node.kind == "document" and own else 0.5)
            if own and shape.node.kind == "decision":
                continue  # its corners are not its body
            assert all(apart(inside, one) for one in stretches(line)), (line.edge, key)
    for label in drawing.flow.labels:
        assert all(apart(label.box, one.box) for one in shapes.values()), label
        assert all(apart(label.box, one.box) for one in drawing.flow.labels if one is not label), label
        assert all(apart(label.box, bit) for one in drawing.flow.lines for bit in stretches(one)), label


def every_line_hangs_together(drawing: Drawing) -> None:
    shapes = {one.node.key: one for one in drawing.flow.shapes}
    for line in drawing.flow.lines:
        for start, end in pairwise(line.points):
            assert math.isclose(start[0], end[0], abs_tol=0.01) or math.isclose(start[1], end[1], abs_tol=0.01)
        for key, point in ((line.edge.source, line.points[0]), (line.edge.target, line.points[-1])):
            box = shapes[key].box
            assert box.x - 0.1 <= point[0] <= box.x + box.width + 0.1
            assert box.y - 0.1 <= point[1] <= box.y + box.height + 0.1
        (x, y), (to_x, to_y) = line.points[-2:]
        assert abs(x - to_x) + abs(y - to_y) >= 9.5, line  # room for the arrow
    for one, other in combinations(drawing.flow.lines, 2):
        for bit in stretches(one):
            for another in stretches(other):
                assert not runs_along(bit, another), (one.edge, other.edge)


def runs_along(one: Box, other: Box) -> bool:
    """Whether two stretches lie on or right beside each other for a while."""
    if one.width < 0.1 and other.width < 0.1:
        far, shared = abs(one.x - other.x), min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    elif one.height < 0.1 and other.height < 0.1:
        far, shared = abs(one.y - other.y), min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    else:
        return False
    return far < 5 and shared > 1


@pytest.mark.parametrize(("manual", "law"), SHIPPED, ids=NAMES)
def test_every_activity_option_and_end_is_drawn(manual: Manual, law: Procedure) -> None:
    everything_is_there(draw(manual, law), law)


@pytest.mark.parametrize(("manual", "law"), SHIPPED, ids=NAMES)
def test_no_symbol_line_or_word_lies_on_another(manual: Manual, law: Procedure) -> None:
    drawing = draw(manual, law, mark=law.activities[-1].n)
    nothing_lies_on_anything(drawing)
    every_line_hangs_together(drawing)


@pytest.mark.parametrize(("manual", "law"), SHIPPED, ids=NAMES)
def test_the_page_is_xml_and_every_party_stands_on_top_of_its_lane(manual: Manual, law: Procedure) -> None:
    drawing = draw(manual, law)
    page = parsed(drawing)
    said = " ".join(text for text in page.itertext() if text.strip())
    for activity in law.activities:
        lane = next(one.node.lane for one in drawing.flow.shapes if one.node.key == activity.n)
        assert drawing.flow.lanes[lane].party == manual.roles[activity.role].party
    assert all(joined(party) in said for party in drawing.parties)
    assert "INICIO" in said
    assert "FIN" in said
    assert svg(draw(manual, law)) == svg(drawing)


def test_the_order_from_above_is_the_manuals() -> None:
    shapes = {one.node.key: one.box.y for one in draw(CHALCO, SUPPORT).flow.shapes}
    heights = [shapes[activity.n] for activity in SUPPORT.activities]
    assert heights == sorted(heights)
    assert shapes["start"] < heights[0]


def test_what_brings_files_has_the_foot_of_a_document() -> None:
    kinds = {one.node.key: one.node.kind for one in draw(CHALCO, GRAPHICS).flow.shapes}
    assert kinds["7"] == kinds["10"] == "document"
    assert kinds["5"] == "operation"


def test_a_proposal_is_answered_in_the_lane_of_whoever_asked_for_it() -> None:
    lanes = {one.node.key: one.node.lane for one in draw(CHALCO, GRAPHICS).flow.shapes}
    assert lanes["7?"] == lanes["1"] != lanes["7"]


def test_what_was_added_is_dashed_and_the_legend_says_so() -> None:
    support, graphics = draw(CHALCO, SUPPORT), draw(CHALCO, GRAPHICS)
    assert any("Añadido" in key.means for key in support.legend)
    assert not any("Añadido" in key.means for key in graphics.legend)
    assert 'stroke-dasharray="6 4"' in svg(support)
    assert "dasharray" not in svg(graphics)
    by_option = {one.edge.option: one.edge.added for one in support.flow.lines if one.edge.option}
    assert by_option["no_procede"]
    assert not by_option["cumple"]


def test_the_activity_of_now_has_a_thick_border_and_says_here() -> None:
    marked, plain = svg(draw(CHALCO, SUPPORT, mark="7")), svg(draw(CHALCO, SUPPORT))
    assert marked.count(">AQUÍ<") == 1
    assert 'stroke-width="4"' in marked
    assert "AQUÍ" not in plain
    assert 'stroke-width="4"' not in plain
    assert [one.node.key for one in draw(CHALCO, SUPPORT, mark="7").flow.shapes if one.node.marked] == ["7"]


def test_a_mark_on_an_activity_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        draw(CHALCO, SUPPORT, mark="99")


def test_hostile_words_stay_words() -> None:
    hostile = "</text><script>alert(1)</script> & \"quoted\" 'so' ]]> <!-- \x00\x0b\ud800 ½"
    first = SUPPORT.activities[0].model_copy(update={"text": hostile})
    deciding = SUPPORT.activities[2]
    options = tuple(one.model_copy(update={"label": hostile, "outcome": hostile}) for one in deciding.options)
    third = deciding.model_copy(update={"question": hostile * 3, "options": options})
    law = SUPPORT.model_copy(
        update={"title": hostile, "activities": (first, SUPPORT.activities[1], third, *SUPPORT.activities[3:])}
    )
    manual = CHALCO.model_copy(update={"title": hostile, "office": hostile, "edition": hostile})
    page = parsed(draw(manual, law))
    assert {one.tag.partition("}")[2] for one in page.iter()} <= {
        *("svg", "title", "rect", "text", "path", "polygon"),
    }
    assert "alert(1)" in "".join(page.itertext())


@pytest.mark.parametrize("text", ["x" * 300, "¿" + "Requiere " * 60 + "?", "漢字" * 40, "-"])
def test_words_of_any_length_leave_no_symbol_on_another(text: str) -> None:
    deciding = SUPPORT.activities[2].model_copy(update={"question": text, "text": text})
    law = SUPPORT.model_copy(update={"activities": (*SUPPORT.activities[:2], deciding, *SUPPORT.activities[3:])})
    nothing_lies_on_anything(draw(CHALCO, law))


def invented(seed: int) -> Procedure:
    """A procedure that nobody would write: jumps everywhere, up to five answers, and ends among them."""
    dice = random.Random(seed)  # noqa: S311 (a picture is no secret)
    numbers = [str(n + 1) for n in range(dice.randint(1, 14))]
    roles = dice.sample(list(CHALCO.roles), dice.randint(1, len(CHALCO.roles)))

    def option(place: int) -> Option:
        end = dice.random() < 0.25
        return Option(
            id=f"o{place}",
            label=dice.choice(["Sí", "No cumple", "Registrar la llamada", "Se lleva a taller"]),
            to=None if end else dice.choice(numbers),
            by=dice.choice([None, None, *roles]),
            outcome="No procede" if end else None,
            added="Así lo pide la política." if dice.random() < 0.3 else None,
        )

    def activity(n: str) -> Activity:
        found = Activity(
            n=n, role=dice.choice(roles), text="Revisa la solicitud " * dice.randint(1, 4), cite="1", does="task"
        )
        kind = dice.random()
        if kind < 0.4:
            options = tuple(option(place) for place in range(dice.randint(2, 5)))
            return found.model_copy(update={"does": "decide", "question": "¿Cumple con todo?", "options": options})
        return found.model_copy(update={"end": "Concluida"} if kind < 0.5 else {"next": dice.choice(numbers)})

    return SUPPORT.model_copy(update={"activities": tuple(activity(n) for n in numbers)})


@settings(max_examples=60)
@given(seed=st.integers(min_value=0, max_value=10**9))
def test_not_even_an_absurd_procedure_is_drawn_over_itself(seed: int) -> None:
    law = invented(seed)
    drawing = draw(CHALCO, law)
    nothing_lies_on_anything(drawing)
    every_line_hangs_together(drawing)


def test_more_answers_than_a_diamond_has_corners_are_drawn_all_the_same() -> None:
    deciding = SUPPORT.activities[2]
    ends = tuple(Option(id=f"fin{place}", label=f"Cierre {place}", outcome="Cerrada") for place in range(9))
    third = deciding.model_copy(update={"options": (*deciding.options, *ends)})
    law = SUPPORT.model_copy(update={"activities": (*SUPPORT.activities[:2], third, *SUPPORT.activities[3:])})
    everything_is_there(draw(CHALCO, law), law)


def test_the_same_procedure_in_another_case_of_its_code_is_the_same_picture() -> None:
    assert svg(draw(CHALCO, law_of(CHALCO, "p10"))) == svg(draw(CHALCO, SUPPORT))
