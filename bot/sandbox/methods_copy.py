"""Methods that take a message elsewhere: forwarding it with its author, or copying it without."""

from collections.abc import Callable
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.chats import Post
from bot.sandbox.errors import Json, bad
from bot.sandbox.methods_edit import several
from bot.sandbox.posting import caption_content, carried, send
from bot.sandbox.state import SERVICE


def forward_message(call: Call) -> Json:
    source = call.chat("from_chat_id")
    return _forward(call, call.post(source, "forward")).message


def copy_message(call: Call) -> Json:
    source = call.chat("from_chat_id")
    return {"message_id": _copy(call, call.post(source, "copy")).id}


def forward_messages(call: Call) -> list[Json]:
    return [{"message_id": _forward(call, post).id} for post in _found(call, "forward")]


def copy_messages(call: Call) -> list[Json]:
    return [{"message_id": _copy(call, post).id} for post in _found(call, "copy")]


def _found(call: Call, doing: str) -> list[Post]:
    source = call.chat("from_chat_id")
    call.writable()
    posts = [post for number in several(call, rising=True) if (post := source.post(number)) is not None]
    if not posts:
        raise bad(f"there are no messages to {doing}")
    return posts


def _forward(call: Call, post: Post) -> Post:
    _check(post, "forwarded")
    origin = post.message.get("forward_origin") or {
        "type": "user",
        "sender_user": post.message["from"],
        "date": post.message["date"],
    }
    return send(call, carried(post.message), extra={"forward_origin": origin}, fixed=True)


def _copy(call: Call, post: Post) -> Post:
    _check(post, "copied")
    content = carried(post.message)
    if "caption" in call.params or call.params.text("caption", "-") == "":
        for name in ("caption", "caption_entities"):
            content.pop(name, None)
        content |= caption_content(call)
    elif call.params.flag("remove_caption"):
        content.pop("caption", None)
    return send(call, content)


def _check(post: Post, what: str) -> None:
    if post.message.get("has_protected_content") or any(kind in post.message for kind in SERVICE):
        raise bad(f"message can't be {what}")


METHODS: dict[str, Callable[[Call], Any]] = {
    "forwardmessage": forward_message,
    "forwardmessages": forward_messages,
    "copymessage": copy_message,
    "copymessages": copy_messages,
}
