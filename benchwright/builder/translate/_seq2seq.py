"""Kit: a sequence-to-sequence model at work."""

from __future__ import annotations

import queue
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchwright.builder._pretrained import model_of, weights_hash
from benchwright.builder.translate._bytext import estimated
from benchwright.builder.translate._codes import Kind
from benchwright.builder.translate._sentences import Pieces, pieces_of
from benchwright.builder.translate._settings import number, wrong_setting
from benchwright.schemas.errors import InputError
from benchwright.schemas.plugins import Estimate, Translated, Unit
from benchwright.schemas.signature import signature

__all__ = ["ENGINE_NAME", "Plan", "Seq2Seq"]

ENGINE_NAME: Final = "transformers"
_GROWTH: Final = 2
_ROOM: Final = 24
"""Tokens that an answer may have at first: twice those of its source and some; one that needs more gets more."""


@dataclass(frozen=True)
class Plan:
    """Everything that decides what comes out."""

    kind: Kind
    source: str | None
    """What the model calls the language of the source, where it wants to know it."""
    target: str | None
    prefix: str
    beams: int
    temperature: float
    seed: int
    each: bool


@dataclass(frozen=True)
class _Batch:
    """Texts of about one length, by their places, and the tokens that an answer may have."""

    places: tuple[int, ...]
    limit: int


