"""A drawing as SVG: the symbols of the manuals, in ink that also prints in grey."""

from collections.abc import Iterable, Iterator
from html import escape

from bot.flows._picture_graph import BADGE, FLAG, LINE, SIZE, SMALL, SMALL_LINE, WAVE, Node
from bot.flows._picture_layout import LABEL, LABEL_LINE, Box, Label, Lane, Line
from bot.flows._picture_text import width

INK, HEAD, TINT, PAPER, ASK, TURN, HERE = "#1d2b38", "#1f4e5f", "#eef3f5", "#ffffff", "#fdf3d8", "#dcebe4", "#ffe08a"
FONT = "Libertinus Serif, Linux Libertine, Times New Roman, Times, serif"
_ROUND = 6.0
Point = tuple[float, float]


def text(lines: Iterable[str], x: float, y: float, size: float, step: float, **more: str) -> str:
    """Lines of text, the first with its middle at `y`."""
    given = {"anchor": "start", "weight": "normal", "style": "normal", "fill": INK, **more}
    return "".join(
        f'<text x="{x:.1f}" y="{y + place * step + size * 0.32:.1f}" font-size="{size:g}"'
        f' text-anchor="{given["anchor"]}" font-weight="{given["weight"]}" font-style="{given["style"]}"'
        f' fill="{given["fill"]}">{escape(line)}</text>\n'
        for place, line in enumerate(lines)
    )


def lane(one: Lane, top: float, header: float, bottom: float, party: tuple[str, ...], *, tinted: bool) -> str:
    """A responsible's column, with its name on top."""
    fill = TINT if tinted else PAPER
    middle = top + header / 2 - (len(party) - 1) * LINE / 2
    return (
        f'<rect x="{one.x:.1f}" y="{top:.1f}" width="{one.width:.1f}" height="{bottom - top:.1f}" fill="{fill}"/>\n'
        f'<rect x="{one.x:.1f}" y="{top:.1f}" width="{one.width:.1f}" height="{header:.1f}" fill="{HEAD}"'
        f' stroke="{PAPER}"/>\n'
        + text(party, one.x + one.width / 2, middle, SIZE, LINE, anchor="middle", weight="bold", fill=PAPER)
    )


def symbol(node: Node, box: Box) -> str:
    """One symbol with what it says."""
    if node.kind in {"start", "end"}:
        return _terminator(node, box)
    if node.kind == "decision":
        middle = box.y + box.height / 2 - (len(node.lines) - 1) * LINE / 2
        return outline("decision", box, fill=ASK, added=node.added) + text(
            node.lines, box.x + box.width / 2, middle, SIZE, LINE, anchor="middle"
        )
    return _operation(node, box)


def _terminator(node: Node, box: Box) -> str:
    x, y = box.x + box.width / 2, box.y + 8 + LINE / 2
    word, *outcome = node.lines
    return (
        outline("end", box, fill=TURN, added=node.added)
        + text([word], x, y, SIZE, LINE, anchor="middle", weight="bold")
        + text(outcome, x, y + LINE - 1, SMALL, SMALL_LINE, anchor="middle")
    )


def _operation(node: Node, box: Box) -> str:
    drawn = outline(node.kind, box, fill=HERE if node.marked else PAPER, added=node.added, thick=node.marked)
    top = box.y + (FLAG if node.marked else 0)
    bottom = box.y + box.height - (WAVE - 2 if node.kind == "document" else 0)
    if node.marked:
        drawn += (
            f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{FLAG:g}" fill="{INK}"/>\n'
            + text(
                ["AQUÍ"], box.x + box.width / 2, box.y + FLAG / 2, 14, LINE, anchor="middle", weight="bold", fill=PAPER
            )
        )
    high = len(node.lines) * LINE + len(node.notes) * SMALL_LINE
    first = (top + bottom) / 2 - high / 2 + LINE / 2
    left = box.x + 10 + BADGE
    notes = first + len(node.lines) * LINE - LINE / 2 + SMALL_LINE / 2
    return (
        drawn
        + badge(node.n, box.x + 8 + BADGE / 2 - 2, (top + bottom) / 2)
        + text(node.lines, left + 2, first, SIZE, LINE)
        + text(node.notes, left + 2, notes, SMALL, SMALL_LINE, style="italic")
    )


