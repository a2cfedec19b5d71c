"""The door to printed pages: our fonts, no network, one render at a time, flush lines."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from common import pdf, pdf_fonts, pdf_justify
from tests.notices import measuring

HAN = "党员教师结对帮扶困难学生认领微心愿走访慰问退休老同志开展主题党日活动"


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A stylesheet for one column of 100 mm, 16 pt in the role of 仿宋."""
    path = tmp_path / "sheet.css"
    path.write_text(
        '@page { size: 140mm 200mm; margin: 20mm } html { font: 16pt/24pt "Portal FangSong" }'
        "body, p { margin: 0 } p { text-align: justify } b { font-weight: normal;"
        ' font-family: "Portal KaiTi" } .tight { letter-spacing: -.21pt }',
        encoding="utf-8",
    )
    return path


def render(sheet: Path, body: str) -> pdf.Pdf:
    return pdf.render(f'<html lang="zh-CN"><title>测试</title>{body}', stylesheets=[sheet])


# Fonts -----------------------------------------------------------------------------------------
def test_every_role_finds_a_font_that_is_made_for_it():
    assert [pdf_fonts.families(role)[0] for role in pdf_fonts.ROLES] == [
        "FandolFang R",
        "FandolKai",
        "FandolHei",
        "FandolSong",
        "Noto Serif CJK SC",
    ]


def test_roles_are_printed_with_their_fonts_and_embedded(sheet: Path):
    body = "".join(f"<p style=\"font-family: '{role}'\">党建</p>" for role in pdf_fonts.ROLES)
    assert measuring.fonts(render(sheet, body).content) == {
        "FandolFang": True,
        "FandolKai": True,
        "FandolHei": True,
        "FandolSong": True,
        "Noto-Serif-CJK-SC-Bold": True,
    }


def test_rare_characters_in_names_come_from_the_fallback_fonts(sheet: Path):
    printed = render(sheet, "<p>仇堃、单喆、㛃𬭎、𪣻桥、㳇溪</p>")
    assert pdf.text_of(printed) == "仇堃、单喆、㛃𬭎、𪣻桥、㳇溪"
    assert pdf_fonts.missing_characters("仇堃、单喆、㛃𬭎、𪣻桥、㳇溪", roles=pdf_fonts.ROLES) == []


def test_characters_without_a_glyph_are_found_once_each_in_order():
    assert pdf_fonts.missing_characters("好🙂\ue000 a\t　🙂") == ["🙂", "\ue000"]


# What goes in and comes out --------------------------------------------------------------------
def test_pages_are_counted_and_anchors_tell_their_page(sheet: Path):
    body = '<p id="first">一</p><p id="second" style="break-before: page">二</p>'
    printed = render(sheet, body)
    assert (printed.page_count, printed.anchors) == (2, {"first": 1, "second": 2})
    assert pdf.page_count(printed.content) == 2
    assert pdf.page_texts(printed.content) == ["一", "二"]


def test_a_layout_that_is_revised_is_never_written(sheet: Path, monkeypatch: pytest.MonkeyPatch):
    written: list[int] = []
    document = pdf._engine().Document
    write = document.write_pdf

    def note(pages, *args, **kwargs):
        written.append(len(pages.pages))
        return write(pages, *args, **kwargs)

    monkeypatch.setattr(document, "write_pdf", note)
    seen: list[pdf.Layout] = []

    def revise(layout: pdf.Layout) -> str:
        seen.append(layout)
        return '<p>一</p><p style="break-before: page">二</p>'

    made = pdf.render('<p id="end">一</p>', stylesheets=[sheet], revise=revise)
    assert seen == [pdf.Layout(page_count=1, anchors={"end": 1})]
    assert (written, made.page_count, made.anchors) == ([2], 2, {})
    kept = pdf.render("<p>一</p>", stylesheets=[sheet], revise=lambda _layout: None)
    assert (written, kept.page_count) == ([2, 1], 1)


def test_the_same_page_gives_the_same_bytes(sheet: Path):
    assert render(sheet, "<p>党建</p>").content == render(sheet, "<p>党建</p>").content


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A web server that notes who asked it for what."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}", asked
        http.shutdown()


def test_neither_network_nor_files_are_read(sheet: Path, tmp_path: Path, server):
    from PIL import Image

    Image.new("RGB", (9, 9), "red").save(tmp_path / "secret.png")
    address, asked = server
    file = (tmp_path / "secret.png").as_uri()
    body = (
        f'<link rel="stylesheet" href="{address}/a.css"><img src="{address}/b.png">'
        f'<img src="{file}"><p style="background: url({file})">正文</p>'
        f'<style>@import url("{address}/c.css"); @font-face {{ font-family: x;'
        f' src: url("{address}/d.woff") }} p {{ font-family: x }}</style>'
    )
    printed = render(sheet, body)
    assert (pdf.text_of(printed), measuring.images(printed.content), asked) == ("正文", 0, [])


