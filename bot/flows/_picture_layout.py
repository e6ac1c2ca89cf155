"""From the grid to units: how wide the lanes are, how high the gaps, and where every line and label stands."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from bot.flows._picture_graph import WAVE, Edge, Graph, Node
from bot.flows._picture_routes import ASIDE, LANE, MAIN, Point, Route, place_of, routes
from bot.flows._picture_text import width, wrap

LABEL = 14.0
LABEL_LINE = 16.0
TRACK = 12.0
_MARGIN = 20.0
_PORT = 26.0
_SIDE_PORT = 14.0
_BELOW, _ABOVE = 20.0, 10.0


@dataclass(frozen=True)
class Box:
    """A rectangle, by its upper left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Shape:
    """A symbol in its place."""

    node: Node
    box: Box


@dataclass(frozen=True)
class Line:
    """A flow line's corners; its arrow stands at the last."""

    edge: Edge
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Label:
    """What stands beside an exit; `end`: the lines end at the right."""

    edge: Edge
    box: Box
    lines: tuple[str, ...]
    end: bool = False


@dataclass(frozen=True)
class Lane:
    """A responsible's column."""

    party: str
    x: float
    width: float


@dataclass(frozen=True)
class Layout:
    """Where everything stands; the first row begins at 0."""

    lanes: tuple[Lane, ...]
    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    width: float
    height: float


def layout(graph: Graph) -> Layout:
    """Give every symbol, line and label its place."""
    return _Placing(graph, routes(graph)).done()


@dataclass(frozen=True)
class _Run:
    """A stretch of a line in a gutter or a gap: from where to where, and the way at both ends."""

    route: Route
    place: int
    start: float
    end: float
    before: int
    after: int


