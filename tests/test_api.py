"""Does Python's door open, say what is wrong, never print, and lead to the same numbers as the command line?"""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
import typing
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

import model
from model import ROOT
from model.analyses.question import questions
from model.figures.registry import figures
from model.outputs import netcdf
from tests.towns.broken_root import call

EXAMPLES = sorted((ROOT / "docs/examples").glob("*.py"))
MIX, GOAL = "toy_mix", "toy_fossil_free"


@pytest.fixture(scope="module")
def plan() -> model.Plan:
    return model.optimise(model.load("toy"), GOAL)


def test_what_is_promised_is_there_and_nothing_else() -> None:
    classes, functions = {"InputFaults", "Municipality", "Plan"}, {"check", "load", "optimise", "project"}
    assert set(model.__all__) == classes | functions | {"plot"}
    assert all(getattr(model, name) is not None for name in model.__all__)
    assert set(model.__all__) <= set(dir(model))
    with pytest.raises(AttributeError, match=r"it has .*load"):
        model.plan  # noqa: B018


def test_every_public_thing_says_what_it_gives_back_and_has_types() -> None:
    for name in ("check", "load", "project", "optimise"):
        function = getattr(model, name)
        assert function.__doc__ and "Raises" in function.__doc__
        assert "return" in typing.get_type_hints(function) | function.__annotations__
    assert (ROOT / "model/py.typed").exists()


def test_importing_loads_nothing_heavy() -> None:
    code = "import model, sys; print({'numpy', 'xarray', 'pyomo', 'matplotlib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_projection_is_what_the_command_line_gives(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(capsys, root, "run", MIX, "--municipality", "toy").code == 0
    (written,) = netcdf.load(root / "outputs" / MIX / "results.nc").values()
    ours = model.project(model.load("toy", root), MIX)
    assert set(ours.variables) == set(written.variables)
    for name, values in written.data_vars.items():
        if values.dtype.kind == "f":
            np.testing.assert_array_equal(ours[name].values, values.values, err_msg=str(name))
        assert ours.attrs["fingerprint"] == written.attrs["fingerprint"]


def test_every_variable_and_coordinate_has_words_and_numbers_have_units(plan: model.Plan) -> None:
    for data in (plan.data, plan.explain()):
        for name, each in data.variables.items():
            assert each.attrs.get("long_name"), name
        numbers = {name: each for name, each in data.data_vars.items() if each.dtype.kind == "f"}
        assert not [name for name, each in numbers.items() if "units" not in each.attrs]
        assert all(data[name].attrs["units"] == "year" for name in ("year", "history_year", "pathway_year"))


def test_a_portfolio_may_be_typed_in(toy: model.Municipality) -> None:
    named = model.project(toy, MIX)
    text = (ROOT / f"scenarios/portfolios/{MIX}.yaml").read_text(encoding="utf-8")
    from ruamel.yaml import YAML

    typed = model.project(toy, YAML(typ="safe").load(text))
    np.testing.assert_array_equal(typed.emissions.values, named.emissions.values)
    assert typed.attrs["scenario"] == "typed_in_portfolio"


def test_a_town_never_changes_and_results_say_what_they_are_made_from(toy: model.Municipality) -> None:
    dearer = toy.change("costs", measure="CAR", item="capital", times=2)
    assert toy.changes == () and len(dearer.changes) == 1
    one, other = model.project(toy, MIX), model.project(dearer, MIX)
    assert one.attrs["changes"] == "" and "CAR" in other.attrs["changes"]
    assert one.attrs["fingerprint"] != other.attrs["fingerprint"]
    np.testing.assert_allclose(other.capital.sel(measure="CAR"), 2 * one.capital.sel(measure="CAR"))
    with pytest.raises(AttributeError):
        toy.changes = dearer.changes  # type: ignore[misc]


def test_a_found_plan_projected_again_is_the_plan(toy: model.Municipality, plan: model.Plan) -> None:
    again = model.project(toy, plan.portfolio)
    np.testing.assert_allclose(again.emissions.values, plan.data.emissions.values, atol=1e-9)
    np.testing.assert_allclose(again.payment.values, plan.data.payment.values, atol=1e-9)


def test_options_stand_in_for_keys_of_the_goal(toy: model.Municipality, plan: model.Plan) -> None:
    poorer = model.optimise(toy, GOAL, budgets={"investment": "1 MSEK/year"})
    assert float(poorer.data.shortfall.max()) > float(plan.data.shortfall.max())
    as_typed = model.optimise(toy, {"objective": "least_emissions", "targets": ["fossil_free"]})
    assert as_typed.data.attrs["objective"] == "least_emissions"
    free = model.optimise(toy, GOAL, budgets="unlimited")
    assert float(free.data.shortfall.max()) < float(plan.data.shortfall.max())


