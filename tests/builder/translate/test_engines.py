"""What every engine must hold to; a new file in the folder is taken up without an edit here."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from benchwright.builder.translate import engine_named, engines
from benchwright.builder.translate._registry import engines as registered
from benchwright.schemas.errors import InputError, MissingDependencyError, NotFoundError, PluginError
from benchwright.schemas.plugins import Engine, Translator, Unit

ENGINES = engines()
OPENS: dict[str, tuple[str, str, Mapping[str, str]]] = {
    "apertium": ("en", "es", {}),
    "openai": ("en", "es", {"url": "http://127.0.0.1:9/v1", "model": "m"}),
    "script": ("sr-Cyrl", "sr-Latn", {}),
}
"""Settings with which an engine opens without a model; the others are tried in environments of their own."""
by_engine = pytest.mark.parametrize("name", sorted(ENGINES))


def opened(name: str) -> Translator:
    if name == "apertium" and shutil.which("apertium-wblank-mode") is None:
        pytest.skip("Apertium is absent: apt-get install apertium apertium-eng-spa")
    if name not in OPENS:
        pytest.skip(f"{name} needs a model: tests/services")
    source, target, settings = OPENS[name]
    return ENGINES[name].open(source, target, settings)


@by_engine
def test_it_keeps_the_protocol(name: str) -> None:
    assert isinstance(ENGINES[name], Engine)
    assert ENGINES[name].name == name
    assert all(text.strip() for text in ENGINES[name].settings.values())


@by_engine
def test_a_translator_keeps_the_protocol_and_estimates_without_a_call(name: str) -> None:
    made = opened(name)
    try:
        assert isinstance(made, Translator)
        assert made.placeholder.count("{}") == 1
        assert made.signature.startswith(f"{name}|")
        assert "|version:" in made.signature
        estimate = made.estimate([Unit(("text",), ("a fish",))])
        assert min(estimate.tokens_in, estimate.tokens_out) >= 0
        assert list(made.translate([])) == []
    finally:
        made.close()


@by_engine
def test_a_setting_that_it_does_not_know_is_refused_with_those_it_knows(name: str) -> None:
    with pytest.raises((InputError, MissingDependencyError)) as raised:
        ENGINES[name].open("en", "es", {"colour": "red"})
    problem = raised.value.problems[0]
    assert problem.code in ("engine-setting", "dependency-missing")


def test_a_name_that_is_none_lists_the_engines() -> None:
    with pytest.raises(NotFoundError) as raised:
        engine_named("babel")
    assert raised.value.problems[0].expected == ", ".join(sorted(ENGINES))


def test_a_plug_in_that_cannot_be_imported_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import benchwright.builder.translate as room

    (tmp_path / "broken.py").write_text("raise ValueError('no')\n", encoding="utf-8")
    monkeypatch.setattr(room, "__path__", [*room.__path__, str(tmp_path)])
    registered.cache_clear()
    with pytest.raises(PluginError) as raised:
        engines()
    assert "broken" in str(raised.value)
    registered.cache_clear()


@pytest.mark.parametrize(
    ("source", "target", "text", "made"),
    [
        ("sr-Cyrl", "sr-Latn", "Љубав, ЊЕГОВ Џеп: 5 mg", "Ljubav, NJEGOV Džep: 5 mg"),
        ("sr-Latn", "sr-Cyrl", "Ljubav, NJEGOV džep: 5 mg DNA", "Љубав, ЊЕГОВ џеп: 5 mg DNA"),
        ("sr-Latn", "sr", "Nadživeti šta?", "Надживети шта?"),
        ("zh-Hant", "zh-Hans", "高血壓之治療", "高血压之治疗"),
        ("zh-Hans", "zh-Hant", "高血压之治疗", "高血壓之治療"),
    ],
)
def test_scripts_are_converted(source: str, target: str, text: str, made: str) -> None:
    converter = engine_named("script").open(source, target, {})
    ((_, found),) = converter.translate([Unit(("text",), (text,))])
    assert found.texts == (made,)


def test_a_pair_of_scripts_that_is_none_lists_those_there_are() -> None:
    with pytest.raises(NotFoundError) as raised:
        engine_named("script").open("ja", "zh-Hans", {})
    assert "zh-Hant to zh-Hans" in str(raised.value.problems[0].expected)
