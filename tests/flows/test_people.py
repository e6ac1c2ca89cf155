"""Who may act, and who may look: by the roles held at that moment and nothing else."""

import pytest

from bot.flows.people import Grant, Person, acts_as
from bot.flows.people import may_act as acts
from bot.flows.people import may_see as sees
from bot.flows.request import Turn
from tests.flows.shipped import CHALCO

ANA = Person(id=1, manual="chalco", name="Ana", grants=(Grant(role="enlace", area="cultura"),))
RAUL = Person(id=2, manual="chalco", name="Raúl", grants=(Grant(role="enlace", area="odapas"),))
ROSA = Person(id=3, manual="chalco", name="Rosa", grants=(Grant(role="coordinador"),))
GABY = Person(id=4, manual="chalco", name="Gabriela", grants=(Grant(role="gobierno_digital"),))
TONO = Person(id=5, manual="chalco", name="Toño", grants=(Grant(role="tecnico"),))
ELENA = Person(id=6, manual="chalco", name="Elena", grants=(Grant(role="tecnico"),))
LUCIA = Person(id=7, manual="chalco", name="Lucía", grants=(Grant(role="administrador"),))
NOBODY = Person(id=8, manual="chalco", name="Nadie")
BOTH = Person(
    id=9,
    manual="chalco",
    name="Eva",
    grants=(Grant(role="enlace", area="odapas"), Grant(role="enlace", area="cultura"), Grant(role="tecnico")),
)
EVERYBODY = (ANA, RAUL, ROSA, GABY, TONO, ELENA, LUCIA, NOBODY, BOTH)

OF_CULTURE = Turn(key=1, activity="4", stage="act", role="enlace", area="cultura")
OF_THE_OFFICE = Turn(key=1, activity="2", stage="choose", role="coordinador")
WAITING = Turn(key=1, activity="6", stage="act", role="gobierno_digital", pool="tecnico")
HANDED = Turn(key=1, activity="6", stage="act", role="gobierno_digital", pool="tecnico", person=TONO.id)
UNPOOLED = Turn(key=1, activity="3", stage="choose", role="gobierno_digital")


@pytest.mark.parametrize(
    ("turn", "those"),
    [
        (OF_CULTURE, (ANA, BOTH)),
        (OF_THE_OFFICE, (ROSA,)),
        (WAITING, (GABY, TONO, ELENA, BOTH)),
        (HANDED, (GABY, TONO)),
        (UNPOOLED, (GABY,)),
    ],
    ids=["of an area", "of the office", "waiting in a pool", "handed to one", "without a pool"],
)
def test_a_turn_is_taken_by_those_whose_it_is(turn: Turn, those: tuple[Person, ...]) -> None:
    assert tuple(one for one in EVERYBODY if acts(one, turn, CHALCO)) == those


@pytest.mark.parametrize(
    ("who", "turn", "role"),
    [
        (ROSA, OF_THE_OFFICE, "coordinador"),
        (GABY, HANDED, "gobierno_digital"),
        (TONO, HANDED, "tecnico"),
        (ELENA, WAITING, "tecnico"),
        (BOTH, OF_CULTURE, "enlace"),
    ],
    ids=["of the office", "whom the pool serves", "handed to one", "waiting in a pool", "another's pool"],
)
def test_a_turn_is_taken_in_a_role_that_one_holds(who: Person, turn: Turn, role: str) -> None:
    assert acts_as(who, turn) == role


def test_a_turn_handed_in_person_does_not_pass_to_who_lost_the_role() -> None:
    assert not acts(TONO.model_copy(update={"grants": ()}), HANDED, CHALCO)


def test_a_request_is_seen_by_its_area_by_whoever_filed_it_and_by_the_offices() -> None:
    seen = tuple(one for one in EVERYBODY if sees(one, area="cultura", requester=NOBODY.id, manual=CHALCO))
    assert seen == (ANA, ROSA, GABY, NOBODY, BOTH)


def test_staff_and_administrators_see_nothing_that_is_not_theirs() -> None:
    for one in (TONO, ELENA, LUCIA, RAUL):
        assert not sees(one, area="cultura", requester=ANA.id, manual=CHALCO)


def test_what_somebody_holds_is_said_once() -> None:
    assert BOTH.roles == {"enlace", "tecnico"}
    assert BOTH.areas == ("odapas", "cultura")
    assert BOTH.holds("enlace")
    assert BOTH.holds("enlace", "cultura")
    assert not BOTH.holds("enlace", "desarrollo")
    assert not NOBODY.holds("enlace")
