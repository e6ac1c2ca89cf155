"""The one who speaks, against a Bot API server that answers as Telegram does on good days and bad ones."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from notifications.message import (
    Attachment,
    GoneError,
    Message,
    MovedError,
    OutsideError,
    RefusedError,
    TryLaterError,
    UnreachableError,
)
from notifications.senders.pacing import Pace
from notifications.senders.telegram import TelegramSender
from tests.sandbox.doors import ANA, BETO, TOWN, Door
from tests.sandbox.pictures import png

CHAT = str(ANA.id)
SOON = timedelta(seconds=2)
BUTTONS = ((("Sí cumple", "t:1:1:si"), ("No cumple", "t:1:1:no")), (("Ver solicitud", "v:1"),))


async def shown(door: Door, chat: int = ANA.id) -> list[Any]:
    messages: list[Any] = (await door.sees(chat))["messages"]
    return messages


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "a3f1"
    path.write_bytes(png(40, 30))
    return path


async def test_a_message_arrives_with_its_words_and_its_buttons(door: Door, sender: TelegramSender) -> None:
    given = await sender.send(CHAT, Message("<b>CHA-1</b> &lt;ojo&gt; chalco.gob.mx", BUTTONS))
    [message] = await shown(door)
    assert given == str(message["message_id"])
    assert message["text"] == "CHA-1 <ojo> chalco.gob.mx"
    assert message["html"].startswith("<b>CHA-1</b>")
    labels = [[(button["text"], button["data"]) for button in row] for row in message["buttons"]]
    assert labels == [list(row) for row in BUTTONS]
    assert message["silent"] is False


async def test_what_merely_informs_makes_no_sound(door: Door, sender: TelegramSender, kept: Path) -> None:
    await sender.send(CHAT, Message("aviso", silent=True))
    await sender.send(CHAT, Message("foto", silent=True, attachment=Attachment(kept, "a.png", photo=True)))
    await sender.send(CHAT, Message("archivo", silent=True, attachment=Attachment(kept, "a.png", photo=False)))
    assert [message["silent"] for message in await shown(door)] == [True, True, True]


@pytest.mark.parametrize(("photo", "kind"), [(True, "photo"), (False, "document")])
async def test_a_file_goes_with_its_caption_and_its_buttons(
    door: Door, sender: TelegramSender, kept: Path, *, photo: bool, kind: str
) -> None:
    attachment = Attachment(kept, "propuesta ronda 2.png", photo)
    given = await sender.send(CHAT, Message("<b>CHA-1</b>\nRonda 2", BUTTONS, attachment=attachment))
    [message] = await shown(door)
    assert (message["kind"], message["text"], str(message["message_id"])) == (kind, "CHA-1\nRonda 2", given)
    assert len(message["buttons"]) == 2
    async with door.session.get(message["file"]["url"]) as answer:
        assert await answer.read() == png(40, 30)
    if not photo:
        assert message["file"]["name"] == "propuesta ronda 2.png"


@pytest.mark.parametrize("content", [b"not a picture at all", png(4000, 10)])
async def test_a_picture_that_telegram_cannot_show_goes_as_a_file(
    door: Door, sender: TelegramSender, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "b7"
    path.write_bytes(content)
    await sender.send(CHAT, Message("evidencia", attachment=Attachment(path, "evidencia.png", photo=True)))
    [message] = await shown(door)
    assert (message["kind"], message["text"]) == ("document", "evidencia")


async def test_a_caption_too_long_is_refused(sender: TelegramSender, kept: Path) -> None:
    with pytest.raises(RefusedError, match=r"(?i)caption is too long"):
        await sender.send(CHAT, Message("x" * 1025, attachment=Attachment(kept, "a.png", photo=False)))


async def test_an_edit_changes_words_and_buttons(door: Door, sender: TelegramSender) -> None:
    given = await sender.send(CHAT, Message("¿Cumple?", BUTTONS))
    await sender.edit(CHAT, given, Message("<b>✓ Sí cumple</b>", ((("Ver solicitud", "v:1"),),)))
    [message] = await shown(door)
    assert message["text"] == "✓ Sí cumple"
    assert [button["text"] for row in message["buttons"] for button in row] == ["Ver solicitud"]
    await sender.edit(CHAT, given, Message("Concluida"))
    [message] = await shown(door)
    assert message["buttons"] == []


async def test_an_edit_that_changes_nothing_is_no_trouble(sender: TelegramSender) -> None:
    given = await sender.send(CHAT, Message("igual", BUTTONS))
    await sender.edit(CHAT, given, Message("igual", BUTTONS))


async def test_buttons_are_taken_away_once_or_twice(door: Door, sender: TelegramSender) -> None:
    given = await sender.send(CHAT, Message("¿Cumple?", BUTTONS))
    await sender.strip(CHAT, given)
    await sender.strip(CHAT, given)
    [message] = await shown(door)
    assert (message["text"], message["buttons"]) == ("¿Cumple?", [])


async def test_what_is_not_there_any_more_is_gone(sender: TelegramSender, kept: Path) -> None:
    with pytest.raises(GoneError):
        await sender.edit(CHAT, "999999", Message("x"))
    with pytest.raises(GoneError):
        await sender.strip(CHAT, "999999")
    captioned = await sender.send(CHAT, Message("foto", attachment=Attachment(kept, "a.png", photo=True)))
    with pytest.raises(GoneError):
        await sender.edit(CHAT, captioned, Message("texto"))


async def test_too_fast_says_how_long_to_wait(door: Door, sender: TelegramSender) -> None:
    await door.tries("faults", fault="429", retry_after=7, chat=ANA.id)
    with pytest.raises(TryLaterError) as refusal:
        await sender.send(CHAT, Message("x"))
    assert (refusal.value.after, refusal.value.limited) == (timedelta(seconds=7), True)
    assert await sender.send(CHAT, Message("x"))


async def test_one_chats_429_does_not_hold_the_next_chat(door: Door, sender: TelegramSender) -> None:
    await door.tries("faults", fault="429", retry_after=600, chat=ANA.id, times=0)
    with pytest.raises(TryLaterError):
        await sender.send(CHAT, Message("x"))
    async with asyncio.timeout(5):
        assert await sender.send(str(BETO.id), Message("x"))


@pytest.mark.parametrize("fault", ["blocked", "deactivated"])
async def test_who_blocks_the_bot_or_has_gone_is_unreachable(door: Door, sender: TelegramSender, fault: str) -> None:
    given = await sender.send(CHAT, Message("x"))
    await door.tries("faults", fault=fault, times=3)
    for saying in (
        sender.send(CHAT, Message("x")),
        sender.edit(CHAT, given, Message("y")),
        sender.strip(CHAT, given),
    ):
        with pytest.raises(UnreachableError):
            await saying


async def test_who_never_wrote_is_unreachable(sender: TelegramSender) -> None:
    with pytest.raises(UnreachableError, match=r"(?i)chat not found"):
        await sender.send("123456789", Message("x"))


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (Message("<b>sin cerrar"), "can't find end tag"),
        (Message("x" * 4097), "message is too long"),
        (Message("   "), "text must be non-empty"),
        (Message("x", ((("Botón", "d" * 65),),)), "button_data_invalid"),
    ],
)
async def test_what_telegram_will_never_take_is_refused(
    door: Door, sender: TelegramSender, message: Message, reason: str
) -> None:
    with pytest.raises(RefusedError) as refusal:
        await sender.send(CHAT, message)
    assert reason in str(refusal.value).lower()
    assert await shown(door) == []


@pytest.mark.parametrize("fault", ["500", "502", "drop", "lose_response"])
async def test_a_bad_moment_is_for_later(door: Door, sender: TelegramSender, fault: str) -> None:
    given = await sender.send(CHAT, Message("x", BUTTONS))
    await door.tries("faults", fault=fault, times=3)
    for saying in (
        sender.send(CHAT, Message("x")),
        sender.edit(CHAT, given, Message("y", BUTTONS)),
        sender.strip(CHAT, given),
    ):
        with pytest.raises(TryLaterError) as trouble:
            await saying
        assert (trouble.value.after, trouble.value.limited) == (SOON, False)
    assert await sender.send(CHAT, Message("x"))


async def test_a_page_of_the_front_end_is_told_in_a_word(door: Door, sender: TelegramSender) -> None:
    await door.tries("faults", fault="502")
    with pytest.raises(TryLaterError, match=r"^Bad Gateway \(502\)$"):
        await sender.send(CHAT, Message("x"))


async def test_a_bot_thrown_out_of_a_group_reaches_nobody_there(door: Door, sender: TelegramSender) -> None:
    _, group = await door.tries("groups", title="Comunicación", members=[ANA.id])
    assert await sender.send(str(group["id"]), Message("aviso"))
    await door.tries(f"groups/{group['id']}/bot", status="kicked")
    with pytest.raises(OutsideError):
        await sender.send(str(group["id"]), Message("aviso"))


async def test_a_group_that_became_a_supergroup_says_where_it_goes_on(door: Door, sender: TelegramSender) -> None:
    _, group = await door.tries("groups", title="Comunicación", members=[ANA.id])
    old = str(group["id"])
    given = await sender.send(old, Message("antes", BUTTONS))
    _, new = await door.tries(f"groups/{old}/upgrade")
    with pytest.raises(MovedError) as moved:
        await sender.send(old, Message("después"))
    assert moved.value.chat == str(new["id"])
    for changing in (sender.edit(old, given, Message("después")), sender.strip(old, given)):
        with pytest.raises(GoneError):
            await changing


async def test_a_group_has_twenty_messages_a_minute_and_the_rest_is_for_later(
    door: Door, sender: TelegramSender
) -> None:
    await door.tries("faults", fault="pace", per_second=0, per_chat=0, per_group_minute=20)
    groups = [(await door.tries("groups", title=title, members=[ANA.id]))[1] for title in ("Obras", "Prensa")]
    busy, quiet = (str(group["id"]) for group in groups)
    for _ in range(20):
        await sender.send(busy, Message("aviso"))
    with pytest.raises(TryLaterError) as later:
        await sender.send(busy, Message("aviso"))
    assert (timedelta(seconds=30) < later.value.after <= timedelta(minutes=1), later.value.limited) == (True, False)
    assert await sender.send(quiet, Message("aviso"))
    for _ in range(21):
        await sender.send(CHAT, Message("aviso"))


async def test_a_button_with_an_address_opens_it(door: Door, sender: TelegramSender) -> None:
    await sender.send(CHAT, Message("Grupos", ((("Agregar a un grupo", "https://t.me/pueblo_bot?startgroup=x"),),)))
    [message] = await shown(door)
    [[button]] = message["buttons"]
    assert button == {"text": "Agregar a un grupo", "data": None, "url": "https://t.me/pueblo_bot?startgroup=x"}


async def test_the_token_is_nowhere_in_what_went_wrong(door: Door, sender: TelegramSender) -> None:
    for fault in ("429", "500", "502", "drop", "blocked"):
        await door.tries("faults", fault=fault)
        with pytest.raises((TryLaterError, UnreachableError)) as trouble:
            await sender.send(CHAT, Message("x"))
        assert door.token not in f"{trouble.value}{trouble.value.__cause__!r}"


async def test_what_is_awaited_goes_before_what_came_earlier(door: Door, sandbox: Sandbox) -> None:
    slow = TelegramSender(TOWN.token, api=sandbox.url, rate=2, pace=Pace(burst=1000, per_second=1000))
    await slow.open()
    given: dict[str, str] = {}

    async def say(words: str, *, awaited: bool = False) -> None:
        given[words] = await slow.send(CHAT, Message(words), awaited=awaited)

    async with asyncio.TaskGroup() as group:
        for words in ("uno", "dos", "tres", "cuatro"):
            group.create_task(say(words))
        group.create_task(say("respuesta", awaited=True))
    await slow.close()
    said = [message["text"] for message in await shown(door)]
    assert sorted(said) == ["cuatro", "dos", "respuesta", "tres", "uno"]
    assert said.index("respuesta") < said.index("cuatro")
