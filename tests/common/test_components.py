"""The shared parts of pages: what they say for the contexts they document."""

from types import SimpleNamespace as Thing
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from lxml import html as lxml_html

from common.forms import PortalForm

RARE = "𪣻桥九年一贯制学校党总支"


def part(name: str, **context: Any) -> Any:
    """Return the parsed fragment of one component."""
    request = RequestFactory().get("/here/")
    markup = render_to_string(f"components/_{name}.html", context, request=request)
    return lxml_html.fragment_fromstring(markup, create_parent="div")


def words(element: Any) -> str:
    return " ".join(element.text_content().split())


def one(element: Any, path: str) -> Any:
    (found,) = element.xpath(path)
    return found


class MeetingForm(PortalForm, forms.Form):
    entitled = forms.IntegerField(label="应到人数", help_text="含预备党员")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)
    agreed = forms.BooleanField(label="已核对")
    kinds = forms.MultipleChoiceField(
        label="类别", choices=[("a", "甲"), ("b", "乙")], widget=forms.CheckboxSelectMultiple
    )


@pytest.mark.parametrize(
    ("word", "tone"),
    [
        ("已完成", "done"),
        ("待办", "todo"),
        ("已逾期", "late"),
        ("已退回", "returned"),
        ("不适用", "na"),
        ("未建档", "na"),
        ("即将到期", "soon"),
        ("已提交", "info"),
        ("没有见过的词", "todo"),
    ],
)
def test_a_badge_says_its_word_and_takes_the_colour_from_it(word, tone):
    badge = one(part("badge", word=word), "//span")
    assert (badge.text, badge.get("class")) == (word, f"badge badge-{tone}")


def test_a_badge_takes_a_given_tone_and_escapes_its_word():
    badge = one(part("badge", word="<b>", tone="honour"), "//span")
    assert (badge.text, badge.get("class")) == ("<b>", "badge badge-honour")


def test_a_field_ties_label_hint_and_error_to_its_control():
    form = MeetingForm({"entitled": "abc", "agreed": "on", "kinds": ["a"]})
    field = part("field", field=form["entitled"], unit="人")
    control = one(field, "//input")
    assert one(field, "//label").get("for") == control.get("id") == "id_entitled"
    assert control.get("aria-describedby").split() == ["id_entitled_helptext", "id_entitled_error"]
    assert control.get("aria-invalid") == "true"
    assert words(one(field, "//*[@id='id_entitled_helptext']")) == "含预备党员"
    assert words(one(field, "//*[@id='id_entitled_error']")) == (
        "「应到人数」应填整数，写的是“abc”"
    )
    assert words(one(field, "//*[@class='field-unit']")) == "人"
    assert words(one(field, "//*[@class='field-mark']")) == "必填"


def test_a_field_shows_what_the_reviewer_wrote():
    field = part("field", field=MeetingForm()["entitled"], comment="请核")
    assert words(one(field, "//*[@class='field-comment']")) == "退回意见：请核"


def test_a_hidden_field_has_no_label_and_no_field_shows_nothing():
    hidden = part("field", field=MeetingForm()["secret"])
    assert [e.tag for e in hidden.iterdescendants()] == ["input"]
    assert part("field", field=None).text_content().strip() == ""


def test_boxes_are_labels_that_can_be_touched():
    form = MeetingForm({"entitled": "1"})
    check = part("field", field=form["agreed"])
    assert words(one(check, "//label[@class='check']")) == "已核对"
    assert words(one(check, "//*[@class='field-error']")) == "「已核对」还没有勾选"
    group = part("field", field=form["kinds"])
    assert words(one(group, "//fieldset/legend")) == "类别 必填"
    assert [words(label) for label in group.xpath("//label")] == ["甲", "乙"]


