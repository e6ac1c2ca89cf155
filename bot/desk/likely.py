"""Names that may be meant by what was written, offered beside it as it stands."""

from bot.desk.visit import Button, Visit
from bot.flows.draft import Draft
from bot.flows.requisitos import AS_WRITTEN, Picked, Said, Typed
from bot.flows.words import place_in

_LONGEST_LABEL = 40


def buttons(visit: Visit, draft: Draft) -> list[Button]:
    """The likely names, and what was written; nothing where there is no doubt."""
    prefix = f"q:{draft.id}:{draft.step}"
    likely = [(name[:_LONGEST_LABEL], f"{prefix}:{key}") for key, name in draft.pending.get("near", ())]
    return [*likely, visit.word("as_written", f"{prefix}:{AS_WRITTEN}")] if likely else []


def meant(visit: Visit, draft: Draft, said: Said) -> Said:
    """Turn the number of one of them, or the words of the last, into its button."""
    keys = [*(key for key, _ in draft.pending.get("near", ())), AS_WRITTEN]
    if len(keys) == 1 or not isinstance(said, Typed):
        return said
    place = place_in(said.text.strip(), len(keys))
    if place is not None:
        return Picked(keys[place])
    return Picked(AS_WRITTEN) if visit.house.words.read(said.text, ("as_written",)) else said
