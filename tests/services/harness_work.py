"""Run by the Python of an environment with inspect_ai: runs an exported task with a model whose answers are given.

    python -m tests.services.harness_work FOLDER NAME

Prints one JSON document with the scores and what the first sample holds.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    folder, name = Path(sys.argv[1]), sys.argv[2]
    os.chdir(folder)
    from inspect_ai import eval as evaluate  # pyright: ignore[reportMissingImports]
    from inspect_ai.model import ModelOutput, ModelUsage, get_model  # pyright: ignore[reportMissingImports]

    rows = [json.loads(line) for line in Path(f"{name}.jsonl").read_text(encoding="utf-8").split("\n") if line]
    # Every other answer is right; with a usage nothing is counted, and no tokenizer fetched.
    outputs = []
    for place, row in enumerate(rows):
        right = row["accepted"][0] if row["form"] == "open" else ", ".join(row["answers"][0])
        output = ModelOutput.from_content("mockllm/model", f"I think.\n{right if place % 2 == 0 else 'none'}")
        output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        outputs.append(output)
    model = get_model("mockllm/model", custom_outputs=outputs)
    log = evaluate(f"{name}.py", model=model, log_dir="logs", display="none", max_samples=1, max_connections=1)[0]
    samples: list[Any] = log.samples or []
    scores = log.results.scores if log.results else []
    told = {
        "status": log.status,
        "error": log.error.message if log.error else None,
        "ids": [one.id for one in samples],
        "right": [one.scores["answers"].value["exact"] for one in samples],
        "metrics": {one.name: {key: metric.value for key, metric in one.metrics.items()} for one in scores},
        "pictures": sum("image" in str(one.input)[:2_000_000] for one in samples),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
