"""Telegram on this machine: a Bot API server, and the phones of the people who talk to its bots.

It knows nothing of the product: any bot written against the Bot API runs on it, given `server.Sandbox.url` as
the address of the API. `world` says who exists, `clock` what time it is, `state` holds what happens, and two
doors lead in: `api` for bots, `phones` and `screens` for people.

Beyond what the product's design promises, its own interface under `/sandbox/` also offers:

- `POST people/{id}/messages`, `files`, … take `reply_to`, `forward` and `chat` (the id of a group); files an `album`
- `POST people/{id}/edits` `{"message_id", "text"}` corrects what the person wrote
- `POST people/{id}/others` `{"kind", "size"}` sends a sticker, voice, video…, of any size without its bytes
- `POST people/{id}/block` `{"blocked"}` blocks the bot or takes it back
- `POST groups` `{"manual", "title", "members", "admin"}` founds a group with the bot in it (`GET` lists them);
  `groups/{id}/bot` `{"manual", "status", "by"}` throws it out or takes it back; `groups/{id}/members` `{"members",
  "gone"}` and `groups/{id}/title` `{"title"}` change it; `groups/{id}/upgrade` makes it a supergroup
- `POST redeliver` `{"manual", "update_id"}` delivers an update once more
- `GET people?strangers=1` lists the strangers, too; `GET time` tells the clock; `GET stream?manual=ID` every change
- `GET|POST|DELETE faults`: `fault` is one of `faults.KINDS` (see there) or `pace`, narrowed by `manual`, `token`,
  `chat`, `method` or, for what comes late, the kind of `update`; for so many `times` (once; 0 is until cleared);
  listening is only hit by name; `met` tells how often one that is left has struck; a restart forgets them
"""
