"""How a long card is folded, and read in parts: nothing is lost, and what decides is always there."""

from hypothesis import given
from hypothesis import strategies as st

from bot.desk import weighing
from bot.desk.weighing import folded

LINES = st.lists(
    st.fixed_dictionaries(
        {
            "label": st.text(min_size=1, max_size=40),
            "value": st.text(min_size=1, max_size=4000).filter(str.strip),
            "kind": st.sampled_from(["text", "long_text", "datetime", "place", "choice"]),
        }
    ),
    max_size=20,
)


def facts(answers: weighing.Lines, given_: weighing.Lines | None = None) -> dict[str, object]:
    return {
        "answers": answers, "given": given_ or [], "said": None, "passed": None, "returned": None,
        "extraordinary": None, "questions": [], "rounds": None,
    }  # fmt: skip


@given(LINES, LINES)
def test_a_folded_card_is_short_and_its_parts_are_all_of_it(answers: weighing.Lines, others: weighing.Lines) -> None:
    glance = folded(facts(answers, others))
    if glance["fold"] is None:
        assert (glance["answers"], glance["given"]) == (answers, others)
    else:
        kept = glance["answers"]
        always = [one for one in (*answers, *others) if one["kind"] in {"datetime", "place"}]
        assert glance["fold"]["hidden"] == len(answers) + len(others) - len(kept)
        assert [one["label"] for one in kept if one["kind"] in {"datetime", "place"}] == [
            one["label"] for one in always
        ]
        assert all(len(one["value"]) <= 90 for one in kept)
    parts: list[str] = []
    page = 1
    while True:
        shown = folded(facts(answers, others), page)
        assert sum(len(one["label"]) + len(one["value"]) for one in shown["answers"]) < 3000
        parts.extend(one["value"] for one in shown["answers"])
        if page >= shown["fold"]["pages"]:
            break
        page += 1
    assert "".join(parts) == "".join(one["value"] for one in (*answers, *others))
    assert folded(facts(answers, others), page + 5) == shown


def test_a_card_that_is_read_at_a_glance_is_left_alone() -> None:
    short = facts([{"label": "Evento", "value": "Feria", "kind": "text"}])
    assert folded(short) == {**short, "fold": None}
    noted = {**short, "said": {"by": "Ana", "did": "Pedir cambios", "note": "x" * 600}}
    assert folded(noted)["fold"] == {"page": 0, "pages": 0, "hidden": 0}
