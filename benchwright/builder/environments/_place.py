"""Where environments lie, and which are there."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchwright.builder.environments._lock import Lock, lock_of
from benchwright.builder.store import read_json
from benchwright.schemas.errors import MissingDependencyError, OutputError, Problem

__all__ = ["ENV_FOLDER", "MARK", "Made", "environment_folder", "find", "made"]

ENV_FOLDER: Final = "BENCHWRIGHT_ENVIRONMENTS"
"""Variable that names another folder for the environments."""
MARK: Final = "benchwright.json"
"""Written last: an environment without it was never finished."""


@dataclass(frozen=True, slots=True)
class Made:
    """An environment that is there."""

    name: str
    folder: Path
    lock_sha256: str
    torch: str | None = None
    """The build of torch, where there is one: it alone may differ from the lock file."""

    @property
    def python(self) -> Path:
        """The Python of the environment."""
        return self.folder / "bin" / "python"

    @property
    def signature(self) -> str:
        """What scores made in it depend on, for their signature."""
        parts = [self.name, self.lock_sha256[:12], *([f"torch{self.torch}"] if self.torch else [])]
        return ",".join(parts)


def environment_folder() -> Path:
    """Return the folder of all environments: in the cache of the user, or where :data:`ENV_FOLDER` says.

    Raises:
        OutputError: the user has no folder.
    """
    if told := os.environ.get(ENV_FOLDER):
        return Path(told).absolute()
    cache = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(cache) if cache else Path.home() / ".cache") / "benchwright" / "environments"
    except RuntimeError as error:
        raise OutputError(
            Problem(
                "output-not-writable",
                "there is no folder for environments",
                found="a user without a home folder",
                expected=f"a folder in {ENV_FOLDER}",
                remedy=f"set {ENV_FOLDER} to a folder that this user may write to",
            )
        ) from error


def place_of(lock: Lock) -> Path:
    """Return the folder of one environment: another lock file is another folder."""
    return environment_folder() / f"{lock.name}-{lock.sha256[:12]}"


def made(name: str) -> Made | None:
    """Return an environment, or None where it was not made from the present lock file.

    Raises:
        NotFoundError: ``name-unknown``.
    """
    lock = lock_of(name)
    folder = place_of(lock)
    told = read_json(folder / MARK)
    if not isinstance(told, dict) or told.get("lock_sha256") != lock.sha256:
        return None
    found = Made(name, folder, lock.sha256, told.get("torch"))
    return found if found.python.exists() else None


def find(name: str) -> Made:
    """Return an environment.

    Raises:
        NotFoundError: ``name-unknown``: there is no lock file of this name.
        MissingDependencyError: ``dependency-missing``: it was not made, or from an older lock file.
    """
    found = made(name)
    if found is None:
        lock = lock_of(name)
        raise MissingDependencyError(
            Problem(
                "dependency-missing",
                f"{lock.feature} needs {lock.main} {lock.version} in an environment of its own",
                file=str(place_of(lock)),
                expected=f"the environment {name}",
                remedy=f"benchwright doctor --install {name}",
            )
        )
    return found
