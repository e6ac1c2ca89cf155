"""A bot and a person talk: what one does, the other sees."""

import asyncio

from tests.sandbox.doors import ANA, BETO, CARO, Door

YES_NO = {"inline_keyboard": [[{"text": "Sí", "callback_data": "y"}, {"text": "Ver", "url": "https://x.mx/a"}]]}


async def test_what_a_person_writes_reaches_the_bot(door: Door) -> None:
    sent = await door.says(ANA.id, "/start 007")
    [update] = await door.updates()
    message = update["message"]
    assert update["update_id"] == sent["update_id"]
    assert message["message_id"] == sent["message_id"]
    assert message["text"] == "/start 007"
    assert message["from"] == {
        "id": ANA.id,
        "is_bot": False,
        "first_name": "Ana",
        "last_name": "López",
        "language_code": "es",
    }
    assert message["chat"]["type"] == "private"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_dates_are_whole_seconds_of_the_sandbox_clock(door: Door) -> None:
    await door.tries("time", now="2030-05-06T07:08:09+00:00")
    message = await door.call("sendMessage", chat_id=ANA.id, text="hola")
    assert message["date"] // 10 == 1904281689 // 10


async def test_a_text_of_digits_stays_text(door: Door) -> None:
    await door.says(ANA.id, "0042")
    [update] = await door.updates()
    assert update["message"]["text"] == "0042"
    answer = await door.call("sendMessage", chat_id=str(ANA.id), text="123")
    assert answer["text"] == "123"


async def test_the_phone_shows_text_buttons_and_safe_html(door: Door) -> None:
    await door.call(
        "sendMessage",
        chat_id=ANA.id,
        text="<b>Tú &amp; yo</b> <u>&lt;x&gt;</u> <tg-spoiler>s</tg-spoiler>"
        " <a href='https://a.mx'>ir</a> 😀 <i>fin</i>",
        parse_mode="HTML",
        reply_markup=YES_NO,
        disable_notification=True,
    )
    [message] = (await door.sees(ANA.id))["messages"]
    assert message["from"] == "bot"
    assert message["text"] == "Tú & yo <x> s ir 😀 fin"
    assert message["html"] == (
        '<b>Tú &amp; yo</b> <u>&lt;x&gt;</u> <span class="spoiler">s</span> '
        '<a href="https://a.mx/" target="_blank" rel="noopener noreferrer">ir</a> 😀 <i>fin</i>'
    )
    assert message["buttons"] == [
        [{"text": "Sí", "data": "y", "url": None}, {"text": "Ver", "data": None, "url": "https://x.mx/a"}],
    ]
    assert message["silent"] is True
    assert message["file"] is None


async def test_a_press_carries_the_whole_message_and_its_answer_pops_up(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="¿?", reply_markup=YES_NO)
    pressed = await door.does(ANA.id, "presses", message_id=sent["message_id"], data="y")
    [update] = await door.updates()
    query = update["callback_query"]
    assert query["id"] == pressed["callback_query_id"]
    assert query["data"] == "y"
    assert query["message"] == sent
    assert isinstance(query["chat_instance"], str)
    assert await door.call("answerCallbackQuery", callback_query_id=query["id"], text="¡Va!", show_alert=True)
    [popup] = await door.look(f"people/{ANA.id}/popups")
    assert (popup["text"], popup["show_alert"], popup["callback_query_id"]) == ("¡Va!", True, query["id"])


async def test_an_answer_without_words_shows_nothing(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="¿?", reply_markup=YES_NO)
    pressed = await door.does(ANA.id, "presses", message_id=sent["message_id"], data="y")
    await door.call("answerCallbackQuery", callback_query_id=pressed["callback_query_id"])
    assert await door.look(f"people/{ANA.id}/popups") == []


async def test_a_forged_button_can_be_pressed_but_not_one_of_no_message(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="sin botones")
    await door.does(ANA.id, "presses", message_id=sent["message_id"], data="forged")
    status, answer = await door.tries(f"people/{ANA.id}/presses", message_id=999, data="y")
    assert status == 404
    assert answer["error"]


