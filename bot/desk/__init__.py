"""The shell around the core, by use case; `Desk` is its door.

Coming in: `incoming` (what a channel brings), `desk` (the door: one event, one transaction), `sorting` (which room it
is for) and `presses` (what a button means), `passing` (what the clock brings), `visit` (who is here, and what is
shown to them), `arriving` (strangers, invitations, roles), `linking` (groups).

Asking: `opening` (which procedure), `filling` (a form from its first question to its last), `questions`,
`pickers`, `known` and `likely` (what a question shows and offers), `finishing` (what the form was for),
`expiring` (drafts that end).

Acting: `acting` (taking a turn), `concluding` (all that follows), `undoing`, `staffing`, `pool` and `hands`
(whose it is), `rating` (how it was).

Saying: `describing` (a request, in any message), `cards` (what a turn's card says), `going` (where to), `weighing`
(what a decision is weighed by).

Telling: `bringing` (whom a card and the news of it go to), `addressing` (a screen as a letter), `groups`, `telling`
(when), `talk` and `replies` (what people say to one another).

Looking: `consulting` (menu, lists, one request), `filed` (what was asked for), `trays` and
`walking` (what waits, card by card), `searching`.
"""

from bot.desk.desk import Desk

__all__ = ["Desk"]