def test_the_summary_of_errors_leads_to_every_field():
    form = MeetingForm({})
    form.add_error(None, "实到不能多于应到")
    summary = part("form_errors", form=form)
    assert [a.get("href") for a in summary.xpath("//a")] == [
        "#id_entitled",
        "#id_agreed",
        "#id_kinds_group",
    ]
    assert "实到不能多于应到" in words(summary)
    assert part("form_errors", form=MeetingForm()).text_content().strip() == ""


def test_progress_is_a_bar_with_its_figures_and_bears_an_empty_month():
    bar = one(part("progress", done=5, total=8), "//progress")
    assert (bar.get("value"), bar.get("max")) == ("5", "8")
    empty = part("progress", done=0, total=0)
    assert (one(empty, "//progress").get("max"), words(empty)) == ("1", "0/0 0/0")


def test_a_section_of_figures_opens_when_something_changed():
    lines = [
        Thing(label="支委会", value=0, unit="次", url="/records/", comment="请核"),
        Thing(label="发展对象", missing=True),
    ]
    changed = part("figures", section=Thing(title="二、组织生活", lines=lines, changed=True))
    assert one(changed, "//details").get("open") is not None
    assert one(changed, "//a").get("href") == "/records/"
    rows = [words(li) for li in changed.xpath("//li")]
    assert rows == ["支委会 0 次 › 退回意见：请核", "发展对象 未建档"]
    quiet = part("figures", section=Thing(title="四、作用发挥", lines=[]))
    assert one(quiet, "//details").get("open") is None
    assert words(one(quiet, "//li")) == "本月没有记录。"


def test_tasks_are_links_and_only_the_first_has_the_filled_button():
    items = [
        Thing(title=RARE, url="/1/", note="25日前"),
        Thing(title="乙", url="/2/", action="查看"),
    ]
    card = part("task_card", items=items, first=True)
    assert [a.get("href") for a in card.xpath("//a")] == ["/1/", "/2/"]
    assert [words(b) for b in card.xpath("//*[contains(@class, 'button-primary')]")] == ["去填报"]
    assert RARE in words(card)


def test_an_empty_list_says_why_and_what_to_do():
    empty = part("empty", title="还没有记录", text="办完活动记一笔。", url="/new/", action="记一笔")
    assert words(empty) == "还没有记录 办完活动记一笔。 记一笔"
    assert one(empty, "//a").get("href") == "/new/"


def test_the_pager_keeps_the_other_parameters():
    page = Paginator(range(120), 50).page(2)
    pager = part("pager", page=page, query="q=a&state=late")
    assert [a.get("href") for a in pager.xpath("//a")] == [
        "?q=a&state=late&page=1",
        "?q=a&state=late&page=3",
    ]
    assert part("pager", page=Paginator(range(3), 50).page(1)).text_content().strip() == ""


def test_a_confirmation_says_the_numbers_and_sends_the_choice_again():
    section = part(
        "confirm",
        title="催办 6 个党组织",
        changes=["6 个党组织将收到 1 条提醒"],
        fields=[Thing(name="ids", value="7")],
        confirm="发送提醒",
        cancel_url="/back/",
    )
    assert one(section, "//form").get("method") == "post"
    assert one(section, "//input[@name='ids']").get("value") == "7"
    assert one(section, "//li").text == "6 个党组织将收到 1 条提醒"
    assert words(one(section, "//button")) == "发送提醒"


def test_a_text_to_copy_is_named_and_has_its_button():
    block = part("copy_text", id="group-text", label="发群文字", text="请于 25 日前填报")
    assert one(block, "//textarea").text.strip() == "请于 25 日前填报"
    assert one(block, "//button").get("data-copy") == one(block, "//textarea").get("id")


