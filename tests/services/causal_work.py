"""Trains a tiny causal model on questions of a toy exam and asks it them: `python causal_work.py FOLDER`; prints JSON.

The colour in the stem tells the text that is right: the model learns to say it, whatever the order of the options.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import torch  # pyright: ignore[reportMissingImports]
from tokenizers import Tokenizer, models, pre_tokenizers  # pyright: ignore[reportMissingImports]
from transformers import (  # pyright: ignore[reportMissingImports]
    GPT2Config,
    GPT2LMHeadModel,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
)
from typer.testing import CliRunner

from benchwright.builder.predict import PredictWish, predict_items
from benchwright.builder.predict._asked import LETTERS, Asked, ask, with_texts_of
from benchwright.builder.predict._causal import CausalModel
from benchwright.schemas import Exam, Item, Key, Option
from benchwright.schemas.errors import BenchwrightError
from benchwright.schemas.rows import to_frame

torch.set_num_threads(1)
COLOURS = {"red": "rose", "blue": "sky", "green": "leaf"}
CREATURES = ["fox", "crow", "trout", "newt", "wren", "hare", "vole", "moth"]
STEPS = 400


def questions() -> list[Item]:
    """24 questions: three colours, eight creatures, the right option at places drawn."""
    chance, items = random.Random(5), []
    for number, (colour, creature) in enumerate([(one, two) for one in COLOURS for two in CREATURES], 1):
        texts = list(COLOURS.values())
        chance.shuffle(texts)
        options = tuple(Option(id=letter, label=letter, text=text) for letter, text in zip("ABC", texts, strict=True))
        right = "ABC"[texts.index(COLOURS[colour])]
        items.append(
            Item(
                group=f"toy/1/1/{number:03d}",
                language="en",
                origin_language="en",
                stem=f"the {colour} {creature} sees what",
                options=options,
                key=Key(status="official", answers=((right,),)),
                exam=Exam(code="toy", edition="1", part="1", number=str(number)),
            )  # type: ignore[call-arg]
        )
    return items


def table(items: Sequence[Item]) -> pl.DataFrame:
    return to_frame(list(items), Item).sort("id")


def prompts(items: Sequence[Item], condition: str = "full", repeats: int = 1) -> list[Asked]:
    rows = table(items).iter_rows(named=True)
    made = [ask(row, condition, repeat, 0) for row in rows for repeat in range(repeats)]
    return [one for one in made if one is not None]


def by_words(texts: Sequence[str]) -> PreTrainedTokenizerFast:
    words = sorted({word for text in texts for word in re.findall(r"\w+|[^\w\s]", text)} | set(LETTERS[:4]))
    vocabulary = {"<unk>": 0, "<end>": 1} | {word: place for place, word in enumerate(words, 2)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", eos_token="<end>")


def by_signs(texts: Sequence[str]) -> PreTrainedTokenizerFast:
    """A letter is two tokens: the space before it and itself."""
    signs = sorted({sign for text in texts for sign in text} | set(LETTERS[:4]))
    vocabulary = {"<unk>": 0, "<end>": 1} | {sign: place for place, sign in enumerate(signs, 2)}
    tokenizer = Tokenizer(models.BPE(vocabulary, [], unk_token="<unk>"))
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", eos_token="<end>")


def built(tokenizer: PreTrainedTokenizerFast, positions: int) -> GPT2LMHeadModel:
    torch.manual_seed(2)
    shape = {"n_embd": 64, "n_layer": 3, "n_head": 4, "n_positions": positions}
    quiet = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
    return GPT2LMHeadModel(GPT2Config(vocab_size=len(tokenizer), eos_token_id=1, bos_token_id=1, **shape, **quiet))


def trained(folder: Path, items: Sequence[Item]) -> Path:
    """Train on every order of the options, and save."""
    asked = [*prompts(items), *prompts(items, "shuffled", repeats=12)]
    keys = {one.id: one.key.answers[0][0] for one in items}
    texts = [one.texts[one.shown.index(keys[one.item_id])] for one in asked]
    tokenizer = by_words([one.prompt for one in asked])
    model = built(tokenizer, 64)
    rows = torch.tensor([tokenizer.encode(one.prompt) for one in asked])
    right = torch.tensor([tokenizer.convert_tokens_to_ids(text) for text in texts])
    steps = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for step in range(STEPS):
        some = torch.randint(len(asked), (64,), generator=torch.Generator().manual_seed(step))
        loss = torch.nn.functional.cross_entropy(model(rows[some]).logits[:, -1], right[some])
        steps.zero_grad()
        loss.backward()
        steps.step()
    return saved(folder / "trained", model, tokenizer)


def saved(folder: Path, model: Any, tokenizer: PreTrainedTokenizerFast) -> Path:
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def furthest(model: Path, asked: Sequence[Asked], by: Any) -> dict[str, Any]:
    """Return how far the scores of batches are from those of one row at a time, written anew."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(model)
    plain = GPT2LMHeadModel.from_pretrained(model).eval()
    gaps = []
    for said in CausalModel(str(model), by=by, tokens=700).answers(asked):
        follow = said.asked.texts if by == "text" else LETTERS[: len(said.asked.shown)]
        begin = len(tokenizer.encode(said.asked.prompt))
        for text, score in zip(follow, said.scores, strict=True):
            ids = tokenizer.encode(f"{said.asked.prompt} {text}")
            with torch.inference_mode():
                told = plain(torch.tensor([ids])).logits[0].log_softmax(-1)
            wanted = sum(told[place - 1, ids[place]].item() for place in range(begin, len(ids)))
            gaps.append(abs(wanted - score))
    return {"n": len(gaps), "furthest": max(gaps)}


