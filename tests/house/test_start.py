"""The command starts light: what `--help` loads, and what it costs."""

from __future__ import annotations

import resource
import subprocess
import sys

import benchwright

HEAVY = ("PIL", "datasets", "ftfy", "jinja2", "numpy", "polars", "pyarrow", "pypdfium2", "rapidfuzz", "torch")
HELP = """
import sys
from benchwright.builder.cli import main
sys.argv = ["benchwright", "--help"]
try:
    main()
except SystemExit as stop:
    code = stop.code or 0
else:
    code = 0
print("LOADED", code, *sorted(name for name in sys.modules if "." not in name))
"""
MOST_SECONDS = 0.3


def run_help() -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=True)


def test_help_loads_nothing_heavy() -> None:
    output = run_help().stdout
    code, *loaded = output[output.index("LOADED") :].split()[1:]
    assert code == "0"
    assert "benchwright" in loaded
    assert sorted(set(HEAVY) & set(loaded)) == []


def test_help_is_quick() -> None:
    """Processor time, not clock time: the machine may be busy with the other half of the suite."""
    times: list[float] = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run_help()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(times) < MOST_SECONDS, times


def test_import_is_light_and_versioned() -> None:
    code = "import sys, benchwright; print(benchwright.__version__, 'polars' in sys.modules)"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.split() == [benchwright.__version__, "False"]
