"""The guide with which an analyst writes a procedure says what is true."""

import re
from collections.abc import Iterator
from typing import get_args

import pytest
from pydantic import BaseModel
from ruamel.yaml import YAML

from bot.flows import demo, procedure
from bot.flows.catalogue import read_catalogue
from bot.flows.demo import Demo
from bot.flows.procedure import Does, Kind, Unit
from tests.flows import guide


def models() -> Iterator[type[BaseModel]]:
    for module in (procedure, demo):
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, BaseModel):
                yield one


KEYS = sorted({(one.__name__, key) for one in models() for key in one.model_fields})
WORDS = sorted({*get_args(Does), *get_args(Kind), *get_args(Unit)})


@pytest.mark.parametrize(("model", "key"), KEYS)
def test_every_key_is_explained(model: str, key: str) -> None:
    in_table = any(f"`{key}`" in line.split("|")[1] for line in guide.TEXT.splitlines() if line.startswith("| `"))
    assert in_table or f"`{key}`" in guide.TEXT or f"\n{key}:" in guide.TEXT, f"`{key}` of {model}"


@pytest.mark.parametrize("word", WORDS)
def test_every_kind_of_answer_and_of_activity_is_explained(word: str) -> None:
    assert f"`{word}`" in guide.TEXT


def test_no_key_is_explained_that_does_not_exist() -> None:
    known = {key for _, key in KEYS} | set(WORDS)
    told = {
        word
        for line in guide.TEXT.partition("## Errores frecuentes")[0].splitlines()
        if line.startswith("| `")
        for word in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert told - known == set()


def test_the_example_is_a_manual_without_mistakes() -> None:
    files = guide.files()
    assert sorted(files) == ["villanueva/a-01-salon.yaml", "villanueva/demo.yaml", "villanueva/manual.yaml"]
    manual = read_catalogue(files).manuals["villanueva"]
    assert [law.code for law in manual.procedures] == ["A-01"]
    people = Demo.model_validate(YAML(typ="safe", pure=True).load(files["villanueva/demo.yaml"])).people
    assert {role for one in people for role in one.roles} == {*manual.roles, "administrador"}
    assert all(one.area in {*manual.areas, None} for one in people)


def test_its_fragments_are_yaml() -> None:
    fragments = re.findall(r"^```yaml\n(?!# )(.*?)^```$", guide.TEXT, re.DOTALL | re.MULTILINE)
    assert len(fragments) == 4
    for one in fragments:
        YAML(typ="safe", pure=True).load(one)


def test_the_messages_that_it_explains_are_those_that_are_given() -> None:
    _, _, table = guide.TEXT.partition("| `check` dice |")
    for message in ("nothing leads to activity", "no end can be reached", "is too long for a button"):
        assert message in table
    text = guide.files()["villanueva/a-01-salon.yaml"].replace('to: "3"', 'to: "7"')
    with pytest.raises(Exception, match="leads to 7, which does not exist") as failed:
        read_catalogue({**guide.files(), "villanueva/a-01-salon.yaml": text})
    assert "nothing leads to activity 3" in str(failed.value)
