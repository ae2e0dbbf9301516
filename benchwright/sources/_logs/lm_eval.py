"""Sample logs of lm-evaluation-harness: JSON lines, one for each document and filter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from benchwright.sources._logs._model import RawAnswer, condition_of, head_of, in_frames, json_lines, load, setting_text

__all__ = ["LOG"]

_NAME: Final = re.compile(r"samples_(?P<task>.+?)_(?P<date>\d{4}-\d{2}-\d{2}T[\d:.-]+)\.jsonl(\.gz)?$")
_STEMS: Final = ("question", "stem", "query", "input", "problem", "Question", "prompt", "sentence", "qtext")
_IDS: Final = ("item_id", "id", "sample_id", "question_id", "unique_id", "qid", "index")
_LETTERS: Final = (
    ("A", "B", "C", "D", "E", "F", "G"),
    ("option_a", "option_b", "option_c", "option_d", "option_e"),
    ("opa", "opb", "opc", "opd", "ope"),
    ("op1", "op2", "op3", "op4", "op5"),
    ("answer_a", "answer_b", "answer_c", "answer_d", "answer_e"),
)
_CHOICES: Final = ("choices", "options", "answers")
_MANY: Final = 2


class _LmEval:
    name = "lm_eval"
    title = "lm-evaluation-harness samples_*.jsonl"

    def looks_like(self, path: Path) -> bool:
        if not path.name.endswith((".jsonl", ".jsonl.gz")):
            return False
        head = head_of(path).split("\n", 1)[0]
        return '"doc"' in head and ('"filtered_resps"' in head or '"resps"' in head)

    def frames(self, path: Path) -> Iterator[pl.DataFrame]:
        return in_frames(self._rows(path))

    def _rows(self, path: Path) -> Iterator[RawAnswer]:
        named = _NAME.search(path.name)
        task = named["task"] if named else path.name.split(".")[0]
        model, shots = _run(path, task, named["date"] if named else "")
        seen: dict[tuple[str, str], int] = {}
        for number, record in json_lines(path):
            told = record.get("doc")
            doc: dict[str, Any] = told if isinstance(told, dict) else {}
            sample = _sample(doc, record, number)
            setting = setting_text(task=task, shots=shots, filter=record.get("filter"))
            place = seen[sample, setting] = seen.get((sample, setting), -1) + 1
            yield _answer(record, doc, sample, model, setting, condition_of(task, path.parent.name), place)


LOG: Final = _LmEval()


def _run(path: Path, task: str, date: str) -> tuple[str, Any]:
    """Return the model and the number of shots, from the results that lie beside the samples."""
    for results in sorted(path.parent.glob(f"results_{date}*.json")) or sorted(path.parent.glob("results*.json")):
        told = load(results)
        if isinstance(told, dict):
            name = told.get("model_name") or _argument(told.get("config"))
            shots = told.get("n-shot", {}).get(task) if isinstance(told.get("n-shot"), dict) else None
            return str(name or path.parent.name.replace("__", "/")), shots
    return path.parent.name.replace("__", "/"), None


def _argument(config: Any) -> str | None:
    """Return the name of a model in ``pretrained=NAME,dtype=...``."""
    if not isinstance(config, dict):
        return None
    told = config.get("model_args")
    if isinstance(told, dict):
        return told.get("pretrained") or told.get("model") or config.get("model")
    found = re.search(r"(?:pretrained|model|path)=([^,]+)", str(told or ""))
    return found[1] if found else config.get("model")


def _sample(doc: Mapping[str, Any], record: Mapping[str, Any], number: int) -> str:
    named = next((doc[name] for name in _IDS if doc.get(name) not in (None, "")), None)
    return str(named if named is not None else record.get("doc_id", number - 1))


def _answer(
    record: Mapping[str, Any],
    doc: Mapping[str, Any],
    sample: str,
    model: str,
    setting: str,
    condition: str,
    repeat: int,
) -> RawAnswer:
    responses = record.get("filtered_resps") or record.get("resps") or []
    likelihoods = tuple(value for value in map(_likelihood, responses) if value is not None)
    chosen = likelihoods if len(likelihoods) >= _MANY else ()
    text = None if chosen else _text(responses)
    return RawAnswer(
        sample=sample,
        model=model,
        answer=text,
        place=max(range(len(chosen)), key=chosen.__getitem__) if chosen else None,
        stem=next((str(doc[name]) for name in _STEMS if isinstance(doc.get(name), str)), None),
        options=_options(doc) or _continuations(record, len(chosen)),
        setting=setting,
        condition=condition,
        repeat=repeat,
        likelihoods=chosen,
        prompt=record.get("prompt_hash"),
        language=doc.get("language") if isinstance(doc.get("language"), str) else None,
        hash=doc.get("text_hash") if isinstance(doc.get("text_hash"), str) else None,
    )


def _likelihood(response: Any) -> float | None:
    """Return the log-likelihood of ``[value, is greedy]``, whose numbers older logs write as texts."""
    while isinstance(response, list) and len(response) == 1 and isinstance(response[0], list):
        response = response[0]
    if not isinstance(response, list) or len(response) != _MANY or str(response[1]) not in {"True", "False"}:
        return None
    try:
        return float(response[0])
    except (TypeError, ValueError):
        return None


def _text(responses: Any) -> str | None:
    while isinstance(responses, list) and responses:
        responses = responses[0]
    return responses if isinstance(responses, str) else None


def _options(doc: Mapping[str, Any]) -> tuple[str, ...]:
    for name in _CHOICES:
        value = doc.get(name)
        if isinstance(value, dict):
            inner = value.get("text")
            value = inner if isinstance(inner, list) else list(value.values())
        if isinstance(value, list) and len(value) >= _MANY:
            return tuple(_option(one) for one in value)
    for names in _LETTERS:
        texts = [doc[name] for name in names if isinstance(doc.get(name), str) and doc[name] != ""]
        if len(texts) >= _MANY:
            return tuple(texts)
    return ()


def _option(value: Any) -> str:
    if isinstance(value, dict):
        return str(next((value[name] for name in ("text", "atext", "content") if name in value), value))
    return str(value)


def _continuations(record: Mapping[str, Any], count: int) -> tuple[str, ...]:
    """Return what stood after the prompt for each likelihood, where the document has no options."""
    told = record.get("arguments")
    pairs: Sequence[Any] = list(told.values()) if isinstance(told, dict) else told if isinstance(told, list) else []
    texts = [
        one.get("arg_1") if isinstance(one, dict) else one[1] if isinstance(one, list) and len(one) > 1 else None
        for one in pairs
    ]
    return tuple(str(text).strip() for text in texts) if count and len(texts) == count and all(texts) else ()
