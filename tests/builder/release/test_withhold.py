"""Withholding takes every text of an item and nothing else."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.builder.release._withhold import hidden_texts, salted_hash, withhold_items
from benchwright.schemas import Item
from benchwright.schemas.rows import to_frame
from tests.schemas.strategies import items

KEPT = ("id", "group", "language", "kind", "marks", "exam", "human", "provenance", "hashes", "numeric", "licence")


def with_reasons(drawn: list[Item], held: list[bool]) -> pl.DataFrame:
    reasons = ["licence unknown" if one else None for one in held]
    return to_frame(drawn, Item).with_columns(pl.Series("withheld", reasons, dtype=pl.String))


@given(st.lists(items(), min_size=1, max_size=3, unique_by=lambda item: item.id), st.data())
@settings(max_examples=60)
def test_every_text_goes_with_its_hash_and_the_rest_stays(drawn: list[Item], data: st.DataObject) -> None:
    held = data.draw(st.lists(st.booleans(), min_size=len(drawn), max_size=len(drawn)))
    before = with_reasons(drawn, held)
    after = withhold_items(before, "salt")
    assert after.drop("withheld_hashes").schema == before.schema
    for old, new, gone in zip(before.to_dicts(), after.to_dicts(), held, strict=True):
        hashes = {one["field"]: one["sha256"] for one in new.pop("withheld_hashes")}
        if not gone:
            assert new == old
            assert hashes == {}
            continue
        wanted = {name: salted_hash("salt", old["id"], name, text) for name, text in hidden_texts(old)}
        assert hashes == wanted
        left: set[Any] = {text for _, text in hidden_texts(new)}
        assert left == {None}
        assert {name: new[name] for name in KEPT} == {name: old[name] for name in KEPT}
        assert shape(new) == shape(old)
        assert {**new["key"], "accepted": None} == {**old["key"], "accepted": None}


def shape(row: dict[str, Any]) -> dict[str, Any]:
    """What of the nested columns must survive: how many, which options, what kind."""
    return {
        "options": [(option["id"], option["label"], option["prohibited"]) for option in row["options"]],
        "media": [(media["sha256"], media["attached_to"], media["page"]) for media in row["media"]],
        "rationales": [(one["language"], one["option"], one["stance"]) for one in row["rationales"]],
        "turns": [turn["role"] for turn in row["turns"]],
        "rubric": [one["weight"] for one in row["rubric"]],
        "labels": [(label["taxonomy"], label["value"]) for label in row["labels"]],
        "context": row["context"] and row["context"]["id"],
    }


@given(st.text(max_size=8), st.text(max_size=8), st.sampled_from(["stem", "option:A"]))
def test_a_salted_hash_depends_on_salt_item_field_and_text(left: str, right: str, field: str) -> None:
    one = salted_hash("s", "i", field, left)
    assert (one == salted_hash("s", "i", field, right)) == (left == right)
    assert one != salted_hash("t", "i", field, left)
    assert one != salted_hash("s", "j", field, left)
    assert one != salted_hash("s", "i", f"{field}:0", left)
