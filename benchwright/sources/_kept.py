"""Small files that a process keeps for later ones: the tables of the package as they were read, machine code.

They lie in the cache folder of the user and may be deleted at any time. A file that another user could have written
is not read.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

__all__ = ["keep", "kept", "kept_file", "trusted", "yaml_table"]

_LARGEST: Final = 1 << 20


def kept_file(name: str) -> Path | None:
    """Return where a file is kept, or None where the user has no folder for it."""
    folder = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(folder) if folder else Path.home() / ".cache") / "benchwright" / name
    except RuntimeError:
        return None


def trusted(descriptor: int) -> bool:
    """Tell whether an open file is this user's own, cannot be written by others and is small."""
    about = os.fstat(descriptor)
    own = not hasattr(os, "getuid") or about.st_uid == os.getuid()
    return own and not about.st_mode & 0o022 and 0 < about.st_size <= _LARGEST


def kept(name: str) -> bytes | None:
    """Return what an earlier process kept, or None where nothing can be trusted."""
    path = kept_file(name)
    try:
        if path is None:
            return None
        with path.open("rb") as stream:
            return stream.read() if trusted(stream.fileno()) else None
    except OSError:
        return None


def keep(name: str, data: bytes) -> None:
    """Keep a file as a whole; a full or read-only disk only costs later processes time."""
    path = kept_file(name)
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
            stream.write(data)
        Path(stream.name).replace(path)
    except OSError:
        return


def yaml_table(name: str) -> Any:
    """Return ``data/NAME.yaml`` of this package. Reading YAML takes 50 times as long as reading what was kept of it."""
    text = files("benchwright.sources").joinpath(f"data/{name}.yaml").read_bytes()
    place = f"{name}-{hashlib.sha256(text).hexdigest()[:20]}.json"
    found = kept(place)
    if found is not None:
        try:
            return json.loads(found)
        except ValueError:
            pass
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load(text.decode("utf-8"))
    if json.loads(data := json.dumps(table, ensure_ascii=False)) == table:
        keep(place, data.encode())
    return table
