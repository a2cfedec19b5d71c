"""Uploads by content, size and number: what is taken, what is refused and with which words."""

import zlib

import pytest
from PIL import ImageFile

from attachments import checks, contents
from attachments.checks import ACCEPT, MAX_BYTES, check_upload, check_uploads, safe_name
from common.errors import DomainError
from tests.attachments.samples import (
    HEIC,
    MZ,
    OLE,
    docx,
    ofd,
    packed_pdf,
    pdf,
    picture,
    upload,
    xlsx,
    zipped,
)

RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
)


def relations(kind: str, target: str) -> bytes:
    return RELATIONS.format(kind=kind, target=target).encode()


def with_template(target: str) -> bytes:
    return docx(**{"word/_rels/settings.xml.rels": relations("attachedTemplate", target)})


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(DomainError) as caught:
        check_upload(upload(name, content))
    return caught.value.message


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("记录.doc", OLE, "application/msword"),
        ("记录.xls", OLE, "application/vnd.ms-excel"),
        ("记录.wps", OLE, "application/vnd.ms-works"),
        ("记录.et", OLE, "application/vnd.ms-excel"),
        ("记录.wps", docx(), "application/vnd.ms-works"),
        (
            "记录.docx",
            docx(),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            "记录.XLSX",
            xlsx(),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("签到表.pdf", pdf(), "application/pdf"),
        ("签到表.pdf", packed_pdf(b"<< /Type /Page >>"), "application/pdf"),
        ("公文.ofd", ofd(), "application/ofd"),
        ("现场.jpg", picture(), "image/jpeg"),
        ("现场.JPEG", picture(), "image/jpeg"),
        ("现场.png", picture("PNG"), "image/png"),
        ("现场.heic", HEIC, "image/heic"),
    ],
)
def test_what_the_list_allows_is_taken(name, content, content_type):
    checked = check_upload(upload(name, content))
    stem, ending = name.rsplit(".", 1)
    assert checked.name == f"{stem}.{ending.lower()}"
    assert (checked.size, checked.content_type) == (len(content), content_type)
    assert checked.upload.read() == content


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("微信图片.jpg", picture("PNG"), ("微信图片.png", "image/png")),
        ("微信图片.png", picture(), ("微信图片.jpg", "image/jpeg")),
        ("IMG_1.jpg", HEIC, ("IMG_1.heic", "image/heic")),
    ],
)
def test_a_picture_under_another_pictures_ending_gets_its_own(name, content, kept):
    checked = check_upload(upload(name, content))
    assert (checked.name, checked.content_type) == kept


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "病毒.exe",
            MZ,
            "“病毒.exe”不能上传：可传 Word、Excel、WPS、PDF、OFD 文档和 JPG、PNG、HEIC 图片。",
        ),
        (
            "图.svg",
            b"<svg/>",
            "“图.svg”不能上传：可传 Word、Excel、WPS、PDF、OFD 文档和 JPG、PNG、HEIC 图片。",
        ),
        (
            "没有扩展名",
            b"x",
            "“没有扩展名”不能上传：可传 Word、Excel、WPS、PDF、OFD 文档和 JPG、PNG、HEIC 图片。",
        ),
        ("页.html", b"<p>", "“页.html”不能上传：请另存为 PDF 或 Word 文档后再传。"),
        ("全部.zip", zipped(a=b"1"), "“全部.zip”不能上传：请解压后逐个上传。"),
        ("课件.pptx", b"x", "“课件.pptx”不能上传：请另存为 PDF 后再传。"),
        ("动图.gif", b"GIF89a", "“动图.gif”不能上传：请另存为 JPG 后再传。"),
        ("宏.docm", docx(), "“宏.docm”不能上传：请另存为 .docx 后再传。"),
        ("录像.mp4", b"x", "“录像.mp4”不能上传：不收音视频，可传照片或文字说明。"),
        ("空.pdf", b"", "“空.pdf”是空文件，请检查后重新选择。"),
    ],
)
def test_other_endings_are_refused_with_what_to_do(name, content, message):
    assert refusal(name, content) == message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", MZ),
        ("a.docx", MZ),
        ("a.docx", xlsx()),
        ("a.xlsx", docx()),
        ("a.ofd", zipped(a=b"1")),
        ("a.wps", zipped(a=b"1")),
        ("a.doc", docx()),
        ("a.xls", b"<html></html>"),
        ("a.jpg", b"<svg onload='x'/>"),
        ("a.png", pdf()),
        ("a.heic", b"\0\0\0\x18ftypmp42"),
    ],
)
def test_content_that_isnt_what_the_ending_says_is_refused(name, content):
    ending = name[1:]
    assert refusal(name, content) == (
        f"“{name}”的内容与扩展名 {ending} 不符，请用原来的软件打开，另存为 {ending} 后再传。"
    )


