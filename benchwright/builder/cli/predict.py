"""``benchwright predict``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchwright.builder.cli._kit import JsonFlag, QuietFlag, Reply, VerboseFlag, examples

if TYPE_CHECKING:
    import polars as pl

    from benchwright.builder.predict import PredictWish

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
        ),
    )(predict)


def predict(
    files: Annotated[
        list[Path], typer.Argument(metavar="ITEMS...", help="Projects, tables of items, or files to import.")
    ],
    model: Annotated[
        str,
        typer.Option(
            "--model", metavar="URL", help="Address of an OpenAI-compatible server up to /v1; items go there."
        ),
    ],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Name of the model, as the server calls it.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Table of predictions to write.")],
    condition: Annotated[
        str, typer.Option("--condition", metavar="NAME", help="full, options-only, shuffled or truncated.")
    ] = "full",
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
    is kept beside the output, so that a stopped run goes on and nothing is paid twice. Items go to the server that
    --model names, and nowhere else.
    """
    with Reply("predict", as_json=as_json, quiet=quiet, verbose=verbose) as reply:
        from benchwright.builder._auditinputs import find_inputs, read_inputs
        from benchwright.builder.predict import PredictWish, predict_items
        from benchwright.builder.predict._asked import CONDITIONS
        from benchwright.builder.predict._chat import ChatModel

        if condition not in CONDITIONS:
            raise typer.BadParameter(f"one of {', '.join(CONDITIONS)}", param_hint="--condition")
        if not model.startswith(("http://", "https://")):
            raise typer.BadParameter("an address that begins with http", param_hint="--model")
        items = read_inputs(find_inputs(files), progress=reply.progress).items.sort("id")
        items = items.head(limit) if limit else items
        wish = PredictWish(condition, repeats, seed)
        if dry_run:
            _dry(reply, items, wish)
            return
        asked = ChatModel(
            model, name, key_env, temperature, seed=seed if repeats > 1 else None, concurrency=concurrency, rate=rate
        )
        run = predict_items(items, asked, wish, out, progress=reply.progress)
        reply.data = {
            "asked": run.asked,
            "cached": run.cached,
            "unread": run.unread,
            "failed": [{"item_id": item, "why": why} for item, why in run.failed],
            "skipped": run.skipped,
            "accuracy": {language: {"right": right, "n": n} for language, (right, n) in run.accuracy.items()},
            "written": [str(out)],
        }
        rows = [[language, n, right, f"{100 * right / n:.1f} %"] for language, (right, n) in run.accuracy.items() if n]
        reply.table("Right", ["language", "n", "right", "share"], rows)
        reply.table("Failed", ["item", "why"], [list(one) for one in run.failed[:_SHOWN]])
        reply.say(f"{run.asked} asked, {run.cached} known, {run.unread} unread, {len(run.failed)} failed")
        reply.say(f"wrote {out}")


def _dry(reply: Reply, items: pl.DataFrame, wish: PredictWish) -> None:
    from benchwright.builder.predict.run import counted

    prompts, signs = counted(items, wish)
    reply.data = {"prompts": prompts, "characters": signs}
    reply.say(f"{prompts} prompts of {signs} characters; nothing was asked")
