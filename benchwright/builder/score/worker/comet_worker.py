"""The COMET worker: a program for the environment ``comet``, which has nothing of Benchwright.

One JSON object a line on standard input, one a line on standard output; what the libraries print goes to standard
error. Requests have an ``id`` and an ``op``: ``hello``, ``load``, ``score``. A reply has the same ``id``; an object
with ``beat`` is a sign of life. Rows of ``score`` are ``[source, translation, reference or null]``.

Scores in float32 are those of COMET's own ``predict`` to 1e-5. Each different text is encoded once in a request, and
batches are cut by tokens.
"""

# pyright: reportMissingImports=false, reportMissingModuleSource=false, reportAttributeAccessIssue=false
from __future__ import annotations

import hashlib
import importlib
import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

PROTOCOL: Final = 1
BEAT_S: Final = 5.0
TOKENS: Final = {"cpu": 2048, "cuda": 32768}
"""Tokens of a batch: on a processor, what the layers make of them stays in its cache."""
FAILURES: Final = (
    ArithmeticError,
    AttributeError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)

Row = Sequence[Any]


class RefusedError(ValueError):
    """A request that cannot be done, in words for the user."""


class Channel:
    """Standard output for replies alone, with a sign of life while a request takes long."""

    def __init__(self) -> None:
        own = os.dup(1)
        os.dup2(2, 1)
        self._stream = os.fdopen(own, "w", encoding="utf-8")
        self._lock = threading.Lock()
        self.done = 0
        threading.Thread(target=self._beat, daemon=True).start()

    def send(self, value: dict[str, Any]) -> None:
        """Write one object as one line."""
        with self._lock:
            self._stream.write(json.dumps(value, ensure_ascii=True, allow_nan=False) + "\n")
            self._stream.flush()

    def _beat(self) -> None:
        pause = threading.Event()
        while not pause.wait(BEAT_S):
            self.send({"beat": self.done})


