"""The smaller methods: profile, chats, pins, polls, albums and copies of several messages."""

from typing import Any

import pytest

from tests.sandbox.doors import ANA, BETO, TOWN, Door


async def test_the_bot_says_who_it_is(door: Door) -> None:
    me = await door.call("getMe")
    assert me["is_bot"] is True
    assert me["username"] == TOWN.username
    await door.call("setMyName", name="Oficialía")
    assert await door.call("getMyName") == {"name": "Oficialía"}
    assert (await door.call("getMe"))["first_name"] == "Oficialía"
    await door.call("setMyDescription", description="Trámites", language_code="es")
    assert await door.call("getMyDescription", language_code="es") == {"description": "Trámites"}
    assert await door.call("getMyDescription") == {"description": ""}
    refusal = await door.refusal("setMyShortDescription", short_description="x" * 121)
    assert refusal == "Bad Request: short description is too long"


async def test_commands_lie_on_a_shelf_for_each_scope(door: Door) -> None:
    commands = [{"command": "abrir", "description": "Abrir un trámite"}]
    scope = {"type": "chat", "chat_id": ANA.id}
    await door.call("setMyCommands", commands=commands, scope=scope)
    assert await door.call("getMyCommands") == []
    assert await door.call("getMyCommands", scope=scope) == commands
    await door.call("deleteMyCommands", scope=scope)
    assert await door.call("getMyCommands", scope=scope) == []
    await door.call("setChatMenuButton", chat_id=ANA.id, menu_button={"type": "commands"})
    assert await door.call("getChatMenuButton", chat_id=ANA.id) == {"type": "commands"}


async def test_a_chat_tells_about_itself(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="importante")
    await door.call("pinChatMessage", chat_id=ANA.id, message_id=sent["message_id"])
    chat = await door.call("getChat", chat_id=ANA.id)
    assert (chat["id"], chat["first_name"], chat["pinned_message"]["text"]) == (ANA.id, "Ana", "importante")
    assert (await door.sees(ANA.id))["pinned"] == [sent["message_id"]]
    await door.call("unpinAllChatMessages", chat_id=ANA.id)
    assert "pinned_message" not in await door.call("getChat", chat_id=ANA.id)
    assert (await door.call("getChatMember", chat_id=ANA.id, user_id=ANA.id))["status"] == "member"
    assert await door.refusal("getChatMember", chat_id=ANA.id, user_id=BETO.id) == "Bad Request: member not found"
    assert await door.call("getUserProfilePhotos", user_id=ANA.id) == {"total_count": 0, "photos": []}


async def test_a_reaction_shows_on_the_screen(door: Door) -> None:
    sent = await door.says(ANA.id, "listo")
    thumb = [{"type": "emoji", "emoji": "👍"}]
    await door.call("setMessageReaction", chat_id=ANA.id, message_id=sent["message_id"], reaction=thumb)
    assert (await door.sees(ANA.id))["messages"][0]["reaction"] == "👍"


async def test_a_poll_can_be_stopped_once(door: Door) -> None:
    sent = await door.call("sendPoll", chat_id=ANA.id, question="¿Sí?", options=["a", {"text": "b"}])
    assert [option["text"] for option in sent["poll"]["options"]] == ["a", "b"]
    at = {"chat_id": ANA.id, "message_id": sent["message_id"]}
    assert (await door.call("stopPoll", **at))["is_closed"] is True
    assert await door.refusal("stopPoll", **at) == "Bad Request: poll has already been closed"


async def test_a_live_place_moves_and_stops(door: Door) -> None:
    sent = await door.call("sendLocation", chat_id=ANA.id, latitude=1, longitude=2, live_period=60)
    at = {"chat_id": ANA.id, "message_id": sent["message_id"]}
    moved = await door.call("editMessageLiveLocation", **at, latitude=3, longitude=4)
    assert moved["location"] == {"latitude": 3.0, "longitude": 4.0, "live_period": 60}
    assert "live_period" not in (await door.call("stopMessageLiveLocation", **at))["location"]
    refusal = await door.refusal("sendLocation", chat_id=ANA.id, latitude="NaN", longitude=0)
    assert refusal == "Bad Request: wrong latitude or longitude specified"


async def test_several_messages_are_copied_forwarded_and_deleted_at_once(door: Door) -> None:
    ids = [(await door.call("sendMessage", chat_id=ANA.id, text=text))["message_id"] for text in "abc"]
    to_beto = {"chat_id": BETO.id, "from_chat_id": ANA.id}
    assert len(await door.call("copyMessages", **to_beto, message_ids=ids)) == 3
    assert len(await door.call("forwardMessages", **to_beto, message_ids=[ids[0], 9999])) == 1
    refusal = await door.refusal("copyMessages", **to_beto, message_ids=ids[::-1])
    assert refusal == "Bad Request: message identifiers must be in a strictly increasing order"
    await door.call("deleteMessages", chat_id=ANA.id, message_ids=[*ids, 9999])
    assert (await door.sees(ANA.id))["messages"] == []
    assert len((await door.sees(BETO.id))["messages"]) == 4


async def test_protected_messages_stay_where_they_are(door: Door) -> None:
    sent = await door.call("sendMessage", chat_id=ANA.id, text="x", protect_content=True)
    at = {"chat_id": BETO.id, "from_chat_id": ANA.id, "message_id": sent["message_id"]}
    assert await door.refusal("forwardMessage", **at) == "Bad Request: message can't be forwarded"


