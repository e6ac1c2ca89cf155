"""What we say is refused, taken without an answer or answered too slowly: it comes in order, and nobody else waits."""

import pytest

from notifications.senders import telegram
from tests.stories.test_cobertura import ana_files
from tests.stories.trouble import fault, left, names_an_event, order, troubles, until, waits_for
from tests.story import Phone, World

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NAME, DATE, PLACE = "Nombre del evento · Paso 1 de 4", "Fecha y hora · Paso 2 de 4", "Lugar y dirección · Paso 3 de 4"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits twenty seconds for an answer."""
    monkeypatch.setattr(telegram, "_PATIENCE", 2.0)


# 429


async def test_one_chats_429_delays_nobody_else_and_an_administrator_sees_it(
    world: World, ana: Phone, raul: Phone, lucia: Phone
) -> None:
    await fault(world, "429", retry_after=600, chat=ana.person, times=0)
    for said in ("/nueva GCH-CCS-P01-2023", "Feria", "viernes 27 de noviembre 5 pm"):
        await ana.says(said)
    await until(world, ana, waits_for(world, ana, 3))
    await names_an_event(raul, "Posada")
    await raul.says("viernes 27 de noviembre 5 pm")
    await raul.hears(PLACE)
    await troubles(lucia, "Ana Robles: 3 mensajes. Se sigue intentando: «Flood control exceeded")
    [met] = await left(world)
    assert met["met"] == 1  # it is not asked again before the time

    await world.call("DELETE", "/sandbox/faults")
    await world.later(seconds=601)
    await ana.hears(PLACE)
    assert order(ana, NAME, DATE, PLACE) == sorted(order(ana, NAME, DATE, PLACE))
    assert [ana.heard(one) for one in (NAME, DATE, PLACE)] == [1, 1, 1]
    await troubles(lucia, "Todo está entregado")


async def test_when_everybody_is_refused_the_bot_pauses_and_then_says_everything_in_order(
    world: World, ana: Phone, raul: Phone, rosa: Phone
) -> None:
    await fault(world, "flood", method="sendMessage", seconds=120)
    for phone in (ana, raul):
        await phone.says("/nueva GCH-CCS-P01-2023")
        await until(world, phone, waits_for(world, phone, 1))

    async def both_refused() -> bool:
        return bool((await left(world))[0]["met"] == 2)

    await until(world, ana, both_refused)
    for phone, name in ((ana, "Feria"), (raul, "Posada")):
        await phone.says(name)
        await phone.says("viernes 27 de noviembre 5 pm")
    await rosa.says("menú")
    for phone, count in ((ana, 3), (raul, 3), (rosa, 1)):
        await until(world, phone, waits_for(world, phone, count))
    assert await both_refused()  # not one call more: who has not been refused yet is not tried either

    await world.later(seconds=121)
    await rosa.hears("¿Qué necesitas?")
    for phone in (ana, raul):
        await phone.hears(PLACE)
        assert order(phone, NAME, DATE, PLACE) == sorted(order(phone, NAME, DATE, PLACE))
        assert [phone.heard(one) for one in (NAME, DATE, PLACE)] == [1, 1, 1]


# A bad line


async def goes_on(world: World, kind: str, ana: Phone, raul: Phone, *, repeats: int) -> None:
    """Ana's next two messages meet the fault, and Raúl does not."""
    await fault(world, kind, chat=ana.person, times=2, seconds=3600)
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.says("Feria")
    await names_an_event(raul, "Posada")
    await until(world, ana, lambda: _all_met(world))
    await world.later(seconds=30)
    await ana.hears(DATE)
    await world.has_said_all()
    assert order(ana, NAME, DATE) == sorted(order(ana, NAME, DATE))
    assert [ana.heard(one) for one in (NAME, DATE)] == [1 + repeats, 1]
    assert raul.heard("✓ Nombre del evento: Posada") == 1


async def _all_met(world: World) -> bool:
    """Time passes until every fault has struck."""
    await world.later(seconds=5)
    return not await left(world)


@pytest.mark.parametrize(("kind", "repeats"), [("500", 0), ("502", 0), ("drop", 0), ("lose_response", 2)])
async def test_a_bad_line_to_one_person_delays_nobody_else(
    world: World, ana: Phone, raul: Phone, kind: str, repeats: int
) -> None:
    """Only what was taken without a word is said once more, each time that it is."""
    await goes_on(world, kind, ana, raul, repeats=repeats)


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize(("kind", "repeats"), [("slow", 0), ("slow_answer", 2)])
async def test_a_slow_line_to_one_person_delays_nobody_else(
    world: World, ana: Phone, raul: Phone, kind: str, repeats: int
) -> None:
    await goes_on(world, kind, ana, raul, repeats=repeats)


@pytest.mark.parametrize("method", ["sendMessage", "editMessageText"])
async def test_of_an_answer_that_is_lost_there_is_one_repeat_and_no_third(
    world: World, ana: Phone, rosa: Phone, mariana: Phone, method: str
) -> None:
    await fault(world, "lose_response", method=method, chat=rosa.person)
    folio = await ana_files(ana)
    await mariana.hears(folio, "¿Cumple")
    await world.later(seconds=3)
    card = await rosa.hears(folio, "¿Cumple")
    await world.has_said_all()
    await rosa.presses("Sí cumple", on=card)
    await mariana.hears(folio, "✓ Sí cumple")
    await world.later(seconds=3)
    await rosa.hears(folio, "✓ Sí cumple")
    # A change that is made twice is made once.
    assert len(await rosa.ever_heard(folio)) == (2 if method == "sendMessage" else 1)
    assert len(await mariana.ever_heard(folio)) == 1
    assert await world.walked(folio) == ["1", "2", "5", "6"]


async def test_who_presses_the_copy_that_nobody_knows_of_hears_what_became_of_it(
    world: World, ana: Phone, rosa: Phone
) -> None:
    await fault(world, "lose_response", method="sendMessage", chat=rosa.person)
    folio = await ana_files(ana)
    first = await rosa.hears(folio, "¿Cumple")
    await world.later(seconds=3)
    await until(world, rosa, lambda: _is_twice(rosa, folio))
    await rosa.presses("Sí cumple", on=first)
    await ana.hears(folio, "Ahora: actividad 7")
    await rosa.presses("No cumple", on=first)
    await rosa.sees(folio, "Sí cumple")
    assert await world.walked(folio) == ["1", "2", "5", "6"]


async def _is_twice(phone: Phone, folio: str) -> bool:
    await phone.waits()
    return phone.heard(folio) == 2


async def test_what_never_arrives_is_seen_by_an_administrator_and_others_go_on(
    world: World, ana: Phone, raul: Phone, lucia: Phone
) -> None:
    await fault(world, "502", chat=ana.person, times=5)
    await ana.says("/nueva GCH-CCS-P01-2023")
    await ana.says("Feria")
    await until(world, ana, lambda: _all_met(world))
    await names_an_event(raul, "Posada")
    await troubles(lucia, "Ana Robles: 2 mensajes. Se sigue intentando: «Bad Gateway (502)»")
    await world.later(seconds=600)
    await ana.hears(DATE)
    assert [ana.heard(one) for one in (NAME, DATE)] == [1, 1]
    await troubles(lucia, "Todo está entregado")
