"""What every municipality shares: the words on our buttons and the questions no manual asks."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field
from ruamel.yaml import YAML

from bot.flows.intake import Aviso, Form
from bot.flows.procedure import Choice, Option, Procedure, Requisito
from bot.flows.value import Value
from bot.flows.words import Words


class House(Value):
    """The common forms, by what they are for, and the words."""

    words: Words
    aviso: tuple[Requisito, Requisito]
    back: tuple[Requisito, Requisito] = Field(alias="return")
    reason: tuple[Requisito, ...]
    withdraw: tuple[Requisito, ...]
    comment: tuple[Requisito, ...]
    ask: tuple[Requisito, ...]
    answer: tuple[Requisito, ...]
    rate: tuple[Requisito, ...]
    decline: tuple[Requisito, ...]
    behalf: tuple[Requisito, ...]
    again: Requisito

    @property
    def short_notice(self) -> Aviso:
        """What is asked when the notice is not kept."""
        return Aviso(way=self.aviso[0], reason=self.aviso[1])

    def reasons(self, option: Option) -> tuple[Requisito, ...]:
        """The form that asks why, with the reasons that are usual: the option's own, or those for which things end."""
        usual = option.usual or (self.reason[0].usual if option.to is None else ())
        return (self.reason[0].model_copy(update={"usual": usual}), *self.reason[1:])

    def returning(self, procedure: Procedure, answers: Mapping[str, Any]) -> Form:
        """The form that asks which of the answered requisitos fall short."""
        ticks, comment = self.back
        options = tuple(Choice(id=one.id, label=one.label) for one in procedure.requisitos if one.is_asked(answers))
        return Form((ticks.model_copy(update={"options": options}), comment))


def read_house(forms: str, words: str) -> House:
    """Understand `house.yaml` and `words.yaml`; they are ours, so a mistake in them is a crash."""
    loader = YAML(typ="safe", pure=True)
    return House.model_validate({**loader.load(forms), "words": loader.load(words)})
