"""Tiny models in an environment with transformers: those that translate, random, and one that answers, trained."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.services.running import INSTALL, environment, run

pytestmark = pytest.mark.services

KINDS = ("nllb", "m2m", "madlad", "marian", "t5")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the extra; a failed install is a failure."""
    # torch first, by its version: what pulls it would take another build of it.
    python = environment(tmp_path_factory.mktemp("models") / "env", "torch==2.13.0")
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    run([*install, f"{ROOT}[translate]"], seconds=INSTALL)
    return python


def played(python: Path, script: str, folder: Path) -> dict[str, Any]:
    """Return what a script found in the environment."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    out = run([str(python), str(ROOT / "tests/services" / script), str(folder)], seconds=600, env=env)
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


@pytest.fixture(scope="module")
def told(python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return played(python, "seq2seq_work.py", tmp_path_factory.mktemp("seq2seq") / "models")


@pytest.fixture(scope="module")
def asked(python: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return played(python, "causal_work.py", tmp_path_factory.mktemp("causal"))


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


@pytest.mark.parametrize("way", ["letter", "text", "several-tokens"])
def test_scores_of_options_are_those_of_a_plain_loop(asked: dict[str, Any], way: str) -> None:
    assert asked["scores"][way]["n"] > 20
    assert asked["scores"][way]["furthest"] < 2e-3


def test_a_model_that_learnt_the_answers_gives_them_in_any_order(asked: dict[str, Any]) -> None:
    assert asked["right"]["full"] == [24, 24]
    assert asked["right"]["shuffled"] == [24, 24]
    assert asked["moved"] > 0
    assert asked["own_order"]
    right, n = asked["right"]["options-only"]
    assert n == 24
    assert right < 24


def test_texts_of_a_translation_back_are_asked_under_the_ids_of_the_items(asked: dict[str, Any]) -> None:
    assert asked["back"] == {"ids": True, "n": 6, "condition": ["back-translated"], "changed": True}


def test_a_stopped_run_of_a_model_goes_on(asked: dict[str, Any]) -> None:
    assert asked["resumed"] == {"first": 5, "asked": 19, "cached": 5, "same": True}


def test_a_prompt_that_is_too_long_is_told_and_not_cut(asked: dict[str, Any]) -> None:
    assert asked["long"]["failed"] == 1
    assert "tokens, and the model takes" in asked["long"]["why"]


def test_memory_that_does_not_suffice_halves_the_batch_of_prompts(asked: dict[str, Any]) -> None:
    assert asked["memory"]["same"]
    assert "ran out of memory" in asked["memory"]["said"]
    assert asked["memory"]["one"] == "engine-setting"


def test_weights_and_dtype_tell_settings_apart(asked: dict[str, Any]) -> None:
    assert len(set(asked["settings"])) == len(asked["settings"]) == 4


def test_what_is_no_causal_model_is_refused(asked: dict[str, Any]) -> None:
    assert asked["refused"] == ["model-unreadable"] * 3
    assert asked["command"] == {"exit": 0, "answers": 24, "missing": 2}
