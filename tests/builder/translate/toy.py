"""An engine that writes texts in capitals, and errs where its settings say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from benchwright.builder.translate import TranslateRun, TranslateWish, engine_wishes, translate_items
from benchwright.builder.translate._settings import unknown_pair
from benchwright.schemas import Item
from benchwright.schemas.plugins import Estimate, Translated, Translator, Unit
from benchwright.schemas.rows import from_frame, to_frame
from benchwright.schemas.signature import signature


class Toy:
    """One pair; ``calls`` has every text that it was asked for, in all runs of a test."""

    placeholder = "⟦{}⟧"
    spans = True

    def __init__(self, settings: Mapping[str, str], calls: list[str]) -> None:
        self.settings = settings
        self.calls = calls
        self.whole_units = settings.get("whole") == "yes"
        self.signature = signature(
            "toy", version=1, **{key: value for key, value in settings.items() if key != "fault"}
        )

    def translate(self, units: Sequence[Unit]) -> Iterator[tuple[int, Translated]]:
        for place in reversed(range(len(units))):
            unit = units[place]
            self.calls.extend(unit.texts)
            if self.settings.get("fault") == "silence" and place == 0:
                continue
            yield place, self._one(unit)

    def _one(self, unit: Unit) -> Translated:
        texts = tuple(text.upper() for text in unit.texts)
        if any("poison" in text for text in unit.texts):
            match self.settings.get("fault"):
                case "fewer":
                    texts = texts[1:]
                case "empty":
                    texts = ("",) * len(texts)
                case "placeholder":
                    texts = tuple(text.replace("⟦0⟧", "") for text in texts)
                case "failed":
                    return Translated(reason="engine-failed", detail="it was poison")
        return Translated(texts)

    def estimate(self, units: Sequence[Unit]) -> Estimate:
        tokens = sum(len(text) for unit in units for text in unit.texts)
        return Estimate(tokens, tokens, tokens * 0.5)

    def close(self) -> None:
        pass


class ToyEngine:
    name = "toy"
    settings: Mapping[str, str] = {"fault": "what goes wrong", "whole": "yes for whole units", "model": "any name"}

    def __init__(self) -> None:
        self.calls: list[str] = []

    def open(self, source: str, target: str, settings: Mapping[str, str]) -> Translator:
        if target == "eo":
            raise unknown_pair("toy", source, target, [("en", "es"), ("en", "fr")])
        return Toy(settings, self.calls)


class Bench:
    """Runs of the toy engine in one folder."""

    def __init__(self, folder: Path, engine: ToyEngine) -> None:
        self.folder = folder
        self.engine = engine
        self.out = folder / "out.parquet"

    def run(self, items: Sequence[Item], *engines: str, to: str = "es", **more: object) -> TranslateRun:
        """Translate items into the table that stands there from the last run."""
        settings = [str(one) for one in more.pop("set", ())]  # type: ignore[attr-defined]
        source = self.folder / "source.parquet"
        to_frame(items, Item).write_parquet(source)
        wish = TranslateWish(
            to=to.split(","),
            engines=engine_wishes(engines or ("toy",), settings),
            cache=self.folder / "cache.sqlite",
            **more,  # type: ignore[arg-type]
        )
        return translate_items([source], self.out, wish)

    def items(self) -> dict[str, Item]:
        """Return what stands in the table, by id."""
        import polars as pl

        return {one.id: one for one in from_frame(pl.read_parquet(self.out), Item)}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A folder, and the toy engine beside the real ones."""
    from benchwright.builder.translate import _registry

    engine = ToyEngine()
    known = {**_registry.engines(), "toy": engine}
    monkeypatch.setattr(_registry, "engines", lambda: known)
    return Bench(tmp_path, engine)
