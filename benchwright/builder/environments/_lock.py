"""Lock files: which packages, in which versions, an environment is made of."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from benchwright.schemas.errors import NotFoundError, Problem
from benchwright.schemas.text import sha256_text

__all__ = ["Lock", "lock_of", "locks"]

_PACKAGE = "benchwright.builder.environments"


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock file.

    A file ``locks/NAME.toml`` has the keys ``feature`` (what the environment is needed for), ``main`` (the package
    whose version is told), ``imports`` (modules that must load when all is installed), ``packages`` (every package as
    ``name==version``), and may have ``own_extra`` (an extra of this package, which is then installed too) and
    ``cpu_index`` (where wheels of torch without CUDA lie).
    """

    name: str
    feature: str
    main: str
    imports: tuple[str, ...]
    packages: tuple[str, ...]
    sha256: str
    own_extra: str | None = None
    cpu_index: str | None = None

    @property
    def version(self) -> str:
        """The version of the main package."""
        found = (one.split("==") for one in self.packages)
        return next((version for name, version in found if name == self.main), "unknown")


@cache
def locks() -> dict[str, Lock]:
    """Return all lock files by the name of their environment, sorted."""
    folder = files(_PACKAGE) / "locks"
    texts = {one.name[: -len(".toml")]: one.read_text(encoding="utf-8") for one in folder.iterdir() if _is_lock(one)}
    return {name: _read(name, texts[name]) for name in sorted(texts)}


def _is_lock(file: object) -> bool:
    return str(getattr(file, "name", "")).endswith(".toml")


def _read(name: str, text: str) -> Lock:
    data = tomllib.loads(text)
    return Lock(
        name=name,
        feature=data["feature"],
        main=data["main"],
        imports=tuple(data["imports"]),
        packages=tuple(data["packages"]),
        sha256=sha256_text(text),
        own_extra=data.get("own_extra"),
        cpu_index=data.get("cpu_index"),
    )


def lock_of(name: str) -> Lock:
    """Return the lock file of an environment.

    Raises:
        NotFoundError: ``name-unknown``, with the names there are.
    """
    known = locks()
    if name not in known:
        raise NotFoundError(
            Problem(
                "name-unknown",
                f"there is no environment {name!r}",
                found=repr(name),
                expected=f"one of {', '.join(known)}",
                remedy="`benchwright doctor` lists them",
            )
        )
    return known[name]