def code_of(work: Callable[[], Any]) -> str:
    try:
        work()
    except BenchwrightError as error:
        return error.problems[0].code
    return "ok"


def resumed(folder: Path, model: Path, items: pl.DataFrame) -> dict[str, Any]:
    whole, again = folder / "whole.parquet", folder / "again.parquet"
    predict_items(items, CausalModel(str(model)), PredictWish(), whole)
    log = Path(f"{whole}.replies.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    Path(f"{again}.replies.jsonl").write_text("".join(log[:5]) + log[5][:20], encoding="utf-8")
    run = predict_items(items, CausalModel(str(model)), PredictWish(), again)
    same = pl.read_parquet(whole).equals(pl.read_parquet(again))
    return {"first": 5, "asked": run.asked, "cached": run.cached, "same": same}


def memory(model: Path, asked: Sequence[Asked]) -> dict[str, Any]:
    usual = {said.asked.item_id: said.text for said in CausalModel(str(model)).answers(asked)}
    scored = CausalModel._scored

    def small(self: CausalModel, batch: Any) -> list[float]:
        if len(batch) > most:
            raise torch.OutOfMemoryError("no memory")
        return scored(self, batch)

    CausalModel._scored = small  # type: ignore[method-assign]
    most = 4
    one = CausalModel(str(model))
    found = {said.asked.item_id: said.text for said in one.answers(asked)}
    most = 0
    code = code_of(lambda: list(CausalModel(str(model)).answers(asked)))
    CausalModel._scored = scored  # type: ignore[method-assign]
    return {"same": found == usual, "said": one.said[0], "one": code}


def back(folder: Path, model: Path, items: Sequence[Item]) -> dict[str, Any]:
    """Ask six items in the words of another version of them, and one whose options are others not at all."""
    versions = [
        replace_item(one, stem=one.stem.replace("sees what", "what sees")).replace(id=f"{one.id}#back")
        for one in items[:6]
    ]
    others = [*versions, replace_item(items[6], options=items[6].options[:2]).replace(id=f"{items[6].id}#back")]
    shown = with_texts_of(table(items), table(others))
    out = folder / "back.parquet"
    predict_items(shown, CausalModel(str(model)), PredictWish("back-translated"), out)
    found = pl.read_parquet(out)
    full = pl.read_parquet(folder / "full.parquet").filter(pl.col("item_id").is_in(found["item_id"].to_list()))
    return {
        "ids": found["item_id"].to_list() == [one.id for one in items[:6]],
        "n": found.height,
        "condition": found["condition"].unique().to_list(),
        "changed": found["prompt_hash"].to_list() != full["prompt_hash"].to_list(),
    }


def replace_item(one: Item, **changes: Any) -> Item:
    options = changes.get("options", one.options)
    known = {option.id for option in options}
    answers = tuple(response for response in one.key.answers if set(response) <= known)
    key = Key(status="official", answers=answers) if answers else Key(status="annulled")
    return one.replace(key=key, **changes)


def main(folder: Path) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    items = questions()
    frame = table(items)
    model = trained(folder, items)
    shuffled = prompts(items, "shuffled")
    signs = by_signs([one.prompt for one in shuffled])
    several = saved(folder / "signs", built(signs, 512), signs)
    told: dict[str, Any] = {
        "scores": {
            "letter": furthest(model, shuffled, "letter"),
            "text": furthest(model, shuffled, "text"),
            "several-tokens": furthest(several, shuffled, "letter"),
        },
        "right": {},
    }
    for condition in ("full", "shuffled", "options-only"):
        out = folder / f"{condition}.parquet"
        run = predict_items(frame, CausalModel(str(model), by="text"), PredictWish(condition), out)
        told["right"][condition] = run.accuracy["en"]
    full, mixed = (pl.read_parquet(folder / f"{name}.parquet") for name in ("full", "shuffled"))
    told["moved"] = mixed.filter(pl.col("shown").list.len() > 0).height
    best = mixed["loglikelihoods"].list.arg_max()
    told["own_order"] = [LETTERS[place] for place in best] == mixed["answer"].to_list() == full["answer"].to_list()
    told["back"] = back(folder, model, items)
    told["resumed"] = resumed(folder, model, frame)
    long = [*items[:3], items[3].replace(stem=" ".join(["the red fox"] * 40))]
    run = predict_items(table(long), CausalModel(str(model)), PredictWish(), folder / "long.parquet")
    told["long"] = {"failed": len(run.failed), "why": run.failed[0][1]}
    told["memory"] = memory(model, prompts(items))
    usual = CausalModel(str(model))
    kinds = [usual, replace(usual, dtype="bfloat16"), replace(usual, by="text"), CausalModel(str(several))]
    told["settings"] = [json.dumps(one.setting()) for one in kinds]
    told["refused"] = refused(folder, model)
    told["command"] = command(folder, frame, model)
    return told


def refused(folder: Path, model: Path) -> list[str]:
    tokenizer = PreTrainedTokenizerFast.from_pretrained(model)
    other = T5ForConditionalGeneration(T5Config(vocab_size=64, d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2))
    both = saved(folder / "t5", other, tokenizer)
    broken = folder / "broken"
    saved(broken, GPT2LMHeadModel.from_pretrained(model), tokenizer)
    (broken / "model.safetensors").write_bytes(b"nothing")
    asked = prompts(questions())[:1]
    places = [folder / "nowhere", both, broken]
    return [code_of(lambda place=place: list(CausalModel(str(place)).answers(asked))) for place in places]  # type: ignore[misc]


def command(folder: Path, frame: pl.DataFrame, model: Path) -> dict[str, Any]:
    from benchwright.builder.cli import app

    frame.write_parquet(folder / "items.parquet")
    words = ["predict", str(folder / "items.parquet"), "-o", str(folder / "out.parquet"), "--model"]
    done = CliRunner().invoke(app, [*words, str(model), "--device", "cpu", "--dtype", "bfloat16"])
    missing = CliRunner().invoke(app, [*words, str(folder / "none")])
    answers = pl.read_parquet(folder / "out.parquet")["answer"].drop_nulls().len() if done.exit_code == 0 else 0
    return {"exit": done.exit_code, "answers": answers, "missing": missing.exit_code}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
