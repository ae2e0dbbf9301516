"""What of the packages and programs that Benchwright can use is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from typing import Final

__all__ = ["Part", "examine"]

_PROGRAMS: Final = (
    ("tesseract", ("tesseract",), "pages without a text layer", "apt-get install tesseract-ocr"),
    (
        "chromium",
        ("chromium", "chromium-browser", "google-chrome"),
        "the project's own tests",
        "apt-get install chromium",
    ),
)
_REQUIREMENT = re.compile(r"^([A-Za-z0-9._-]+)")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_VERSION = re.compile(r"\d+(\.\d+)+")
_TIMEOUT_S: Final = 20


@dataclass(frozen=True, slots=True)
class Part:
    """One package, program or environment; ``version`` is null when it is not there."""

    name: str
    feature: str
    version: str | None
    install: str


def examine() -> list[Part]:
    """Return the packages of the core, those of each extra, the programs, and the environments of their own."""
    return [*_packages(), *(_program(*one) for one in _PROGRAMS), *_environments()]


def _environments() -> Iterator[Part]:
    from benchwright.builder.environments import locks, made

    for name, lock in locks().items():
        version = lock.version if made(name) else None
        yield Part(f"{lock.main} (environment)", lock.feature, version, f"benchwright doctor --install {name}")


def _packages() -> Iterator[Part]:
    try:
        requirements = metadata.requires("benchwright") or []
    except metadata.PackageNotFoundError:
        requirements = []
    for requirement in requirements:
        match, extra = _REQUIREMENT.match(requirement), _EXTRA.search(requirement)
        if match and not (extra and extra.group(1) == "dev"):
            feature = f"extra [{extra.group(1)}]" if extra else "core"
            install = f"pip install 'benchwright[{extra.group(1)}]'" if extra else "pip install benchwright"
            yield Part(match.group(1), feature, _installed(match.group(1)), install)


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _program(name: str, commands: tuple[str, ...], feature: str, install: str) -> Part:
    path = next((found for command in commands if (found := shutil.which(command))), None)
    return Part(name, feature, _version(path) if path else None, install)


def _version(path: str) -> str | None:
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(done.stdout + done.stderr)
    return found.group() if found else "unknown"
