"""What every way of sending has in common: the reply, the keyboard, the silence, the chat's own rules."""

from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.chats import Chat, Post
from bot.sandbox.entities import Formatted, units
from bot.sandbox.errors import Json, bad
from bot.sandbox.markup import read_markup
from bot.sandbox.params import Params, whole
from bot.sandbox.texts import caption_text, quote_of

CONTENT = (
    "text",
    "entities",
    "link_preview_options",
    "photo",
    "document",
    "video",
    "audio",
    "voice",
    "animation",
    "video_note",
    "sticker",
    "location",
    "venue",
    "contact",
    "poll",
    "dice",
    "caption",
    "caption_entities",
    "show_caption_above_media",
    "has_media_spoiler",
)
"""The parts of a message that a copy or a forward takes along."""


def send(call: Call, content: Json, *, extra: Json | None = None, fixed: bool = False) -> Post:
    """Send a message with this content and everything else that the call asks for."""
    read_markup(call.params)
    chat = call.writable()
    markup = read_markup(call.params, group=chat.is_group)
    whole = reply_content(call, chat) | content | (extra or {}) | markup.content()
    if call.params.flag("protect_content"):
        whole["has_protected_content"] = True
    if effect := call.params.text("message_effect_id"):
        whole["effect_id"] = effect
    if markup.removes:
        chat.keyboard = None
    elif markup.keyboard:
        chat.keyboard = markup.keyboard
    silent = call.params.flag("disable_notification")
    return call.state.say(call.bot, chat, whole, silent=silent, fixed=fixed or markup.fixes)


def reply_content(call: Call, chat: Chat) -> Json:
    """Say which message this one answers, if any."""
    given = call.params.object("reply_parameters") or {}
    wanted = given.get("message_id") or call.params.integer("reply_to_message_id")
    if not wanted:
        return {}
    post = chat.post(whole(wanted, "message_id")) if str(given.get("chat_id") or chat.id) == str(chat.id) else None
    if post is None:
        if given.get("allow_sending_without_reply") or call.params.flag("allow_sending_without_reply"):
            return {}
        raise bad("message to be replied not found")
    content: Json = {"reply_to_message": quoted(post)}
    if quote := str(given.get("quote") or ""):
        text = post.message.get("text") or post.message.get("caption") or ""
        found = quote_of(Formatted(text), quote)
        if found is None:
            raise bad("QUOTE_TEXT_INVALID")
        position = units(text[: text.find(quote)])
        content["quote"] = {"text": quote, "position": position, "is_manual": True}
    return content


def quoted(post: Post) -> Json:
    """Show a message inside another; Telegram goes no deeper than one level."""
    return {key: value for key, value in post.message.items() if key != "reply_to_message"}


def caption_content(call: Call) -> Json:
    caption = caption_text(call.params)
    if not caption.text:
        return {}
    content: Json = {"caption": caption.text}
    if entities := call.entities(caption):
        content["caption_entities"] = entities
    if call.params.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def carried(message: Json) -> Json:
    """Take what a copy of this message would hold."""
    return {key: message[key] for key in CONTENT if key in message}


def with_object(params: Params, values: Any) -> Params:
    """Read an object inside a call (one medium of several) as if it were a call of its own."""
    if not isinstance(values, dict):
        raise bad("can't parse InputMedia: expected an Object")
    return Params(values, params.uploads)