NO_MACROS = "“a{0}”含有宏，不能上传；请另存为不带宏的文件后再传。"
NO_PROGRAMS = "“a{0}”里面夹带了程序或压缩包，不能上传；请去掉后再传。"
PACKAGE = OLE + utf16("Ole10Native")


@pytest.mark.parametrize(
    ("ending", "content", "message"),
    [
        (".docx", docx(**{"word/vbaProject.bin": b"x"}), NO_MACROS),
        (".docx", docx(**{"word/vbaData.xml": b"x"}), NO_MACROS),
        (".docx", docx(**{"xl/macrosheets/sheet1.xml": b"x"}), NO_MACROS),
        (".doc", OLE + utf16("_VBA_PROJECT"), NO_MACROS),
        (".et", OLE + utf16("_VBA_PROJECT_CUR"), NO_MACROS),
        (".docx", docx(**{"word/embeddings/setup.EXE": MZ}), NO_PROGRAMS),
        (".docx", docx(**{"word/embeddings/more.zip": b"PK"}), NO_PROGRAMS),
        (".ofd", ofd(**{"Doc_0/Attachs/run.bat": b"x"}), NO_PROGRAMS),
        (".docx", docx(**{"word/embeddings/oleObject1.bin": OLE + MZ}), NO_PROGRAMS),
        (".docx", docx(**{"word/embeddings/o.bin": PACKAGE + b"C:\\x\\run.VBS\0"}), NO_PROGRAMS),
        (
            ".docx",
            docx(**{"word/embeddings/o.bin": PACKAGE + b"x" + utf16("a.lnk\0")}),
            NO_PROGRAMS,
        ),
        (".doc", OLE + MZ, NO_PROGRAMS),
        (".xls", PACKAGE + b"run.exe\0", NO_PROGRAMS),
    ],
)
def test_macros_and_programs_inside_are_refused(ending, content, message):
    assert refusal(f"a{ending}", content) == message.format(ending)


def test_a_macro_type_under_a_harmless_ending_is_refused():
    content = zipped(
        **{
            "[Content_Types].xml": b'<Types ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>',
            "word/document.xml": b"<w/>",
        }
    )
    assert refusal("a.docx", content) == NO_MACROS.format(".docx")


def test_packed_documents_and_printer_settings_are_no_programs():
    content = docx(
        **{
            "word/embeddings/附表.xlsx": xlsx(),
            "word/embeddings/oleObject1.bin": PACKAGE + "C:\\附件.pdf\0".encode("gb18030"),
            "word/printerSettings1.bin": utf16("PSCRIPT5.DLL\0"),
        }
    )
    assert check_upload(upload("a.docx", content)).name == "a.docx"


@pytest.mark.parametrize(
    "target",
    [
        "https://example.invalid/t.dotm",
        "HTTP://example.invalid/t.dotm",
        "&#104;ttps://example.invalid/t.dotm",
        "\\\\server\\share\\t.dotm",
        "file://server/share/t.dotm",
        "file:///\\\\server\\t.dotm",
        "//server/t.dotm",
        "mhtml:https://example.invalid!x",
    ],
)
def test_a_template_from_elsewhere_is_refused(target):
    assert refusal("a.docx", with_template(target)) == (
        "“a.docx”引用了别处的模板或对象，打开时会从外面取内容；请另存后再传。"
    )


@pytest.mark.parametrize(
    "target", ["file:///C:\\Users\\a\\Normal.dotm", "C:\\t.dot", "Normal.dotm"]
)
def test_a_template_on_the_authors_own_machine_is_common_and_harmless(target):
    assert check_upload(upload("a.docx", with_template(target))).name == "a.docx"


def test_links_to_the_web_are_allowed():
    link = {"word/_rels/extra.xml.rels": relations("hyperlink", "https://example.invalid/")}
    assert check_upload(upload("a.docx", docx(**link))).name == "a.docx"


DAMAGED = "已损坏"


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("a.docx", docx()[:-200], DAMAGED),
        ("a.docx", docx(**{"../../etc/x.xml": b"x"}), DAMAGED),
        ("a.docx", docx(**{"word/_rels/x.rels": b"<Relationships"}), DAMAGED),
        ("a.docx", docx(**{"word/_rels/x.rels": b"<!DOCTYPE a><Relationships/>"}), DAMAGED),
        ("a.docx", docx(**{"word/media/zeros.bin": b"\0" * 60_000_000}), "压缩方式异常"),
        ("a.docx", OLE + utf16("EncryptedPackage"), "加了密码"),
        ("a.doc", OLE + utf16("EncryptedPackage"), "加了密码"),
        ("a.pdf", pdf()[:-8], DAMAGED),
        ("a.jpg", picture()[:9000], DAMAGED),
        ("a.png", picture("PNG")[:9000], DAMAGED),
    ],
)
def test_damaged_encrypted_and_bloated_files_are_refused(name, content, part):
    message = refusal(name, content)
    assert message.startswith(f"“{name}”")
    assert part in message


