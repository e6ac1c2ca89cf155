"""People acting at random on the requests of every procedure never break what a municipality relies on."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from bot import shelf
from tests.stateful.machine import Machine

CATALOGUE = shelf.catalogue(shelf.MANUALS)
PROCEDURES = [(manual.id, law.code) for manual in CATALOGUE.manuals.values() for law in manual.procedures]

# `make stateful` asks for so many of each manual, and for others every time.
EXAMPLES = int(os.environ.get("OFICIALIA_STATEFUL_EXAMPLES", "0"))
STEPS = int(os.environ.get("OFICIALIA_STATEFUL_STEPS", "10"))

SETTINGS = settings(
    stateful_step_count=STEPS,
    derandomize=not EXAMPLES,
    database=None,
    # To find the shortest sequence that fails takes minutes, and is for whoever has seen one fail.
    phases=[Phase.generate, *([Phase.shrink] if os.environ.get("OFICIALIA_STATEFUL_SHRINK") else [])],
    print_blob=bool(EXAMPLES),
    # A step is several transactions on a real database, and an example as many steps.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@pytest.mark.parametrize(("manual", "code"), PROCEDURES)
@pytest.mark.parametrize("fresh", ["sqlite"], indirect=True)
def test_whatever_people_do_the_model_holds(manual: str, code: str, fresh: Callable[[], str]) -> None:
    _run(manual, code, fresh, EXAMPLES // len(CATALOGUE.manuals[manual].procedures))


@pytest.mark.parametrize(("manual", "code"), [(one.id, one.procedures[-1].code) for one in CATALOGUE.manuals.values()])
@pytest.mark.parametrize("fresh", ["postgres"], indirect=True)
def test_the_model_holds_where_people_really_act_at_once(manual: str, code: str, fresh: Callable[[], str]) -> None:
    _run(manual, code, fresh, EXAMPLES // 10)


def _run(manual: str, code: str, fresh: Callable[[], str], examples: int) -> None:
    def town() -> Machine:
        return Machine(manual, code, fresh)

    # Unless told otherwise always the same, and not the same for two procedures.
    factory: Any = town if EXAMPLES else seed(f"{manual} {code}")(town)
    # In the first example of all that hypothesis makes, hardly anything happens: two are the fewest.
    run_state_machine_as_test(factory, settings=settings(SETTINGS, max_examples=max(2, examples)))
