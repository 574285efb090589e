"""Do questions declare themselves once, with words for all they give, and say what is wrong with their options?"""

from __future__ import annotations

import importlib

import pytest

from model.analyses import question
from model.analyses.ask import AnalysisInput, ask
from model.analyses.question import Answer, Labels, questions, usual
from model.cli.options import spread_out
from model.figures.registry import figures
from model.inputs.faults import InputFaults
from model.inputs.options import Options
from model.studies.options import GoalOptions, OptimiseOptions, RunOptions


def test_questions_come_in_their_order_and_prices_with_each_of_them() -> None:
    assert list(questions()) == ["prices", "explain", "frontier", "alternatives"]
    assert list(usual()) == ["prices"]
    assert questions()["frontier"].in_study.model_dump()["whole_points"] == 0
    assert questions()["frontier"].options().model_dump()["whole_points"] == 8


def test_a_question_says_what_it_writes_and_its_figure_is_declared() -> None:
    drawn = {each.name.replace("{scenario}", "<goal>") for each in figures()}
    for each in questions().values():
        assert each.title.endswith("?") and each.manual and ".csv`" in each.writes
        named = [part for part in each.writes.split("`") if part.endswith("_<goal>")]
        assert set(named) <= drawn


def test_a_name_is_declared_in_one_file_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(question, "_declared", dict(question._declared))
    with pytest.raises(ValueError, match=r"question .explain.: in .* and .*"):

        @question.question("explain", "why?", Labels, lambda _: [], Options, writes="nothing")
        def again(_: AnalysisInput, __: Options) -> Answer:
            """Say it again."""
            return Answer()


@pytest.mark.parametrize("name", list(questions()))
def test_all_that_results_hold_of_a_question_has_words_and_stands_there_once(name: str) -> None:
    labels = questions()[name].labels()
    declared = [*labels.variables, *labels.coordinates, *labels.attributes]
    assert declared and all(each.words for each in declared)
    names = [each.name for other in questions().values() for kind in vars(other.labels()).values() for each in kind]
    assert len(names) == len(set(names))


def test_all_that_is_wrong_with_options_in_python_is_said_at_once() -> None:
    given = AnalysisInput(*[None] * 6)  # type: ignore[arg-type]
    with pytest.raises(InputFaults) as raised:
        ask("frontier", given, points=1, mst=3.0)
    assert [str(fault) for fault in raised.value.faults] == [
        "option mst: found option 'mst'; allowed: one of funds, most, points, whole_points. Did you mean 'most'?",
        "option points: found '1'; allowed: a number of at least 2.",
    ]
    with pytest.raises(KeyError):
        ask("fronteer", given)


def test_options_with_the_name_of_a_key_of_goals_are_given_to_the_goal() -> None:
    options = OptimiseOptions(future="dear", strict=True, gap=0.01, budgets={"pot": "1 MSEK/year"}, targets=["low"])
    assert options.of_goal == {"gap": 0.01, "budgets": {"pot": "1 MSEK/year"}, "targets": ["low"]}
    assert GoalOptions().of_goal == {}


def test_two_models_with_the_same_option_cannot_be_options_of_one_verb() -> None:
    def verb(one: RunOptions, other: GoalOptions) -> None: ...

    verb.__annotations__ |= {"one": RunOptions, "other": GoalOptions}
    with pytest.raises(ValueError, match="options figures, fresh, future, into, lang, municipality, strict twice"):
        spread_out(verb)


@pytest.mark.parametrize("name", list(questions()))
def test_a_file_declares_the_question_of_its_name(name: str) -> None:
    module = importlib.import_module(f"model.analyses.questions.{name}")
    assert questions()[name].answer is getattr(module, name)
