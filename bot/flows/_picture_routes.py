"""Which way each flow line takes: the cheapest path over the grid, past every symbol.

The grid's columns are, for lane c, its gutter at 4c, its symbols at 4c+2 and its
ends aside at 4c+3; its rows are the gaps at even numbers and the symbols at odd
ones. A line leaves a symbol straight, wanders only through gutters and gaps, and
arrives straight: so it never passes a symbol that is not its own.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise
from typing import Literal, TypeAlias

from bot.flows._picture_graph import Edge, Graph, Node

Point: TypeAlias = tuple[int, int]
Leg: TypeAlias = Literal["first", "free", "last"]
# Where the line is, which way it came, and which part of its way that was.
State: TypeAlias = tuple[Point, Point, Leg]
Step: TypeAlias = tuple[State, float]

LANE = 4
MAIN = 2
ASIDE = 3
# How many answers leave a diamond at one of its corners, each with its words beside it.
_EXITS = 2
_STRAIGHT = 2
_BEND, _CROSSING, _COMPANY, _CROWDED = 1.2, 2.5, 0.4, 3.0
_DOWN, _UP, _LEFT, _RIGHT = (0, 1), (0, -1), (-1, 0), (1, 0)


@dataclass(frozen=True)
class Route:
    """A line's corners on the grid, its symbols' places included."""

    edge: Edge
    points: tuple[Point, ...]

    @property
    def leaves(self) -> Point:
        """The direction in which it leaves its source."""
        return _towards(self.points[0], self.points[1])

    @property
    def arrives(self) -> Point:
        """The direction in which it arrives."""
        return _towards(self.points[-2], self.points[-1])


def _towards(start: Point, end: Point) -> Point:
    return ((end[0] > start[0]) - (end[0] < start[0]), (end[1] > start[1]) - (end[1] < start[1]))


def place_of(node: Node) -> Point:
    """A symbol's point on the grid."""
    return (LANE * node.lane + (ASIDE if node.aside else MAIN), 2 * node.row + 1)


def routes(graph: Graph) -> list[Route]:
    """Find a way for every line, the short ones first, then each again now that the others are known."""
    streets = _Streets(graph)
    order = sorted(graph.edges, key=streets.distance)
    for edge in order:
        streets.lay(edge)
    for _ in range(2):
        for edge in order:
            streets.lift(edge)
            streets.lay(edge)
    return [streets.laid[edge] for edge in graph.edges]


