"""A procedure as symbols in a grid: a lane for each responsible, a row for each symbol, and what leads where."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from typing import Literal, TypeAlias

from bot.flows._picture_text import clean, width, wrap
from bot.flows.procedure import Activity, Manual, Option, Procedure, Requisito

Kind: TypeAlias = Literal["start", "operation", "document", "decision", "end"]

SIZE = 15.0
LINE = 18.0
SMALL = 12.5
SMALL_LINE = 15.0
BADGE = 30.0
FLAG = 20.0
WAVE = 14.0
_PAD = 10.0
# The wider the fewer lanes there are, so that a page is filled and still holds seven.
_WIDTHS = {1: 320.0, 2: 260.0, 3: 224.0, 4: 204.0, 5: 190.0}
_NARROWEST = 164.0
END = 118.0
_LABELS, _LABELS_NARROW = 96.0, 78.0
_WORDS = 20
_SLIMMEST: tuple[float, tuple[str, ...]] = (400.0, ())
_CARRIES_FILES = frozenset({"files", "photos", "link"})


@dataclass(frozen=True)
class Node:
    """A symbol: what it says, how large it is and its place in the grid.

    `aside`: in the narrow column beside the lane's own, where an option's end stands.
    """

    key: str
    kind: Kind
    lane: int
    row: int
    lines: tuple[str, ...]
    width: float
    height: float
    n: str = ""
    notes: tuple[str, ...] = ()
    aside: bool = False
    added: bool = False
    marked: bool = False


@dataclass(frozen=True)
class Edge:
    """A flow line from one symbol to another; `option` is the id of the answer that leads along it."""

    source: str
    target: str
    label: str = ""
    option: str = ""
    added: bool = False


@dataclass
class Graph:
    """Everything that is drawn, before anything has coordinates."""

    parties: list[str]
    width: float
    label_room: float
    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    rows: int = 0


def graph_of(manual: Manual, procedure: Procedure, mark: str | None = None) -> Graph:
    """Put a procedure's symbols in their lanes and rows, in the manual's order.

    Raises:
        KeyError: the procedure has no activity of the number `mark`.

    """
    if mark is not None:
        procedure.activity(mark)
    return _Drafting(manual, procedure, mark).graph


class _Drafting:
    """The grid while it fills, row by row."""

    def __init__(self, manual: Manual, procedure: Procedure, mark: str | None) -> None:
        self.manual, self.procedure, self.mark = manual, procedure, mark
        # Two roles of one party (whoever does it, and their chief) share a lane.
        roles = dict.fromkeys(_responsibles(procedure))
        parties = list(dict.fromkeys(manual.roles[role].party for role in roles))
        self.lanes = {role: parties.index(manual.roles[role].party) for role in roles}
        wide = _WIDTHS.get(len(parties), _NARROWEST)
        self.graph = Graph(parties, wide, _LABELS if len(parties) in _WIDTHS else _LABELS_NARROW)
        self._terminator("start", self.lanes[procedure.first.role], "INICIO")
        self.graph.edges.append(Edge("start", procedure.first.n))
        for activity in procedure.activities:
            self._activity(activity)

    def _place(self, node: Node) -> None:
        self.graph.nodes[node.key] = node
        self.graph.rows = max(self.graph.rows, node.row + 1)

    def _activity(self, activity: Activity) -> None:
        self._box(activity)
        if activity.next is not None:
            self.graph.edges.append(Edge(activity.n, activity.next))
        if activity.end is not None:
            key = f"{activity.n}.end"
            self._terminator(key, self.lanes[activity.role], "FIN", activity.end)
            self.graph.edges.append(Edge(activity.n, key))
        if activity.options:
            self._decision(activity)

    def _box(self, activity: Activity) -> None:
        wide = self.graph.width
        lines = wrap(activity.text, SIZE, wide - BADGE - 2 * _PAD)
        notes = [line for note in self._notes(activity) for line in wrap(note, SMALL, wide - BADGE - 2 * _PAD)]
        marked = activity.n == self.mark
        papers = any(one.kind in _CARRIES_FILES for one in _forms(activity))
        high = max(len(lines) * LINE + len(notes) * SMALL_LINE, BADGE) + 2 * _PAD
        self._place(
            Node(
                key=activity.n,
                kind="document" if papers else "operation",
                lane=self.lanes[activity.role],
                row=self.graph.rows,
                lines=tuple(lines),
                width=wide,
                height=high + (FLAG if marked else 0) + (WAVE - 4 if papers else 0),
                n=activity.n,
                notes=tuple(notes),
                added=activity.added is not None,
                marked=marked,
            )
        )

    def _notes(self, activity: Activity) -> Iterator[str]:
        """What the flow line alone does not say about an activity."""
        roles = self.manual.roles
        if activity.whose:
            yield f"Lo hace: {activity.whose}"
        others: dict[str, list[str]] = {}
        for kind, role in activity.role_for.items():
            others.setdefault(roles[role].label, []).append(kind)
        for name, kinds in others.items():
            yield f"Si el área es {' o '.join(kinds)}: {name}"
        if activity.assign:
            yield f"Lo atiende: {roles[activity.assign.role].label}"
        if activity.each:
            yield "Se repite con cada elemento"
        if activity.join:
            yield "Espera a que terminen todos"
        if activity.opens:
            yield f"Abre otra solicitud: {activity.opens.procedure}"

    def _decision(self, activity: Activity) -> None:
        asked = {option.by or activity.role for option in activity.options}
        role = asked.pop() if len(asked) == 1 else activity.role
        lane = self.lanes[role]
        key = f"{activity.n}?"
        lines, high = _in_diamond(activity.question or "¿Qué sigue?", self.graph.width)
        row = self.graph.rows
        added = activity.added is not None
        self._place(Node(key, "decision", lane, row, lines, self.graph.width, high, added=added))
        self.graph.edges.append(Edge(activity.n, key))
        for option in activity.options:
            target = option.to
            if target is None:
                target = f"{activity.n}.{option.id}"
                self._terminator(target, lane, "FIN", option.outcome or "", option=option, row=row)
                row = self.graph.rows
            label = f"{option.label} (aparte)" if option.spawns else option.label
            self.graph.edges.append(Edge(key, target, label, option.id, option.added is not None))

    def _terminator(
        self, key: str, lane: int, word: str, outcome: str = "", *, option: Option | None = None, row: int | None = None
    ) -> None:
        wide = END if option or not outcome else min(self.graph.width, 210.0)
        lines = (word, *wrap(outcome, SMALL, wide - 26))
        self._place(
            Node(
                key,
                "start" if word == "INICIO" else "end",
                lane,
                self.graph.rows if row is None else row,
                lines,
                wide,
                LINE + SMALL_LINE * (len(lines) - 1) + 16,
                aside=option is not None,
                added=option is not None and option.added is not None,
            )
        )


def _responsibles(procedure: Procedure) -> Iterator[str]:
    for activity in procedure.activities:
        yield activity.role
        asked = {option.by for option in activity.options}
        if len(asked) == 1:
            yield from (role for role in asked if role is not None)


def _forms(activity: Activity) -> Iterator[Requisito]:
    yield from activity.form
    for option in activity.options:
        yield from option.form


def _in_diamond(text: str, wide: float) -> tuple[tuple[str, ...], float]:
    """Break a question where the diamond around it stays lowest; no word is broken."""
    words = clean(text).split()
    found = [_SLIMMEST]
    for count in range(1, 6 if len(words) <= _WORDS else 1):
        for breaks in combinations(range(1, len(words)), count - 1):
            lines = tuple(" ".join(words[start:end]) for start, end in pairwise((0, *breaks, len(words))))
            found.append((_height_around(lines, wide), lines))
    high, lines = min(found, key=lambda one: one[0] + _lopsided(one[1]))
    if lines:
        return lines, high
    lines = tuple(wrap(text, SIZE, wide / 2)) or ("¿?",)  # longer than any question we know
    return lines, len(lines) * LINE * 2 + 20


def _lopsided(lines: tuple[str, ...]) -> float:
    """How much the first and last lines of a question fall short of each other."""
    ends = sorted(width(line, SIZE) for line in (lines[0], lines[-1])) if lines else [1.0, 1.0]
    return 60 * (1 - ends[0] / ends[1])


def _height_around(lines: tuple[str, ...], wide: float) -> float:
    """How high a diamond of that width must be, for these lines to stand inside it."""
    high = 64.0
    for place, line in enumerate(lines):
        far = (abs(place + 0.5 - len(lines) / 2) + 0.5) * LINE - 2
        left = 1 - (width(line, SIZE) + 8) / wide
        high = max(high, 2 * far / left) if left > 0 else float("inf")
    return high
