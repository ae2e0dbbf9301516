"""Make an environment from its lock file."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from benchwright._version import __version__
from benchwright.builder.environments._lock import Lock, lock_of
from benchwright.builder.environments._place import MARK, Made, made, place_of
from benchwright.builder.store import write_json, writing
from benchwright.schemas.errors import InputError, MissingDependencyError, Problem

__all__ = ["install"]

_TORCH: Final = re.compile(r"torch==")
_OWN_INDEX: Final = re.compile(r"(index-url|find-links|no-index)='?\S")
Say = Callable[[str], None]


def install(
    name: str, *, wheels: Path | None = None, python: Path | None = None, again: bool = False, say: Say | None = None
) -> Made:
    """Make an environment, or return the one that was made from the present lock file.

    torch is the build without CUDA unless a GPU is seen; where pip is told of an index or a wheel folder of its own,
    that alone decides.

    Args:
        name: a lock file's name.
        wheels: folder of wheels; nothing is then fetched from an index.
        python: the interpreter the environment is made with; this one by default.
        again: make it anew.
        say: called with each step in words.

    Raises:
        NotFoundError: ``name-unknown``; ``file-not-found`` for a folder of wheels that is not there.
        InputError: ``environment-failed``: pip could not install what the lock file names, or it does not load.
        MissingDependencyError: the interpreter has no ``venv``.
        OutputError: the cache folder cannot be written.
    """
    lock = lock_of(name)
    tell = say or (lambda _: None)
    if wheels is not None and not wheels.is_dir():
        raise InputError(
            Problem(
                "file-not-found",
                "there is no folder of wheels",
                str(wheels),
                expected="a folder",
                remedy=f"`pip download` fills one; it needs: {' '.join(lock.packages[:4])} ...",
            )
        )
    folder = place_of(lock)
    with _alone(folder):
        found = None if again else made(name)
        if found is not None:
            return found
        with writing(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        tell(f"making {folder}")
        _run([str(python or sys.executable), "-m", "venv", str(folder)], lock, "the environment")
        _packages(lock, folder, wheels, tell)
        tell("checking that it loads")
        program = "\n".join(f"import {one}" for one in lock.imports)
        _run([str(folder / "bin/python"), "-c", program], lock, f"import of {', '.join(lock.imports)}")
        write_json(folder / MARK, {"lock_sha256": lock.sha256, "torch": _torch(folder), "name": name})
    done = made(name)
    if done is None:
        raise _failed(lock, "the environment", "it was removed while it was made")
    return done


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time make an environment."""
    with writing(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        stream = folder.with_name(f".{folder.name}.lock").open("w")
    with stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _packages(lock: Lock, folder: Path, wheels: Path | None, tell: Say) -> None:
    pip = [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if wheels is not None:
        pip += ["--no-index", "--find-links", str(wheels)]
    with tempfile.TemporaryDirectory(prefix="benchwright-lock-") as scratch:
        pins = Path(scratch) / "pins.txt"
        pins.write_text("\n".join(lock.packages) + "\n", encoding="utf-8")
        # torch first and alone: what pulls it in would take another build of it.
        torch = [one for one in lock.packages if _TORCH.match(one)]
        if torch:
            cpu = _cpu_index(lock, folder) if wheels is None and not _gpu() else []
            tell(f"installing {torch[0]}{' without CUDA' if cpu else ''}")
            _run([*pip, *cpu, "--constraint", str(pins), *torch], lock, torch[0])
        tell(f"installing {len(lock.packages) - len(torch)} packages")
        own = [] if lock.own_extra is None else _own(lock.own_extra)
        _run([*pip, "--requirement", str(pins), *own], lock, "the packages of the lock file")


def _gpu() -> bool:
    """Tell whether the driver of NVIDIA lists a GPU."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return False
    done = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=30, check=False)
    return done.returncode == 0 and "GPU" in done.stdout


def _cpu_index(lock: Lock, folder: Path) -> list[str]:
    """Return the option for the index of wheels without CUDA; none where pip has an index of its own."""
    if lock.cpu_index is None:
        return []
    command = [str(folder / "bin/python"), "-m", "pip", "config", "list"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).stdout
    return [] if _OWN_INDEX.search(told) else ["--extra-index-url", lock.cpu_index]


def _own(extra: str) -> list[str]:
    """Return what installs this package with an extra: its checkout, or the version that runs."""
    try:
        told = json.loads(metadata.distribution("benchwright").read_text("direct_url.json") or "{}")
    except (metadata.PackageNotFoundError, ValueError):
        told = {}
    address = urlsplit(told.get("url", ""))
    if address.scheme == "file":
        local = f"{unquote(address.path)}[{extra}]"
        return ["--editable", local] if told.get("dir_info", {}).get("editable") else [local]
    return [f"benchwright[{extra}]=={__version__}"]


def _torch(folder: Path) -> str | None:
    """Return the version of torch in an environment, its build included."""
    found = sorted(folder.glob("lib/python3*/site-packages/torch-*.dist-info"))
    return found[0].name[len("torch-") : -len(".dist-info")] if found else None


def _run(command: Sequence[str], lock: Lock, what: str) -> None:
    """Run a step with no settings of this environment.

    Raises:
        InputError: it ended with an error.
    """
    left = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    env = {name: value for name, value in os.environ.items() if name not in left}
    try:
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    except OSError as error:
        raise MissingDependencyError(
            Problem(
                "dependency-missing",
                "an environment is made with a Python that has the module venv",
                file=command[0],
                found=error.strerror,
                remedy="name another interpreter with --python",
            )
        ) from error
    if done.returncode:
        raise _failed(lock, what, (done.stderr or done.stdout).strip()[-600:] or f"exit code {done.returncode}")


def _failed(lock: Lock, what: str, found: str) -> InputError:
    return InputError(
        Problem(
            "environment-failed",
            f"the environment {lock.name} could not be made: {what}",
            file=str(place_of(lock)),
            found=found,
            expected=f"{len(lock.packages)} packages, as benchwright/builder/environments/locks/{lock.name}.toml says",
            remedy="check the network, or give a folder that has the wheels: --wheels DIR",
        )
    )
