"""The rules of a table and the validators of a record refuse the same rows, with the same codes."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.schemas import Item, Key, Mark, Option
from benchwright.schemas.errors import SchemaError
from benchwright.schemas.rows import from_frame, table_schema
from benchwright.schemas.rules import RULES, violations
from tests.schemas.strategies import items, plain_item

CODE = re.compile(r"breaks the rule ([a-z-]+)")
NOTHING = object()


def codes_of_record(row: dict[str, Any]) -> set[str]:
    try:
        Item.model_validate(row)
    except SchemaError as error:
        return {found[1] for problem in error.problems if (found := CODE.search(problem.message))}
    return set()


def codes_of_table(row: dict[str, Any]) -> set[str]:
    return set(violations(pl.DataFrame([row], schema=table_schema(Item)))["code"])


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a row, however deep."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from places(inner, (*path, name))
    elif isinstance(value, tuple | list):
        for number, inner in enumerate(value):
            yield from places(inner, (*path, number))


def thawed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: thawed(inner) for name, inner in value.items()}
    return [thawed(inner) for inner in value] if isinstance(value, tuple | list) else value


def put(row: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(row)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed


def other_values(old: Any) -> st.SearchStrategy[Any]:
    """Another value of the same column type: null, a strange word, a number outside its range."""
    if isinstance(old, bool):
        return st.sampled_from([None, not old])
    if isinstance(old, int):
        return st.sampled_from([None, -1, 0, 2, 10**9])
    if isinstance(old, float):
        return st.sampled_from([None, -0.5, 1.5, float("nan"), float("inf")])
    if isinstance(old, str):
        return st.sampled_from(
            [None, "", "essay", "a/b", "x@es", "annulled", "perturbed", "official", "stem", "@", "é"]
        )
    if isinstance(old, list):
        return st.sampled_from([None, [], [None], old + old])
    return st.none()


@given(st.data(), items())
@settings(max_examples=400)
def test_a_table_and_a_record_refuse_the_same_rows_with_the_same_codes(data: st.DataObject, item: Item) -> None:
    row = thawed(item.model_dump(mode="python"))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from([path for path in places(row) if path[0] != "hashes"]))
        old: Any = row
        for step in path:
            old = old[step]
        row = put(row, path, data.draw(other_values(old)))
    assert codes_of_record(row) == codes_of_table(row)


@given(items())
def test_a_record_that_was_made_obeys_the_rules_of_the_table(item: Item) -> None:
    assert codes_of_table(thawed(item.model_dump())) == set()


def _without_source(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "origin": "machine_translation", "derived_from": None}


BREAKERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "version": lambda row: {**row, "schema_version": 2},
    "group-form": lambda row: {**row, "group": "one segment", "id": "one segment@es"},
    "id-form": lambda row: {**row, "id": row["group"] + "@en"},
    "option-id-empty": lambda row: put(row, ("options", 0, "id"), ""),
    "option-id-repeated": lambda row: put(row, ("options", 0, "id"), "B"),
    "answers-without-key": lambda row: put(row, ("key", "status"), "annulled"),
    "answer-empty": lambda row: put(row, ("key", "answers"), [[]]),
    "derived-from-missing": _without_source,
    "mark-backwards": lambda row: {**row, "marks": [{"field": "stem", "start": 3, "end": 1, "kind": "bold"}]},
    "mark-outside": lambda row: {**row, "marks": [{"field": "stem", "start": 0, "end": 999, "kind": "bold"}]},
    "value-missing": lambda row: {**row, "stem": None},
    "value-range": lambda row: {**row, "human": {"share_correct": 1.5, "n": 2, "distribution": []}},
    "value-unknown": lambda row: put(row, ("key", "status"), "perhaps"),
}


def test_every_rule_has_a_row_that_breaks_it() -> None:
    assert {rule.code for rule in RULES} <= set(BREAKERS)


@pytest.mark.parametrize("code", sorted(BREAKERS))
def test_a_rule_finds_what_breaks_it(code: str) -> None:
    row = BREAKERS[code](thawed(plain_item().model_dump()))
    assert code in codes_of_table(row)
    assert code in codes_of_record(row)
    with pytest.raises(SchemaError) as caught:
        from_frame(pl.DataFrame([row], schema=table_schema(Item)), Item)
    wanted = "schema-version" if code == "version" else "schema-invalid"
    assert {problem.code for problem in caught.value.problems} == {wanted}
    assert all(problem.remedy for problem in caught.value.problems)


def test_a_later_version_is_refused_by_its_own_code() -> None:
    with pytest.raises(SchemaError) as caught:
        plain_item(schema_version=2)
    assert [problem.code for problem in caught.value.problems] == ["schema-version"]


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(SchemaError, match="stemm"):
        plain_item(stemm="x")


@pytest.mark.parametrize("changes", [{"stem": "a\ud800"}, {"options": (Option(id="A", label="A", text="\udfff"),)}])
def test_unpaired_surrogates_are_refused_with_their_own_code(changes: dict[str, Any]) -> None:
    row = {**plain_item().model_dump(exclude={"hashes"}), **changes}
    with pytest.raises(SchemaError, match="text-not-unicode"):
        Item.model_validate({**row, "key": Key()})


def test_an_integer_beyond_the_table_is_refused() -> None:
    with pytest.raises(SchemaError, match="value-range"):
        plain_item(revision=2**70)


def test_marks_of_the_context_are_measured_against_the_context() -> None:
    with pytest.raises(SchemaError, match="mark-outside"):
        plain_item(marks=(Mark(field="context", start=0, end=1, kind="bold"),))


def test_a_changed_copy_has_fresh_hashes_and_obeys_the_rules() -> None:
    item = plain_item()
    changed = item.replace(stem="Otra")
    assert changed.hashes.text_hash != item.hashes.text_hash
    assert changed.hashes.key_hash == item.hashes.key_hash
    assert item.replace(tier="gold").hashes == item.hashes
    assert item.replace(key=Key()).hashes.key_hash != item.hashes.key_hash
    with pytest.raises(SchemaError):
        item.replace(group="elsewhere/1")
