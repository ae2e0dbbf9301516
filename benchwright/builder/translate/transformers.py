"""Sequence-to-sequence models of the transformers library: NLLB, M2M-100, MADLAD-400, Marian (OPUS-MT) and T5.

Texts are cut at sentences, sorted by their tokens and put into batches by a budget of tokens, so that no batch waits
for one long text; equal texts are translated once. Nothing is cut at a limit in silence.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from typing import Any, Final

from benchwright.builder._pretrained import read_model, unreadable
from benchwright.builder.translate._codes import Codes, Kind, codes_of, same_language, tag_of
from benchwright.builder.translate._seq2seq import ENGINE_NAME, Plan, Seq2Seq
from benchwright.builder.translate._settings import checked, number, unknown_pair, wrong_setting, yes
from benchwright.schemas.errors import InputError, MissingDependencyError, NotFoundError, Problem
from benchwright.schemas.languages import language_name

__all__ = ["ENGINE"]

_NAME: Final = ENGINE_NAME
_SETTINGS: Final = {
    "model": "folder of a model, or its name on the hub",
    "revision": "commit of the model on the hub",
    "device": "cpu, cuda, or several parted by commas: cuda:0,cuda:1 (default: all GPUs, else cpu)",
    "dtype": "float32 or bfloat16 (default: bfloat16 on a GPU, float32 on a CPU)",
    "tokens": "tokens of a batch, padding included (default 4096 on a GPU, 1024 on a CPU)",
    "beams": "beams of the search (default 1)",
    "temperature": "more than 0: sample with it",
    "seed": "of the sampling (default 0)",
    "sentences": "no: translate a text as a whole where it fits (default yes)",
    "longest": "tokens that an answer may have (default: what the model allows, at most 1024)",
    "pair": "source and target of a model of one pair that does not name them, as en-es",
    "prefix": "what stands before a text for a T5; {source} and {target} are the names of the languages",
}


class _Transformers:
    name = _NAME
    settings = _SETTINGS

    def open(self, source: str, target: str, settings: Mapping[str, str]) -> Seq2Seq:
        """Return a translator; tokenizer and languages are checked, weights are loaded with the first text.

        Raises:
            MissingDependencyError: transformers, torch or sentencepiece is not installed.
            InputError: ``model-unreadable`` or ``engine-setting``.
            NotFoundError: ``pair-unknown``.
        """
        checked(_NAME, settings, _SETTINGS, ("model",))
        for package in ("transformers", "torch", "sentencepiece"):
            if importlib.util.find_spec(package) is None:
                raise MissingDependencyError(
                    Problem(
                        "dependency-missing",
                        "translation by sequence-to-sequence models needs transformers, torch and sentencepiece",
                        expected=package,
                        remedy="pip install 'benchwright[translate]'",
                    )
                )
        config, tokenizer = read_model(settings["model"], settings.get("revision"), "sequence-to-sequence")
        kind = _kind(config, tokenizer, settings["model"])
        own = _pair(kind, tokenizer, settings, source, target)
        plan = Plan(
            kind=kind,
            source=own[0],
            target=own[1],
            prefix=_prefix(kind, settings, source, target, own[1]),
            beams=int(number(_NAME, settings, "beams", 1, 1, 64)),
            temperature=number(_NAME, settings, "temperature", 0.0, 0.0, 10.0),
            seed=int(number(_NAME, settings, "seed", 0)),
            each=yes(_NAME, settings, "sentences", usual=True),
        )
        return Seq2Seq(plan, config, tokenizer, settings)


def _kind(config: Any, tokenizer: Any, model: str) -> Kind:
    words = tokenizer.get_vocab()
    match config.model_type:
        case "marian":
            return "marian"
        case "m2m_100":
            return "nllb" if codes_of("nllb", words).tags or "nllb" in type(tokenizer).__name__.casefold() else "m2m"
        case "t5" | "mt5" | "umt5":
            return "madlad" if codes_of("madlad", words).tags else "t5"
        case other:
            raise unreadable(model, ValueError(f"a model of type {other}; known are marian, m2m_100 and t5"))


def _pair(
    kind: Kind, tokenizer: Any, settings: Mapping[str, str], source: str, target: str
) -> tuple[str | None, str | None]:
    """Return what the model calls the languages.

    Raises:
        NotFoundError: ``pair-unknown``, with the languages that the model has.
    """
    if kind == "t5":
        return None, None
    words = tokenizer.get_vocab()
    codes = codes_of(kind, words)
    if kind == "m2m" and not codes.tags:
        codes = Codes({tag: code for code in getattr(tokenizer, "lang_code_to_token", {}) if (tag := tag_of(code))})
    if kind == "marian":
        return None, _marian(tokenizer, codes, settings, source, target)
    one, other = codes.of(source), codes.of(target)
    if other is None or (one is None and kind != "madlad"):
        raise NotFoundError(
            Problem(
                "pair-unknown",
                f"the model does not translate from {source} to {target}",
                found=f"{source} to {target}",
                expected=f"any two of {', '.join(codes.tags)}",
                remedy="write the tag as the model has it, with the script, or take another model",
            )
        )
    return (None if kind == "madlad" else one), other


def _marian(tokenizer: Any, codes: Codes, settings: Mapping[str, str], source: str, target: str) -> str | None:
    """Return the token of the target of a Marian model; a model of one pair has none, and must be of this pair."""
    if codes.tags:
        token = codes.of(target)
        if token is None:
            raise unknown_pair(_NAME, source, target, [(source, tag) for tag in codes.tags])
        return token
    named = settings.get("pair", "")
    one, other = (
        named.split("-", 1)
        if "-" in named
        else [getattr(tokenizer, f"{side}_lang", None) for side in ("source", "target")]
    )
    tags = [tag_of(str(code)) if code else None for code in (one, other)]
    if tags[0] is None or tags[1] is None:
        raise InputError(wrong_setting(_NAME, "pair", "the model does not name its languages", "--set pair=en-es"))
    if not (same_language(tags[0], source) and same_language(tags[1], target)):
        raise unknown_pair(_NAME, source, target, [(tags[0], tags[1])])
    return None


def _prefix(kind: Kind, settings: Mapping[str, str], source: str, target: str, code: str | None) -> str:
    if kind in ("madlad", "marian") and code:
        return f"{code} "
    if kind != "t5":
        return ""
    text = settings.get("prefix", "translate {source} to {target}: ")
    return text.replace("{source}", language_name(source)).replace("{target}", language_name(target))


ENGINE: Final = _Transformers()
