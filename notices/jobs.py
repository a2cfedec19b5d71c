"""Laying a notice out, done by the worker."""

from common.errors import DomainError
from common.jobs import Progress, register
from notices.documents import comparison
from notices.documents.rendering import render
from notices.models import Notice
from notices.services import PRINT_JOB, note_printed


@register(PRINT_JOB, params={"notice", "version"})
def print_notice(progress: Progress) -> None:
    """Render the version asked for; every finding goes into the job's message."""
    notice = Notice.objects.get(pk=progress.params["notice"])
    version = progress.params["version"]
    if notice.version != version:
        raise DomainError("排版期间文字又改过，请重新排版。")
    reading = notice.reading
    progress.advance(1, 3)
    printed = render(reading.document)
    progress.advance(2, 3)
    missing = comparison.missing_lines(notice.source, printed.content, replaced=reading.replaced)
    if missing:
        lost = "\n".join(f"第{line.number}行：{line.text}" for line in missing)
        raise DomainError(f"有文字没有排进 PDF，未生成：\n{lost}")
    progress.keep(printed.content, name=f"{notice.title}.pdf")
    note_printed(notice=notice, version=version)
    findings = [str(finding) for finding in reading.findings]
    summary = f"共 {printed.page_count} 页，{len(findings)} 处提醒。"
    progress.say("\n".join([summary, *findings]))
    progress.advance(3, 3)
