"""A procedure's flow as a picture, in the symbols that the manuals use.

Terminators say INICIO and FIN, rectangles are activities with their numbers, a
wavy foot is an activity that brings files, diamonds ask; every responsible has
a lane, and the flow runs downwards in the manual's order. What the manual does
not print is dashed. The same procedure always gives the same picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from bot.flows._picture_graph import LINE, SIZE, SMALL, SMALL_LINE, graph_of
from bot.flows._picture_layout import Box, Label, Lane, Layout, Line, Shape, layout
from bot.flows._picture_svg import ASK, FONT, HERE, PAPER, TURN, flow, label, lane, outline, stroke, symbol, text
from bot.flows._picture_text import clean, width, wrap
from bot.flows.procedure import Manual, Procedure

__all__ = ["Box", "Drawing", "Label", "Lane", "Layout", "Line", "Shape", "draw", "svg"]

_EDGE = 24.0
_TITLE, _TITLE_LINE = 22.0, 27.0
_NARROWEST = 560.0
_KEY_WIDTH, _KEY_HEIGHT, _KEY_ROW = 38.0, 24.0, 40.0
_KEYS = (
    ("end", "Inicio o fin"),
    ("operation", "Actividad"),
    ("document", "Actividad con archivos"),
    ("decision", "Decisión"),
    ("flow", "Flujo"),
)
_FILLS = {"end": TURN, "decision": ASK, "here": HERE}


@dataclass(frozen=True)
class Key:
    """A symbol of the legend: what it is, what it means and where it stands."""

    kind: str
    means: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """Everything in its place, in units of which a letter is fifteen high."""

    above: str
    title: tuple[str, ...]
    below: str
    parties: tuple[tuple[str, ...], ...]
    flow: Layout
    legend: tuple[Key, ...]
    top: float
    header: float
    width: float
    height: float


def draw(manual: Manual, procedure: Procedure, *, mark: str | None = None) -> Drawing:
    """Lay a procedure out; `mark` is the number of the activity where a request stands.

    Raises:
        KeyError: the procedure has no activity of that number.

    """
    found = layout(graph_of(manual, procedure, mark))
    wide = max(found.width, _NARROWEST)
    title = wrap(procedure.title, _TITLE, wide, bold=True)
    parties = tuple(tuple(wrap(one.party, SIZE, one.width - 16, bold=True)) for one in found.lanes)
    header = max(len(party) for party in parties) * LINE + 20
    top = _EDGE + 2 * SMALL_LINE + len(title) * _TITLE_LINE + 16
    placed = _moved(found, _EDGE + (wide - found.width) / 2, top + header)
    bottom = top + header + found.height
    legend = tuple(_legend(placed, wide, bottom + 30))
    return Drawing(
        above=clean(f"{procedure.code} · {manual.title}, {manual.office}"),
        title=tuple(title),
        below=clean(manual.edition),
        parties=parties,
        flow=placed,
        legend=legend,
        top=top,
        header=header,
        width=wide + 2 * _EDGE,
        height=legend[-1].y + _KEY_ROW / 2 + _EDGE,
    )


def _moved(found: Layout, right: float, down: float) -> Layout:
    def box(one: Box) -> Box:
        return replace(one, x=one.x + right, y=one.y + down)

    return replace(
        found,
        lanes=tuple(replace(one, x=one.x + right) for one in found.lanes),
        shapes=tuple(replace(one, box=box(one.box)) for one in found.shapes),
        labels=tuple(replace(one, box=box(one.box)) for one in found.labels),
        lines=tuple(replace(one, points=tuple((x + right, y + down) for x, y in one.points)) for one in found.lines),
    )


def _legend(placed: Layout, wide: float, top: float) -> Iterator[Key]:
    """The symbols that everybody must know, and the two that are there only sometimes."""
    keys = list(_KEYS)
    if any(one.node.added for one in placed.shapes) or any(one.edge.added for one in placed.lines):
        keys.append(("added", "Añadido: no está en el manual"))
    if any(one.node.marked for one in placed.shapes):
        keys.append(("here", "Aquí va la solicitud"))
    x, y = _EDGE, top
    for kind, means in keys:
        long = _KEY_WIDTH + 8 + width(means, SMALL) + 16
        if x > _EDGE and x + long - 16 > _EDGE + wide:
            x, y = _EDGE, y + _KEY_ROW
        yield Key(kind, means, x, y)
        x += long


def svg(drawing: Drawing) -> str:
    """Write a drawing as an SVG document."""
    return "".join(_parts(drawing))


def _parts(drawing: Drawing) -> Iterator[str]:
    wide, high = drawing.width, drawing.height
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}"'
        f' viewBox="0 0 {wide:.0f} {high:.0f}" font-family="{FONT}" role="img">\n'
        f"<title>{escape(' '.join(drawing.title))}</title>\n"
        f'<rect width="{wide:.0f}" height="{high:.0f}" fill="{PAPER}"/>\n'
    )
    y = _EDGE + SMALL_LINE / 2
    yield text([drawing.above], _EDGE, y, SMALL, SMALL_LINE)
    y += SMALL_LINE / 2 + _TITLE_LINE / 2 + 2
    yield text(drawing.title, _EDGE, y, _TITLE, _TITLE_LINE, weight="bold")
    y += len(drawing.title) * _TITLE_LINE - _TITLE_LINE / 2 + SMALL_LINE / 2 + 2
    yield text([drawing.below], _EDGE, y, SMALL, SMALL_LINE)
    bottom = drawing.top + drawing.header + drawing.flow.height
    for place, (one, party) in enumerate(zip(drawing.flow.lanes, drawing.parties, strict=True)):
        yield lane(one, drawing.top, drawing.header, bottom, party, tinted=place % 2 == 0)
    for line in drawing.flow.lines:
        yield flow(line)
    for shape in drawing.flow.shapes:
        yield symbol(shape.node, shape.box)
    for said in drawing.flow.labels:
        yield label(said)
    for key in drawing.legend:
        yield _key(key)
    yield "</svg>\n"


def _key(key: Key) -> str:
    box = Box(key.x, key.y - _KEY_HEIGHT / 2, _KEY_WIDTH, _KEY_HEIGHT)
    if key.kind == "flow":
        drawn = stroke(((key.x, key.y), (key.x + _KEY_WIDTH, key.y)))
    else:
        drawn = outline(
            key.kind,
            box,
            fill=_FILLS.get(key.kind, PAPER),
            added=key.kind == "added",
            thick=key.kind == "here",
        )
    return drawn + text([key.means], key.x + _KEY_WIDTH + 8, key.y, SMALL, SMALL_LINE)
