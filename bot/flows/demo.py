"""The invented people of the sandbox, as a manual's folder lists them."""

from bot.flows.value import Value


class Somebody(Value):
    """One of them; `id` is their account and their private chat."""

    id: int
    name: str
    roles: tuple[str, ...] = ()
    area: str | None = None


class Demo(Value):
    """A municipality's people."""

    people: tuple[Somebody, ...] = ()
