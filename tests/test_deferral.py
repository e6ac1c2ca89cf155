"""What is built only when it is used can be built: all of aiogram, as it is imported by a bot that runs."""

import subprocess
import sys

EVERYTHING = """
from bot.deferral import built_when_used
with built_when_used():
    from aiogram import methods, types
    from aiogram.methods.base import Response

assert not types.Update.__pydantic_complete__, "nothing was put off"
Response[list[types.Update]].model_validate({"ok": True, "result": [{"update_id": 1}]})
for place in (types, methods):
    for name in place.__all__:
        model = getattr(place, name)
        if hasattr(model, "model_rebuild"):
            model.model_rebuild()
            assert model.__pydantic_complete__, name
"""


def test_all_that_telegram_may_say_is_understood_when_it_says_so() -> None:
    done = subprocess.run([sys.executable, "-c", EVERYTHING], capture_output=True, text=True, check=False)  # noqa: S603 (ours)
    assert done.returncode == 0, done.stderr
