"""Builds tiny random models of each kind and runs the engine on them: `python seq2seq_work.py FOLDER`; prints JSON.

Random weights never say that an answer ends. So that answers end as those of trained models do, a processor of scores
forces the end at a length that follows from the source, in the engine and in the loop that it is compared with.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sentencepiece  # pyright: ignore[reportMissingImports]
import torch  # pyright: ignore[reportMissingImports]
from transformers import (  # pyright: ignore[reportMissingImports]
    M2M100Config,
    M2M100ForConditionalGeneration,
    M2M100Tokenizer,
    MarianConfig,
    MarianMTModel,
    MarianTokenizer,
    NllbTokenizer,
    T5Config,
    T5ForConditionalGeneration,
    T5Tokenizer,
)

from benchwright.builder.translate import TranslateWish, engine_named, engine_wishes, translate_items
from benchwright.builder.translate._seq2seq import Seq2Seq
from benchwright.schemas import Exam, Item, Option
from benchwright.schemas.errors import BenchwrightError
from benchwright.schemas.plugins import Unit
from benchwright.schemas.rows import to_frame

torch.set_num_threads(1)
TEXTS = [f"Which of the {n} fish with {n % 7} gills is the oldest one in the pond number {n % 5}?" for n in range(12)]
TEXTS += [f"a red fish {n}" for n in range(12)] + ["gill", "Fin.", "the old trout swims " * 12]


class EndAt(torch.nn.Module):  # type: ignore[misc]
    """Forces the end of each row behind a number of its own, and words before it."""

    def __init__(self, lengths: Sequence[int], end: int, special: Sequence[int]) -> None:
        super().__init__()
        self.lengths, self.end, self.special = torch.tensor(lengths), end, list(special)

    def forward(self, ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        rows = self.lengths.repeat_interleave(len(ids) // len(self.lengths)) <= ids.shape[1]
        scores = scores.clone()
        scores[:, [self.end, *self.special]] = -torch.inf
        scores[rows] = -torch.inf
        scores[rows, self.end] = 0.0
        return scores


def length(row: Sequence[int]) -> int:
    return 4 + len(row) * 11 // 10


def sentencepieces(folder: Path) -> Path:
    folder.mkdir(parents=True)
    corpus = folder / "corpus.txt"
    corpus.write_text("\n".join(TEXTS * 3), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder / "sp"), vocab_size=120, character_coverage=1.0, pad_id=3,
        hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    return folder / "sp.model"


SMALL = {
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
}
SMALL |= {"encoder_ffn_dim": 64, "decoder_ffn_dim": 64, "max_position_embeddings": 512}


def vocabulary(model: Path) -> dict[str, int]:
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(model))
    words = ["<s>", "<pad>", "</s>", "<unk>"]
    words += [pieces.id_to_piece(n) for n in range(pieces.get_piece_size()) if pieces.id_to_piece(n) not in words]
    return {word: place for place, word in enumerate(words)}


def characters() -> list[str]:
    return ["▁", *sorted({character for text in TEXTS for character in text} - {" "})]


def tokenizer_of(kind: str, folder: Path) -> Any:
    """Return a tokenizer of a kind: by letters where it may be, else by pieces that are learnt from the texts."""
    if kind == "nllb":
        words = {word: n for n, word in enumerate(["<s>", "<pad>", "</s>", "<unk>", *characters()])}
        return NllbTokenizer(vocab=words, merges=[], extra_special_tokens=["eng_Latn", "spa_Latn", "zho_Hant"])
    if kind in ("madlad", "t5"):
        tags = ["<2es>", "<2fr>"] if kind == "madlad" else []
        pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((tag, 0.0) for tag in tags)]
        return T5Tokenizer(vocab=[*pieces, *((letter, -3.0) for letter in characters())], extra_ids=0)
    pieces_file = sentencepieces(folder / f"{kind}-sp")
    words = vocabulary(pieces_file)
    if kind == "marian":
        words.update({word: len(words) + n for n, word in enumerate((">>spa<<", ">>fra<<"))})
    (folder / f"{kind}-sp/vocab.json").write_text(json.dumps(words), encoding="utf-8")
    vocab = str(folder / f"{kind}-sp/vocab.json")
    if kind == "m2m":
        return M2M100Tokenizer(vocab, str(pieces_file))
    return MarianTokenizer(str(pieces_file), str(pieces_file), vocab, source_lang="eng", target_lang="roa")


def model_of(kind: str, tokenizer: Any) -> Any:
    special = {"pad_token_id": tokenizer.pad_token_id, "eos_token_id": tokenizer.eos_token_id}
    size = max([len(tokenizer), *tokenizer.get_vocab().values(), *getattr(tokenizer, "id_to_lang_token", ())]) + 1
    if kind in ("nllb", "m2m"):
        start = {"bos_token_id": 0, "decoder_start_token_id": tokenizer.eos_token_id}
        return M2M100ForConditionalGeneration(M2M100Config(vocab_size=size, **special, **start, **SMALL))
    start = {"decoder_start_token_id": tokenizer.pad_token_id}
    if kind == "marian":
        return MarianMTModel(MarianConfig(vocab_size=size, forced_eos_token_id=None, **special, **start, **SMALL))
    shape = {"d_model": 32, "d_kv": 16, "d_ff": 64, "num_layers": 2, "num_heads": 2}
    return T5ForConditionalGeneration(T5Config(vocab_size=size, **special, **start, **shape))


def build(kind: str, folder: Path) -> Path:
    torch.manual_seed(1)
    tokenizer = tokenizer_of(kind, folder)
    model = model_of(kind, tokenizer)
    out = folder / kind
    tokenizer.save_pretrained(out)
    model.save_pretrained(out)
    return out


def opened(model: Path, target: str = "es", **settings: str) -> Seq2Seq:
    made = engine_named("transformers").open("en", target, {"model": str(model), **settings})
    assert isinstance(made, Seq2Seq)
    return made


def special(translator: Seq2Seq) -> list[int]:
    """Return the numbers of what is no word, of what no word has, and of spaces: with them an answer may be empty."""
    tokenizer = translator._tokenizer
    words = {number for word, number in tokenizer.get_vocab().items() if word.strip("▁")}
    codes = {
        number
        for word, number in tokenizer.get_vocab().items()
        if any(sign in word for sign in ("_L", "_H", "__", ">>", "<2"))
    }
    size = translator._model(translator._devices[0]).config.vocab_size
    return sorted({*range(size)} - (words - codes) | set(tokenizer.all_special_ids) - {tokenizer.eos_token_id})


def ending(translator: Seq2Seq) -> Seq2Seq:
    """Let answers end; the engine has a place for it."""

    def processors(rows: Sequence[Sequence[int]]) -> list[Any]:
        end = translator._model(translator._devices[0]).generation_config.eos_token_id
        return [EndAt([length(row) for row in rows], end, special(translator))]

    translator._processors = processors  # type: ignore[method-assign]
    return translator


def texts_of(translator: Seq2Seq, texts: Sequence[str]) -> list[str | None]:
    done = dict(translator.translate([Unit(("text",), (text,)) for text in texts]))
    return [done[place].texts[0] if done[place].texts else done[place].reason for place in range(len(texts))]


def plain_loop(translator: Seq2Seq, texts: Sequence[str]) -> list[str]:
    """What a script of ten lines does: batches of 16 in the order of the input."""
    tokenizer, model = translator._tokenizer, translator._model("cpu")
    made: list[str] = []
    for start in range(0, len(texts), 16):
        some = [translator._plan.prefix + text for text in texts[start : start + 16]]
        inputs = tokenizer(some, return_tensors="pt", padding=True)
        rows = [tokenizer(text)["input_ids"] for text in some]
        options: dict[str, Any] = {"max_new_tokens": 500, "do_sample": False, "num_beams": 1}
        if translator._plan.kind in ("nllb", "m2m"):
            options["forced_bos_token_id"] = translator._target_id()
        lengths = [length(row) for row in rows]
        end = EndAt(lengths, model.generation_config.eos_token_id, special(translator))
        with torch.inference_mode():
            out = model.generate(**inputs, **options, logits_processor=[end], max_length=None)
        # The first tokens are the start, and the language where it is forced; tokenizers differ in what they leave out.
        first = 2 if "forced_bos_token_id" in options else 1
        made += tokenizer.batch_decode(out[:, first:], skip_special_tokens=True)
    return made


def code_of(call: Any) -> list[str]:
    try:
        call()
    except BenchwrightError as error:
        problem = error.problems[0]
        return [problem.code, f"{problem.expected} {problem.found}"]
    return ["ok", ""]


def main(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    models = {kind: build(kind, folder) for kind in ("nllb", "m2m", "madlad", "marian", "t5")}
    for kind, model in models.items():
        translator = ending(opened(model, sentences="no", tokens="400"))
        own, other = texts_of(translator, TEXTS), plain_loop(translator, TEXTS)
        found[kind] = {
            "rows": len(own),
            "same": sum(a == b for a, b in zip(own, other, strict=True)),
            "signatures": [
                opened(model, **settings).signature
                for settings in ({}, {"beams": "2"}, {"temperature": "0.5"}, {"dtype": "bfloat16"}, {"sentences": "no"})
            ],
            "language": translator._plan.target,
            "unknown": code_of(lambda model=model: opened(model, "pl" if model.name != "m2m" else "tlh")),
        }
    plain = models["t5"]
    long = " ".join(f"The fish {n} swims." for n in range(300))
    found["long"] = _long(ending(opened(plain)), long)
    found["cut"] = [texts_of(opened(plain, longest="30"), ["a red fish"])[0], None]
    found["memory"] = _memory(plain)
    found["devices"] = texts_of(_two(plain), TEXTS) == texts_of(ending(opened(plain)), TEXTS)
    found["unreadable"] = _unreadable(folder, plain)
    found["pair"] = _pair(folder, models["marian"])
    found["items"] = _items(folder, plain)
    return found


def _long(engine: Seq2Seq, long: str) -> dict[str, int]:
    calls: list[int] = []
    usual = engine._generated

    def counted(device: str, rows: Sequence[Sequence[int]], limit: int) -> list[list[int] | None]:
        calls.append(len(rows))
        return usual(device, rows, limit)

    engine._generated = counted  # type: ignore[method-assign]
    made = texts_of(engine, [long])
    return {"sentences": sum(calls) if made[0] not in (None, "text-cut") else 0, "expected": 300}


def _memory(model: Path) -> dict[str, Any]:
    engine = ending(opened(model, tokens="900"))
    usual = engine._generated

    def scarce(device: str, rows: Sequence[Sequence[int]], limit: int) -> list[list[int] | None]:
        if len(rows) * max(map(len, rows)) > 300:
            raise torch.OutOfMemoryError("no memory")
        return usual(device, rows, limit)

    engine._generated = scarce  # type: ignore[method-assign]
    texts = TEXTS[:30]
    same = texts_of(engine, texts) == texts_of(ending(opened(model)), texts)

    def none(*_: Any) -> Any:
        raise torch.OutOfMemoryError("no memory")

    engine._generated = none  # type: ignore[method-assign, assignment]
    return {"same": same, "said": engine.said, "one": code_of(lambda: texts_of(engine, ["a new fish"]))[0]}


def _two(model: Path) -> Seq2Seq:
    engine = ending(opened(model))
    engine._devices = ["cpu", "cpu:0"]
    return engine


def _unreadable(folder: Path, model: Path) -> list[str]:
    bare = folder / "bare"
    bare.mkdir()
    shutil.copy(model / "config.json", bare)
    broken = folder / "broken"
    shutil.copytree(model, broken)
    (broken / "model.safetensors").write_bytes(b"nothing")
    missing = folder / "nowhere"
    return [
        code_of(lambda: opened(bare))[0],
        code_of(lambda: opened(missing))[0],
        code_of(lambda: texts_of(opened(broken), ["fish"]))[0],
    ]


def _pair(folder: Path, marian: Path) -> list[str]:
    one = folder / "opus-mt-en-es"
    shutil.copytree(marian, one)
    vocab = json.loads((one / "vocab.json").read_text(encoding="utf-8"))
    kept = {word.replace(">>spa<<", "xspax").replace(">>fra<<", "xfrax"): number for word, number in vocab.items()}
    (one / "vocab.json").write_text(json.dumps(kept), encoding="utf-8")
    return [
        code_of(lambda: opened(one, pair="en-es"))[0],
        code_of(lambda: opened(one, "fr", pair="en-es"))[0],
        code_of(lambda: opened(one))[0],
    ]


def _items(folder: Path, model: Path) -> dict[str, int]:
    usual = Seq2Seq._processors

    def processors(self: Seq2Seq, rows: Sequence[Sequence[int]]) -> list[Any]:
        return [EndAt([length(row) for row in rows], self._tokenizer.eos_token_id, special(self))]

    Seq2Seq._processors = processors  # type: ignore[method-assign]
    options = tuple(
        Option(id=name, label=name, text=text) for name, text in zip("ABC", ("gill", "red fish", "Fin."), strict=True)
    )
    items = [
        Item(
            group=f"ex/2031/1/00{n}",
            language="en",
            origin_language="en",
            stem=TEXTS[n],
            options=options,
            exam=Exam(code="ex", edition="2031", part="1", number=str(n)),
        )  # type: ignore[call-arg]
        for n in (1, 2, 3)
    ]
    to_frame(items, Item).write_parquet(folder / "en.parquet")
    wish = TranslateWish(["es"], engine_wishes(["transformers"], [f"model={model}"]), cache=folder / "cache")
    made = translate_items([folder / "en.parquet"], folder / "es.parquet", wish)
    Seq2Seq._processors = usual  # type: ignore[method-assign]
    return {"made": made.made, "rejected": made.rejects.height}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
