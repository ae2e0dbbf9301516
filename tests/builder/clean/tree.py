"""The bytes of an output folder, without what may differ between runs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def tree(folder: Path) -> dict[str, str]:
    """Return the hash of every file; clock times and paths of the manifest, and logs, are left out."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or name.startswith("logs/"):
            continue
        data = path.read_bytes()
        if name == "manifest.json":
            document = json.loads(data)
            document.pop("run")
            document.pop("name")
            data = json.dumps(document, sort_keys=True).encode()
        found[name] = hashlib.sha256(data).hexdigest()
    return found
