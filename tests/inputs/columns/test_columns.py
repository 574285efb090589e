"""Does a column's field say all there is to say of it, and does a range hold its value?"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from model.inputs import schema
from model.inputs.columns.activities import Use
from model.inputs.columns.base import Measured, Number, Sourced
from model.inputs.columns.money import Budget
from model.inputs.columns.registry import TABLES
from model.inputs.wording import allowed_by, holds, if_blank, meaning
from model.studies.study_file import Study

BUDGET = {"fund": "pot", "year": 2027, "unit": "MSEK_2026", "source": "test", "confidence": "C"}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_has_words_beneath_it(table: str) -> None:
    kind = TABLES[table].row
    assert sorted((*kind.columns(), "line")) == sorted(kind.model_fields)
    assert [column for column in kind.columns() if not meaning(kind.model_fields[column])] == []


def test_columns_begin_with_the_key_and_end_with_where_the_row_comes_from() -> None:
    assert Budget.columns() == ("fund", "year", "value", "low", "high", "unit", "source", "confidence", "note")


def test_a_range_has_the_type_of_its_value() -> None:
    for column in ("value", "low", "high"):
        assert holds(Use.model_fields[column]) == "a number of at least 0"
        assert holds(Measured[Number].model_fields[column]) == "a number"
    assert issubclass(Use, Measured) and issubclass(Use, Sourced)


def test_numbers_with_a_range_are_measured() -> None:
    assert all(issubclass(table.row, Measured) for table in TABLES.values() if "low" in table.row.model_fields)


@pytest.mark.parametrize("numbers", [{"value": 5}, {"value": 5, "low": 5, "high": 5}, {"value": 5, "high": 9}])
def test_a_range_may_touch_its_value_or_be_open(numbers: dict[str, float]) -> None:
    Budget.model_validate(BUDGET | numbers)


@pytest.mark.parametrize(
    ("numbers", "faults"),
    [
        ({"value": 5, "low": 6}, {"low": "a number of at most the value, 5"}),
        ({"value": 5, "high": 4}, {"high": "a number of at least the value, 5"}),
        (
            {"value": 5, "low": 6, "high": 4},
            {"low": "a number of at most the value, 5", "high": "a number of at least the value, 5"},
        ),
        ({"value": -5, "low": -6}, {"value": "a number of at least 0", "low": "a number of at least 0"}),
    ],
)
def test_a_range_without_its_value_is_a_fault_at_the_end_that_is_wrong(
    numbers: dict[str, float], faults: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError) as found:
        Budget.model_validate(BUDGET | numbers)
    assert {str(each["loc"][0]): allowed_by(dict(each)) for each in found.value.errors()} == faults


def test_a_field_is_described_in_plain_words() -> None:
    fields = {
        **TABLES["measures"].row.model_fields,
        **TABLES["costs"].row.model_fields,
        **TABLES["debts"].row.model_fields,
    }
    expected = {
        "measure": ("a `measure` of `measures`", "not allowed"),
        "year": ("a year", "not allowed"),
        "lifetime": ("a whole number from 1 to 1000", "not allowed"),
        "unit_size": ("a number above 0", "allowed"),
        "in_reference": ("`yes`, `no`", "not allowed"),
        "existing_units": ("a number of at least 0", "`0`"),
        "rate": ("a number from 0 to 1", "not allowed"),
        "green_label": ("a text", "allowed"),
        "category": ("a name", "not allowed"),
    }
    assert {name: (holds(fields[name]), if_blank(fields[name])) for name in expected} == expected
    assert holds(Study.model_fields["futures"]) == "a list of names"
    assert holds(schema.Goal.model_fields["window"]) == "[a year, a year]"
    assert holds(schema.Goal.model_fields["title"]) == "keys `sv`, `en`"
    assert holds(schema.Goal.model_fields["budgets"]) == "keys with values or `unlimited`"
