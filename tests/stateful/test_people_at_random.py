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

# `make stateful` asks for more, and for others every time.
EXAMPLES = int(os.environ.get("OFICIALIA_STATEFUL_EXAMPLES", "0"))
STEPS = int(os.environ.get("OFICIALIA_STATEFUL_STEPS", "25"))

SETTINGS = settings(
    max_examples=EXAMPLES or 2,
    stateful_step_count=STEPS,
    database=None,
    deadline=None,
    # To find the shortest sequence that fails takes minutes, and is for whoever has seen one fail.
    phases=[Phase.generate, *([Phase.shrink] if os.environ.get("OFICIALIA_STATEFUL_SHRINK") else [])],
    print_blob=bool(EXAMPLES),
    # A step is several transactions on a real database, and an example as many steps.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@pytest.mark.parametrize(("manual", "code"), PROCEDURES)
@pytest.mark.parametrize("fresh", ["sqlite"], indirect=True)
def test_whatever_people_do_the_model_holds(manual: str, code: str, fresh: Callable[[], str]) -> None:
    run_state_machine_as_test(_town(manual, code, fresh), settings=SETTINGS)


@pytest.mark.parametrize(("manual", "code"), [(one.id, one.procedures[-1].code) for one in CATALOGUE.manuals.values()])
@pytest.mark.parametrize("fresh", ["postgres"], indirect=True)
def test_the_model_holds_where_people_really_act_at_once(manual: str, code: str, fresh: Callable[[], str]) -> None:
    run_state_machine_as_test(_town(manual, code, fresh), settings=SETTINGS)


def _town(manual: str, code: str, fresh: Callable[[], str]) -> Any:
    def town() -> Machine:
        return Machine(manual, code, fresh)

    # Always the same, and not the same for two procedures.
    return town if EXAMPLES else seed(f"{manual} {code}")(town)