def badge(n: str, x: float, y: float) -> str:
    """An activity's number in its circle."""
    size = SIZE if len(n) < 3 else SMALL  # noqa: PLR2004 (three signs need less)
    half = max(13.0, width(n, size, bold=True) / 2 + 4)
    return (
        f'<rect x="{x - half:.1f}" y="{y - 13:.1f}" width="{2 * half:.1f}" height="26" rx="13" fill="{HEAD}"/>\n'
        + text([n], x, y, size, LINE, anchor="middle", weight="bold", fill=PAPER)
    )


def outline(kind: str, box: Box, *, fill: str, added: bool = False, thick: bool = False) -> str:
    """The outline that says what a symbol is."""
    x, y, right, bottom = box.x, box.y, box.x + box.width, box.y + box.height
    frame = f'x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    ink = f'fill="{fill}" stroke="{INK}" stroke-width="{4 if thick else 1.5:g}"' + _dashes(added=added)
    if kind == "end":
        return f'<rect {frame} rx="{min(box.height / 2, 26.0):.1f}" {ink}/>\n'
    if kind == "decision":
        middle, level = box.x + box.width / 2, box.y + box.height / 2
        corners = f"{middle:.1f},{y:.1f} {right:.1f},{level:.1f} {middle:.1f},{bottom:.1f} {x:.1f},{level:.1f}"
        return f'<polygon points="{corners}" {ink} stroke-linejoin="round"/>\n'
    if kind == "document":
        middle, quarter, foot = box.x + box.width / 2, box.width / 4, bottom - WAVE / 2
        wave = (
            f"M{x:.1f},{y:.1f} H{right:.1f} V{foot:.1f}"
            f" Q{right - quarter:.1f},{foot - WAVE:.1f} {middle:.1f},{foot:.1f}"
            f" Q{x + quarter:.1f},{foot + WAVE:.1f} {x:.1f},{foot:.1f} Z"
        )
        return f'<path d="{wave}" {ink} stroke-linejoin="round"/>\n'
    return f"<rect {frame} {ink}/>\n"


def _dashes(*, added: bool) -> str:
    return ' stroke-dasharray="6 4"' if added else ""


def flow(line: Line) -> str:
    """A flow line with its arrow."""
    return stroke(line.points, added=line.edge.added)


def stroke(points: tuple[Point, ...], *, added: bool = False) -> str:
    """A line through these corners, a little rounded, and an arrow at its end."""
    (x, y), (to_x, to_y) = points[-2:]
    away_x, away_y = _unit(x - to_x), _unit(y - to_y)
    base = (to_x + 9 * away_x, to_y + 9 * away_y)
    wing_x, wing_y = 4.5 * away_y, 4.5 * away_x
    arrow = (
        f"M{to_x:.1f},{to_y:.1f} L{base[0] + wing_x:.1f},{base[1] + wing_y:.1f}"
        f" L{base[0] - wing_x:.1f},{base[1] - wing_y:.1f} Z"
    )
    way = " ".join(_way((*points[:-1], base)))
    return (
        f'<path d="{way}" fill="none" stroke="{INK}" stroke-width="1.6"{_dashes(added=added)}/>\n'
        f'<path d="{arrow}" fill="{INK}"/>\n'
    )


def _way(points: tuple[Point, ...]) -> Iterator[str]:
    yield f"M{points[0][0]:.1f},{points[0][1]:.1f}"
    for (x, y), (here_x, here_y), (to_x, to_y) in zip(points, points[1:], points[2:], strict=False):
        room = min(_ROUND, (abs(here_x - x) + abs(here_y - y)) / 2, (abs(to_x - here_x) + abs(to_y - here_y)) / 2)
        yield f"L{here_x + room * _unit(x - here_x):.1f},{here_y + room * _unit(y - here_y):.1f}"
        yield f"Q{here_x:.1f},{here_y:.1f}"
        yield f"{here_x + room * _unit(to_x - here_x):.1f},{here_y + room * _unit(to_y - here_y):.1f}"
    yield f"L{points[-1][0]:.1f},{points[-1][1]:.1f}"


def _unit(distance: float) -> int:
    return (distance > 0.01) - (distance < -0.01)  # noqa: PLR2004 (less is rounding)


def label(one: Label) -> str:
    """What an exit says."""
    x = one.box.x + (one.box.width if one.end else 0)
    return text(
        one.lines,
        x,
        one.box.y + LABEL_LINE / 2,
        LABEL,
        LABEL_LINE,
        anchor="end" if one.end else "start",
        style="italic",
    )
