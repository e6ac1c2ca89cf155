"""Methods about chats and the people in them: looking, pinning, reacting, leaving."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.chats import Chat, bot_member
from bot.sandbox.errors import Json, bad
from bot.sandbox.posting import quoted

REACTIONS = 1


def get_chat(call: Call) -> Json:
    chat = _met(call)
    full = call.state.chat_json(call.bot, chat) | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }
    if chat.is_group:
        full["permissions"] = {"can_send_messages": True, "can_send_polls": True, "can_invite_users": True}
    pinned = chat.post(chat.pinned[-1]) if chat.pinned else None
    return full | ({"pinned_message": quoted(pinned)} if pinned else {})


def _met(call: Call) -> Chat:
    chat = call.chat()
    if not chat.is_group and not chat.started:
        raise bad("chat not found")
    return chat


def member_json(call: Call, chat: Chat, user_id: int) -> Json:
    user = call.state.user(call.bot, user_id)
    if user_id == call.bot.id:
        return bot_member(user, chat.bot_status)
    if not chat.is_group:
        return {"user": user, "status": "member"}
    if user_id not in chat.members:
        return {"user": user, "status": "left"}
    if user_id == chat.members[0]:
        return {"user": user, "status": "creator", "is_anonymous": False}
    return {"user": user, "status": "member"}


def get_chat_member(call: Call) -> Json:
    chat = _met(call)
    user_id = call.params.integer("user_id")
    if not user_id:
        raise bad("invalid user_id specified")
    known = user_id == call.bot.id or call.state.people.get(user_id) is not None
    if not known or (not chat.is_group and user_id not in (chat.id, call.bot.id)):
        raise bad("member not found")
    return member_json(call, chat, user_id)


def get_member_count(call: Call) -> int:
    chat = _met(call)
    return len(chat.members) + (chat.bot_status in ("member", "administrator")) if chat.is_group else 2


def get_administrators(call: Call) -> list[Json]:
    chat = _met(call)
    if not chat.is_group:
        raise bad("there are no administrators in the private chat")
    admins = [member_json(call, chat, user_id) for user_id in chat.members[:1]]
    if chat.bot_status == "administrator":
        admins.append(member_json(call, chat, call.bot.id))
    return admins


def leave_chat(call: Call) -> bool:
    chat = call.writable()
    if not chat.is_group:
        raise bad("chat is not a group")
    chat.bot_status = "left"
    call.state.chats.changed(chat)
    return True


def get_profile_photos(call: Call) -> Json:
    if call.state.people.get(call.params.integer("user_id")) is None:
        raise bad("user not found")
    return {"total_count": 0, "photos": []}


def pin(call: Call) -> bool:
    chat = call.writable()
    post = call.post(chat, "pin")
    chat.pinned = [*(number for number in chat.pinned if number != post.id), post.id]
    call.state.chats.changed(chat)
    return True


def unpin(call: Call) -> bool:
    chat = call.writable()
    if "message_id" in call.params:
        post = call.post(chat, "unpin")
        chat.pinned = [number for number in chat.pinned if number != post.id]
    else:
        chat.pinned = chat.pinned[:-1]
    call.state.chats.changed(chat)
    return True


def unpin_all(call: Call) -> bool:
    chat = call.writable()
    chat.pinned = []
    call.state.chats.changed(chat)
    return True


def react(call: Call) -> bool:
    chat = call.writable()
    post = call.post(chat, "react")
    given = call.params.list("reaction") or []
    if len(given) > REACTIONS or any(not isinstance(reaction, dict) for reaction in given):
        raise bad("REACTIONS_TOO_MANY")
    emoji = [str(reaction.get("emoji", "")) for reaction in given if reaction.get("type") == "emoji"]
    if len(emoji) != len(given) or not all(emoji):
        raise bad("REACTION_INVALID")
    call.state.chats.write(chat, replace(post, reaction="".join(emoji)))
    return True


def needs_rights(call: Call) -> Any:
    """Refuse what only an administrator of a group may do."""
    chat = call.writable()
    if not chat.is_group:
        raise bad("chat is not a group" if "member" in call.method else "method is available only for groups")
    if chat.bot_status != "administrator":
        raise bad("not enough rights")
    raise bad("method is not emulated by this sandbox")


METHODS: dict[str, Callable[[Call], Any]] = {
    "getchat": get_chat,
    "getchatmember": get_chat_member,
    "getchatmembercount": get_member_count,
    "getchatadministrators": get_administrators,
    "leavechat": leave_chat,
    "getuserprofilephotos": get_profile_photos,
    "pinchatmessage": pin,
    "unpinchatmessage": unpin,
    "unpinallchatmessages": unpin_all,
    "setmessagereaction": react,
    **dict.fromkeys(
        (
            "banchatmember",
            "unbanchatmember",
            "restrictchatmember",
            "promotechatmember",
            "setchattitle",
            "setchatdescription",
            "setchatpermissions",
            "exportchatinvitelink",
            "createchatinvitelink",
        ),
        needs_rights,
    ),
}