def test_search_and_filters_stay_in_the_address():
    search = part("search", value="党课", label="搜索", fields=[Thing(name="state", value="late")])
    sent = [(field.get("name"), field.get("value")) for field in search.xpath("//input")]
    assert sent == [("state", "late"), ("q", "党课")]
    filters = part(
        "filters",
        filters=[
            Thing(label="全部", url="?", current=True, count=0),
            Thing(label="逾期", url="?state=late", current=False, count=None),
        ],
    )
    assert [(words(a), a.get("aria-current")) for a in filters.xpath("//a")] == [
        ("全部0", "true"),
        ("逾期", None),
    ]


def test_the_history_is_told_in_the_order_given():
    entries = [
        Thing(what="退回", who="查老师", when="14:30", note="请核"),
        Thing(what="提交", who="单"),
    ]
    rows = [words(li) for li in part("timeline", entries=entries).xpath("//li")]
    assert rows == ["退回 查老师 14:30 请核", "提交 单"]


def test_files_held_already_are_listed_with_the_hint_for_wechat():
    class FileForm(PortalForm, forms.Form):
        proof = forms.FileField(label="附件", required=False)

    files = [Thing(name="签到表.pdf", size_label="1.2 MB", url="/f/1/", remove_name="remove-1")]
    block = part("file_input", field=FileForm()["proof"], files=files)
    assert one(block, "//a").get("href") == "/f/1/"
    assert one(block, "//*[@data-wechat-hint]").get("hidden") is not None
    assert one(block, "//input[@type='file']").get("name") == "proof"


@pytest.mark.parametrize(
    ("saved_at", "line"), [("10:32", "已自动保存 10:32"), ("", "填写的内容会自动保存")]
)
def test_the_line_under_a_draft_says_when_it_was_saved(saved_at, line):
    assert words(part("saved_at", saved_at=saved_at, **{"for": "form"})) == line


def test_large_text_is_remembered_by_a_cookie_that_the_page_reads():
    request = RequestFactory().get("/")
    normal = render_to_string("portal/base.html", {}, request=request)
    request.COOKIES["portal_text"] = "large"
    large = render_to_string("portal/base.html", {}, request=request)
    assert '<html lang="zh-CN" class="">' in normal
    assert '<html lang="zh-CN" class="large-text">' in large


def portal(*names: str) -> Thing:
    organizations = [Thing(pk=pk, name=name, role="书记") for pk, name in enumerate(names, 1)]
    return Thing(
        organization=organizations[0],
        organizations=organizations,
        switch_url="/switch/",
        inbox_url="/inbox/",
        unread=128,
        section="month",
        nav=[Thing(key="month", label="本月", url="/"), Thing(key="me", label="我的", url="/me/")],
    )


def base(**context: Any) -> Any:
    request = RequestFactory().get("/here/")
    return lxml_html.document_fromstring(
        render_to_string("portal/base.html", context, request=request).strip()
    )


def test_the_head_bar_names_the_organization_and_counts_the_unread():
    page = base(portal=portal(RARE))
    assert words(one(page, "//header//*[@class='head-text']")) == RARE
    assert words(one(page, "//a[@class='head-bell']")) == "消息，128 条未读 99+"
    assert page.xpath("//details") == []
    assert [words(a) for a in page.xpath("//nav//a[@aria-current='page']")] == ["本月"]


def test_somebody_in_several_organizations_can_switch():
    page = base(portal=portal("芙蓉小学党支部", RARE))
    form = one(page, "//header//form")
    assert (form.get("method"), form.get("action")) == ("post", "/switch/")
    assert [b.get("value") for b in form.xpath(".//button")] == ["1", "2"]
    assert one(form, ".//input[@name='next']").get("value") == "/here/"


def test_a_submitted_draft_is_forgotten_by_the_browser():
    page = base(portal=portal(RARE), autosave_clear="record:7")
    assert one(page, "//*[@data-autosave-clear]").get("data-autosave-clear") == "record:7"


def test_error_pages_need_neither_context_nor_request():
    page = Template(
        '{% extends "portal/plain_base.html" %}{% block heading %}网页不存在{% endblock %}'
    ).render(Context())
    assert "网页不存在" in page