def _batches(order: Iterable[int], sizes: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Yield places, from short to long, as many as fit into a number of tokens."""
    batch: list[int] = []
    for place in order:
        if batch and (len(batch) + 1) * sizes[place] > tokens:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


class Scorer:
    """One loaded model."""

    def __init__(self, request: dict[str, Any], channel: Channel) -> None:
        import torch

        if request.get("threads"):
            torch.set_num_threads(int(request["threads"]))
        self.channel = channel
        self.device = request.get("device") or ("cuda" if torch.cuda.is_available() else "cpu")
        self.path = _checkpoint(str(request["model"]))
        self.model = _load(self.path, request.get("encoder"))
        self.kind = str(self.model.hparams.class_identifier)
        self.sha256 = _sha256(self.path)
        if request.get("dtype") == "bf16":
            self.model.to(torch.bfloat16)
        self.model.to(self.device).eval()
        self.tokens = int(request.get("tokens") or TOKENS.get(self.device.partition(":")[0], TOKENS["cpu"]))
        self.segments = list(getattr(self.model.hparams, "input_segments", None) or ())
        self.twin = self.kind in ("regression_metric", "referenceless_regression_metric")
        self.takes = "ref" in self.segments if self.segments else self.kind == "regression_metric"
        packed = importlib.import_module("packed").Packed  # it lies beside this file
        self.packed = packed(self.model) if self.twin and packed.fits(self.model) else None
        self.halved = 0

    def about(self) -> dict[str, Any]:
        """Return what the client has to know of the model."""
        spans = bool(getattr(self.model, "word_level", False))
        return {
            "class": self.kind,
            "sha256": self.sha256,
            "needs_reference": bool(self.model.requires_references()),
            "takes_reference": self.takes,
            "spans": spans,
            "limit": self.model.encoder.max_positions - 2,
            "device": self.device,
            "encoder": str(self.model.hparams.pretrained_model),
        }

    def score(self, rows: Sequence[Row]) -> dict[str, Any]:
        """Return score, reason of a missing one, and spans of each row."""
        import torch

        names = ("src", "mt", "ref") if self.takes and any(row[2] is not None for row in rows) else ("src", "mt")
        texts = sorted({str(row[place]) for row in rows for place, _ in enumerate(names)})
        ids = dict(zip(texts, self._ids(texts), strict=True))
        reasons = [self._too_long([len(ids[str(row[place])]) for place, _ in enumerate(names)]) for row in rows]
        good = [place for place, reason in enumerate(reasons) if reason is None]
        with torch.inference_mode():
            kept = [rows[place] for place in good]
            made, spans = self._twin(kept, ids) if self.twin else self._joint(kept, ids, names)
        scores: list[float | None] = [None] * len(rows)
        found: list[Any] = [[] for _ in rows]
        for place, value, marked in zip(good, made, spans, strict=True):
            scores[place], found[place] = value, marked
        return {"scores": scores, "reasons": reasons, "spans": found, "halved": self.halved}

    def _ids(self, texts: list[str]) -> list[list[int]]:
        """Return the tokens of each text, uncut."""
        found: list[list[int]] = self.model.encoder.tokenizer(texts, truncation=False, verbose=False)["input_ids"]
        return found

    def _too_long(self, sizes: list[int]) -> str | None:
        """Return why a row is past the model's length: what the library would cut in silence."""
        limit = self.model.encoder.max_positions - 2
        if max(sizes) > limit:
            return f"too-long:{max(sizes)}>{limit}"
        if not self.twin:
            joint = len(self.segments) if len(sizes) == 3 else 2
            room = self.model.encoder.max_positions - 1 - joint * self.model.encoder.size_separator
            if (total := sum(size - 2 for size in sizes)) > room:
                return f"too-long:{total}>{room}"
        return None

    def _twin(self, rows: Sequence[Row], ids: dict[str, list[int]]) -> tuple[list[float], list[Any]]:
        """Score models that encode each text alone."""
        import torch

        if not rows:
            return [], []
        count = 3 if self.kind == "regression_metric" else 2
        different = {str(row[place]) for row in rows for place in range(count)}
        unique = sorted(different, key=lambda one: (len(ids[one]), one))
        vectors = self._vectors(unique, ids)
        place_of = {text: place for place, text in enumerate(unique)}
        made: list[float] = []
        for begin in range(0, len(rows), 1024):
            some = rows[begin : begin + 1024]
            sides = [vectors[[place_of[str(row[place])] for row in some]] for place in range(count)]
            dtype = next(self.model.estimator.parameters()).dtype
            src, mt, *ref = [one.to(self.device, dtype) for one in sides]
            if ref:
                score = self.model.estimate(src, mt, ref[0]).score
            else:
                joined = torch.cat((mt, src, mt * src, torch.abs(mt - src)), dim=1)
                score = self.model.estimator(joined).view(-1)
            made += score.float().cpu().tolist()
        return made, [[] for _ in rows]

    def _vectors(self, texts: list[str], ids: dict[str, list[int]]) -> Any:
        """Return one vector for each text, on the processor."""
        import torch

        sizes = [len(ids[text]) for text in texts]
        special = set(self.model.encoder.tokenizer.all_special_ids)
        # A text may have the name of a special token in it; the library masks its padding by the token.
        odd = [place for place, text in enumerate(texts) if special & set(ids[text][1:-1])]
        plain = sorted(set(range(len(texts))) - set(odd))
        found = torch.empty((len(texts), self.model.encoder.output_units))
        work = [(False, [one]) for one in odd] + [(True, one) for one in _batches(plain, sizes, self.tokens)]
        for packed, batch in work:

            def embed(some: list[int], packed: bool = packed) -> Any:
                return self._embed([ids[texts[one]] for one in some], packed=packed)

            found[batch] = torch.cat([one.float().cpu() for one in self._halving(batch, embed)])
            self.channel.done += len(batch)
        return found

    def _embed(self, ids: list[list[int]], *, packed: bool) -> Any:
        import torch

        if packed and self.packed is not None:
            return self.packed.embed(ids)
        batch = self.model.encoder.tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(self.device)
        return self.model.get_sentence_embedding(**{key: torch.as_tensor(value) for key, value in batch.items()})

    def _joint(
        self, rows: Sequence[Row], ids: dict[str, list[int]], names: Sequence[str]
    ) -> tuple[list[float], list[Any]]:
        """Score models that encode the texts of a row together, by the model's own steps."""
        sizes = [sum(len(ids[str(one)]) for one in row[: len(names)]) for row in rows]
        order = sorted(range(len(rows)), key=lambda place: (sizes[place], place))
        made: list[float] = [0.0] * len(rows)
        spans: list[Any] = [[] for _ in rows]

        def step(places: list[int]) -> tuple[list[float], list[Any]]:
            samples = [dict(zip(names, map(str, rows[place]), strict=False)) for place in places]
            batch = [_moved(one, self.device) for one in self.model.prepare_sample(samples, stage="predict")]
            told = self.model.predict_step(batch)
            marked = told["metadata"]["error_spans"] if self.about()["spans"] else [[] for _ in places]
            return told["scores"].float().cpu().tolist(), marked

        for places in _batches(order, sizes, self.tokens):
            flat = self._halving(places, step)
            values = [value for scores, _ in flat for value in scores]
            marks = [one for _, marked in flat for one in marked]
            for place, value, mark in zip(places, values, marks, strict=True):
                made[place], spans[place] = value, mark
            self.channel.done += len(places)
        return made, spans

    def _halving(self, places: list[int], work: Callable[[list[int]], Any]) -> list[Any]:
        """Work on a batch; where the GPU has no memory for it, on each half, and smaller batches from then on."""
        import torch

        try:
            return [work(places)]
        except torch.OutOfMemoryError:
            if len(places) == 1:
                raise
        torch.cuda.empty_cache()
        self.halved += 1
        self.tokens = max(512, self.tokens // 2)
        middle = len(places) // 2
        return [*self._halving(places[:middle], work), *self._halving(places[middle:], work)]


def _moved(inputs: dict[str, Any], device: str) -> dict[str, Any]:
    return {name: value.to(device) if hasattr(value, "to") else value for name, value in inputs.items()}


def _checkpoint(name: str) -> Path:
    """Return the file of a model: the file itself, in a folder of COMET's layout, or from the hub by its name."""
    path = Path(name)
    for one in (path, path / "checkpoints" / "model.ckpt"):
        if one.is_file():
            return one.resolve()
    if path.exists() or name.count("/") != 1 or name.startswith((".", "/")):
        raise RefusedError(f"no checkpoint at {name}")
    from comet import download_model

    try:
        return Path(download_model(name))
    except (KeyError, *FAILURES) as error:
        raise RefusedError(f"{name} cannot be fetched from the hub: {error}") from error


def _load(path: Path, encoder: str | None) -> Any:
    """Load a checkpoint; its encoder's configuration and tokenizer may lie elsewhere than it says."""
    import yaml
    from comet import load_from_checkpoint

    settings = path.parents[1] / "hparams.yaml"
    if not settings.is_file():
        raise RefusedError(f"no hparams.yaml in {path.parents[1]}")
    told = yaml.safe_load(settings.read_text(encoding="utf-8"))
    if encoder is None:
        model = load_from_checkpoint(str(path), local_files_only=os.environ.get("HF_HUB_OFFLINE") == "1")
    else:
        # A layout of its own, as COMET reads the encoder's place from the file beside the checkpoint.
        with tempfile.TemporaryDirectory(prefix="comet-") as scratch:
            folder = Path(scratch)
            (folder / "checkpoints").mkdir()
            (folder / "checkpoints" / "model.ckpt").symlink_to(path)
            told["pretrained_model"] = encoder
            (folder / "hparams.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
            model = load_from_checkpoint(str(folder / "checkpoints" / "model.ckpt"), True, local_files_only=True)
    _complete(model, path)
    return model


def _complete(model: Any, path: Path) -> None:
    """Refuse a checkpoint that lacks weights: the library would leave them at random."""
    import torch

    there = set(torch.load(path, map_location="cpu", mmap=True, weights_only=False)["state_dict"])
    lacking = sorted(name for name, _ in model.named_parameters() if name not in there)
    if lacking:
        raise RefusedError(f"{path} lacks {len(lacking)} weights, such as {lacking[0]}")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _versions() -> dict[str, str]:
    from importlib import metadata

    return {name: metadata.version(name) for name in ("unbabel-comet", "torch", "transformers")}


def main() -> None:
    """Answer requests until standard input ends."""
    channel, scorer = Channel(), None
    for line in sys.stdin:
        request = json.loads(line)
        reply: dict[str, Any] = {"id": request["id"]}
        try:
            if request["op"] == "hello":
                reply |= {"protocol": PROTOCOL, "versions": _versions()}
            elif request["op"] == "load":
                scorer = Scorer(request, channel)
                reply |= scorer.about()
            elif scorer is None:
                raise RefusedError("no model was loaded")
            else:
                reply |= scorer.score(request["rows"])
        except FAILURES as error:
            reply["error"] = f"{type(error).__name__}: {error}" if not isinstance(error, RefusedError) else str(error)
        channel.send(reply)


if __name__ == "__main__":
    main()