def test_pictures_inside_the_page_are_printed(sheet: Path):
    dot = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAAAAAAALAAAAAABAAEAAAIBRAA7"
    assert measuring.images(render(sheet, f'<img src="{dot}" width="20" height="20">').content) == 1


def test_threads_take_turns(sheet: Path):
    pages: dict[int, str] = {}

    def work(number: int) -> None:
        pages[number] = pdf.text_of(render(sheet, f"<p>第{number}页</p>"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pages == {number: f"第{number}页" for number in range(4)}


# Flush lines -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        HAN * 3,
        (HAN[:11] + "2026年3月25日") * 5,
        (HAN[:9] + "“三会一课”、《支部工作条例》（试行），") * 4,
        HAN[:15] + f"<b>{HAN}</b>" + HAN,
    ],
)
@pytest.mark.parametrize("kind", ["", "tight"])
def test_full_lines_end_at_the_right_edge(sheet: Path, text: str, kind: str):
    body = f'<p class="{kind}">{pdf_justify.breakable(text)}</p>'
    (printed,) = measuring.lines(render(sheet, body).content)
    assert len(printed) > 3
    assert [round(line.left, 1) for line in printed] == [20.0] * len(printed)
    assert {line.right for line in printed[:-1] if abs(line.right - 120) > 0.25} == set()


def test_last_lines_and_short_texts_are_not_stretched(sheet: Path):
    (printed,) = measuring.lines(render(sheet, f"<p>{HAN[:20]}</p><p>党建</p>").content)
    assert [line.text for line in printed] == [HAN[:17], HAN[17:20], "党建"]
    assert [round((line.right - line.left) / measuring.MM / 16, 1) for line in printed[1:]] == [
        3,
        2,
    ]


def test_other_scripts_keep_their_spaces_stretched(sheet: Path):
    text = "The branch met and talked about many things that matter to all of us here. " * 2
    (printed,) = measuring.lines(render(sheet, f"<p>{text}</p>").content)
    assert [line.right for line in printed[:-1] if abs(line.right - 120) > 0.3] == []
    letters = "".join(line.text for line in printed)
    assert letters == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("学习“两个确立”的意义", "学习|“两个确立”|的意义"),
        ("（“三会一课”）、“微心愿”，", "（“三会一课”）、|“微心愿”，"),
        ("“两优”“一先”2026年", "“两优”|“一先”|2026年"),
        ("say “hello” there", "say “hello” there"),
    ],
)
def test_lines_may_end_beside_quotation_marks(text: str, marked: str):
    assert pdf_justify.breakable(text).replace("\u200b", "|") == marked


def test_another_weasyprint_is_refused():
    with pytest.raises(RuntimeError, match="installed is 71"):
        pdf_justify.install(version="71.0", inline=None, boxes=None)


# Forms and lists -------------------------------------------------------------------------------
def test_a_long_list_on_landscape_repeats_its_head_and_counts_its_pages():
    rows = "".join(f"<tr><td>{n}</td><td>芙蓉小学党支部</td></tr>" for n in range(1, 60))
    head = "<thead><tr><th>序号</th><th>党组织</th></tr></thead>"
    printed = pdf.render(
        '<html lang="zh-CN"><title>台账</title><body class="landscape"><h1>书记台账</h1>'
        '<div class="meta"><span>填报单位：教育局</span><span>截至：2026年3月</span></div>'
        f'<table class="grid">{head}<tbody>{rows}</tbody></table>'
    )
    pages = [page.replace("\u3000", " ") for page in pdf.page_texts(printed.content)]
    count = printed.page_count
    assert count > 1
    assert measuring.size(printed.content) == [(297, 210)] * count
    assert ["党组织" in page for page in pages] == [True] * count
    feet = [page.splitlines()[-1].replace(" ", "") for page in pages]
    assert feet == [f"第{number}页共{count}页" for number in range(1, count + 1)]


def test_a_form_on_portrait_has_places_for_signature_and_seal():
    printed = pdf.render(
        '<html lang="zh-CN"><title>月报</title><body class="portrait"><h1>月报</h1>'
        '<table class="grid"><tr><td>正式党员</td><td>12</td></tr></table>'
        '<div class="signatures"><span>书记签字：</span><span>日期：</span></div>'
        '<div class="seal">（盖章）</div>'
    )
    (page,) = measuring.lines(printed.content)
    assert measuring.size(printed.content) == [(210, 297)]
    assert [line.text for line in page][-3:-1] == ["书记签字：日期：", "（盖章）"]
