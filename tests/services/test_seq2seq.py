"""Models of every kind, tiny and random, in an environment with transformers: codes, batches, limits, memory."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.services.running import INSTALL, environment, run

pytestmark = pytest.mark.services

KINDS = ("nllb", "m2m", "madlad", "marian", "t5")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the script `seq2seq_work.py` found, in an environment with the extra; a failed install is a failure."""
    folder = tmp_path_factory.mktemp("seq2seq")
    # torch first, by its version: what pulls it would take another build of it.
    python = environment(folder / "env", "torch==2.13.0")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*install, f"{ROOT}[translate]"], seconds=INSTALL)
    script = ROOT / "tests/services/seq2seq_work.py"
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    out = run([str(python), str(script), str(folder / "models")], seconds=600, env=env)
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_those_of_a_plain_loop(told: dict[str, Any], kind: str) -> None:
    assert told[kind]["same"] == told[kind]["rows"] > 0


@pytest.mark.parametrize("kind", KINDS)
def test_settings_and_weights_change_the_signature(told: dict[str, Any], kind: str) -> None:
    assert len(set(told[kind]["signatures"])) == len(told[kind]["signatures"])


@pytest.mark.parametrize(
    ("kind", "code"), [("nllb", "spa_Latn"), ("m2m", "es"), ("madlad", "<2es>"), ("marian", ">>spa<<")]
)
def test_the_language_is_what_the_model_calls_it(told: dict[str, Any], kind: str, code: str) -> None:
    assert told[kind]["language"] == code


@pytest.mark.parametrize("kind", ["nllb", "m2m", "madlad", "marian"])
def test_a_language_that_the_model_lacks_is_refused_with_those_it_has(told: dict[str, Any], kind: str) -> None:
    assert told[kind]["unknown"][0] == "pair-unknown"
    assert "es" in told[kind]["unknown"][1]


def test_a_long_field_comes_whole_and_none_is_cut_in_silence(told: dict[str, Any]) -> None:
    assert told["long"]["sentences"] == told["long"]["expected"] == 300
    assert told["cut"] == ["text-cut", None]


def test_memory_that_does_not_suffice_halves_the_batch_and_says_so(told: dict[str, Any]) -> None:
    assert told["memory"]["same"]
    assert "ran out of memory" in told["memory"]["said"][0]
    assert told["memory"]["one"] == "engine-setting"


def test_several_devices_give_the_same(told: dict[str, Any]) -> None:
    assert told["devices"]


def test_a_folder_without_a_tokenizer_or_model_is_refused(told: dict[str, Any]) -> None:
    assert told["unreadable"] == ["model-unreadable"] * 3


def test_a_model_of_one_pair_is_checked(told: dict[str, Any]) -> None:
    assert told["pair"] == ["ok", "pair-unknown", "pair-unknown"]


def test_whole_items_go_through_the_command(told: dict[str, Any]) -> None:
    assert told["items"] == {"made": 3, "rejected": 0}
