"""Does a study get the figures that the files declare, in their order, as whole files with the same bytes?"""

import pickle
import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest
import xarray as xr
from matplotlib.figure import Figure

from model import ROOT
from model.figures.registry import Declared, FigureJob, figure, figure_jobs, figures, kinds, plan_jobs
from tests.towns.analysed_town import analysed
from tests.towns.drawn_town import FUTURES, world

# --- declarations --------------------------------------------------------------------------------------


def test_every_file_of_the_package_that_draws_declares_its_figure():
    files = {path.stem for path in (ROOT / "model/figures").glob("*.py")} - {"__init__", "registry"}
    assert set(kinds()) == files


def test_figures_stand_in_the_order_of_their_subjects_and_then_in_their_own():
    assert [each.name.partition("_")[0] for each in figures()] == [
        "pathways", "comparison", "fan", "sectors", "investment", "payments", "pots", "debt", "roadmap", "gap",
        "frontier",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "of"), [("debt", "plan"), ("fan", "futures"), ("{scenario}", "scenarios"),
                                          ("{scenario}_{future}", "scenario")])  # fmt: skip
def test_a_name_that_files_would_share_is_refused(name, of):
    with pytest.raises(ValueError, match="a name with"):
        figure(name, of=of)


def test_a_name_that_another_file_has_is_refused():
    figures()
    with pytest.raises(ValueError, match=r"declared in model\.figures\.debt and"):
        figure("debt_{scenario}", of="plan")(lambda data, language: Figure())


def test_a_figure_of_pages_is_a_job_a_page_and_the_first_has_no_number():
    declared = Declared("map_{scenario}", Figure, "plan", lambda _: True, lambda data, language: 3, False, 1, False)
    data = world("goal")
    jobs = declared.jobs(data, [data], "sv", 2030)
    assert [job.name for job in jobs] == ["map_goal", "map_goal_2", "map_goal_3"]
    assert [job.arguments[1:] for job in jobs] == [("sv", 2030, 0), ("sv", 2030, 1), ("sv", 2030, 2)]


def test_a_drawing_process_reads_only_the_figure_it_draws():
    program = (
        "import pickle, sys; from model.figures import debt;"
        "print(*sorted(name for name in sys.modules if name.startswith('model.figures.') and name.count('.') == 2))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["model.figures.debt", "model.figures.drawing", "model.figures.registry"]


# --- jobs ----------------------------------------------------------------------------------------------


def names(results: dict[tuple[str, str], xr.Dataset]) -> set[str]:
    return {job.name for job in figure_jobs(results, "central", "reference", "sv")}


def test_figures_are_drawn_where_the_dataset_has_what_they_show():
    data = analysed()
    plain = {"pathways", "comparison", "sectors_reference"}
    study = {("reference", "central"): world(), ("goal", "central"): data}
    of_goal = {f"{name}_goal" for name in ("sectors", "investment", "payments", "pots", "debt", "roadmap", "gap",
                                           "frontier")}  # fmt: skip
    assert names(study) == plain | of_goal
    bare = {**study, ("goal", "central"): world("goal")}
    assert names(bare) == plain | {f"{name}_goal" for name in ("sectors", "investment", "payments", "roadmap")}
    unpaid = data.assign(payment=data.payment * 0, charge=data.charge * 0, debt=data.debt * 0)
    assert names({**study, ("goal", "central"): unpaid}) == plain | of_goal - {"payments_goal", "pots_goal",
                                                                                "debt_goal"}  # fmt: skip


def test_a_council_is_shown_all_scenarios_and_the_one_it_decides_on():
    study = {
        ("reference", "central"): world(),
        ("goal", "central"): analysed(),
        ("unlimited", "central"): world("unlimited"),
    }
    jobs = figure_jobs(study, "central", "reference", "sv", "goal")
    assert [job.name for job in jobs] == [
        "pathways", "comparison", "investment_goal", "payments_goal", "roadmap_goal", "gap_goal", "frontier_goal"
    ]  # fmt: skip


def test_only_the_figures_that_are_named_are_drawn():
    study = {(name, "central"): world(name) for name in ("reference", "goal")}

    def only(*wanted: str) -> list[str]:
        return [job.name for job in figure_jobs(study, "central", "reference", "sv", only=wanted)]

    assert only("pathways") == ["pathways"]
    assert only("sectors", "payments_goal") == ["sectors_reference", "sectors_goal", "payments_goal"]
    with pytest.raises(KeyError, match="no figure pathway; there are pathways, comparison"):
        only("pathway")


def test_figures_of_plans_in_several_futures_are_named_after_them():
    one = {("goal", "central"): analysed()}
    assert [job.name for job in plan_jobs(one, "sv")] == [
        "pots_goal", "debt_goal", "roadmap_goal", "gap_goal", "frontier_goal"
    ]  # fmt: skip
    several = one | {("goal", "high"): analysed("goal", "high")}
    assert {job.name for job in plan_jobs(several, "sv")} == {
        f"{job.name}.{future}" for job in plan_jobs(one, "sv") for future in ("central", "high")
    }


# --- files ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def few() -> dict[tuple[str, str], xr.Dataset]:
    return {(scenario, future): world(scenario, future) for scenario in ("reference", "goal") for future in FUTURES}


@pytest.fixture(scope="module")
def drawn(few, tmp_path_factory) -> tuple[Path, list[Path], list[str]]:
    folder, jobs = tmp_path_factory.mktemp("drawn") / "figures", figure_jobs(few, "central", "goal", "sv")
    return folder, [path for job in jobs for path in job.write(folder)], [job.name for job in jobs]


def test_a_study_is_drawn_to_whole_files(drawn):
    folder, paths, names = drawn
    assert names == [
        "pathways", "comparison", "fan_goal", "sectors_reference", "sectors_goal", "investment_goal", "payments_goal",
        "roadmap_goal",
    ], "no money, no figure of money"  # fmt: skip
    assert paths == [folder / f"{name}.{kind}" for name in names for kind in ("png", "svg")]
    assert sorted(paths) == sorted(folder.iterdir())
    assert all(path.stat().st_size > 5_000 for path in paths)
    assert not any(b"<dc:date>" in path.read_bytes() for path in paths)


def test_bytes_are_the_same_whatever_the_user_has_set(few, drawn, tmp_path):
    again = [job for job in figure_jobs(few, "central", "goal", "sv") if job.name not in ("comparison", "fan_goal")]
    with matplotlib.rc_context({"font.size": 30, "axes.grid": True, "svg.hashsalt": None}):
        for path in (path for job in again for path in job.write(tmp_path)):
            assert path.read_bytes() == (drawn[0] / path.name).read_bytes(), path.name
        assert matplotlib.rcParams["font.size"] == 30


def test_jobs_can_be_drawn_in_another_process(few):
    job = pickle.loads(pickle.dumps(figure_jobs(few, "central", "reference", "sv")[0]))
    assert isinstance(job, FigureJob)
    assert isinstance(job.draw(*job.arguments), Figure)
    with pytest.raises(KeyError, match="no results for future"):
        figure_jobs(few, "elsewhere", "reference", "sv")
