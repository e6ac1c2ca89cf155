"""A procedure's flow as a PNG, for a chat or a wall.

typst draws it with the letters that it brings, so it looks the same on every
machine. The SVG reaches it as data; the only template is ours.
"""

from functools import cache
from threading import Lock

import typst

from bot.flows.picture import draw, svg
from bot.flows.procedure import Manual, Procedure

_PAGE = b"""
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1pt)
"""
_SHARPNESS = 1.5
_NARROWEST, _WIDEST = 1000, 1600
_ONE_AT_A_TIME = Lock()


def png_of(manual: Manual, procedure: Procedure, *, mark: str | None) -> bytes:
    """Draw a procedure's flow; `mark` is the number of the activity where a request stands.

    Raises:
        KeyError: the procedure has no activity of that number.

    """
    drawing = draw(manual, procedure, mark=mark)
    # Many lanes make a wide picture; its letters must still be read.
    widest = max(_WIDEST, round(drawing.width))
    pixels = min(max(round(drawing.width * _SHARPNESS), _NARROWEST), widest)
    inputs = {"svg": svg(drawing), "width": f"{drawing.width:.0f}"}
    with _ONE_AT_A_TIME:
        drawn = _compiler().compile(_PAGE, format="png", ppi=72 * pixels / round(drawing.width), sys_inputs=inputs)
    if not isinstance(drawn, bytes):  # typst gives a list where there are several pages
        raise TypeError("the picture does not stand on one page")
    return drawn


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)
