"""What takes seconds to describe and is mostly never met is described when it is met."""

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from inspect import get_annotations
from typing import Any

from pydantic import BaseModel

_NAMES = re.compile(r"\w+")


@contextmanager
def built_when_used() -> Iterator[None]:
    """Keep what is imported inside from building its pydantic models; each is built when it is first used.

    aiogram builds several hundred of them, each with all that it refers to, and nearly all refer to each other: four
    fifths of the time that it takes to import, and a quarter of what the process holds. A model that is built later
    looks for what it refers to in its own module, so the names that it was to be given are put there.
    """
    build = BaseModel.__dict__["model_rebuild"]

    def later(model: type[BaseModel], /, *, _types_namespace: Mapping[str, Any] | None = None, **given: Any) -> Any:
        if _types_namespace is None:
            return build.__func__(model, **given)
        written = [note for one in model.__mro__ for note in get_annotations(one).values()]
        names = {name for note in written for name in _NAMES.findall(str(note))}
        for name in names & _types_namespace.keys():
            vars(sys.modules[model.__module__]).setdefault(name, _types_namespace[name])
        return None

    BaseModel.model_config["defer_build"] = True  # which whatever is made from it takes over
    BaseModel.model_rebuild = classmethod(later)  # type: ignore[assignment]  # it is put back below
    try:
        yield
    finally:
        del BaseModel.model_config["defer_build"]
        BaseModel.model_rebuild = build  # type: ignore[method-assign]  # pydantic's own
