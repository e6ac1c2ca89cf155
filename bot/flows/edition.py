"""Which text of a procedure a request follows: the fingerprint of the file as it was."""

import hashlib
import json

from bot.flows.catalogue import Catalogue
from bot.flows.procedure import Procedure


def edition(procedure: Procedure) -> str:
    """Give twelve letters that change with anything the file says, but for how people ask for it."""
    content = json.dumps(procedure.model_dump(mode="json", exclude={"asked_as"}), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def editions(catalogue: Catalogue) -> dict[tuple[str, str], str]:
    """Today's edition of each procedure, by manual and code."""
    return {(manual.id, law.code): edition(law) for manual in catalogue.manuals.values() for law in manual.procedures}
