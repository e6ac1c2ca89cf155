"""Methods that change or remove what was sent, and the answer to a press."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.chats import Chat, Post
from bot.sandbox.errors import ApiError, Json, bad
from bot.sandbox.markup import read_markup
from bot.sandbox.methods_media import medium_content
from bot.sandbox.methods_send import location_json
from bot.sandbox.posting import CONTENT, caption_content
from bot.sandbox.texts import message_text

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
DELETABLE_SECONDS = 48 * 3600
MANY = range(1, 101)
ANSWER_LIMIT = 200
MEDIA = ("photo", "document", "video", "audio", "voice", "animation")


def editable(call: Call) -> tuple[Chat, Post]:
    if "inline_message_id" in call.params:
        raise bad("MESSAGE_ID_INVALID")
    chat = call.chat()
    if chat.is_group and chat.migrated_to is None:
        chat = call.writable()
    post = call.post(chat, "edit")
    if chat.migrated_to is not None:  # what was said before the move cannot be changed after it
        raise bad("message can't be edited")
    if not post.by_bot or post.fixed or "forward_origin" in post.message:
        raise bad("message can't be edited")
    return chat, post


def rewrite(call: Call, chat: Chat, post: Post, content: Json, *, drop: tuple[str, ...]) -> Json:
    """Give a message new content; without a reply_markup its buttons go."""
    markup = read_markup(call.params, group=chat.is_group)
    if markup.fixes:
        raise bad("inline keyboard expected")
    kept = {key: value for key, value in post.message.items() if key not in (*drop, "reply_markup")}
    message = kept | content | markup.content()
    if _bare(message) == _bare(post.message):
        raise bad(SAME)
    message["edit_date"] = call.state.now()
    edited = post.edited or bool(drop)
    return call.state.chats.write(chat, replace(post, message=message, edited=edited)).message


def _bare(message: Json) -> Json:
    return {key: value for key, value in message.items() if key != "edit_date"}


def edit_text(call: Call) -> Json:
    text = message_text(call.params)
    read_markup(call.params)
    chat, post = editable(call)
    if "text" not in post.message:
        raise bad("there is no text in the message to edit")
    content: Json = {"text": text.text}
    if entities := call.entities(text):
        content["entities"] = entities
    if preview := call.params.object("link_preview_options"):
        content["link_preview_options"] = preview
    return rewrite(call, chat, post, content, drop=("text", "entities", "link_preview_options"))


def edit_caption(call: Call) -> Json:
    caption = caption_content(call)
    chat, post = editable(call)
    if not any(kind in post.message for kind in MEDIA):
        raise bad("there is no caption in the message to edit")
    return rewrite(call, chat, post, caption, drop=("caption", "caption_entities", "show_caption_above_media"))


def edit_media(call: Call) -> Json:
    given = call.params.object("media")
    if given is None:
        raise bad("media is empty")
    chat, post = editable(call)
    if not any(kind in post.message for kind in ("text", *MEDIA)):
        raise bad("message can't be edited")
    return rewrite(call, chat, post, medium_content(call, given), drop=CONTENT)


def edit_markup(call: Call) -> Json:
    chat, post = editable(call)
    return rewrite(call, chat, post, {}, drop=())


def edit_live_location(call: Call) -> Json:
    place = location_json(call)
    chat, post = editable(call)
    old = post.message.get("location")
    if not old or "live_period" not in old:
        raise bad("message can't be edited")
    return rewrite(call, chat, post, {"location": old | place}, drop=("location",))


def stop_live_location(call: Call) -> Json:
    chat, post = editable(call)
    old = post.message.get("location")
    if not old or "live_period" not in old:
        raise bad("there is no live location in the message to stop")
    place = {key: value for key, value in old.items() if key != "live_period"}
    return rewrite(call, chat, post, {"location": place}, drop=("location",))


def stop_poll(call: Call) -> Json:
    chat, post = editable(call)
    poll = post.message.get("poll")
    if not poll:
        raise bad("message with poll to stop not found")
    if poll["is_closed"]:
        raise bad("poll has already been closed")
    closed: Json = poll | {"is_closed": True}
    rewrite(call, chat, post, {"poll": closed}, drop=("poll",))
    return closed


def delete_message(call: Call) -> bool:
    chat = call.chat()
    post = call.post(chat, "delete")
    if refusal := undeletable(call, chat, post):
        raise refusal
    call.state.chats.erase(chat, post)
    return True


def undeletable(call: Call, chat: Chat, post: Post) -> ApiError | None:
    if call.state.now() - post.message["date"] > DELETABLE_SECONDS:
        return bad("message can't be deleted for everyone")
    if chat.is_group and not post.by_bot and chat.bot_status != "administrator":
        return bad("message can't be deleted")
    return None


def delete_messages(call: Call) -> bool:
    chat = call.chat()
    for number in several(call):
        post = chat.post(number)
        if post is not None and undeletable(call, chat, post) is None:
            call.state.chats.erase(chat, post)
    return True


def several(call: Call, *, rising: bool = False) -> list[int]:
    """Read `message_ids`."""
    given = call.params.list("message_ids") or []
    if not given:
        raise bad("message identifiers are not specified")
    if len(given) not in MANY:
        raise bad("too many message identifiers specified")
    try:
        numbers = [int(number) for number in given]
    except (TypeError, ValueError) as error:
        raise bad("can't parse message identifiers") from error
    if rising and any(later <= earlier for earlier, later in pairwise(numbers)):
        raise bad("message identifiers must be in a strictly increasing order")
    return numbers


def answer_callback_query(call: Call) -> bool:
    text = call.params.text("text")
    query_id = call.params.text("callback_query_id")
    if len(text) > ANSWER_LIMIT:
        raise bad("MESSAGE_TOO_LONG")
    person, first = call.state.callbacks.answer(call.bot.manual, query_id)
    if first and text:
        popup = {
            "text": text,
            "show_alert": call.params.flag("show_alert"),
            "at": call.state.iso(),
            "callback_query_id": query_id,
        }
        call.state.pop_up(call.bot, person, popup)
    elif first:
        call.state.stream.publish(call.bot.manual, {"person": person, "answered": True})
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "editmessagetext": edit_text,
    "editmessagecaption": edit_caption,
    "editmessagemedia": edit_media,
    "editmessagereplymarkup": edit_markup,
    "editmessagelivelocation": edit_live_location,
    "stopmessagelivelocation": stop_live_location,
    "stoppoll": stop_poll,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "answercallbackquery": answer_callback_query,
}
