"""Hypothesis strategies: layouts and exams that shrink towards the plainest."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.typesetter.layout import Layout, settle, space
from tests.typesetter.model import PrintExam
from tests.typesetter.text import random_exam


def layouts(language: str = "en", **fixed: Any) -> st.SearchStrategy[Layout]:
    """Layouts for a language; `fixed` sets parameters by name, or narrows them when given a tuple of values."""
    parameters = {
        name: st.sampled_from(fixed[name] if isinstance(fixed.get(name), tuple) else values)
        for name, values in space(language).items()
        if name not in fixed or isinstance(fixed[name], tuple)
    }
    constants = {name: st.just(value) for name, value in fixed.items() if not isinstance(value, tuple)}
    return st.builds(Layout, **parameters, **constants).map(lambda layout: settle(layout, language))


def exams(
    language: str = "en", min_items: int = 1, max_items: int = 12, **options: Any
) -> st.SearchStrategy[PrintExam]:
    """Exams of made-up items; a failure shrinks to few items. `options` go to `random_exam`."""
    return st.builds(
        lambda seed, count: random_exam(seed, language, count, **options),
        st.integers(min_value=0, max_value=10_000),
        st.integers(min_value=min_items, max_value=max_items),
    )
