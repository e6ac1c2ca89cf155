"""Procedures as they were when something was filed by them."""

from datetime import datetime

from sqlalchemy import bindparam, select

from bot.flows.procedure import Procedure
from storage.hands import Hands, Part
from storage.prepared import Prepared
from storage.tables import EDITION

# By municipality, code and edition: the fingerprint of what it holds, so what was read once is right for ever.
Laws = dict[tuple[str, str, str], Procedure]

_CONTENT = Prepared(
    select(EDITION.c.content).where(
        EDITION.c.manual == bindparam("manual"),
        EDITION.c.procedure == bindparam("procedure"),
        EDITION.c.edition == bindparam("edition"),
    )
)


class Editions(Part):
    def __init__(self, hands: Hands, laws: Laws) -> None:
        super().__init__(hands)
        self._laws = laws

    async def get(self, manual: str, procedure: str, edition: str) -> Procedure | None:
        """The procedure as it was in that edition."""
        known = self._laws.get((manual, procedure, edition))
        if known is not None:
            return known
        given = {"manual": manual, "procedure": procedure, "edition": edition}
        content = (await self._run(_CONTENT, given)).scalar()
        if content is None:
            return None
        return self._laws.setdefault((manual, procedure, edition), Procedure.model_validate(content))

    async def publish(self, manual: str, procedure: Procedure, edition: str, *, now: datetime) -> None:
        """Keep an edition for as long as requests run by it."""
        content = procedure.model_dump(mode="json")
        await self._hands.add_unless_there(
            EDITION, manual=manual, procedure=procedure.code, edition=edition, content=content, at=now
        )
