"""setWebhook, deleteWebhook and getWebhookInfo.

As a Bot API server of one's own, this one also takes plain http and any port, but only on this machine.
"""

import asyncio
import re
import ssl
import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from yarl import URL

from bot.sandbox.call import Call
from bot.sandbox.errors import ApiError, Json, bad, too_many
from bot.sandbox.polling import set_allowed

PORTS = frozenset({80, 88, 443, 8443})
SECRET = re.compile(r"[A-Za-z0-9_-]*")
SECRET_LIMIT = 256
CONNECTIONS = 40
MOST_CONNECTIONS = 100
CONNECT_SECONDS = 10.0


@dataclass(frozen=True)
class Described:
    """A result with a few words about it."""

    result: Any
    description: str


async def set_webhook(call: Call) -> Described:
    url = call.params.text("url").strip()
    if not url:
        return delete_webhook(call)
    if time.monotonic() < call.bot.queue.pace.next_webhook:
        raise too_many(1)
    call.bot.queue.pace.next_webhook = time.monotonic() + 1
    webhook = _settings(call, url)
    old = call.bot.webhook
    set_allowed(call)
    drop = call.params.flag("drop_pending_updates")
    if old and not drop and {key: old.get(key) for key in webhook} == webhook:
        return Described(result=True, description="Webhook is already set")
    await _reach(URL(url))
    if drop:
        call.bot.queue.clear()
    call.bot.set("webhook", webhook)
    call.bot.set("webhook_error", None)
    call.bot.queue.end_poll("terminated by setWebhook request")
    call.bot.queue.webhook_changed.ring()
    return Described(result=True, description="Webhook was set")


def delete_webhook(call: Call) -> Described:
    if call.params.flag("drop_pending_updates"):
        call.bot.queue.clear()
    if not call.bot.webhook:
        return Described(result=True, description="Webhook is already deleted")
    call.bot.set("webhook", None)
    call.bot.queue.webhook_changed.ring()
    return Described(result=True, description="Webhook was deleted")


def get_webhook_info(call: Call) -> Json:
    queue = call.bot.queue
    queue.drop_expired()
    webhook = call.bot.webhook
    info: Json = {
        "url": webhook["url"] if webhook else "",
        "has_custom_certificate": bool(webhook and webhook["certificate"]),
        "pending_update_count": len(queue.pending) + len(queue.again),
    }
    if webhook:
        info |= {"max_connections": webhook["max_connections"], "ip_address": "127.0.0.1"}
        info |= call.bot.setting("webhook_error") or {}
    if queue.allowed is not None:
        info["allowed_updates"] = sorted(queue.allowed)
    return info


def _settings(call: Call, url: str) -> Json:
    secret = call.params.text("secret_token")
    if len(secret) > SECRET_LIMIT:
        raise bad("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad("secret token contains unallowed characters")
    _check_url(url)
    certificate = call.params.uploads.get("certificate")
    text = certificate.content.decode(errors="replace") if certificate else ""
    if text:
        try:
            ssl.create_default_context(cadata=text)
        except (ssl.SSLError, ValueError) as error:
            raise bad("bad webhook: certificate is invalid") from error
    connections = call.params.integer("max_connections", CONNECTIONS)
    return {
        "url": url,
        "secret": secret,
        "certificate": text,
        "max_connections": min(max(connections, 1), MOST_CONNECTIONS),
    }


def _check_url(url: str) -> None:
    try:
        parsed = URL(url)
        host, port = parsed.host or "", parsed.port
    except ValueError as error:
        raise _bad_webhook("invalid webhook URL specified") from error
    if parsed.scheme not in ("http", "https") or not host:
        raise _bad_webhook("An HTTPS URL must be provided for webhook")
    if _loopback(host):
        return
    if parsed.scheme == "http":
        raise _bad_webhook("An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise _bad_webhook("Webhook can be set up only on ports 80, 88, 443 or 8443")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


async def _reach(url: URL) -> None:
    """Connect once: a webhook that nobody answers is refused before it is set."""
    host = url.host or ""
    if not _loopback(host):
        raise _bad_webhook("Failed to resolve host: the sandbox has no way out of this machine")
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, writer = await asyncio.open_connection(host, url.port)
    except TimeoutError as error:
        raise _bad_webhook("Connection timed out") from error
    except OSError as error:
        raise _bad_webhook("Connection refused") from error
    writer.close()


def _bad_webhook(reason: str) -> ApiError:
    return bad(f"bad webhook: {reason}")
