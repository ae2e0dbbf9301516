"""A chat model behind a real server in a process of its own: only the failing item is asked again, all is checked."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from benchwright.builder.translate import (
    DryRun,
    EngineWish,
    TranslateRun,
    TranslateWish,
    dry_run_items,
    translate_items,
)
from benchwright.schemas import Context, Item, Mark
from benchwright.schemas.errors import InputError
from benchwright.schemas.rows import from_frame, to_frame
from tests.builder.translate import server
from tests.builder.translate.test_run import english


class Server:
    """A folder of the process: what it is told, and what it was asked."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        self.url = f"{address}/{folder.name}/v1"
        self.plan({})

    def plan(self, faults: dict[str, list[str]]) -> None:
        (self.folder / "plan.json").write_text(json.dumps(faults), encoding="utf-8")

    def requests(self) -> list[dict[str, Any]]:
        path = self.folder / "requests.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def wish(self, **settings: str) -> TranslateWish:
        usual = {"url": self.url, "model": "m", "backoff": "0.01", "retries": "2", "timeout": "5"}
        engine = EngineWish("openai", settings={**usual, **settings})
        return TranslateWish(to=["es"], engines=[engine], cache=self.folder / "cache.sqlite")

    def run(self, items: Sequence[Item], faults: dict[str, list[str]] | None = None, **settings: str) -> TranslateRun:
        self.plan(faults or {})
        to_frame(items, Item).write_parquet(self.folder / "en.parquet")
        return translate_items([self.folder / "en.parquet"], self.folder / "es.parquet", self.wish(**settings))

    def dry(self, items: Sequence[Item], **settings: str) -> DryRun:
        to_frame(items, Item).write_parquet(self.folder / "en.parquet")
        (row,) = dry_run_items([self.folder / "en.parquet"], self.folder / "es.parquet", self.wish(**settings))
        return row

    def items(self) -> list[Item]:
        import polars as pl

        return from_frame(pl.read_parquet(self.folder / "es.parquet"), Item)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A server that is ended with the module, and its folder."""
    folder = tmp_path_factory.mktemp("chat")
    process = subprocess.Popen([sys.executable, str(Path(server.__file__)), str(folder)])
    while not (folder / "port").exists():
        assert process.poll() is None
        time.sleep(0.01)
    yield folder, f"http://127.0.0.1:{(folder / 'port').read_text(encoding='utf-8')}"
    process.kill()
    process.wait()


@pytest.fixture
def chat(address: tuple[Path, str]) -> Server:
    """A folder of its own for each test."""
    folder = address[0] / f"t{len(list(address[0].iterdir()))}"
    folder.mkdir()
    return Server(folder, address[1])


def plain(number: int, *texts: str) -> Item:
    return english(number, stem=f"stem {number}", texts=texts or ("ten 10", "twenty 20", "<b>thirty</b>"))


def test_an_item_goes_out_as_one_document_and_comes_back_whatever_the_order_of_its_names(chat: Server) -> None:
    context = Context(id="v", text="a case")
    run = chat.run([plain(1).replace(context=context), plain(2).replace(context=context)])
    assert (run.made, run.rejects.height) == (2, 0)
    assert [[one.text for one in made.options] for made in chat.items()] == [
        ["TEN 10", "TWENTY 20", "<b>THIRTY</b>"]
    ] * 2
    asked = chat.requests()
    assert sorted(one["name"] for one in asked) == ["a case", "stem 1", "stem 2"]
    body = next(one["body"] for one in asked if one["name"] == "stem 1")
    sent = json.loads(body["messages"][1]["content"])
    assert sent["context"] == {"text": "a case", "translation": "A CASE"}
    assert list(sent["fields"]) == ["stem", "option:A", "option:B", "option:C"]
    schema = body["response_format"]["json_schema"]["schema"]
    assert (schema["required"], schema["additionalProperties"]) == (list(sent["fields"]), False)
    assert "from English (en) to Spanish (es)" in body["messages"][0]["content"]


@pytest.mark.parametrize(
    "fault",
    [
        "status 429",
        "status 500",
        "status 503",
        "garbage",
        "talk",
        "cut",
        "missing",
        "added",
        "swapped",
        "empty",
        "piece",
        "length",
        "sleep 1",
    ],
)
def test_a_fault_that_passes_costs_one_more_try_of_that_item_alone(chat: Server, fault: str) -> None:
    run = chat.run([plain(1), plain(2)], {"stem 1": [fault]}, timeout="0.4")
    assert (run.made, run.rejects.height) == (2, 0)
    assert [[one.text for one in made.options] for made in chat.items()] == [
        ["TEN 10", "TWENTY 20", "<b>THIRTY</b>"]
    ] * 2
    assert sorted((one["name"], one["try"]) for one in chat.requests()) == [("stem 1", 1), ("stem 1", 2), ("stem 2", 1)]


@pytest.mark.parametrize(
    ("fault", "reason", "tries"),
    [
        ("status 500", "engine-failed", 3),
        ("status 400", "engine-failed", 1),
        ("talk", "engine-failed", 3),
        ("missing", "texts-missing", 3),
        ("swapped", "engine-failed", 3),
        ("piece", "protected-lost", 3),
        ("length", "text-cut", 3),
        ("refusal", "engine-refused", 1),
    ],
)
def test_a_fault_that_stays_is_a_reject_with_its_reason(chat: Server, fault: str, reason: str, tries: int) -> None:
    run = chat.run([plain(1), plain(2)], {"stem 1": [fault] * 9})
    assert run.rejects["reason"].to_list() == [reason]
    assert [one.group for one in chat.items()] == [plain(2).group]
    assert sum(one["name"] == "stem 1" for one in chat.requests()) == tries


def test_a_fenced_answer_is_read(chat: Server) -> None:
    assert chat.run([plain(1)], {"stem 1": ["fence"]}).made == 1
    assert len(chat.requests()) == 1


def test_the_server_is_left_alone_as_long_as_it_asks(chat: Server) -> None:
    chat.run([plain(1), plain(2), plain(3)], {"stem 1": ["status 429 1"]}, concurrency="1")
    first, second = (one["at"] for one in chat.requests()[:2])
    assert second - first >= 0.9


def test_a_rate_spreads_the_requests(chat: Server) -> None:
    chat.run([plain(1), plain(2), plain(3)], rate="600")
    first, *_, last = (one["at"] for one in chat.requests())
    assert last - first >= 0.15


def test_a_wrong_key_ends_the_run_and_what_was_paid_stays(chat: Server) -> None:
    with pytest.raises(InputError) as raised:
        chat.run([plain(1), plain(2)], {"stem 2": ["status 401"]}, concurrency="1")
    assert raised.value.problems[0].code == "engine-setting"
    assert chat.run([plain(1), plain(2)]).made == 2
    assert [one["name"] for one in chat.requests()].count("stem 1") == 1


def test_the_key_comes_from_the_environment_by_its_name(chat: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", "secret-1")
    run = chat.run([plain(1)], key_env="SOME_KEY")
    assert [one["key"] for one in chat.requests()] == ["Bearer secret-1"]
    assert "secret-1" not in str(run)
    monkeypatch.delenv("SOME_KEY")
    with pytest.raises(InputError):
        chat.run([plain(1)], key_env="SOME_KEY")


@pytest.mark.parametrize(
    "settings", [{"url": ""}, {"url": "file:///etc"}, {"retries": "many"}, {"colour": "red"}, {"prompt": "/none"}]
)
def test_settings_are_checked_before_the_first_request(chat: Server, settings: dict[str, str]) -> None:
    with pytest.raises(InputError) as raised:
        chat.run([plain(1)], None, **settings)
    assert raised.value.problems[0].code == "engine-setting"
    assert chat.requests() == []


def test_a_dry_run_counts_tokens_and_cost_and_sends_nothing(chat: Server) -> None:
    items = [plain(number) for number in range(1, 21)]
    row = chat.dry(items, price_in="2", price_out="8")
    assert chat.requests() == []
    assert (row.items, row.to_make, row.texts) == (20, 20, 80)
    assert row.cost == pytest.approx((row.tokens_in * 2 + row.tokens_out * 8) / 1e6, abs=1e-4)
    chat.run(items[:5])
    assert chat.dry(items, price_in="2", price_out="8").to_make == 15


def test_the_prompt_is_a_part_of_the_signature(chat: Server) -> None:
    chat.run([plain(1)])
    before = chat.items()[0].derived_from
    prompt = chat.folder / "prompt.txt"
    prompt.write_text("Translate from {source} to {target}.", encoding="utf-8")
    run = chat.run([plain(1)], prompt=str(prompt))
    after = chat.items()[0].derived_from
    assert before is not None
    assert after is not None
    assert (run.stale, before.method == after.method) == (1, False)
    assert chat.requests()[-1]["body"]["messages"][0]["content"] == "Translate from English (en) to Spanish (es)."


def test_terms_of_the_glossary_are_told(chat: Server) -> None:
    terms = chat.folder / "terms.csv"
    terms.write_text("source,target,status\ngill,agalla,\nfin,,no accepted term\n", encoding="utf-8")
    to_frame([plain(1)], Item).write_parquet(chat.folder / "en.parquet")
    wish = chat.wish()
    translate_items(
        [chat.folder / "en.parquet"],
        chat.folder / "es.parquet",
        TranslateWish(to=wish.to, engines=wish.engines, cache=wish.cache, glossary=terms),
    )
    prompt = chat.requests()[0]["body"]["messages"][0]["content"]
    assert "- gill = agalla\n" in prompt + "\n"
    assert "fin: has no accepted term" in prompt


def test_spans_go_out_as_tags_and_come_back(chat: Server) -> None:
    run = chat.run([plain(1).replace(marks=(Mark(field="stem", start=0, end=4, kind="bold"),))])
    assert [(one.start, one.end) for one in chat.items()[0].marks] == [(0, 4)]
    assert run.told["outcome"].to_list() in (["kept"], ["moved"])
