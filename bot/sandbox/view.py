"""A chat as the phone's screen shows it: the JSON that the page and the tests read."""

from typing import Any

from bot.sandbox.chats import Chat, Post
from bot.sandbox.errors import Json
from bot.sandbox.files import Files
from bot.sandbox.show import as_html
from bot.sandbox.state import SERVICE, State

FILES = ("photo", "animation", "document", "video", "audio", "voice", "video_note", "sticker")
KINDS = (*FILES, "venue", "location", "contact", "poll", "dice", "text")


def chat_view(state: State, chat: Chat, after: int) -> Json:
    """Show what changed after a revision; zero shows everything."""
    changed = sorted((post for post in chat.posts.values() if post.revision > after), key=lambda post: post.id)
    return {
        "revision": chat.revision,
        "messages": [post_view(state, post) for post in changed if not post.gone],
        "deleted": [post.id for post in changed if post.gone],
        "typing": chat.typing,
        "blocked": chat.blocked,
        "started": chat.started,
        "keyboard": (chat.keyboard or {}).get("keyboard"),
        "keyboard_settings": {key: chat.keyboard[key] for key in chat.keyboard if key != "keyboard"}
        if chat.keyboard
        else None,
        "pinned": list(chat.pinned),
    }


def post_view(state: State, post: Post) -> Json:
    message = post.message
    text = str(message.get("text") or message.get("caption") or "")
    entities = message.get("entities") or message.get("caption_entities") or []
    kind = next((kind for kind in KINDS if kind in message), "service")
    view: Json = {
        "message_id": post.id,
        "from": "bot" if post.by_bot else "person",
        "person": post.by or None,
        "kind": kind,
        "text": text,
        "html": as_html(text, entities),
        "buttons": buttons(message),
        "file": file_view(state.files, message),
        "edited": post.edited,
        "revision": post.revision,
        "date": state.iso(message["date"]),
        "reply_to": message.get("reply_to_message", {}).get("message_id"),
        "silent": post.silent,
    }
    if service := next((name for name in SERVICE if name in message), None):
        view["service"] = {"what": service, "who": _who(message.get(service))}
    optional = ("location", "venue", "contact", "poll", "dice", "media_group_id", "forward_origin")
    view |= {name: message[name] for name in optional if name in message}
    return view | ({"reaction": post.reaction} if post.reaction else {})


def _who(about: Any) -> list[str]:
    """Whom a service message is about, by name."""
    people = [one for one in (about if isinstance(about, list) else [about]) if isinstance(one, dict)]
    names = [f"{one['first_name']} {one.get('last_name', '')}".strip() for one in people]
    return ["el bot" if one["is_bot"] else name for one, name in zip(people, names, strict=True)]


def buttons(message: Json) -> list[list[Json]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [
        [{"text": button["text"], "data": button.get("callback_data"), "url": button.get("url")} for button in row]
        for row in rows
    ]


def file_view(files: Files, message: Json) -> Json | None:
    kind = next((kind for kind in FILES if kind in message), None)
    if kind is None:
        return None
    media: Any = message[kind]
    file = files.any((media[-1] if kind == "photo" else media)["file_id"])
    if file is None:
        return None
    return {
        "name": file.name,
        "type": file.type,
        "size": file.size,
        "url": f"/sandbox/files/{file.id}",
        "width": file.width or None,
        "height": file.height or None,
    }