async def test_an_edit_changes_the_screen_and_without_markup_drops_the_buttons(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="uno", reply_markup=YES_NO)
    before = (await door.sees(ANA.id))["revision"]
    edited = await door.call("editMessageText", chat_id=ANA.id, message_id=sent["message_id"], text="dos")
    assert "reply_markup" not in edited
    assert edited["edit_date"] >= edited["date"]
    screen = await door.sees(ANA.id, after=before)
    [message] = screen["messages"]
    assert (message["text"], message["buttons"], message["edited"]) == ("dos", [], True)
    assert message["revision"] == screen["revision"] > before


async def test_a_held_look_ends_with_the_next_change(door: Door) -> None:
    await door.says(ANA.id, "hola")
    before = (await door.sees(ANA.id))["revision"]
    async with asyncio.TaskGroup() as group:
        held = group.create_task(door.sees(ANA.id, after=before, wait=30))
        sent = await door.call("sendMessage", chat_id=ANA.id, text="ya")
    screen = held.result()
    assert [message["message_id"] for message in screen["messages"]] == [sent["message_id"]]


async def test_a_deleted_message_leaves_the_screen(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="adiós")
    before = (await door.sees(ANA.id))["revision"]
    assert await door.call("deleteMessage", chat_id=ANA.id, message_id=sent["message_id"])
    screen = await door.sees(ANA.id, after=before)
    assert (screen["messages"], screen["deleted"]) == ([], [sent["message_id"]])
    assert (await door.sees(ANA.id))["messages"] == []


async def test_replies_point_at_what_they_answer(door: Door) -> None:
    asked = await door.call("sendMessage", chat_id=ANA.id, text="¿cuándo?")
    await door.says(ANA.id, "hoy", reply_to=asked["message_id"])
    [update] = await door.updates()
    assert update["message"]["reply_to_message"]["text"] == "¿cuándo?"
    answer = await door.call(
        "sendMessage",
        chat_id=ANA.id,
        text="bien",
        reply_parameters={"message_id": update["message"]["message_id"]},
    )
    assert answer["reply_to_message"]["text"] == "hoy"
    assert "reply_to_message" not in answer["reply_to_message"]
    assert (await door.sees(ANA.id))["messages"][-1]["reply_to"] == update["message"]["message_id"]


async def test_a_person_can_correct_and_forward(door: Door) -> None:
    sent = await door.says(ANA.id, "ola", forward=True)
    await door.does(ANA.id, "edits", message_id=sent["message_id"], text="hola")
    first, second = await door.updates()
    assert first["message"]["forward_origin"]["type"] == "user"
    assert second["edited_message"]["text"] == "hola"


async def test_reply_keyboards_replace_the_phones_own(door: Door) -> None:
    keyboard = {
        "keyboard": [["Uno", {"text": "Mi número", "request_contact": True}]],
        "one_time_keyboard": True,
    }
    sent = await door.call("sendMessage", chat_id=ANA.id, text="elige", reply_markup=keyboard)
    assert "reply_markup" not in sent
    screen = await door.sees(ANA.id)
    assert screen["keyboard"][0][1]["request_contact"] is True
    await door.says(ANA.id, "Uno")
    assert (await door.sees(ANA.id))["keyboard"] is None
    refusal = await door.refusal("editMessageText", chat_id=ANA.id, message_id=sent["message_id"], text="x")
    assert refusal == "Bad Request: message can't be edited"


async def test_sharing_a_place_and_a_number(door: Door) -> None:
    await door.does(ANA.id, "locations", latitude=19.26, longitude=-98.89)
    await door.does(ANA.id, "contacts", phone="+525512345678")
    place, contact = await door.updates()
    assert place["message"]["location"] == {"latitude": 19.26, "longitude": -98.89}
    assert contact["message"]["contact"] == {
        "phone_number": "+525512345678",
        "first_name": "Ana",
        "user_id": ANA.id,
    }


