"""Methods about the bot itself: who it is, and how its profile, commands and menu look."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import Json, bad

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_LIMIT = 100
DESCRIPTION_LIMIT = 256
PROFILE = {
    "name": ("names", 64),
    "description": ("descriptions", 512),
    "short_description": ("short_descriptions", 120),
}


def get_me(call: Call) -> Json:
    return call.bot.user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_guest_queries": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_join_request_queries": False,
    }


def log_out(_: Call) -> bool:
    return True


def _language(call: Call) -> str:
    language = call.params.text("language_code")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language code specified")
    return language


def _scope(call: Call) -> str:
    """Name the shelf on which commands for these chats and this language lie."""
    scope = call.params.object("scope") or {"type": "default"}
    parts = [str(scope.get(key, "")) for key in ("type", "chat_id", "user_id")]
    return ":".join([*parts, _language(call)])


def set_my_commands(call: Call) -> bool:
    given = call.params.list("commands") or []
    if len(given) > COMMAND_LIMIT:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    commands = []
    for entry in given:
        if not isinstance(entry, dict):
            raise bad("can't parse BotCommand: expected an Object")
        command = str(entry.get("command") or "").strip().removeprefix("/")
        description = str(entry.get("description") or "").strip()
        if not COMMAND.fullmatch(command):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= DESCRIPTION_LIMIT:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": command, "description": description})
    call.bot.set("commands", call.bot.setting("commands", {}) | {_scope(call): commands})
    return True


def get_my_commands(call: Call) -> list[Json]:
    return list(call.bot.setting("commands", {}).get(_scope(call), []))


def delete_my_commands(call: Call) -> bool:
    left = {key: value for key, value in call.bot.setting("commands", {}).items() if key != _scope(call)}
    call.bot.set("commands", left)
    return True


def set_profile(part: str, call: Call) -> bool:
    shelf, limit = PROFILE[part]
    text = call.params.text(part).strip()
    if len(text) > limit:
        raise bad(f"{part.replace('_', ' ')} is too long")
    call.bot.set(shelf, call.bot.setting(shelf, {}) | {_language(call): text})
    return True


def get_profile(part: str, call: Call) -> Json:
    shelf, _ = PROFILE[part]
    texts = call.bot.setting(shelf, {})
    fallback = call.bot.name if part == "name" else ""
    return {part: texts.get(_language(call)) or texts.get("") or fallback}


def set_menu_button(call: Call) -> bool:
    button = call.params.object("menu_button") or {"type": "default"}
    if button.get("type") not in ("default", "commands", "web_app"):
        raise bad("MenuButton has unsupported type")
    call.bot.set("menus", call.bot.setting("menus", {}) | {call.params.text("chat_id"): button})
    return True


def get_menu_button(call: Call) -> Json:
    menus = call.bot.setting("menus", {})
    button: Json = menus.get(call.params.text("chat_id")) or menus.get("") or {"type": "default"}
    return {"type": "commands"} if button["type"] == "default" else button


def default_rights(call: Call) -> Any:
    """Keep and tell the rights that the bot asks for when somebody makes it an administrator."""
    if call.method.startswith("set"):
        call.bot.set("rights", call.params.object("rights") or {})
        return True
    names = ("manage_chat", "delete_messages", "manage_video_chats", "restrict_members", "promote_members")
    more = ("change_info", "invite_users", "post_stories", "edit_stories", "delete_stories", "send_welcome_messages")
    rights = {"is_anonymous": False, **{f"can_{name}": False for name in (*names, *more)}}
    return rights | call.bot.setting("rights", {})


METHODS: dict[str, Callable[[Call], Any]] = {
    "getme": get_me,
    "logout": log_out,
    "close": log_out,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    "setmyname": partial(set_profile, "name"),
    "getmyname": partial(get_profile, "name"),
    "setmydescription": partial(set_profile, "description"),
    "getmydescription": partial(get_profile, "description"),
    "setmyshortdescription": partial(set_profile, "short_description"),
    "getmyshortdescription": partial(get_profile, "short_description"),
    "setchatmenubutton": set_menu_button,
    "getchatmenubutton": get_menu_button,
    "setmydefaultadministratorrights": default_rights,
    "getmydefaultadministratorrights": default_rights,
}
