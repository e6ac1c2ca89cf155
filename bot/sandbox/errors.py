"""The Bot API's refusals, worded as Telegram words them, because bots branch on these texts."""

from typing import Any

Json = dict[str, Any]

BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
CONFLICT = 409
TOO_LARGE = 413
TOO_MANY = 429
INTERNAL = 500
BAD_GATEWAY = 502


class ApiError(Exception):
    """A call that Telegram would refuse."""

    def __init__(self, code: int, description: str, *, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters or {}

    def envelope(self) -> Json:
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad(reason: str) -> ApiError:
    return ApiError(BAD_REQUEST, f"Bad Request: {_lowered(reason)}")


def forbidden(reason: str) -> ApiError:
    return ApiError(FORBIDDEN, f"Forbidden: {_lowered(reason)}")


def conflict(reason: str) -> ApiError:
    return ApiError(CONFLICT, f"Conflict: {reason}")


def too_many(retry_after: int) -> ApiError:
    return ApiError(
        TOO_MANY,
        f"Too Many Requests: retry after {retry_after}",
        parameters={"retry_after": retry_after},
    )


def _lowered(reason: str) -> str:
    """Lower the first letter, unless this is one of the server's own CODES."""
    if len(reason) > 1 and (reason[1].isupper() or reason[1] == "_"):
        return reason
    return reason[:1].lower() + reason[1:]


class PhoneError(Exception):
    """A call of the sandbox's own interface that makes no sense; the text is for its user."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
