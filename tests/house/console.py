"""Reads and runs the `console` blocks of a document."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BLOCK: Final = re.compile(
    r"^<!-- run(?: exit=(?P<exit>\d+))? -->\n```console\n(?P<body>.*?)^```$", flags=re.MULTILINE | re.DOTALL
)
COMMANDS: Final = Path(sys.executable).parent


@dataclass(frozen=True)
class Step:
    """One command of a block, the lines it is said to print (`...` stands for anything), and its exit code."""

    command: str
    prints: tuple[str, ...]
    code: int


def steps_of(text: str) -> Iterator[Step]:
    """Yield the commands marked `<!-- run -->`; the exit code of the mark is that of the block's last command."""
    for block in BLOCK.finditer(text):
        parts = re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]
        for position, part in enumerate(parts, 1):
            lines = part.replace("\\\n", " ").splitlines()
            prints = tuple(line for line in lines[1:] if line.strip())
            yield Step(lines[0], prints, int(block["exit"] or 0) if position == len(parts) else 0)


def run(step: Step, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one command in a folder, with the commands of this environment first on the path."""
    path = os.pathsep.join([str(COMMANDS), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "COLUMNS": "200", "NO_COLOR": "1", "TERM": "dumb"}
    return subprocess.run(
        ["bash", "-c", step.command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


def missing_lines(step: Step, output: str) -> list[str]:
    """Return the promised lines that do not occur in this order in the output; runs of spaces count as one."""
    rest = [" ".join(line.split()) for line in output.splitlines()]
    missing: list[str] = []
    for promised in step.prints:
        pattern = ".*".join(re.escape(piece) for piece in " ".join(promised.split()).split("..."))
        place = next((index for index, line in enumerate(rest) if re.fullmatch(pattern, line)), None)
        if place is None:
            missing.append(promised)
        else:
            rest = rest[place + 1 :]
    return missing
