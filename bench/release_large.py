"""A release with a file larger than memory should hold, and pictures of more than one shard: time and peak memory.

    python bench/release_large.py FOLDER [--bytes 6000000000] [--pictures 14]

Needs the extra [hub] and about five times the bytes on the disk under FOLDER, which is emptied at the end. Each command
runs in a process of its own; the hub is that of the tests, on the loopback, takes the file in parts, and keeps its
objects on the disk. Peak memory is that of the command's process, as the system counts it.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import multiprocessing
import os
import random
import shutil
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

BLOCK = 1 << 24
SIDE = 3500
STEPS = ("release", "verify", "publish-folder", "dry-run", "publish-hub", "publish-again", "verify-hub", "load")
PART = 500_000_000


def sound(folder: Path, size: int) -> tuple[str, str]:
    """Write a file of so many bytes that do not repeat, and return its name and SHA-256."""
    chance, found = random.Random(3), hashlib.sha256()
    block = chance.randbytes(BLOCK)
    path = folder / "sound.mp3"
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        for number in range(-(-size // BLOCK)):
            piece = (number.to_bytes(8, "big") + block[8:])[: size - number * BLOCK]
            found.update(piece)
            stream.write(piece)
    return path.name, found.hexdigest()


def drawing(folder: Path, number: int) -> tuple[str, str]:
    """Write a picture that does not compress, of about 37 megabytes."""
    from PIL import Image

    stream = io.BytesIO()
    pixels = random.Random(number).randbytes(3 * SIDE * SIDE)
    Image.frombytes("RGB", (SIDE, SIDE), pixels).save(stream, "PNG", compress_level=0)
    digest = hashlib.sha256(stream.getvalue()).hexdigest()
    (folder / f"{digest}.png").write_bytes(stream.getvalue())
    return f"{digest}.png", digest


def make(folder: Path, size: int, pictures: int) -> None:
    from release import drawn, project_of

    from benchwright.schemas import Media

    items = [one for one in drawn(2 * (pictures + 1)) if one.language == "es"]
    media = folder / "p/build/media"
    name, digest = sound(media, size)
    files = [Media(sha256=digest, media_type="audio/mpeg", file=name, role="audio")]
    for number in range(pictures):
        name, digest = drawing(media, number)
        files.append(Media(sha256=digest, media_type="image/png", file=name, attached_to="stem"))
    shown = [item.replace(media=(one,)) for item, one in zip(items, files, strict=True)]
    project_of(folder / "p", shown)


def step(name: str, folder: Path) -> Any:
    """Do one step and return what it found."""
    from benchwright.builder.publish import fetched, publish
    from benchwright.builder.release import _build, make_release, verify_release
    from benchwright.builder.status import ProjectStatus, StageStatus

    release = folder / "p/release/1.0.0"
    if name == "release":
        done = StageStatus("parse", done=1, stale=0, missing=0)
        _build.project_status = lambda _: ProjectStatus((done,), (), gate_met=True)
        make_release(folder / "p", "1.0.0")
        return sorted(f"{one.name} {one.stat().st_size}" for one in release.rglob("*.parquet") if "data" in one.parts)
    if name == "verify":
        return verify_release(release).ok
    if name == "publish-folder":
        return publish(release, f"dir:{folder / 'shelf'}").steps
    if name in {"dry-run", "publish-hub", "publish-again"}:
        return publish(release, "hf:tester/large", dry_run=name == "dry-run").steps
    if name == "verify-hub":
        with fetched("hf:tester/large@v1.0.0") as place:
            return verify_release(place).ok
    import datasets

    rows = datasets.load_dataset("tester/large", "es", split="test", revision="v1.0.0", streaming=True)
    return sum(len(row["images"]) for row in rows)


def hub(pipe: Connection, folder: Path) -> None:
    from tests.services.hub import running_hub

    folder.mkdir(parents=True)
    with running_hub() as (address, state):
        state.folder, state.part = folder, PART
        pipe.send(address)
        pipe.recv()


def timed(name: str, folder: Path, environment: dict[str, str]) -> None:
    """Run a step in a process and print its seconds and peak memory."""
    started = time.monotonic()
    command = [sys.executable, __file__, str(folder), "--step", name]
    process = os.posix_spawn(sys.executable, command, {**os.environ, **environment})
    _, status, usage = os.wait4(process, 0)
    seconds, peak = time.monotonic() - started, usage.ru_maxrss / 1024
    print(f"{name}: exit {os.waitstatus_to_exitcode(status)}, {seconds:.1f} s, peak {peak:,.0f} MiB", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bytes", type=int, default=6_000_000_000)
    parser.add_argument("--pictures", type=int, default=14)
    parser.add_argument("--step", choices=STEPS)
    wish = parser.parse_args()
    if wish.step:
        print(json.dumps(step(wish.step, wish.folder)))
        return 0
    folder = wish.folder / "large"
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=hub, args=(theirs, folder / "hub"), daemon=True)
    try:
        make(folder, wish.bytes, wish.pictures)
        server.start()
        names = {"HF_ENDPOINT": ours.recv(), "HF_HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp")}
        names |= {"HF_TOKEN": "hf_tests", "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
        (folder / "tmp").mkdir()
        for name in STEPS:
            timed(name, folder, names)
            if name == "publish-folder":
                shutil.rmtree(folder / "shelf", ignore_errors=True)
        ours.send(None)
        server.join(60)
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