class Seq2Seq:
    """One model for one pair of languages."""

    whole_units = False
    placeholder = "[{}]"
    spans = False

    def __init__(self, plan: Plan, config: Any, tokenizer: Any, settings: Mapping[str, str]) -> None:
        """Take what was read; weights are loaded with the first text."""
        import torch  # pyright: ignore[reportMissingImports]

        self._plan = plan
        self._tokenizer = tokenizer
        self._model_name = settings["model"]
        self._revision = settings.get("revision")
        gpus = torch.cuda.device_count() if torch.cuda.is_available() else 0
        usual = ",".join(f"cuda:{place}" for place in range(gpus)) or "cpu"
        self._devices = settings.get("device", usual).split(",")
        on_gpu = self._devices[0].startswith("cuda")
        dtype = settings.get("dtype", "bfloat16" if on_gpu else "float32")
        if dtype not in ("float32", "bfloat16"):
            raise InputError(wrong_setting(ENGINE_NAME, "dtype", dtype, "float32 or bfloat16"))
        self._dtype = dtype
        self._budget = int(number(ENGINE_NAME, settings, "tokens", 4096 if on_gpu else 1024, 1))
        own = getattr(config, "max_position_embeddings", None) or getattr(tokenizer, "model_max_length", None) or 512
        self._positions = min(int(own), 1 << 20) if plan.kind not in ("t5", "madlad") else 512
        longest = min(1024, self._positions - 2)
        self._longest = int(number(ENGINE_NAME, settings, "longest", longest, 1, max(self._positions - 2, 1)))
        self._models: dict[str, Any] = {}
        self.said: list[str] = []
        self.signature = signature(
            ENGINE_NAME,
            version=1,
            model=Path(self._model_name).name,
            weights=weights_hash(self._model_name, config),
            kind=plan.kind,
            source=plan.source,
            target=plan.target,
            prefix=plan.prefix or None,
            beams=plan.beams,
            temperature=plan.temperature or None,
            seed=plan.seed if plan.temperature else None,
            sentences=plan.each,
            dtype=dtype,
            longest=self._longest,
        )

    def translate(self, units: Sequence[Unit]) -> Iterator[tuple[int, Translated]]:
        """Translate each text in pieces, and yield it when all of its pieces are done."""
        cut = [pieces_of(unit.texts[0], self._fits, each=self._plan.each) for unit in units]
        texts = list(dict.fromkeys(part for one in cut for part in one.parts if part.strip()))
        waiting = {place: {part for part in one.parts if part.strip()} for place, one in enumerate(cut)}
        homes: dict[str, list[int]] = {}
        for place, parts in waiting.items():
            for part in parts:
                homes.setdefault(part, []).append(place)
        done: dict[str, str | None] = {}
        for place in [place for place, parts in waiting.items() if not parts]:
            yield place, _together(cut[place], done)
        for text, answer in self._answers(texts):
            done[text] = answer
            for place in homes[text]:
                waiting[place].discard(text)
                if not waiting[place]:
                    yield place, _together(cut[place], done)

    def estimate(self, units: Sequence[Unit]) -> Estimate:
        """Return the tokens; a local model has no price."""
        return estimated(units)

    def close(self) -> None:
        """Let go of the weights."""
        self._models.clear()

    def _fits(self, text: str) -> bool:
        return len(self._encoded(text)) <= min(self._positions - 2, self._budget)

    def _encoded(self, text: str) -> list[int]:
        if self._plan.source is not None:
            self._tokenizer.src_lang = self._plan.source
        found: list[int] = self._tokenizer(self._plan.prefix + text, truncation=False)["input_ids"]
        return found

    def _answers(self, texts: Sequence[str]) -> Iterator[tuple[str, str | None]]:
        """Yield each text with its translation; null where it was cut at the longest answer."""
        tokens = [self._encoded(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda place: (-len(tokens[place]), place))
        left = self._batches(order, tokens)
        free: queue.SimpleQueue[str] = queue.SimpleQueue()
        for device in self._devices:
            # One after the other: the library loads weights in a state that all threads share.
            if texts:
                self._model(device)
            free.put(device)
        with ThreadPoolExecutor(len(self._devices)) as pool:
            running: dict[Future[list[list[int] | None]], _Batch] = {}
            while left or running:
                while left and len(running) < len(self._devices):
                    batch = left.pop(0)
                    running[pool.submit(self._on_a_device, free, batch, tokens)] = batch
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    batch = running.pop(future)
                    again: list[int] = []
                    for place, ids in zip(batch.places, future.result(), strict=True):
                        if ids is not None:
                            yield texts[place], self._tokenizer.decode(ids, skip_special_tokens=True)
                        elif batch.limit < self._longest:
                            again.append(place)
                        else:
                            yield texts[place], None
                    if again:
                        left.insert(0, _Batch(tuple(again), min(4 * batch.limit, self._longest)))

    def _batches(self, order: Sequence[int], tokens: Sequence[Sequence[int]]) -> list[_Batch]:
        """Return batches from long texts to short ones, so that too large a batch shows at once."""
        made: list[list[int]] = []
        width = 0
        for place in order:
            if made and (len(made[-1]) + 1) * width <= self._budget:
                made[-1].append(place)
            else:
                made.append([place])
                width = max(len(tokens[place]), 1)
        return [_Batch(tuple(one), min(_GROWTH * len(tokens[one[0]]) + _ROOM, self._longest)) for one in made]

    def _on_a_device(
        self, free: queue.SimpleQueue[str], batch: _Batch, tokens: Sequence[Sequence[int]]
    ) -> list[list[int] | None]:
        device = free.get()
        try:
            return self._halved(device, batch, tokens)
        finally:
            free.put(device)

    def _halved(self, device: str, batch: _Batch, tokens: Sequence[Sequence[int]]) -> list[list[int] | None]:
        """Translate a batch; where the memory does not suffice, one half after the other, and later ones smaller."""
        import torch  # pyright: ignore[reportMissingImports]

        try:
            return self._generated(device, [tokens[place] for place in batch.places], batch.limit)
        except torch.OutOfMemoryError:
            if len(batch.places) == 1:
                raise InputError(
                    wrong_setting(
                        ENGINE_NAME, "device", f"{device} has not the memory for one text", "a larger device, or cpu"
                    )
                ) from None
        if device.startswith("cuda"):
            torch.cuda.empty_cache()
        self._budget = max(self._budget // 2, 1)
        self.said.append(f"{device} ran out of memory: batches of {self._budget} tokens from here on")
        half = len(batch.places) // 2
        parts = (_Batch(batch.places[:half], batch.limit), _Batch(batch.places[half:], batch.limit))
        return [ids for part in parts for ids in self._halved(device, part, tokens)]

    def _generated(self, device: str, rows: Sequence[Sequence[int]], limit: int) -> list[list[int] | None]:
        """Return the tokens of each answer; null where it did not end within the limit."""
        import torch  # pyright: ignore[reportMissingImports]

        model = self._model(device)
        padded = self._tokenizer.pad({"input_ids": [list(row) for row in rows]}, return_tensors="pt").to(device)
        options: dict[str, Any] = {"num_beams": self._plan.beams, "do_sample": False, "max_new_tokens": limit}
        if self._plan.temperature:
            torch.manual_seed(self._plan.seed)
            options.update(do_sample=True, temperature=self._plan.temperature)
        first = self._target_id() if self._plan.kind in ("nllb", "m2m") else None
        if first is not None:
            options["forced_bos_token_id"] = first
        with torch.inference_mode():
            made = model.generate(**padded, **options, logits_processor=self._processors(rows), max_length=None)
        ends = model.generation_config.eos_token_id
        ends = set(ends if isinstance(ends, list) else [ends])
        return [_until(row, first, ends) for row in made.tolist()]

    def _processors(self, rows: Sequence[Sequence[int]]) -> list[Any]:
        """Return what changes the scores of words while a batch is translated: nothing."""
        del rows
        return []

    def _target_id(self) -> int:
        wanted = self._plan.target or ""
        vocabulary = self._tokenizer.get_vocab()
        found = vocabulary.get(wanted, vocabulary.get(f"__{wanted}__"))
        return int(self._tokenizer.get_lang_id(wanted) if found is None else found)

    def _model(self, device: str) -> Any:
        if device not in self._models:
            model = model_of(self._model_name, self._revision, self._dtype, "sequence-to-sequence")
            self._models[device] = model.to(device).eval()
        return self._models[device]


def _until(row: Sequence[int], first: int | None, ends: set[int]) -> list[int] | None:
    """Return the tokens of an answer up to its end, without the one that names the language; null without an end."""
    start = 2 if len(row) > 1 and row[1] == first else 1
    for place, token in enumerate(row[start:], start):
        if token in ends:
            return list(row[start:place])
    return None


def _together(pieces: Pieces, done: Mapping[str, str | None]) -> Translated:
    parts = [done[part] if part.strip() else part for part in pieces.parts]
    if any(part is None for part in parts):
        return Translated(reason="text-cut", detail="the answer did not end within the longest that is allowed")
    if any(was.strip() and not (now or "").strip() for was, now in zip(pieces.parts, parts, strict=True)):
        return Translated(reason="text-empty", detail="a sentence came back empty")
    notes = ("a sentence was cut in pieces",) if pieces.rough else ()
    return Translated((pieces.joined([part or "" for part in parts]),), notes=notes)