class _Placing:
    def __init__(self, graph: Graph, found: list[Route]) -> None:
        self.graph, self.routes = graph, found
        self.exits: dict[tuple[str, Point], list[Route]] = defaultdict(list)
        self.ports: dict[tuple[Route, bool], float] = {}
        self.x: dict[int, float] = {}
        self.track_x: dict[tuple[Route, int], float] = {}
        self.track_y: dict[tuple[Route, int], float] = {}
        self.row_y: list[float] = []
        self.gap_y: list[float] = []
        for route in found:
            self.exits[route.edge.source, route.leaves].append(route)
        self._upright_ports()
        self._side_ports()
        self.lanes, self.width = self._columns()
        self.labels = {route: wrap(route.edge.label, LABEL, self._room(route)) for route in found if route.edge.label}
        self.height = self._rows()

    # Where lines touch their symbols.

    def _upright_ports(self) -> None:
        """Lines that come or leave upright: the straight one in the middle, the others towards their other end."""
        arriving: dict[str, list[Route]] = defaultdict(list)
        for route in self.routes:
            if route.arrives == (0, 1):
                arriving[route.edge.target].append(route)
        for (_, way), leaving in self.exits.items():
            if way == (0, 1):
                self._spread([route for route in leaving if len(route.points) > 2], leaving, first=True)  # noqa: PLR2004 (a line that bends)
        for coming in arriving.values():
            bent = [route for route in coming if len(route.points) > 2]  # noqa: PLR2004 (a straight one has two)
            self._spread(bent, coming, first=False)

    def _spread(self, bent: list[Route], together: list[Route], *, first: bool) -> None:
        for route in together:
            self.ports[route, first] = 0.0
        if len(together) == 1 and (first or not self._starts_below_another(together[0])):
            return
        for side in (-1, 1):
            here = [route for route in bent if self._side(route, first=first) == side]
            here.sort(key=lambda route: abs(route.points[1 if first else -3][0] - route.points[0 if first else -1][0]))
            free_middle = first and len(bent) == len(together) and side == self._side(bent[0], first=True)
            step = min(_PORT, (self.graph.width / 2 - _PORT) / max(len(here), 1))
            for place, route in enumerate(reversed(here) if first else here):
                self.ports[route, first] = side * step * (place + (0 if free_middle else 1))

    def _side(self, route: Route, *, first: bool) -> int:
        there, here = (route.points[2], route.points[1]) if first else (route.points[-3], route.points[-2])
        return 1 if there[0] > here[0] else -1

    def _starts_below_another(self, route: Route) -> bool:
        """Whether its last stretch begins in the gap where another line leaves the same column."""
        return any(one.points[1] == route.points[-2] and one.leaves == (0, 1) for one in self.routes if one != route)

    def _side_ports(self) -> None:
        """Lines at a symbol's side, one above the other so that they do not cross on their way."""
        touching: dict[tuple[Point, int], list[tuple[Route, bool]]] = defaultdict(list)
        for route in self.routes:
            if route.leaves[0]:
                touching[route.points[0], route.leaves[0]].append((route, True))
            if route.arrives[0]:
                touching[route.points[-1], -route.arrives[0]].append((route, False))
        for (point, _), here in touching.items():
            here.sort(key=lambda one: _height(one[0], point, first=one[1]))
            for place, (route, first) in enumerate(here):
                self.ports[route, first] = (place - (len(here) - 1) / 2) * _SIDE_PORT

    # Across: lanes and gutters.

    def _columns(self) -> tuple[list[Lane], float]:
        gutters = self._gutters()
        lanes: list[Lane] = []
        at = 0.0
        for lane, party in enumerate(self.graph.parties):
            start = lanes[-1].x + lanes[-1].width if lanes else 0.0
            at = self._tracks(LANE * lane, gutters, at)
            at += self._margin(lane, -1) + self.graph.width / 2
            self.x[LANE * lane + MAIN] = at
            at += self.graph.width / 2
            asides = [node for node in self.graph.nodes.values() if node.aside and node.lane == lane]
            if asides:
                wide = max(node.width for node in asides)
                at += self._margin(lane, 1) + wide / 2
                self.x[LANE * lane + ASIDE] = at
                at += wide / 2 + _MARGIN
            else:
                at += self._margin(lane, 1)
            tracks = len(gutters[LANE * (lane + 1)])
            # Lanes meet between two lines, never on one.
            end = at + (tracks * TRACK if lane == len(self.graph.parties) - 1 else tracks // 2 * TRACK)
            lanes.append(Lane(party, start, end - start))
        self._tracks(LANE * len(self.graph.parties), gutters, at)
        return lanes, lanes[-1].x + lanes[-1].width

    def _margin(self, lane: int, side: int) -> float:
        """The room beside a lane's symbols, which its widest label there decides."""
        labels = [
            width(line, LABEL)
            for (key, way), leaving in self.exits.items()
            if way == (side, 0) and self.graph.nodes[key].lane == lane
            for route in leaving
            for line in wrap(route.edge.label, LABEL, self.graph.label_room)
        ]
        return max([_MARGIN, *(wide + 16 for wide in labels)])

    def _gutters(self) -> dict[int, list[list[_Run]]]:
        """The tracks of every gutter, from left to right; runs that do not meet share one."""
        runs: dict[int, list[_Run]] = defaultdict(list)
        for route in self.routes:
            for before, (start, end), after in _stretches(route):
                if start[0] == end[0] and start[0] % LANE == 0:
                    low, high = sorted((start[1], end[1]))
                    runs[start[0]].append(_Run(route, start[0], low, high, before[0], after[0]))
        found: dict[int, list[list[_Run]]] = defaultdict(list)
        for gutter, here in runs.items():
            here.sort(key=lambda run: run.end - run.start)
            left = _packed(run for run in here if run.before < gutter and run.after < gutter)
            right = _packed(run for run in here if run.before > gutter and run.after > gutter)
            across = _packed(run for run in here if (run.before < gutter) != (run.after < gutter))
            found[gutter] = [*left, *across, *reversed(right)]
        return found

    def _tracks(self, gutter: int, gutters: dict[int, list[list[_Run]]], at: float) -> float:
        for place, track in enumerate(gutters[gutter]):
            for run in track:
                self.track_x[run.route, gutter] = at + (place + 0.5) * TRACK
        return at + len(gutters[gutter]) * TRACK

    def _at_x(self, route: Route, place: int) -> float:
        """Where a corner of the line stands across."""
        x, _ = route.points[place]
        if x % LANE == 0:
            return self.track_x[route, x]
        if place in {0, 1} and route.leaves[0] == 0:
            return self.x[x] + self.ports[route, True]
        if route.arrives[0] == 0:
            return self.x[x] + self.ports[route, False]
        return self.x[x]

    # Down: rows and gaps.

    def _rows(self) -> float:
        nodes: dict[int, list[Node]] = defaultdict(list)
        for node in self.graph.nodes.values():
            nodes[node.row].append(node)
        runs: dict[int, list[_Run]] = defaultdict(list)
        for route in self.routes:
            for place, (before, (start, end), after) in enumerate(_stretches(route), start=1):
                if start[1] == end[1] and start[1] % 2 == 0:
                    xs = (self._at_x(route, place), self._at_x(route, place + 1))
                    runs[start[1]].append(_Run(route, start[1], *xs, before[1] - start[1], after[1] - start[1]))
        y = 0.0
        for row in range(self.graph.rows + 1):
            self.gap_y.append(y)
            order = _untangled(runs[2 * row])
            y += self._label_height(row)
            y += (_ABOVE if order else 0) + (4 if row == 0 else 0)
            for place, run in enumerate(order):
                self.track_y[run.route, 2 * row] = y + place * TRACK
            y += max(len(order) - 1, 0) * TRACK + _BELOW
            if row < self.graph.rows:
                high = max([*(node.height for node in nodes[row]), *self._beside(row)])
                self.row_y.append(y + high / 2)
                y += high
        return y

    def _label_height(self, row: int) -> float:
        """The room under a diamond for what its lower exits say."""
        lines = [
            len(self.labels[route])
            for (key, way), leaving in self.exits.items()
            if way == (0, 1) and self.graph.nodes[key].row == row - 1
            for route in leaving
            if route in self.labels
        ]
        return max(lines) * LABEL_LINE + 2 if lines else 0.0

    def _beside(self, row: int) -> Iterator[float]:
        """How high a row must be for what the exits at its diamond's sides say."""
        for route, lines in self.labels.items():
            if route.leaves[0] and route.points[0][1] == 2 * row + 1:
                port = self.ports[route, True]
                yield 2 * (abs(port) + 3 + len(lines) * LABEL_LINE) - (0 if port > 0 else _ABOVE)

    def _room(self, route: Route) -> float:
        if route.leaves[0]:
            return self.graph.label_room
        ways = ((-1, 0), (0, 1), (1, 0))
        shared = any(len(self.exits.get((route.edge.source, way), ())) > 1 for way in ways)
        room = self.graph.width / 2 - abs(self.ports[route, True]) + (-6 if shared else _MARGIN - 10)
        return max(room, self.graph.width / 4)

    # Everything together.

    def done(self) -> Layout:
        shapes = []
        for node in self.graph.nodes.values():
            x, y = self._centre(node)
            shapes.append(Shape(node, Box(x - node.width / 2, y - node.height / 2, node.width, node.height)))
        lines = [Line(route.edge, tuple(self._points(route))) for route in self.routes]
        labels = [
            self._label(route, line.points)
            for route, line in zip(self.routes, lines, strict=True)
            if route in self.labels
        ]
        return Layout(tuple(self.lanes), tuple(shapes), tuple(lines), tuple(labels), self.width, self.height)

    def _centre(self, node: Node) -> tuple[float, float]:
        return self.x[place_of(node)[0]], self.row_y[node.row]

    def _points(self, route: Route) -> list[tuple[float, float]]:
        points = [(self._at_x(route, place), self._at_y(route, place)) for place in range(len(route.points))]
        source, target = self.graph.nodes[route.edge.source], self.graph.nodes[route.edge.target]
        points[0] = self._touch(source, route.leaves, self.ports[route, True])
        points[-1] = self._touch(target, (-route.arrives[0], -route.arrives[1]), self.ports[route, False])
        return points

    def _at_y(self, route: Route, place: int) -> float:
        _, y = route.points[place]
        if y % 2 == 0:
            return self.track_y[route, y]
        if place in {0, 1} and route.leaves[0]:
            return self.row_y[y // 2] + self.ports[route, True]
        return self.row_y[y // 2] + self.ports[route, False]

    def _touch(self, node: Node, side: Point, port: float) -> tuple[float, float]:
        """The point of a symbol's outline at that side, `port` away from its middle."""
        x, y = self._centre(node)
        if side[0]:
            slant = abs(port) / (node.height / 2) * node.width / 2 if node.kind == "decision" else 0.0
            return x + side[0] * (node.width / 2 - slant), y + port
        slant = abs(port) / (node.width / 2) * node.height / 2 if node.kind == "decision" else 0.0
        if node.kind == "document" and side[1] > 0:
            slant = WAVE  # the symbol covers what is too much
        return x + port, y + side[1] * (node.height / 2 - slant)

    def _label(self, route: Route, points: tuple[tuple[float, float], ...]) -> Label:
        lines = tuple(self.labels[route])
        wide, high = max(width(line, LABEL) for line in lines), len(lines) * LABEL_LINE
        x, y = points[0]
        together = [self.ports[other, True] for other in self.exits[route.edge.source, route.leaves]]
        if route.leaves[0]:
            x = self.x[route.points[0][0]] + route.leaves[0] * self.graph.width / 2
            right = route.leaves[0] > 0
            # Of two at one corner, the lower has its words below.
            top = y + 3 if self.ports[route, True] > min(together) else y - 3 - high
            return Label(route.edge, Box(x + 5 if right else x - 5 - wide, top, wide, high), lines, not right)
        y = self.row_y[route.points[0][1] // 2] + self.graph.nodes[route.edge.source].height / 2
        left = self.ports[route, True] < max(together)
        return Label(route.edge, Box(x - 6 - wide if left else x + 6, y + 2, wide, high), lines, left)


def _stretches(route: Route) -> list[tuple[Point, tuple[Point, Point], Point]]:
    """The inner stretches of a line, each with the corners before and after it."""
    points = route.points
    return [
        (points[place - 1], (points[place], points[place + 1]), points[place + 2])
        for place in range(1, len(points) - 2)
    ]


def _height(route: Route, point: Point, *, first: bool) -> tuple[int, int]:
    """What sorts the lines at one side of a symbol: those that go up above, the nearest uppermost."""
    corners = route.points if first else route.points[::-1]
    if len(corners) < 3:  # noqa: PLR2004 (straight: it has no corner)
        return (1, 0)
    (x, _), (_, y) = corners[1], corners[2]
    return (0, abs(x - point[0])) if y < point[1] else (2, -abs(x - point[0]))


def _packed(runs: Iterable[_Run]) -> list[list[_Run]]:
    tracks: list[list[_Run]] = []
    for run in runs:
        free = (track for track in tracks if all(run.end < one.start or run.start > one.end for one in track))
        track = next(free, None)
        if track is None:
            tracks.append([run])
        else:
            track.append(run)
    return tracks


def _untangled(runs: list[_Run]) -> list[_Run]:
    """The runs of one gap in the order, from above, in which they cross least."""
    if len(runs) > 6:  # noqa: PLR2004 (720 orders are enough to try)
        return sorted(runs, key=lambda run: (run.before + run.after, abs(run.end - run.start)))
    return min((list(order) for order in permutations(runs)), key=_tangles)


def _tangles(order: Sequence[_Run]) -> float:
    ends = [
        (place, x, way < 0)
        for place, run in enumerate(order)
        for x, way in ((run.start, run.before), (run.end, run.after))
    ]
    found = 0.0
    for place, run in enumerate(order):
        low, high = sorted((run.start, run.end))
        for other, x, up in ends:
            if other != place and low < x < high and ((up and other > place) or (not up and other < place)):
                found += 1
    for (one, x, up), (other, other_x, other_up) in pairwise(sorted(ends, key=lambda end: end[1])):
        if abs(x - other_x) < 1 and up != other_up and (one > other) == up:
            found += 10
    return found