async def test_typing_shows_until_the_bot_writes(door: Door) -> None:
    await door.call("sendChatAction", chat_id=ANA.id, action="typing")
    assert (await door.sees(ANA.id))["typing"] is True
    await door.call("sendMessage", chat_id=ANA.id, text="ya")
    assert (await door.sees(ANA.id))["typing"] is False


async def test_people_belong_to_their_town(door: Door, other: Door) -> None:
    people = await door.look("people")
    assert [person["id"] for person in people] == [ANA.id, BETO.id]
    assert people[0] == {"id": ANA.id, "name": "Ana López", "roles": ["enlace"], "area": "Obras"}
    assert await door.refusal("sendMessage", chat_id=CARO.id, text="x") == "Bad Request: chat not found"
    assert await other.call("sendMessage", chat_id=CARO.id, text="x")
    assert [town["id"] for town in await door.look("manuals")] == ["pueblo", "otro"]


async def test_a_stranger_must_write_first(door: Door) -> None:
    _, stranger = await door.tries("people", name="Dora Ruiz")
    assert stranger == {"id": 900000001, "name": "Dora Ruiz", "roles": [], "area": None}
    refusal = await door.refusal("sendMessage", chat_id=stranger["id"], text="hola")
    assert refusal == "Forbidden: bot can't initiate conversation with a user"
    await door.says(stranger["id"], "/start")
    assert await door.call("sendMessage", chat_id=stranger["id"], text="hola")


async def test_who_blocks_is_left_alone(door: Door) -> None:
    await door.does(ANA.id, "block", blocked=True)
    refusal = await door.refusal("sendMessage", chat_id=ANA.id, text="hola")
    assert refusal == "Forbidden: bot was blocked by the user"
    assert (await door.sees(ANA.id))["blocked"] is True
    await door.does(ANA.id, "block", blocked=False)
    assert await door.call("sendMessage", chat_id=ANA.id, text="hola")
    blocked, unblocked = await door.updates()
    assert blocked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"


async def test_unknown_people_and_towns_are_refused_in_spanish(door: Door) -> None:
    status, answer = await door.tries("people/77/messages", text="x")
    assert (status, answer["error"]) == (404, "No hay ninguna persona con el número 77.")
    status, answer = await door.tries(f"people/{ANA.id}/messages", manual="nada", text="x")
    assert (status, answer["error"]) == (404, "No hay ningún municipio «nada».")


async def test_in_a_group_privacy_hides_what_is_not_for_the_bot(door: Door) -> None:
    _, group = await door.tries("groups", title="Obras", members=[ANA.id, BETO.id])
    assert group["id"] < 0
    hidden = await door.says(ANA.id, "hola a todos", chat=group["id"])
    heard = await door.says(BETO.id, "/estado@pueblo_bot", chat=group["id"])
    assert hidden["update_id"] is None
    added, founded, command = await door.updates()
    assert added["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert founded["message"]["group_chat_created"] is True
    assert command["update_id"] == heard["update_id"]
    assert command["message"]["chat"] == {"id": group["id"], "title": "Obras", "type": "group"}
    await door.call("sendMessage", chat_id=group["id"], text="aquí")
    assert len((await door.sees(ANA.id, chat=group["id"]))["messages"]) == 4
    asks_number = {"keyboard": [[{"text": "número", "request_contact": True}]]}
    refusal = await door.refusal("sendMessage", chat_id=group["id"], text="x", reply_markup=asks_number)
    assert refusal == "Bad Request: phone number can be requested in private chats only"
    assert await door.call("getChatMemberCount", chat_id=group["id"]) == 3
    assert await door.call("leaveChat", chat_id=group["id"])
    refusal = await door.refusal("sendMessage", chat_id=group["id"], text="x")
    assert refusal == "Forbidden: bot is not a member of the group chat"
