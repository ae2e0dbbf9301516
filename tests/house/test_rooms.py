"""The rooms: where they stand, what they import, and that the contracts can be broken."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.checkout import PACKAGE, ROOMS, ROOT, imports_of, modules, name_of

SCRIPTS = Path(sys.executable).parent


@pytest.mark.parametrize("room", ROOMS)
def test_link_points_at_the_room(room: str) -> None:
    link = ROOT / room
    assert link.is_symlink()
    assert link.readlink() == Path("benchwright") / room
    assert link.resolve() == PACKAGE / room
    assert (link / "__init__.py").is_file()


def test_nothing_imports_the_links() -> None:
    bare = [
        f"{name_of(path)}:{line} imports {name}"
        for path in modules("benchwright", "tests", "examples", "bench")
        for line, name in imports_of(path)
        if name.split(".")[0] in ROOMS
    ]
    assert bare == []


def test_the_package_has_no_other_room() -> None:
    found = {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert found == set(ROOMS)


def test_typesetter_is_independent_of_the_parser() -> None:
    leaks = [
        f"{name_of(path)}:{line} imports {name}"
        for path in modules("tests/typesetter")
        for line, name in imports_of(path)
        if name.startswith("benchwright")
    ]
    assert leaks == []


def lint(folder: Path, package: str) -> subprocess.CompletedProcess[str]:
    """Run import-linter on a package of the test's own making, with our kind of contract."""
    (folder / "setup.cfg").write_text(
        f"[importlinter]\nroot_package = {package}\n"
        "contract_types =\n    plugin_independence: tests.house.contracts.PluginIndependence\n"
        f"[importlinter:contract:apart]\nname = apart\ntype = plugin_independence\nroom = {package}.room\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(folder)])}
    return subprocess.run(
        [SCRIPTS / "lint-imports", "--config", "setup.cfg", "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("files", "broken"),
    [
        ({"one.py": "from pkg.room import _kit\n", "_kit.py": "", "two.py": "import pkg.room._kit\n"}, None),
        ({"one.py": "from pkg.room import two\n", "two.py": ""}, "pkg.room.one -> pkg.room.two (line 1)"),
        ({"_kit.py": "\nimport pkg.room.two\n", "two.py": ""}, "pkg.room._kit -> pkg.room.two (line 2)"),
        ({"one.py": "", "two.py": "def f():\n    import pkg.room.one\n"}, "pkg.room.two -> pkg.room.one (line 2)"),
    ],
)
def test_plugin_contract(tmp_path: Path, files: dict[str, str], broken: str | None) -> None:
    room = tmp_path / "pkg" / "room"
    room.mkdir(parents=True)
    for folder in (tmp_path / "pkg", room):
        (folder / "__init__.py").touch()
    for name, text in files.items():
        (room / name).write_text(text, encoding="utf-8")
    outcome = lint(tmp_path, "pkg")
    assert outcome.returncode == (0 if broken is None else 1), outcome.stdout + outcome.stderr
    assert broken is None or broken in outcome.stdout


def test_contracts_of_the_package_are_kept() -> None:
    outcome = subprocess.run(
        [SCRIPTS / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
    assert "6 kept, 0 broken" in outcome.stdout
