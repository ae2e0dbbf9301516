"""The report in a real browser."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import quote

import polars as pl
import pytest
from PIL import Image, ImageStat

from benchwright.builder.report import write_report
from benchwright.builder.store import write_table
from tests.audits.clean import exam, item
from tests.builder.report.browser import Browser
from tests.builder.report.folders import EVIL, build_folder


def rows(dom: str, table: str) -> list[str]:
    body = dom.split(f'id="{table}"', 1)[1].split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [html.unescape(re.sub(r"<[^>]+>", "\t", row)) for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL)]


def title(dom: str) -> str:
    found = re.search(r"<title>(.*?)</title>", dom)
    assert found
    return html.unescape(found.group(1))


def dialog(dom: str) -> str:
    return dom.split('<dialog id="item"', 1)[1].split("</dialog>", 1)[0]


def test_rows_are_drawn_and_nothing_is_injected(report: Path, browser: Browser) -> None:
    findings = pl.read_parquet(report.parent / "findings.parquet")
    dom = browser.dom(report)
    drawn = rows(dom, "t-findings")
    assert len(drawn) == findings.filter(~pl.col("waived")).height
    assert "critical" in drawn[0]
    assert title(dom) == "Examen <ficticio> & 2031: report"
    assert len(rows(dom, "t-rejects")) == 3
    assert EVIL in "".join(rows(dom, "t-rejects"))
    assert "onerror=" not in re.sub(r">[^<]*<", "><", dom.split("<main", 1)[1].split('id="data"', 1)[0])


def test_item_opens_by_its_address_with_the_places_marked(report: Path, browser: Browser) -> None:
    dom = browser.dom(report, f"#item={quote(item(2).id, safe='')}")
    shown = dialog(dom)
    assert shown.startswith(' aria-labelledby="item-title" open')
    assert html.unescape(re.findall(r"<mark>(.*?)</mark>", shown)[0]) == "Observe la figura"
    # Markup in the text is a finding too; it is marked, and stays text.
    assert re.findall(r"<mark>(.*?)</mark>", shown)[-2:] == ["Ã³", "\ufffd"]
    assert html.escape(EVIL, quote=False) in re.sub(r"</?mark>", "", shown)
    assert 'src="data:image/' in shown
    assert title(dom) == "Examen <ficticio> & 2031: report"


def test_right_to_left_item_is_set_so(report: Path, browser: Browser) -> None:
    shown = dialog(browser.dom(report, f"#item={quote(item(7, 'ar').id, safe='')}"))
    assert 'class="text" lang="ar" dir="rtl"' in shown
    assert re.search(r'dir="auto">(?:<u title="[^"]*">|<mark>)*10', shown), shown


def test_item_that_does_not_exist_is_said(report: Path, browser: Browser) -> None:
    assert "The text of this item is not in this report" in dialog(browser.dom(report, "#item=constructor"))


def test_filters_narrow_the_list(report: Path, browser: Browser) -> None:
    script = (
        "const set=(id,value)=>{const one=document.getElementById(id);one.value=value;"
        "one.dispatchEvent(new Event(one.tagName==='SELECT'?'change':'input'));};"
        "set('f-severity','major');set('f-language','es');set('f-text','FIGURA');"
    )
    drawn = rows(browser.dom(report, script=script), "t-findings")
    assert len(drawn) == 1
    assert "S303" in drawn[0]


def test_walking_through_the_list(report: Path, browser: Browser) -> None:
    script = (
        "document.querySelector('#t-findings button.subject').click();document.getElementById('item-next').click();"
    )
    shown = dialog(browser.dom(report, script=script))
    assert re.search(r"2 of \d+ in the list", shown)


@pytest.mark.parametrize("width", [1280, 420])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_page_follows_the_scheme_at_both_widths(report: Path, browser: Browser, width: int, dark: bool) -> None:
    with Image.open(browser.screenshot(report, width, dark=dark)) as shot:
        grey = shot.convert("L")
    mean = ImageStat.Stat(grey).mean[0]
    assert mean < 80 if dark else mean > 200
    used = [level for level, count in enumerate(grey.histogram()) if count]
    assert used[-1] - used[0] > 120


@pytest.mark.parametrize("width", [1280, 500])
def test_page_does_not_scroll_sideways(report: Path, browser: Browser, width: int) -> None:
    script = "document.title=`${document.documentElement.scrollWidth-document.documentElement.clientWidth}`"
    assert title(browser.dom(report, script=script, width=width)) == "0"


ITEMS, FINDINGS = 10_000, 100_000


def many(build: Path) -> None:
    """Make the item of a build ten thousand, in parts of a hundred, and its finding ten for each."""
    items, findings = (
        pl.read_parquet(build / "items.parquet").head(1),
        pl.read_parquet(build / "findings.parquet").head(1),
    )
    place = pl.int_range(pl.len())
    group = pl.format("ex/2031/{}/{}", place // 100, (place % 100).cast(pl.String).str.zfill(3))
    exam = pl.col("exam").struct.with_fields(part=(place // 100).cast(pl.String), number=(place % 100).cast(pl.String))
    table = pl.concat([items] * ITEMS).with_columns(
        group=group, exam=exam, stem=pl.format("{} {}", place, pl.lit("text " * 60))
    )
    table = table.with_columns(id=pl.format("{}@es", "group")).sort("id")
    ids = pl.lit(table["id"]).gather(place % ITEMS)
    found = pl.concat([findings] * FINDINGS).with_columns(
        pl.format("{}-{}", "finding_id", place).alias("finding_id"),
        pl.format("finding {}", place).alias("message"),
        scope=pl.lit("item"),
        subject=ids,
        item_id=ids,
    )
    write_table(build / "items.parquet", table)
    write_table(build / "findings.parquet", found)


def test_ten_thousand_items_with_a_hundred_thousand_findings_open(tmp_path: Path, browser: Browser) -> None:
    build = build_folder(tmp_path / "build", [item(1, stem=""), *exam(2)[1:]])
    many(build)
    write_report(build, None, build / "report.html", {})
    script = (
        "const first=document.querySelectorAll('#t-findings tbody tr').length,box=document.getElementById('f-text');"
        "box.value='finding 9999';box.dispatchEvent(new Event('input'));"
        "setTimeout(()=>{document.title=`${first} ${document.getElementById('f-count').textContent}`},600);"
    )
    dom = browser.dom(build / "report.html", script=script)
    drawn, _, told = title(dom).partition(" ")
    assert 200 <= int(drawn) <= 1000
    assert told == "19 of 100000 findings"
    assert len(rows(dom, "t-findings")) == 19
    assert dom.count('class="cell finding"') == ITEMS + 1
