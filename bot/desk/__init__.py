"""The shell around the core, by use case; `Desk` is its door.

Coming in: `incoming` (what a channel brings), `desk` (the door: one event, one transaction), `presses` (what a
button means), `visit` (who is here, and what is shown to them), `arriving` (strangers, invitations, roles),
`linking` (groups).

Asking: `opening` (which procedure), `filling` (a form from its first question to its last), `questions`,
`pickers`, `known` and `likely` (what a question shows and offers), `expiring` (drafts that end).

Acting: `acting` (taking a turn), `concluding` (all that follows), `undoing`, `staffing`, `pool` and `hands`
(whose it is), `rating` (how it was).

Telling: `cards` (what is said about a request), `going` (where to), `groups`, `telling` (when), `talk` and
`replies` (what people say to one another).

Looking: `consulting` (menu, lists, one request), `filed` (what was asked for), `trays` and
`walking` (what waits, card by card), `searching`.
"""

from bot.desk.desk import Desk

__all__ = ["Desk"]