class _Streets:
    """The grid, and the lines that have been laid so far."""

    def __init__(self, graph: Graph) -> None:
        self.at = {place_of(node): node for node in graph.nodes.values()}
        self.place = {node.key: place_of(node) for node in graph.nodes.values()}
        aside = {node.lane for node in graph.nodes.values() if node.aside}
        self.columns = [
            *(
                x
                for lane in range(len(graph.parties))
                for x in (LANE * lane, LANE * lane + MAIN, *([LANE * lane + ASIDE] if lane in aside else []))
            ),
            LANE * len(graph.parties),
        ]
        self.rows = 2 * graph.rows + 1
        self.crowded = False
        self.laid: dict[Edge, Route] = {}
        self.passing: dict[tuple[Point, bool], set[Edge]] = defaultdict(set)
        self.on: dict[tuple[Point, Point], set[Edge]] = defaultdict(set)

    def distance(self, edge: Edge) -> tuple[int, int]:
        (x, y), (to_x, to_y) = self.place[edge.source], self.place[edge.target]
        return (abs(to_y - y) + abs(to_x - x), to_y)

    def lift(self, edge: Edge) -> None:
        """Forget an edge's way."""
        del self.laid[edge]
        for users in (*self.passing.values(), *self.on.values()):
            users.discard(edge)

    def lay(self, edge: Edge) -> None:
        """Give an edge the cheapest way there is."""
        came: dict[State, State | None] = {}
        best: dict[State, float] = {}
        queue: list[tuple[float, int, State, State | None]] = []
        for count, (state, cost) in enumerate(self._departures(edge)):
            heappush(queue, (cost, count, state, None))
        count = len(queue)
        while queue:
            cost, _, state, before = heappop(queue)
            if state in came:
                continue
            came[state] = before
            if state[0] == self.place[edge.target]:
                self._keep(edge, _back(state, came, self.place[edge.source]))
                return
            for follower, more in self._steps(edge, state):
                total = cost + more
                if follower not in came and total < best.get(follower, float("inf")):
                    best[follower] = total
                    count += 1
                    heappush(queue, (total, count, follower, state))
        # More answers than a diamond has room for: better crowded than not drawn.
        self.crowded = True
        self.lay(edge)
        self.crowded = False

    def _keep(self, edge: Edge, path: list[Point]) -> None:
        for before, here in pairwise(path):
            self.on[_span(before, here)].add(edge)
        for before, here, after in zip(path, path[1:], path[2:], strict=False):
            if _towards(before, here) == _towards(here, after):
                self.passing[(here, before[1] == here[1])].add(edge)
        self.laid[edge] = Route(edge, tuple(_corners(path)))

    def _departures(self, edge: Edge) -> Iterator[Step]:
        here = self.place[edge.source]
        node = self.at[here]
        for way in (_DOWN, _LEFT, _RIGHT):
            if way != _DOWN and node.kind == "start":
                continue
            dear = 0.0 if way == _DOWN else 1.0 if node.kind != "decision" else 0.3
            yield from self._go(edge, here, way, "first", dear)

    def _steps(self, edge: Edge, state: State) -> Iterator[Step]:
        here, way, leg = state
        target = self.place[edge.target]
        yield from self._go(edge, here, way, leg, self._crossings(edge, here, way))
        if leg == "last":
            return
        for turn in _turns(way):
            after = self._leg_after(edge, here, turn, leg)
            if after is not None and not (after == "last" and turn != _DOWN and not _leads(here, turn, target)):
                yield from self._go(edge, here, turn, after, _BEND)

    def _leg_after(self, edge: Edge, here: Point, turn: Point, leg: Leg) -> Leg | None:
        """Which part of the way begins with that turn, or none where a line may not turn so."""
        (x, y), (to_x, to_y) = here, self.place[edge.target]
        if turn[1] == 0:  # along a row
            if y % 2 == 0:
                return "free"
            return "last" if y == to_y and (x % LANE == 0 or leg == "first") else None
        if x % LANE == 0:
            return "free"
        return "last" if x == to_x and turn == _DOWN and y < to_y else None

    def _go(self, edge: Edge, here: Point, way: Point, leg: Leg, cost: float) -> Iterator[Step]:
        """Go one point further, where that is allowed, at its price."""
        there = self._neighbour(here, way)
        if there is None:
            return
        target = self.place[edge.target]
        if there in self.at and (there != target or way == _UP or not self._opens(target, way)):
            return
        if there == target and leg == "first" and self._straight_already(edge):
            return
        company = self._company(edge, here, there, leg)
        if company is None:
            return
        length = 0.8 if way[0] == 0 else 2.0
        yield (there, way, leg), cost + length + company

    def _straight_already(self, edge: Edge) -> bool:
        """Whether another answer goes straight to the same symbol; two lines would be one."""
        return not self.crowded and any(
            len(route.points) == _STRAIGHT and other.source == edge.source and other.target == edge.target
            for other, route in self.laid.items()
        )

    def _neighbour(self, here: Point, way: Point) -> Point | None:
        if way[0] == 0:
            y = here[1] + way[1]
            return (here[0], y) if 0 <= y < self.rows else None
        place = self.columns.index(here[0]) + way[0]
        return (self.columns[place], here[1]) if 0 <= place < len(self.columns) else None

    def _opens(self, target: Point, way: Point) -> bool:
        """Whether that symbol can be entered that way: diamonds from above, ends aside from their lane."""
        node = self.at[target]
        return way == _DOWN or node.kind != "decision"

    def _company(self, edge: Edge, here: Point, there: Point, leg: Leg) -> float | None:
        """What it costs to share that bit of the way; none where it cannot be shared."""
        others = self.on[_span(here, there)]
        if leg == "free":
            return _COMPANY * len(others)
        if not others or self.crowded:
            return _CROWDED * len(others)
        node = self.at.get(here) or self.at.get(there)
        upright = here[0] == there[0]
        if node is not None and node.kind == "decision" and len(others) >= _EXITS:
            return None
        for other in others:
            route = self.laid[other]
            if other.target != edge.target and other.source != edge.source and (upright or node is None):
                return None
            if upright and node is None and route.edge.target != edge.target:
                return None
        return _CROWDED * len(others)

    def _crossings(self, edge: Edge, here: Point, way: Point) -> float:
        return _CROSSING * len(self.passing[(here, way[0] == 0)] - {edge})


def _span(one: Point, other: Point) -> tuple[Point, Point]:
    return (one, other) if one < other else (other, one)


def _turns(way: Point) -> tuple[Point, Point]:
    return (_LEFT, _RIGHT) if way[0] == 0 else (_UP, _DOWN)


def _leads(here: Point, turn: Point, target: Point) -> bool:
    return (target[0] - here[0]) * turn[0] > 0


def _back(state: State, came: dict[State, State | None], source: Point) -> list[Point]:
    path = []
    step: State | None = state
    while step is not None:
        path.append(step[0])
        step = came[step]
    return [source, *reversed(path)]


def _corners(path: list[Point]) -> Iterator[Point]:
    for place, here in enumerate(path):
        if place in {0, len(path) - 1} or _towards(path[place - 1], here) != _towards(here, path[place + 1]):
            yield here
