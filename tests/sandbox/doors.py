"""The cast of the sandbox's tests and the two doors through which they act."""

from typing import Any

import aiohttp

from bot.sandbox.world import DemoPerson, Municipality

TOWN = Municipality("pueblo", "Pueblo", "4242:AAtown", "pueblo_bot")
OTHER_TOWN = Municipality("otro", "Otro", "5353:BBother", "otro_bot")
ANA = DemoPerson(1001, "pueblo", "Ana López", ("enlace",), "Obras")
BETO = DemoPerson(1002, "pueblo", "Beto", ("coordinador",), None)
CARO = DemoPerson(2001, "otro", "Caro", ("enlace",), None)


class Door:
    """Both doors of a running sandbox: the Bot API of one bot, and the people's phones."""

    def __init__(self, session: aiohttp.ClientSession, token: str, manual: str) -> None:
        self.session = session
        self.token = token
        self.manual = manual

    async def call(self, method: str, **params: Any) -> Any:
        """Call a method that must succeed."""
        answer = await self.try_call(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **params: Any) -> str:
        """Call a method that must be refused, and return the refusal."""
        answer = await self.try_call(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def try_call(self, method: str, **params: Any) -> Any:
        async with self.session.post(f"/bot{self.token}/{method}", json=params) as answer:
            body = await answer.json()
            if not body["ok"]:
                assert body["error_code"] == answer.status
            return body

    async def does(self, person: int, gesture: str, **body: Any) -> Any:
        """Let a person do something that must work."""
        status, answer = await self.tries(f"people/{person}/{gesture}", **body)
        assert status == 200, answer
        return answer

    async def says(self, person: int, text: str, **more: Any) -> Any:
        return await self.does(person, "messages", text=text, **more)

    async def tries(self, path: str, **body: Any) -> tuple[int, Any]:
        sent = {"manual": self.manual} | body
        async with self.session.post(f"/sandbox/{path}", json=sent) as answer:
            return answer.status, await answer.json()

    async def sends_file(self, person: int, kind: str, name: str, content: bytes, **fields: str) -> Any:
        form = aiohttp.FormData({"manual": self.manual, "kind": kind, **fields})
        form.add_field("file", content, filename=name)
        async with self.session.post(f"/sandbox/people/{person}/files", data=form) as answer:
            return answer.status, await answer.json()

    async def sees(self, person: int, **query: Any) -> Any:
        """Look at a person's screen."""
        return await self.look(f"people/{person}/chat", **query)

    async def look(self, path: str, **query: Any) -> Any:
        async with self.session.get(f"/sandbox/{path}", params={"manual": self.manual, **query}) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json()

    async def updates(self, **params: Any) -> list[Any]:
        """Ask for updates and confirm what was already seen."""
        found: list[Any] = await self.call("getUpdates", **params)
        return found
