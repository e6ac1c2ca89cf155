"""What each chat was told, against the letters: everything once and in order, but for what a death repeated."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from tests.crash.audit import Books
from tests.notes import Call


def each_chat_heard_in_order(
    books: Books, calls: Sequence[Call], deaths: Sequence[int], *, one_writer: bool
) -> tuple[list[str], int]:
    """Tell what is wrong, and how often something was said twice.

    `deaths` tell after how many of the calls a process died: whatever was said twice, was on its
    way then. `one_writer`: what is said in a chat has the order of the letters' ids. Where several
    write at once, a letter may be committed after one with a later id, so there that order
    binds only what is about the same request, or about none.
    """
    letters: dict[str, list[Any]] = defaultdict(list)
    for letter in books["letter"]:
        if letter.state == "sent" and letter.message is not None:
            letters[letter.chat].append(letter)
    heard: dict[str, list[tuple[int, Call]]] = defaultdict(list)
    along = _go_along(books)
    for place, call in enumerate(calls):
        if call.method != "editMessageReplyMarkup" or (call.chat, call.message) not in along:
            heard[call.chat].append((place, call))
    wrong: list[str] = []
    repeats = 0
    for chat in sorted({*letters, *heard}):
        there = _Chat(letters[chat], deaths, one_writer=one_writer)
        there.hears(heard[chat])
        wrong.extend(f"chat {chat}: {one}" for one in there.wrong)
        repeats += there.repeats
    return wrong, repeats


def _go_along(books: Books) -> set[tuple[str, str]]:
    """Messages whose buttons go when something else is said, and by no letter of their own: promised to nobody."""
    said = {letter.id: letter for letter in books["letter"]}
    for_themselves = {said[letter.edits].message for letter in said.values() if letter.kind == "strip" and letter.edits}
    along = (said[letter.strips] for letter in said.values() if letter.strips is not None)
    return {(one.chat, one.message) for one in along if one.message not in for_themselves}


class _Chat:
    def __init__(self, letters: list[Any], deaths: Sequence[int], *, one_writer: bool) -> None:
        self.wrong: list[str] = []
        self.repeats = 0
        self._coming = list(letters)
        # A message that no letter sent may still be changed by one: its buttons are as good as those of its twin.
        self._sent = {letter.message for letter in letters if letter.kind == "send"}
        self._deaths = deaths
        self._one_writer = one_writer
        # Changes that were made twice, or else are the next change of the same message: which, is seen later.
        self._spare: Counter[str] = Counter()

    def hears(self, calls: Sequence[tuple[int, Call]]) -> None:
        for at, (place, call) in enumerate(calls):
            before, last = calls[at - 1] if at else (-1, None)
            if call.taken and call.method.startswith("send") and call.message not in self._sent:
                after = calls[at + 1][0] if at + 1 < len(calls) else None
                self._said_again(call, place, after)
            elif last is not None and last.message == call.message and self._somebody_died(before, place):
                self._spare[call.message] += 1
            else:
                self._says_a_letter(call)
        while self._coming and self._spared(self._coming[0]):
            del self._coming[0]
        self.wrong.extend(f"letter {one.id} is marked, and Telegram never took it" for one in self._coming)
        self.repeats += sum(self._spare.values())

    def _said_again(self, call: Call, place: int, after: int | None) -> None:
        """A message whose mark was never written: the same letter is what the chat hears next."""
        self.repeats += 1
        if after is None or not self._somebody_died(place, after):
            self.wrong.append(f"message {call.message} is nowhere, and nobody had died")

    def _says_a_letter(self, call: Call) -> None:
        found = next((at for at, one in enumerate(self._coming) if one.message == call.message), None)
        if found is None:
            if call.taken:
                self.wrong.append(f"{call.method} of message {call.message} was taken once too often")
            return
        letter = self._coming.pop(found)
        skipped = [one for one in self._coming[:found] if not self._spared(one)]
        if any(self._one_writer or one.request_id == letter.request_id for one in skipped):
            self.wrong.append(f"letter {letter.id} came before {[one.id for one in skipped]}")
        self._coming[:found] = skipped

    def _spared(self, letter: Any) -> bool:
        """Whether a change that might have been a repeat was this letter; that can be said of it once."""
        if not self._spare[letter.message]:
            return False
        self._spare[letter.message] -= 1
        return True

    def _somebody_died(self, after: int, by: int) -> bool:
        return any(after < death <= by for death in self._deaths)