@pytest.mark.parametrize(
    ("method", "params", "kind"),
    [
        ("sendVenue", {"latitude": 1, "longitude": 2, "title": "a", "address": "b"}, "venue"),
        ("sendContact", {"phone_number": "1", "first_name": "a"}, "contact"),
        ("sendDice", {}, "dice"),
    ],
)
async def test_what_needs_no_file(door: Door, method: str, params: dict[str, Any], kind: str) -> None:
    assert kind in await door.call(method, chat_id=ANA.id, **params)
    assert (await door.sees(ANA.id))["messages"][0]["kind"] == kind


async def test_in_a_group_a_bot_without_rights_may_not_rule(door: Door) -> None:
    _, group = await door.tries("groups", title="Obras", members=[ANA.id, BETO.id])
    at = {"chat_id": group["id"]}
    assert await door.refusal("banChatMember", **at, user_id=BETO.id) == "Bad Request: not enough rights"
    [owner] = await door.call("getChatAdministrators", **at)
    assert (owner["status"], owner["user"]["id"]) == ("creator", ANA.id)


async def test_a_bot_is_thrown_out_and_taken_back(door: Door) -> None:
    _, group = await door.tries("groups", title="Obras", members=[ANA.id])
    at = {"chat_id": group["id"], "text": "x"}
    await door.tries(f"groups/{group['id']}/bot", status="kicked")
    assert await door.refusal("sendMessage", **at) == "Forbidden: bot was kicked from the group chat"
    await door.tries(f"groups/{group['id']}/bot", status="member")
    assert await door.call("sendMessage", **at)
    *_, kicked, back, arrived = await door.updates()
    assert kicked["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert back["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert arrived["message"]["new_chat_members"][0]["username"] == TOWN.username


async def test_a_supergroup_has_another_id(door: Door) -> None:
    _, group = await door.tries("groups", title="Obras", members=[ANA.id])
    _, new = await door.tries(f"groups/{group['id']}/upgrade")
    refusal = await door.try_call("sendMessage", chat_id=group["id"], text="x")
    assert refusal["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refusal["parameters"] == {"migrate_to_chat_id": new["id"]}
    assert (await door.call("sendMessage", chat_id=new["id"], text="x"))["chat"]["type"] == "supergroup"
    *_, joined, left, arrived = await door.updates()
    assert (joined["my_chat_member"]["chat"]["id"], joined["my_chat_member"]["new_chat_member"]["status"]) == (
        new["id"],
        "member",
    )
    assert left["message"]["migrate_to_chat_id"] == new["id"]
    assert arrived["message"]["migrate_from_chat_id"] == group["id"]


async def test_whoever_founds_a_group_may_make_the_bot_an_administrator(door: Door) -> None:
    _, group = await door.tries("groups", title="Obras", members=[ANA.id], admin=True)
    _, admin = await door.call("getChatAdministrators", chat_id=group["id"])
    assert admin["can_delete_messages"] is True


async def test_an_administrator_hears_everything(door: Door) -> None:
    _, group = await door.tries("groups", title="Obras", members=[ANA.id], admin=True)
    assert (await door.says(ANA.id, "hola", chat=group["id"]))["update_id"]
    status, _ = await door.tries(f"people/{BETO.id}/messages", text="x", chat=group["id"])
    assert status == 404


async def test_what_was_said_before_a_group_moved_cannot_be_changed(door: Door) -> None:
    _, group = await door.tries("groups", title="Obras", members=[ANA.id])
    said = await door.call("sendMessage", chat_id=group["id"], text="antes")
    _, new = await door.tries(f"groups/{group['id']}/upgrade")
    at = {"message_id": said["message_id"], "text": "después"}
    assert await door.refusal("editMessageText", chat_id=group["id"], **at) == "Bad Request: message can't be edited"
    # A supergroup counts its messages from one: an old number would name another message there.
    first = await door.call("sendMessage", chat_id=new["id"], text="aquí")
    assert first["message_id"] == 2
    status, _ = await door.tries(f"people/{ANA.id}/messages", text="hola", chat=group["id"])
    assert status == 409


async def test_people_come_into_a_group_and_leave_it(door: Door) -> None:
    _, group = await door.tries("groups", title="Obras", members=[ANA.id])
    status, _ = await door.tries(f"people/{BETO.id}/messages", text="x", chat=group["id"])
    assert status == 404
    _, fuller = await door.tries(f"groups/{group['id']}/members", members=[BETO.id, ANA.id])
    assert fuller["members"] == [ANA.id, BETO.id]
    await door.says(BETO.id, "buenas", chat=group["id"])
    _, emptier = await door.tries(f"groups/{group['id']}/members", gone=[BETO.id, ANA.id])
    assert emptier["members"] == [ANA.id]  # whoever founded it stays
    await door.tries(f"groups/{group['id']}/title", title="Obras Públicas")
    [listed] = await door.look("groups")
    assert (listed["id"], listed["title"], listed["bot"]) == (group["id"], "Obras Públicas", True)
    *_, come, gone, renamed = await door.updates()
    assert [one["first_name"] for one in come["message"]["new_chat_members"]] == ["Beto"]
    assert gone["message"]["left_chat_member"]["first_name"] == "Beto"
    assert renamed["message"]["chat"]["title"] == renamed["message"]["new_chat_title"] == "Obras Públicas"
    shown = [one["service"] for one in (await door.sees(ANA.id, chat=group["id"]))["messages"] if "service" in one]
    assert shown[1:] == [
        {"what": "new_chat_members", "who": ["Beto"]},
        {"what": "left_chat_member", "who": ["Beto"]},
        {"what": "new_chat_title", "who": []},
    ]
