"""The hashes of a table are those that each item computes for itself."""

from __future__ import annotations

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from benchwright.schemas.hashing import with_hashes
from benchwright.schemas.item import Item
from benchwright.schemas.parts import (
    Context,
    Exam,
    Hashes,
    Human,
    Key,
    KeyChange,
    Label,
    Mark,
    Media,
    Numeric,
    Option,
    Rationale,
    Turn,
)
from benchwright.schemas.rows import to_frame

_TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
_NO_HASHES = Hashes(text_hash="", key_hash="", hash="")


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Draw an item with everything that can be in it."""
    count = draw(st.integers(0, 4))
    ids = [chr(ord("A") + place) for place in range(count)]
    answers = draw(st.lists(st.lists(st.sampled_from(ids), min_size=1, max_size=3), max_size=3)) if ids else []
    number = str(draw(st.integers(1, 10_000)))
    stem = draw(_TEXT)
    return Item(
        id=f"x/1/1/{number}@en",
        group=f"x/1/1/{number}",
        language="en",
        origin_language="en",
        stem=stem,
        context=draw(st.none() | st.builds(Context, id=_TEXT, text=_TEXT)),
        options=tuple(Option(id=one, label=one.lower(), text=draw(_TEXT)) for one in ids),
        key=Key(
            status="official" if answers else "unknown",
            answers=tuple(tuple(one) for one in answers),
            accepted=tuple(draw(st.lists(_TEXT, max_size=3))),
            history=(KeyChange(status="provisional", answers=(("A",),)),) if draw(st.booleans()) else (),
        ),
        numeric=draw(st.none() | st.builds(Numeric, value=st.floats(allow_nan=False, allow_infinity=False))),
        rationales=tuple(Rationale(text=draw(_TEXT), language="en") for _ in range(draw(st.integers(0, 2)))),
        turns=tuple(Turn(role="patient", text=draw(_TEXT)) for _ in range(draw(st.integers(0, 2)))),
        media=tuple(Media(sha256=draw(st.none() | _TEXT), page=3, x0=1.5) for _ in range(draw(st.integers(0, 2)))),
        marks=(Mark(field="stem", start=0, end=len(stem), kind="bold"),) if draw(st.booleans()) else (),
        exam=Exam(code="x", edition="1", part="1", number=number, points=draw(st.none() | st.just(2.0))),
        labels=(Label(taxonomy="subject", value=draw(_TEXT), source="printed"),) if draw(st.booleans()) else (),
        human=draw(st.none() | st.builds(Human, share_correct=st.floats(0, 1), n=st.integers(0, 99))),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(items(), min_size=1, max_size=6))
def test_a_table_has_the_hashes_of_its_items(drawn: list[Item]) -> None:
    wanted = to_frame(drawn, Item)
    emptied = wanted.with_columns(pl.lit(_NO_HASHES.model_dump(), dtype=wanted.schema["hashes"]).alias("hashes"))
    assert with_hashes(emptied)["hashes"].to_list() == wanted["hashes"].to_list()


def test_the_order_of_answers_does_not_count() -> None:
    options = tuple(Option(id=one, label=one, text=one) for one in "ABC")
    exam = Exam(code="x", edition="1", part="1", number="1")
    keys = [Key(status="official", answers=given) for given in ((("C", "A"), ("B",)), (("B",), ("A", "C")))]
    drawn = [
        Item(
            id="x/1/1/1@en",
            group="x/1/1/1",
            language="en",
            origin_language="en",
            stem="s",
            options=options,
            key=key,
            exam=exam,
        )
        for key in keys
    ]
    hashes = with_hashes(to_frame(drawn, Item))["hashes"].struct.field("key_hash").to_list()
    assert hashes == [drawn[0].hashes.key_hash] * 2


def test_tiny_numbers_have_one_spelling() -> None:
    values = [1e-7, -3.5e-9, 0.00001, 0.00012, 5e-324, 1e16, 0.0]
    drawn = [
        Item(
            id=f"x/1/1/{number}@en",
            group=f"x/1/1/{number}",
            language="en",
            origin_language="en",
            stem="s",
            kind="numeric",
            numeric=Numeric(value=value),
            exam=Exam(code="x", edition="1", part="1", number=str(number)),
        )
        for number, value in enumerate(values)
    ]
    hashes = with_hashes(to_frame(drawn, Item))["hashes"].to_list()
    assert hashes == [item.hashes.model_dump() for item in drawn]
