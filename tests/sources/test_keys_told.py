"""A file that is a key is taken for one, also where its numbers and letters look like questions with options."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchwright.sources._look import look_at

KEYS = (
    "il_ima_internal/2021_jun_answers.pdf",
    "il_ima_internal/2024_may_answers.pdf",
    "tw_moex_physician/stage2/108-1/108030_ANS11.pdf",
    "tw_moex_physician/stage2/108-1/108030_MOD22.pdf",
    "br_boards/ghc_2026/gabarito.pdf",
    "br_boards/iades_ses_df_2024/gabarito.pdf",
    "kr_kice_math/202311-h3-math-geo-answer.png",
)
"""Of the development half of bench/split.json."""


@pytest.mark.parametrize("name", KEYS)
def test_a_key_is_told(data_dir: Path, name: str) -> None:
    path = data_dir / name
    if not path.is_file():
        pytest.skip(f"{name} is not there")
    assert look_at(path, path.name).role == "key"
