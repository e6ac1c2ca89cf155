"""The Bot API as one table: which method is done by whom."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.sandbox import (
    methods_bot,
    methods_chat,
    methods_copy,
    methods_edit,
    methods_media,
    methods_send,
    polling,
    webhook_settings,
)
from bot.sandbox.bots import Bot
from bot.sandbox.call import Call
from bot.sandbox.errors import NOT_FOUND, ApiError, bad
from bot.sandbox.method_names import NAMES
from bot.sandbox.params import Params
from bot.sandbox.state import State
from bot.sandbox.webhook_settings import Described

AT_ONCE: dict[str, Callable[[Call], Any]] = {
    **methods_bot.METHODS,
    **methods_chat.METHODS,
    **methods_copy.METHODS,
    **methods_edit.METHODS,
    **methods_media.METHODS,
    **methods_send.METHODS,
    "deletewebhook": webhook_settings.delete_webhook,
    "getwebhookinfo": webhook_settings.get_webhook_info,
}
TAKING_TIME: dict[str, Callable[[Call], Awaitable[Any]]] = {
    "getupdates": polling.get_updates,
    "setwebhook": webhook_settings.set_webhook,
}
NOT_IN_REPLIES = frozenset({"setwebhook", "deletewebhook", "close", "logout"})


async def perform(call: Call) -> Any:
    """Do what a method does; its changes are durable when this returns."""
    try:
        if method := AT_ONCE.get(call.method):
            return method(call)
        if slow := TAKING_TIME.get(call.method):
            return await slow(call)
    finally:
        call.state.store.commit()
    if call.method in NAMES:
        raise bad("method is not emulated by this sandbox")
    raise ApiError(NOT_FOUND, "Not Found: method not found")


def envelope(result: Any) -> dict[str, Any]:
    if isinstance(result, Described):
        return {"ok": True, "result": result.result, "description": result.description}
    return {"ok": True, "result": result}


def in_reply(state: State) -> Callable[[Bot, str, Params], Awaitable[None]]:
    """Perform methods named in a webhook's answer, of which results and errors are forgotten."""

    async def run(bot: Bot, method: str, params: Params) -> None:
        name = method.lower()
        if name.startswith("get") or name in NOT_IN_REPLIES:
            return
        try:
            await perform(Call(state, bot, name, params))
        except ApiError:
            return

    return run