def test_every_question_is_a_method_of_a_plan(plan: model.Plan) -> None:
    assert set(questions()) <= set(dir(plan))
    assert "gap_lifted" in plan.explain() and "gap_lifted" not in plan.data
    curve = plan.frontier(most=3, points=4, whole_points=0)
    assert len(curve.sweep) == 4
    assert curve.attrs["asked"].startswith("frontier ") and '"most":3.0' in curve.attrs["asked"]
    with pytest.raises(AttributeError, match="explain"):
        plan.explains()
    with pytest.raises(model.InputFaults, match="points"):
        plan.frontier(points=1)


def test_a_plan_is_saved_whole(plan: model.Plan, tmp_path: Path) -> None:
    folder = plan.save(tmp_path / "mine")
    name = f"{GOAL}.central"
    wanted = {"summary.csv", "results.nc", f"portfolios/{name}.yaml", f"plans/{name}/certificate.json"}
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert wanted <= written
    again = model.project(model.load("toy"), folder / f"portfolios/{name}.yaml")
    np.testing.assert_allclose(again.emissions.values, plan.data.emissions.values, atol=1e-9)
    plan.explain().to_netcdf(folder / "answer.nc", engine="h5netcdf")  # as any dataset is saved


def test_a_plan_is_not_saved_where_a_file_is(plan: model.Plan, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept", encoding="utf-8")
    for place in ("mine", "mine/plan"):
        with pytest.raises(model.InputFaults, match="mine: found a file; allowed: a folder"):
            plan.save(tmp_path / place)
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "kept"


def test_what_is_done_to_the_data_of_a_plan_reaches_no_answer_and_no_file(plan: model.Plan, tmp_path: Path) -> None:
    before = plan._data.copy(deep=True)
    plan.data.emissions.values[:] = -1
    plan.data.attrs["title"] = "mine"
    answer = plan.prices()
    np.testing.assert_array_equal(answer.emissions, before.emissions)
    answer.emissions.values[:] = -2
    plan.save(tmp_path / "saved")
    (written,) = netcdf.load(tmp_path / "saved/results.nc").values()
    np.testing.assert_array_equal(written.emissions, before.emissions)
    del plan.__dict__["data"]  # what later tests look at


def test_options_of_a_question_are_given_by_name(plan: model.Plan) -> None:
    with pytest.raises(TypeError, match=r"by name: plan.alternatives\(number=..., loss=..., cost_loss=...\), not 3"):
        plan.alternatives(3)


def test_a_year_may_be_of_numpy_or_in_quotes(toy: model.Municipality) -> None:
    named = model.project(toy, {"levels": {"BIO": {2030: "1 GWh"}}})
    for year in (np.int64(2030), "2030"):
        typed = model.project(toy, {"levels": {"BIO": {year: "1 GWh"}}})
        np.testing.assert_array_equal(typed.emissions, named.emissions)


def test_a_table_cannot_be_replaced_behind_the_back_of_the_changes(toy: model.Municipality) -> None:
    with pytest.raises(TypeError):
        toy.tables["costs"] = ()  # type: ignore[index]
    again = pickle.loads(pickle.dumps(toy))
    assert again.tables == toy.tables
    with pytest.raises(TypeError):
        again.tables["costs"] = ()


def test_a_notebook_shows_what_there_is(toy: model.Municipality, plan: model.Plan) -> None:
    assert "<b>Toytown</b>" in toy._repr_html_() and "costs" in toy._repr_html_()
    assert "kt" in plan._repr_html_() or "t_CO2e" in plan._repr_html_()
    assert model.plot.pathways(plan.data, lang="en")._repr_png_().startswith(b"\x89PNG")


def test_every_figure_has_a_function(plan: model.Plan, tmp_path: Path) -> None:
    names = {each.draw.__module__.rpartition(".")[2] for each in figures()}
    assert names <= set(dir(model.plot))
    written = model.plot.sectors(plan.data, lang="en").save(tmp_path)
    assert [path.suffix for path in written] == [".png", ".svg"] and all(path.stat().st_size for path in written)
    with pytest.raises(AttributeError, match=r"there are .*pathways"):
        model.plot.pathway(plan.data)
    with pytest.raises(TypeError, match="one run"):
        model.plot.sectors([plan.data, plan.data])
    with pytest.raises(ValueError, match="nothing to draw"):
        model.plot.gap(plan.data)
    with pytest.raises(TypeError, match=r"plan\.data"):
        model.plot.sectors(plan)
    with pytest.raises(ValueError, match="language 'de'"):
        model.plot.sectors(plan.data, lang="de")


def test_a_figure_does_not_say_of_all_what_holds_of_one(toy: model.Municipality) -> None:
    central, high = (model.project(toy, MIX, future=name) for name in ("central", "mandate_high"))
    assert model.plot.fan([central, high]).figure
    dearer = model.project(toy.change("costs", measure="CAR", times=2), MIX)
    drawn = "\n".join(
        text.get_text() for text in model.plot.pathways([central, high, dearer], "en").figure.findobj(Text)
    )
    said = " ".join(drawn.split())
    assert high.attrs["future_en"] in said and "several futures" in said and "with changed numbers" in said
    with pytest.raises(ValueError, match="one scenario"):
        model.plot.fan([central, model.project(toy, "toy_reference")])


def test_what_is_printed_of_a_town_and_a_plan_is_a_line(toy: model.Municipality, plan: model.Plan) -> None:
    assert len(repr(toy)) < 100 and "costs (measure PATH): value times 2" in repr(
        toy.change("costs", measure="PATH", times=2)
    )
    assert "\n" not in repr(plan) and len(repr(plan)) < 1500


@pytest.mark.parametrize("name", ["explan", "frontier"])
def test_a_question_says_what_is_wrong_with_it(plan: model.Plan, name: str) -> None:
    with pytest.raises(model.InputFaults, match="Did you mean"):
        plan.ask(name, **({"funds": ["investmnt"]} if name == "frontier" else {}))


@pytest.mark.parametrize("town", [None, "toy"])
def test_a_town_is_what_load_gives(town: object) -> None:
    with pytest.raises(TypeError, match="what `load` gives"):
        model.project(town, MIX)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: model.load("toyy"), ["inputs/toyy", "Did you mean 'toy'?"]),
        (lambda: model.load(3), ["inputs/3", "toy"]),  # type: ignore[arg-type]
        (lambda: model.load(""), ["one of"]),
        (lambda: model.optimise(model.load("toy"), GOAL, municipality="toy"), ["option 'municipality'", "budgets"]),
        (lambda: model.project(model.load("toy"), "toy_mixx"), ["scenario 'toy_mixx'", "toy_mix"]),
        (lambda: model.project(model.load("toy"), MIX, future="centrall"), ["centrall", "central"]),
        (lambda: model.project(model.load("toy"), GOAL), [f"goal '{GOAL}'", "optimise"]),
        (lambda: model.optimise(model.load("toy"), MIX), [f"portfolio '{MIX}'", "project"]),
        (lambda: model.optimise(model.load("toy"), GOAL, budget={"a": "b"}), ["option 'budget'", "budgets"]),
        (lambda: model.optimise(model.load("toy"), GOAL, budgets={"purse": "1 MSEK/year"}), ["fund 'purse'"]),
        (
            lambda: model.optimise(model.load("toy"), GOAL, budgets={"investment": 40}),
            ["budgets of investment: 40: found '40'; allowed: an amount with its unit, such as '100 MSEK/year'"],
        ),
        (lambda: model.load("toy").change(3, times=2), ["table '3'", "costs"]),  # type: ignore[arg-type]
        (lambda: model.load("toy").change("costs", to=True), ["True for the new value", "a number"]),
        (lambda: model.optimise(model.load("toy"), GOAL, targets=["fossil_fre"]), ["Did you mean 'fossil_free'?"]),
    ],
)
def test_what_is_wrong_is_told_as_on_the_command_line(call: typing.Callable[[], object], words: list[str]) -> None:
    with pytest.raises(model.InputFaults) as caught:
        call()
    text = str(caught.value)
    assert all(word in text for word in words), text
    assert caught.value.faults


