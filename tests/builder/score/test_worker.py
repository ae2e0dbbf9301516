"""The talk with a worker, with a program of the test's own in its place."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchwright.builder.score._worker import CometSettings, CometWorker
from benchwright.schemas.errors import InputError

PROGRAM = """#!{python}
import json, os, sys
print("words of a library", file=sys.stderr)
protocol, how = {protocol}, {how!r}
for line in sys.stdin:
    asked = json.loads(line)
    reply = {{"id": asked["id"]}}
    if asked["op"] == "hello":
        reply |= {{"protocol": protocol, "versions": {{"unbabel-comet": "0"}}}}
    elif asked["op"] == "load":
        reply |= {{"sha256": "0", "dtype": asked["dtype"]}}
    else:
        if how == "dies" or (how == "dies once" and not os.path.exists({mark!r})):
            open({mark!r}, "w").close()
            os._exit(9)
        if how == "fails":
            reply["error"] = "RuntimeError: no"
        print(json.dumps({{"beat": 3}}), json.dumps({{"id": asked["id"] - 1, "scores": ["old"]}}), sep="\\n")
        reply |= {{"scores": [len(row[0]) for row in asked["rows"]]}}
    print(json.dumps(reply), flush=True)
"""


def worker(folder: Path, how: str = "", protocol: int = 1) -> CometWorker:
    path = folder / "python"
    mark = str(folder / "mark")
    path.write_text(PROGRAM.format(python=sys.executable, protocol=protocol, how=how, mark=mark), encoding="utf-8")
    path.chmod(0o755)
    return CometWorker(path, "model", folder / "log" / "comet.log", CometSettings(dtype="bf16"))


def test_a_reply_of_another_request_is_passed_over(tmp_path: Path) -> None:
    with worker(tmp_path) as own:
        assert own.about["dtype"] == "bf16"
        assert own.score([("abc", "", None), ("é鰓", "", None)])["scores"] == [3, 2]
        assert own.score([("a", "", None)])["scores"] == [1]
        pid = own.pid
    assert pid is not None
    assert own.pid is None
    assert "words of a library" in (tmp_path / "log/comet.log").read_text(encoding="utf-8")


def test_one_that_dies_is_started_again_and_asked_again(tmp_path: Path) -> None:
    with worker(tmp_path, "dies once") as own:
        assert own.score([("abc", "", None)])["scores"] == [3]
        assert own.deaths == 1


@pytest.mark.parametrize(("how", "found"), [("dies", "died 3 times"), ("fails", "RuntimeError: no")])
def test_one_that_always_dies_or_fails_is_an_error(tmp_path: Path, how: str, found: str) -> None:
    with worker(tmp_path, how) as own, pytest.raises(InputError, match=found) as caught:
        own.score([("abc", "", None)])
    assert {one.code for one in caught.value.problems} == {"worker-failed"}


def test_another_protocol_and_a_program_that_is_not_there_are_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="protocol 7"), worker(tmp_path, protocol=7):
        pass
    with pytest.raises(InputError, match="No such file"), CometWorker(tmp_path / "gone", "model", tmp_path / "other"):
        pass
