"""``benchwright predict``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    import polars as pl

    from benchwright.builder.predict import PredictWish
    from benchwright.builder.predict._model import Model

__all__ = ["register"]

_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "predict",
        epilog=examples(
            "benchwright predict items.parquet --model http://127.0.0.1:8000/v1 --name my-model -o predictions.parquet",
            "benchwright predict items.parquet --model http://127.0.0.1:8000/v1 --name my-model "
            "--condition options-only -o stemless.parquet",
            "benchwright predict items.parquet --model https://example.org/v1 --name m --key-env API_KEY --repeats 3 "
            "-o three.parquet",
            "benchwright predict items.parquet --model models/small --device cuda -o predictions.parquet",
            "benchwright predict items.parquet --model models/small --condition back-translated --back back.parquet "
            "-o back-predictions.parquet",
        ),
    )(predict)


def predict(
    files: Annotated[
        list[Path], typer.Argument(metavar="ITEMS...", help="Projects, tables of items, or files to import.")
    ],
    model: Annotated[
        str,
        typer.Option(
            "--model",
            metavar="URL|PATH",
            help="Address of an OpenAI-compatible server up to /v1: items go there. Or a folder with a causal language "
            "model, or its name on a hub, as hf:ORG/NAME: the model runs here.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Table of predictions to write.")],
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Name of the model, as a server calls it; of a folder, its own."),
    ] = None,
    condition: Annotated[
        str,
        typer.Option("--condition", metavar="NAME", help="full, options-only, shuffled, truncated or back-translated."),
    ] = "full",
    back: Annotated[
        Path | None,
        typer.Option("--back", metavar="ITEMS", help="The items translated there and back, in their own language."),
    ] = None,
    repeats: Annotated[int, typer.Option("--repeats", metavar="N", help="How often each item is asked.", min=1)] = 1,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Draws the orders of shuffled options.")] = 0,
    key_env: Annotated[
        str | None, typer.Option("--key-env", metavar="NAME", help="Environment variable that holds the key.")
    ] = None,
    temperature: Annotated[float, typer.Option("--temperature", metavar="T", help="Of sampling.", min=0.0)] = 0.0,
    concurrency: Annotated[int, typer.Option("--concurrency", metavar="N", help="Requests at a time.", min=1)] = 4,
    rate: Annotated[
        float | None, typer.Option("--rate", metavar="N", help="Requests a minute at most.", min=0.001)
    ] = None,
    device: Annotated[
        str | None,
        typer.Option("--device", metavar="NAME", help="cpu or cuda, for a model here; default: a GPU if any."),
    ] = None,
    dtype: Annotated[
        str | None,
        typer.Option("--dtype", metavar="NAME", help="float32 or bfloat16; default: bfloat16 on a GPU, else float32."),
    ] = None,
    tokens: Annotated[
        int | None, typer.Option("--tokens", metavar="N", help="Tokens of a batch, padding included.", min=1)
    ] = None,
    by: Annotated[
        str, typer.Option("--by", metavar="WHAT", help="What a model here scores after the prompt: letter or text.")
    ] = "letter",
    revision: Annotated[
        str | None, typer.Option("--revision", metavar="COMMIT", help="Commit of a model on a hub.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", help="Only the first items by id.", min=1)
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count prompts and signs; ask nothing.")] = False,
    as_json: JsonFlag = False,
    quiet: QuietFlag = False,
    verbose: VerboseFlag = False,
) -> None:
    """Ask a model the items, and write its answers for `audit --predictions`.

    The prompt is in the language of the item: the question, lettered options, and a request for one letter. Every reply
    is kept beside the output, so that a stopped run goes on and nothing is asked twice. Items go to the server that
    --model names, and nowhere else. Of a model on this machine the likeliest option is the answer, and the
    log-likelihoods of all are written.
    """
    with Reply("predict", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder._auditinputs import find_inputs, read_inputs
        from benchwright.builder.predict import PredictWish, predict_items
        from benchwright.builder.predict._asked import CONDITIONS, with_texts_of

        _refuse("--condition", condition, CONDITIONS)
        _refuse("--by", by, ("letter", "text"))
        _refuse("--dtype", dtype, (None, "float32", "bfloat16"))
        if (back is None) != (condition != "back-translated"):
            raise typer.BadParameter("goes with --condition back-translated", param_hint="--back")
        served = model.startswith(("http://", "https://"))
        if served and name is None:
            raise typer.BadParameter("a server wants to know which of its models", param_hint="--name")
        items = read_inputs(find_inputs(files), progress=reply.progress).items.sort("id")
        items = items.head(limit) if limit else items
        whole = items.height
        if back is not None:
            items = with_texts_of(items, read_inputs(find_inputs([back]), progress=reply.progress).items)
            reply.say(f"{items.height} of {whole} items have a version that was translated back")
        wish = PredictWish(condition, repeats, seed)
        if dry_run:
            _dry(reply, items, wish)
            return
        asked: Model
        if served:
            from benchwright.builder.predict._chat import ChatModel

            drawn = seed if repeats > 1 else None
            asked = ChatModel(model, name or "", key_env, temperature, seed=drawn, concurrency=concurrency, rate=rate)
        else:
            from benchwright.builder.predict._causal import CausalModel

            if not model.startswith("hf:") and not Path(model).is_dir():
                raise typer.BadParameter("no such folder; a model on a hub is hf:ORG/NAME", param_hint="--model")
            place = model.removeprefix("hf:")
            asked = CausalModel(place, name, revision, device, dtype, tokens, "text" if by == "text" else "letter")
        run = predict_items(items, asked, wish, out, progress=reply.progress)
        reply.data = {
            "asked": run.asked,
            "cached": run.cached,
            "unread": run.unread,
            "failed": [{"item_id": item, "why": why} for item, why in run.failed],
            "skipped": run.skipped + whole - items.height,
            "accuracy": {language: {"right": right, "n": n} for language, (right, n) in run.accuracy.items()},
            "written": [str(out)],
        }
        rows = [[language, n, right, f"{100 * right / n:.1f} %"] for language, (right, n) in run.accuracy.items() if n]
        reply.table("Right", ["language", "n", "right", "share"], rows)
        reply.table("Failed", ["item", "why"], [list(one) for one in run.failed[:_SHOWN]])
        reply.say(f"{run.asked} asked, {run.cached} known, {run.unread} unread, {len(run.failed)} failed")
        reply.say(f"wrote {out}")


def _refuse(option: str, value: str | None, known: tuple[str | None, ...]) -> None:
    if value not in known:
        raise typer.BadParameter(f"one of {', '.join(filter(None, known))}", param_hint=option)


def _dry(reply: Reply, items: pl.DataFrame, wish: PredictWish) -> None:
    from benchwright.builder.predict.run import counted

    prompts, signs = counted(items, wish)
    reply.data = {"prompts": prompts, "characters": signs}
    reply.say(f"{prompts} prompts of {signs} characters; nothing was asked")