def test_all_faults_of_a_portfolio_come_at_once(toy: model.Municipality) -> None:
    with pytest.raises(model.InputFaults) as caught:
        model.project(toy, {"levels": {"CARR": {2030: "1 car"}, "BIO": {1999: "1 GWh"}}, "budgets": {"purse": "1"}})
    assert len(caught.value.faults) == 3, caught.value  # of the amount of a fund that is not there nothing is said


def test_running_prints_nothing_and_progress_is_heard(
    toy: model.Municipality, capfd: pytest.CaptureFixture[str]
) -> None:
    heard: list[str] = []
    model.project(toy, MIX, progress=heard.append)
    model.optimise(toy, GOAL, progress=heard.append)
    assert capfd.readouterr() == ("", "")
    assert heard == [f"projected {MIX}, central", f"optimised {GOAL}, central", f"projected {GOAL}, central"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_run(path: Path, tmp_path: Path) -> None:
    """As plain scripts, from anywhere, with nothing to guard against processes of their own."""
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, path], cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout and not done.stderr


@pytest.mark.long
def test_the_ten_lines_of_the_readme_run_as_printed(tmp_path: Path) -> None:
    """But for plans found anew along the curve, which take minutes on a slow machine."""
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert code.startswith("import model\n") and code.count("frontier(most=3)") == 1
    code = code.replace("frontier(most=3)", "frontier(most=3, whole_points=0)")
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "outputs/mine/summary.csv").exists()
