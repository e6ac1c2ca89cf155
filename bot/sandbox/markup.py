"""Keyboards, checked as Telegram checks them: a label too long or an empty button is refused, not cut."""

import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox.errors import ApiError, Json, bad
from bot.sandbox.html_text import USER_LINK, checked_link
from bot.sandbox.params import Params

BUTTON_LIMIT = 100
ROW_LIMIT = 8
BYTES_LIMIT = 10_240
DATA_LIMIT = 64
COPY_LIMIT = 256
PLACEHOLDER_LIMIT = 64

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
    "disabled",
)
PRIVATE_ONLY = {
    "request_contact": "phone number",
    "request_location": "location",
    "request_users": "users",
    "request_chat": "chats",
    "web_app": "Web App buttons",
}


@dataclass(frozen=True)
class Markup:
    """What comes under a message: inline buttons, or a keyboard that replaces the phone's own."""

    inline: Json | None = None
    keyboard: Json | None = None
    removes: bool = False

    @property
    def fixes(self) -> bool:
        """A message that brought a keyboard cannot be edited."""
        return self.keyboard is not None or self.removes

    def content(self) -> Json:
        return {"reply_markup": self.inline} if self.inline else {}


def read_markup(params: Params, *, group: bool = False) -> Markup:
    given = params.json("reply_markup")
    if given is None:
        return Markup()
    if not isinstance(given, dict):
        raise bad("object expected as reply markup")
    if "inline_keyboard" in given:
        return _inline(given["inline_keyboard"])
    if "keyboard" in given:
        return _reply_keyboard(given, group=group)
    if given.get("remove_keyboard"):
        return Markup(removes=True)
    if given.get("force_reply"):
        return Markup(keyboard={"force_reply": True, **_placeholder(given)})
    return Markup()


def _inline(rows: Any) -> Markup:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" must be an Array of Arrays')
    kept = [[_inline_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > BUTTON_LIMIT or any(len(row) > ROW_LIMIT for row in kept):
        raise bad("reply markup is too long")
    if len(json.dumps(kept, ensure_ascii=False).encode()) > BYTES_LIMIT:
        raise bad("reply markup is too long")
    return Markup(inline={"inline_keyboard": kept} if kept else None)


def _inline_button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = str(button.get("text") or "")
    if not text.strip():
        raise bad("inline keyboard button text must be non-empty")
    actions = [action for action in ACTIONS if button.get(action) is not None]
    if not actions:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad("can't parse inline keyboard button: exactly one action must be specified")
    action = actions[0]
    nested = action in ("web_app", "login_url", "copy_text", "switch_inline_query_chosen_chat")
    if nested and not isinstance(button[action], dict):
        raise bad(f'can\'t parse inline keyboard button: field "{action}" must be an Object')
    kept: Json = {"text": text, action: button[action]}
    if action == "callback_data":
        kept[action] = str(button[action])
        if not 1 <= len(kept[action].encode()) <= DATA_LIMIT:
            raise bad("BUTTON_DATA_INVALID")
    elif action == "url":
        kept[action] = _url(str(button[action]))
    elif action == "web_app" and not str(button[action].get("url", "")).startswith("https://"):
        url = button[action].get("url", "")
        raise bad(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    elif action == "copy_text" and not 1 <= len(str(button[action].get("text", ""))) <= COPY_LIMIT:
        raise bad("BUTTON_COPY_TEXT_INVALID")
    return kept | {key: button[key] for key in ("style", "icon_custom_emoji_id") if key in button}


def _url(url: str) -> str:
    if USER_LINK.match(url):
        return url
    link = checked_link(url)
    if not link:
        reason = "URL must be non-empty" if not url.strip() else "Wrong HTTP URL"
        raise bad(f"inline keyboard button URL '{url}' is invalid: {reason}")
    return link


def _reply_keyboard(given: Json, *, group: bool) -> Markup:
    rows = given["keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "keyboard" must be an Array of Arrays')
    kept = [[_reply_button(button, group=group) for button in row] for row in rows if row]
    if not kept:
        return Markup(removes=True)
    switches = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")
    keyboard: Json = {"keyboard": kept, **{name: True for name in switches if given.get(name)}}
    return Markup(keyboard=keyboard | _placeholder(given))


def _reply_button(button: Any, *, group: bool) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad("can't parse keyboard button: KeyboardButton must be an Object")
    if not str(button.get("text") or "").strip():
        raise bad("keyboard button text must be non-empty")
    for request, what in PRIVATE_ONLY.items():
        if group and button.get(request):
            raise _private_only(what)
    return button | {"text": str(button["text"])}


def _private_only(what: str) -> ApiError:
    verb = "used" if what.endswith("buttons") else "requested"
    return bad(f"{what} can be {verb} in private chats only")


def _placeholder(given: Json) -> Json:
    text = str(given.get("input_field_placeholder") or "")
    return {"input_field_placeholder": text[:PLACEHOLDER_LIMIT]} if text else {}
