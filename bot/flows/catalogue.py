"""The manuals that this deployment runs, and every mistake that keeps one from running.

A half-understood manual must not run: whatever is wrong with a file is found
here, before anybody is asked anything, and said with the file, the line and the
reason.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from bot.flows.lint import complaints, repeated
from bot.flows.procedure import Manual, Procedure
from bot.flows.warn import unused_roles, warnings

_Model = TypeVar("_Model", Manual, Procedure)

_INDEX = "manual.yaml"
_NOT_PROCEDURES = frozenset({_INDEX, "demo.yaml"})


@dataclass(frozen=True, order=True)
class Mistake:
    """Something that keeps a file from running; `line` counts from 1."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class CatalogueError(Exception):
    """The manuals have mistakes; `mistakes` lists all that were found."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("\n".join(str(one) for one in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Catalogue:
    """Every manual, by its id; `warnings` are what an analyst might want to look at again."""

    manuals: Mapping[str, Manual]
    warnings: tuple[Mistake, ...] = ()

    def procedure(self, manual: str, code: str) -> Procedure:
        """The procedure of that code as today's files say it.

        Raises:
            KeyError: the manual has no such procedure.

        """
        found = self.manuals[manual].procedure(code)
        if found is None:
            raise KeyError(code)
        return found


def read_catalogue(files: Mapping[str, str]) -> Catalogue:
    """Understand the manuals whose texts are given by path (`chalco/manual.yaml`).

    Raises:
        CatalogueError: with every mistake in every file.

    """
    mistakes: list[Mistake] = []
    doubts: list[Mistake] = []
    manuals: dict[str, Manual] = {}
    for folder in sorted({path.rpartition("/")[0] for path in files}):
        mine = {path: text for path, text in files.items() if path.rpartition("/")[0] == folder}
        manual = _read_manual(folder, mine, mistakes, doubts)
        if manual is None:
            continue
        for other in manuals.values():
            if other.prefix == manual.prefix and other.id != manual.id:
                reason = f"the prefix `{manual.prefix}` is already `{other.id}`'s: folios would repeat"
                mistakes.append(Mistake(f"{folder}/{_INDEX}", 1, reason))
        if manual.id in manuals:
            mistakes.append(Mistake(f"{folder}/{_INDEX}", 1, f"another folder already holds `{manual.id}`"))
        manuals[manual.id] = manual
    if not manuals and not mistakes:
        mistakes.append(Mistake(_INDEX, 1, "there is no manual here"))
    if mistakes:
        raise CatalogueError(sorted(mistakes))
    return Catalogue(manuals, tuple(sorted(doubts)))


def _read_manual(
    folder: str, files: Mapping[str, str], mistakes: list[Mistake], doubts: list[Mistake]
) -> Manual | None:
    index = f"{folder}/{_INDEX}".lstrip("/")
    if index not in files:
        mistakes.append(Mistake(index, 1, "a manual's folder needs this file"))
        return None
    before = len(mistakes)
    contents = _Tree(index, files[index])
    manual = _read(Manual, index, files[index], mistakes, contents)
    if manual is not None:
        mistakes.extend(_days(manual, contents))
    procedures: dict[str, Procedure] = {}
    trees: dict[str, _Tree] = {}
    unread = False
    for path, text in sorted(files.items()):
        if path.rpartition("/")[2] in _NOT_PROCEDURES:
            continue
        tree = _Tree(path, text)
        procedure = _read(Procedure, path, text, mistakes, tree)
        unread = unread or procedure is None
        if procedure is None or manual is None:
            continue
        if procedure.code in procedures:
            reason = f"`{procedure.code}` is already in another file"
            mistakes.append(Mistake(path, tree.line(("procedure",)), reason))
        wrong = (*complaints(procedure, manual), *repeated(procedure, procedures.values()))
        mistakes.extend(Mistake(path, tree.line(one.where), one.reason) for one in wrong)
        procedures[procedure.code], trees[procedure.code] = procedure, tree
    if manual is None:
        return None
    mistakes.extend(_order(manual, procedures, contents, unread=unread))
    if len(mistakes) > before:
        return None
    whole = manual.model_copy(update={"procedures": tuple(procedures[code] for code in manual.order)})
    for procedure in whole.procedures:
        tree = trees[procedure.code]
        doubts.extend(Mistake(tree.file, tree.line(one.where), one.reason) for one in warnings(procedure, whole))
    doubts.extend(Mistake(index, contents.line(one.where), one.reason) for one in unused_roles(whole))
    return whole


def _order(manual: Manual, procedures: Mapping[str, Procedure], tree: "_Tree", *, unread: bool) -> Iterator[Mistake]:
    """Compare the order with the files; while one of those is `unread`, its code is not known to be missing."""
    for place, code in enumerate(manual.order):
        line = tree.line(("order", place))
        if code in manual.order[:place]:
            yield Mistake(tree.file, line, f"`{code}` is in the order twice")
        elif code not in procedures and not unread:
            yield Mistake(tree.file, line, f"`{code}` has no file")
    for code in procedures:
        if code not in manual.order:
            yield Mistake(tree.file, tree.line(("order",)), f"`{code}` is missing from the order")


def _days(manual: Manual, tree: "_Tree") -> Iterator[Mistake]:
    """What the calendar finds wrong: a zone or a day that does not exist."""
    try:
        manual.calendar  # noqa: B018 (to read it is to check it)
    except ValidationError as error:
        for one in error.errors():
            yield Mistake(tree.file, tree.line(one["loc"]), _plain(one["loc"], one["msg"]))


def _read(
    model: type[_Model], path: str, text: str, mistakes: list[Mistake], tree: "_Tree | None" = None
) -> _Model | None:
    tree = tree or _Tree(path, text)
    if tree.mistakes:
        mistakes.extend(tree.mistakes)
        return None
    try:
        return model.model_validate(tree.value)
    except ValidationError as error:
        mistakes.extend(Mistake(path, tree.line(one["loc"]), _plain(one["loc"], one["msg"])) for one in error.errors())
        return None


def _plain(where: tuple[int | str, ...], message: str) -> str:
    path = ".".join(str(step) for step in where) or "file"
    return f"`{path}`: {message}"


class _Tree:
    """A YAML file whose scalars are all text, and which remembers on which line each stands.

    YAML would read `5.1` as a number, `9:30` as 570 and keep only the last of two
    equal keys; a manual's codes and hours are text, and a repeated key is a mistake.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []
        self.value: Any = None
        self._root: Node | None = None
        try:
            # `safe`: the reader that keeps comments takes twice as long.
            self._root = YAML(typ="safe", pure=True).compose(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark
            if mark is not None and mark.index >= len(text) and error.context_mark is not None:
                mark = error.context_mark  # a quotation that nothing closes is a mistake where it opens
            self.mistakes.append(Mistake(file, mark.line + 1 if mark else 1, f"not YAML: {error.problem}"))
            return
        except ReaderError as error:
            line = text[: error.position].count("\n") + 1
            self.mistakes.append(Mistake(file, line, f"not YAML: {error.reason}"))
            return
        if self._root is None:
            self.mistakes.append(Mistake(file, 1, "the file is empty"))
            return
        self.value = self._plain(self._root)

    def line(self, where: tuple[int | str, ...]) -> int:
        """The line of what stands at `where`, or of the nearest thing around it."""
        node, line = self._root, 1
        for step in where:
            if isinstance(node, MappingNode):
                pair = next(((k, v) for k, v in node.value if k.value == str(step)), None)
                if pair is None:
                    break
                line, node = pair[0].start_mark.line + 1, pair[1]
            elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.start_mark.line + 1
            else:
                break
        return line

    def _plain(self, node: Node) -> Any:
        if isinstance(node, MappingNode):
            return dict(self._pairs(node))
        if isinstance(node, SequenceNode):
            return [self._plain(one) for one in node.value]
        if isinstance(node, ScalarNode) and node.style is None and node.value in {"", "null", "~"}:
            return None
        return node.value

    def _pairs(self, node: MappingNode) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, ScalarNode):
                self.mistakes.append(Mistake(self.file, line, "a key must be a word"))
            elif key.value in seen:
                self.mistakes.append(Mistake(self.file, line, f"`{key.value}` is written twice"))
            else:
                seen.add(key.value)
                yield key.value, self._plain(value)