def test_a_cut_picture_is_refused_where_prints_are_made_too(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert DAMAGED in refusal("a.jpg", picture()[:9000])


@pytest.mark.parametrize(
    "content",
    [
        pdf(b"3 0 obj\n<< /S /JavaScript /JS (app.alert\\(1\\)) >>\nendobj"),
        pdf(b"3 0 obj\n<< /S /J#61v#61Script /JS 4 0 R >>\nendobj"),
        pdf(b"3 0 obj\n<< /Names << /JavaScript 4 0 R >> >>\nendobj"),
        pdf(b"3 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj"),
        pdf(b"3 0 obj\n<< /S/#4caunch /Win << /F (cmd.exe) >> >>\nendobj"),
        packed_pdf(b"3 0 << /S /JavaScript /JS (x) >>"),
    ],
)
def test_a_pdf_that_acts_is_refused(content):
    assert refusal("a.pdf", content) == (
        "“a.pdf”带有脚本或启动程序的动作；请用“打印为 PDF”重新生成后再传。"
    )


def test_a_pdf_that_only_speaks_of_launching_is_taken():
    content = pdf(b"3 0 obj\n(/Launch of the JavaScript course)\nendobj")
    assert check_upload(upload("a.pdf", content)).name == "a.pdf"


def test_a_pdf_that_unpacks_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(contents, "_PDF_STREAMS_TOTAL", 1000)
    assert "结构异常" in refusal("a.pdf", packed_pdf(b" " * 2000))


def test_a_picture_with_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(contents, "MAX_PIXELS", 1000)
    assert refusal("a.png", picture("PNG")) == "“a.png”像素太多，请缩小后再传。"


def test_a_pixel_bomb_is_refused_by_its_head_alone():
    small = picture("PNG", (1, 1))
    start = small.index(b"IHDR")
    head = b"IHDR" + (50_000).to_bytes(4, "big") * 2 + small[start + 12 : start + 17]
    bomb = small[:start] + head + zlib.crc32(head).to_bytes(4, "big") + small[start + 21 :]
    assert refusal("a.png", bomb) == "“a.png”像素太多，请缩小后再传。"


def test_size_is_what_arrives_not_what_was_said():
    message = refusal("大.pdf", pdf(b" " * MAX_BYTES))
    assert message == "“大.pdf”有 20.0 MB，每个文件最多 20 MB，请压缩或拆分后再传。"


def test_all_refusals_of_one_record_come_together():
    files = [upload("a.exe", MZ), upload("b.pdf", pdf()), upload("c.pdf", MZ)]
    with pytest.raises(DomainError) as caught:
        check_uploads(files)
    assert [line[:7] for line in caught.value.message.splitlines()] == ["“a.exe”", "“c.pdf”"]


def test_nine_files_a_record():
    nine = [upload(f"{number}.pdf", pdf()) for number in range(9)]
    assert len(check_uploads(nine)) == 9
    with pytest.raises(DomainError) as caught:
        check_uploads(nine[:2], already=8)
    assert caught.value.message == "每条记录最多 9 个附件，已有 8 个，这次选了 2 个，请减少。"
    with pytest.raises(DomainError) as caught:
        check_uploads([*nine, nine[0]])
    assert caught.value.message == "每条记录最多 9 个附件，这次选了 10 个，请减少。"


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("C:\\Users\\张三\\记录.PDF", "记录.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("记录\u202efdp.exe", "记录fdp.exe"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("a<b>:c?.pdf", "a_b__c_.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ("  两  格 .pdf ", "两 格 .pdf"),
        (".pdf", "附件.pdf"),
        ("很" * 300 + ".docx", "很" * 145 + ".docx"),
        ("a." + "x" * 300, "a." + "x" * 148),
        ("", "下载"),
        ("𬭎喆.jpg", "𬭎喆.jpg"),
    ],
)
def test_names_are_made_safe(raw, safe):
    assert safe_name(raw) == safe
    assert len(safe) <= checks.MAX_NAME


def test_the_accept_of_file_inputs_is_the_list():
    assert ACCEPT == ".doc,.docx,.xls,.xlsx,.wps,.et,.pdf,.ofd,.jpg,.jpeg,.png,.heic"
