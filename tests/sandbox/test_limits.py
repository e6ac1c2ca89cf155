"""Telegram's limits, each refused in Telegram's own words."""

from typing import Any

import pytest

from tests.sandbox.doors import ANA, TOWN, Door

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def one_button(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "x", **button}]]}


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": "  \n "}, "text must be non-empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "ñ" * 17000}, "text is too long"),
        (
            {"text": "<b>", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        ({"text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ({"text": "x", "chat_id": ""}, "chat_id is empty"),
        ({"text": "x", "chat_id": 31337}, "chat not found"),
        ({"text": "x", "chat_id": "@nadie"}, "chat not found"),
        ({"text": "x", "reply_markup": one_button(callback_data="x" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": one_button(callback_data="ñ" * 33)}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "reply_markup": one_button(callback_data="")}, "BUTTON_DATA_INVALID"),
        (
            {"text": "x", "reply_markup": one_button()},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "reply_markup": one_button(text=" ", callback_data="x")},
            "inline keyboard button text must be non-empty",
        ),
        (
            {"text": "x", "reply_markup": one_button(url="http://localhost/x")},
            "inline keyboard button URL 'http://localhost/x' is invalid: Wrong HTTP URL",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}]] * 101}},
            "reply markup is too long",
        ),
        (
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x"}] * 9]}},
            "reply markup is too long",
        ),
        ({"text": "x", "reply_markup": "{"}, "can't parse reply markup JSON object"),
        ({"text": "x", "reply_parameters": {"message_id": 999}}, "message to be replied not found"),
    ],
)
async def test_a_message_that_telegram_would_refuse(door: Door, params: dict[str, Any], reason: str) -> None:
    sent = {"chat_id": ANA.id} | params
    assert await door.refusal("sendMessage", **sent) == f"Bad Request: {reason}"
    assert (await door.sees(ANA.id))["messages"] == []


async def test_limits_count_what_is_left_after_parsing(door: Door) -> None:
    text = "<b>" + "😀" * 4096 + "</b>"
    assert await door.call("sendMessage", chat_id=ANA.id, text=text, parse_mode="HTML")
    assert await door.call("sendMessage", chat_id=ANA.id, text="x", reply_markup=one_button(callback_data="x" * 64))
    assert await door.call("sendMessage", chat_id=ANA.id, text="*x*", parse_mode="HTML", entities=[{"type": "?"}])


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("editMessageText", {"message_id": 99, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("deleteMessage", {"message_id": 99}, "message to delete not found"),
        ("forwardMessage", {"message_id": 99, "from_chat_id": ANA.id}, "message to forward not found"),
        ("copyMessage", {"message_id": 99, "from_chat_id": ANA.id}, "message to copy not found"),
        ("pinChatMessage", {"message_id": 99}, "message to pin not found"),
        ("deleteMessages", {"message_ids": list(range(101))}, "too many message identifiers specified"),
        ("sendChatAction", {"action": "dancing"}, "wrong parameter action in request"),
        ("setMyCommands", {"commands": [{"command": "Ñ", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("sendPoll", {"question": "x" * 301, "options": ["a"]}, "poll question length must not exceed 300"),
        ("sendContact", {"first_name": "x"}, "phone number is empty"),
        ("sendGift", {}, "method is not emulated by this sandbox"),
    ],
)
async def test_other_calls_that_telegram_would_refuse(
    door: Door, method: str, params: dict[str, Any], reason: str
) -> None:
    sent = {"chat_id": ANA.id} | params
    assert await door.refusal(method, **sent) == f"Bad Request: {reason}"


async def test_edits_keep_their_rules(door: Door) -> None:
    at = {"chat_id": ANA.id}
    sent = await door.call("sendMessage", **at, text="uno", reply_markup=one_button(callback_data="x"))
    at["message_id"] = sent["message_id"]
    same = await door.refusal("editMessageText", **at, text=" uno ", reply_markup=one_button(callback_data="x"))
    assert same == f"Bad Request: {NOT_MODIFIED}"
    assert await door.call("editMessageReplyMarkup", **at)
    assert await door.refusal("editMessageReplyMarkup", **at) == f"Bad Request: {NOT_MODIFIED}"
    assert (await door.sees(ANA.id))["messages"][0]["edited"] is False
    refusal = await door.refusal("editMessageCaption", **at, caption="x")
    assert refusal == "Bad Request: there is no caption in the message to edit"
    theirs = await door.says(ANA.id, "mío")
    refusal = await door.refusal("editMessageText", chat_id=ANA.id, message_id=theirs["message_id"], text="x")
    assert refusal == "Bad Request: message can't be edited"


async def test_what_is_two_days_old_cannot_be_deleted(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="uno")
    await door.tries("time", advance=48 * 3600 + 60)
    refusal = await door.refusal("deleteMessage", chat_id=ANA.id, message_id=sent["message_id"])
    assert refusal == "Bad Request: message can't be deleted for everyone"
    assert await door.call("editMessageText", chat_id=ANA.id, message_id=sent["message_id"], text="dos")


async def test_a_popup_has_two_hundred_letters_at_most(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="¿?")
    pressed = await door.does(ANA.id, "presses", message_id=sent["message_id"], data="y")
    query = pressed["callback_query_id"]
    refusal = await door.refusal("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert refusal == "Bad Request: MESSAGE_TOO_LONG"


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot1:no/getMe", 401, "Unauthorized"),
        ("/botno/getMe", 401, "Unauthorized: invalid token specified"),
        (f"/bot{TOWN.token}/getNothing", 404, "Not Found: method not found"),
        ("/nada", 404, "Not Found"),
    ],
)
async def test_wrong_doors(door: Door, path: str, status: int, description: str) -> None:
    async with door.session.get(path) as answer:
        assert answer.status == status
        assert await answer.json() == {"ok": False, "error_code": status, "description": description}


async def test_methods_take_get_forms_and_any_case(door: Door) -> None:
    base = f"/bot{TOWN.token}"
    async with door.session.get(f"{base}/SENDMESSAGE", params={"chat_id": ANA.id, "text": "1"}) as answer:
        assert (await answer.json())["result"]["text"] == "1"
    form = {
        "chat_id": str(ANA.id),
        "text": "2",
        "reply_markup": '{"inline_keyboard":[[{"text":"a","url":"a.mx"}]]}',
    }
    async with door.session.post(f"{base}/sendmessage", data=form) as answer:
        buttons = (await answer.json())["result"]["reply_markup"]["inline_keyboard"]
        assert buttons == [[{"text": "a", "url": "http://a.mx/"}]]
