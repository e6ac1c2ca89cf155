"""Methods that send what needs no file: texts, places, contacts, polls, dice."""

import secrets
from collections.abc import Callable
from typing import Any

from bot.sandbox.call import Call
from bot.sandbox.errors import Json, bad
from bot.sandbox.params import place_on_earth
from bot.sandbox.posting import send
from bot.sandbox.texts import message_text

DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "🎰": 64}
QUESTION_LIMIT = 300
OPTION_LIMIT = 100
OPTIONS = range(1, 13)
VCARD_LIMIT = 2048
ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    },
)


def send_message(call: Call) -> Json:
    text = message_text(call.params)
    content: Json = {"text": text.text}
    if entities := call.entities(text):
        content["entities"] = entities
    if preview := call.params.object("link_preview_options"):
        content["link_preview_options"] = preview
    return send(call, content).message


def location_json(call: Call) -> Json:
    nowhere = float("nan")
    place = place_on_earth(call.params.number("latitude", nowhere), call.params.number("longitude", nowhere))
    if place is None:
        raise bad("wrong latitude or longitude specified")
    return place


def send_location(call: Call) -> Json:
    place = location_json(call)
    for name in ("live_period", "heading", "proximity_alert_radius"):
        if name in call.params:
            place[name] = call.params.integer(name)
    return send(call, {"location": place}).message


def send_venue(call: Call) -> Json:
    place = location_json(call)
    title, address = call.params.text("title"), call.params.text("address")
    if not title:
        raise bad("title must be non-empty")
    if not address:
        raise bad("address must be non-empty")
    venue = {"location": place, "title": title, "address": address}
    return send(call, {"venue": venue, "location": place}).message


def send_contact(call: Call) -> Json:
    phone, first_name = call.params.text("phone_number"), call.params.text("first_name")
    if not phone:
        raise bad("phone number is empty")
    if not first_name:
        raise bad("first name is empty")
    vcard = call.params.text("vcard")
    if len(vcard.encode()) > VCARD_LIMIT:
        raise bad("contact_vcard is too long")
    contact = {"phone_number": phone, "first_name": first_name}
    contact |= {"last_name": last} if (last := call.params.text("last_name")) else {}
    return send(call, {"contact": contact | ({"vcard": vcard} if vcard else {})}).message


def poll_json(question: str, options: list[str], *, several: bool = False) -> Json:
    return {
        "id": str(secrets.randbits(62)),
        "question": question,
        "options": [
            {"persistent_id": str(number), "text": option, "voter_count": 0} for number, option in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": False,
        "is_anonymous": True,
        "type": "regular",
        "allows_multiple_answers": several,
        "allows_revoting": True,
        "members_only": False,
    }


def send_poll(call: Call) -> Json:
    question = call.params.text("question").strip()
    if not question:
        raise bad("poll question must be non-empty")
    if len(question) > QUESTION_LIMIT:
        raise bad(f"poll question length must not exceed {QUESTION_LIMIT}")
    given = call.params.list("options") or []
    options = [str(option.get("text", "") if isinstance(option, dict) else option) for option in given]
    if len(options) not in OPTIONS:
        raise bad("poll must have at least 1 option" if not options else "poll can't have more than 12 options")
    if not all(option.strip() for option in options):
        raise bad("poll options must be non-empty")
    if any(len(option) > OPTION_LIMIT for option in options):
        raise bad(f"poll options length must not exceed {OPTION_LIMIT}")
    poll = poll_json(question, options, several=call.params.flag("allows_multiple_answers"))
    return send(call, {"poll": poll}).message


def dice_json(emoji: str) -> Json:
    return {"emoji": emoji, "value": secrets.randbelow(DICE[emoji]) + 1}


def send_dice(call: Call) -> Json:
    emoji = call.params.text("emoji") or "🎲"
    if emoji not in DICE:
        raise bad("MEDIA_INVALID")
    return send(call, {"dice": dice_json(emoji)}).message


def send_chat_action(call: Call) -> bool:
    action = call.params.text("action").lower()
    if action not in ACTIONS:
        raise bad("wrong parameter action in request")
    call.state.show_typing(call.writable())
    return True


METHODS: dict[str, Callable[[Call], Any]] = {
    "sendmessage": send_message,
    "sendlocation": send_location,
    "sendvenue": send_venue,
    "sendcontact": send_contact,
    "sendpoll": send_poll,
    "senddice": send_dice,
    "sendchataction": send_chat_action,
}
