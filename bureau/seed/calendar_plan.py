"""The year calendar of the demonstration bureau: 33 lines, how they are sorted, what they ask."""

from dataclasses import dataclass

from activities.choices import RecordKind
from calendar_events.choices import Handling

SCHOOL, OPTIONAL = Handling.SCHOOL, Handling.OPTIONAL
BUREAU, INFORM = Handling.BUREAU, Handling.INFORM


@dataclass(frozen=True)
class PlannedEvent:
    """One line: ``title`` takes ``{year}``, ``{last}`` (the year before) and counted occasions."""

    month: int
    title: str
    handling: Handling
    record_kind: str = RecordKind.OTHER
    figures: tuple[tuple[str, str], ...] = ()

    def title_in(self, year: int) -> str:
        """The title as the calendar of ``year`` prints it."""
        occasions = {"teachers": year - 1984, "beautiful": year - 2013, "spirit": year - 2010}
        return self.title.format(year=year, last=year - 1, **occasions)


EVENTS = (
    PlannedEvent(1, "走访慰问困难党员、教师", SCHOOL, figures=(("慰问人数", "人"),)),
    PlannedEvent(1, "{year}年度党员发展审议工作", BUREAU),
    PlannedEvent(
        1,
        "领导干部民主生活会、组织生活会和民主评议党员工作",
        SCHOOL,
        RecordKind.ORG_LIFE_MEETING,
    ),
    PlannedEvent(2, "{last}-{year}教育系统党员春训冬训", SCHOOL, RecordKind.PARTY_LESSON),
    PlannedEvent(2, "春节元宵慰问离退休老党员", OPTIONAL, figures=(("慰问人数", "人"),)),
    PlannedEvent(3, "“三八”节妇女活动", OPTIONAL),
    PlannedEvent(3, "召开澄岚区教育系统全面从严治党暨作风建设工作会议部署会", INFORM),
    PlannedEvent(3, "签订党建工作、党风廉政建设目标责任书", SCHOOL),
    PlannedEvent(3, "开展党支部、党员年度承诺活动", SCHOOL, RecordKind.THEME_DAY),
    PlannedEvent(4, "基层党建突出问题专项整治", SCHOOL),
    PlannedEvent(4, "校级干部岗位大练兵", BUREAU),
    PlannedEvent(4, "启动{year}年发展对象培训工作", BUREAU),
    PlannedEvent(5, "{year}年入党积极分子培训工作", BUREAU),
    PlannedEvent(5, "启动“书记好党课”“支部好案例”评选", SCHOOL, RecordKind.PARTY_LESSON),
    PlannedEvent(5, "开展第{beautiful}届“最美澄岚教育人”评选活动", OPTIONAL),
    PlannedEvent(6, "开展第{spirit}轮澄岚教师精神大讨论活动", SCHOOL),
    PlannedEvent(6, "开展民主评议校级干部工作", BUREAU),
    PlannedEvent(6, "听取和审议基层党组织半年度党建工作、党风廉政建设和意识形态工作汇报", SCHOOL),
    PlannedEvent(
        7,
        "暑期师德师风集中教育活动",
        SCHOOL,
        RecordKind.WARNING_EDUCATION,
        (("参加教职工", "人"),),
    ),
    PlannedEvent(
        7,
        "开展暑期党员“六个一”及“千名党员访万家”活动",
        SCHOOL,
        RecordKind.HOME_VISIT,
        (("家访", "户"),),
    ),
    PlannedEvent(8, "新入职党员组织关系转接工作", SCHOOL),
    PlannedEvent(8, "校长书记读书会", INFORM),
    PlannedEvent(9, "党员骨干教师与新入职党员教师结对活动", SCHOOL, figures=(("结对", "对"),)),
    PlannedEvent(9, "第{teachers}个教师节庆祝活动", SCHOOL),
    PlannedEvent(9, "召开系统内党外人士中秋座谈会", BUREAU),
    PlannedEvent(10, "{year}年入党积极分子培训工作", BUREAU),
    PlannedEvent(10, "“清廉学校”创建总结", SCHOOL),
    PlannedEvent(
        11,
        "党支部征集、党员教师认领学生“微心愿”活动",
        SCHOOL,
        RecordKind.SMALL_WISH,
        (("征集微心愿", "个"), ("教师认领", "个")),
    ),
    PlannedEvent(11, "启动{year}年度党员年报工作", SCHOOL),
    PlannedEvent(11, "启动{year}年规范化支部考评工作", SCHOOL),
    PlannedEvent(12, "学习贯彻“二十大”会议精神", SCHOOL, RecordKind.PARTY_LESSON),
    PlannedEvent(12, "年度党员先锋指数测评", SCHOOL),
    PlannedEvent(12, "开展春风行动", OPTIONAL, RecordKind.VOLUNTEERING),
)
# What an organisation answers where a task doesn't apply to it: title part -> short name -> reason.
NOT_APPLICABLE = {
    "结对": {
        "局离退休干部": "离退休支部没有新入职教师",
        "岙里完小": "本学年没有新入职党员教师",
        "小云朵幼儿园": "本园只有 1 名党员，没有新入职党员教师",
    },
    "新入职党员": {
        "局离退休干部": "离退休支部没有新入职党员",
        "垟头小学": "本学年没有新入职党员",
        "墨舟艺术培训学校": "本年度没有新入职党员",
    },
    "师德师风": {"局离退休干部": "离退休支部不承担教学工作"},
    "民主生活会": {"小云朵幼儿园": "支部正在筹建，由派驻党建指导员另行组织"},
}
# The four that are late on the day shown, whatever that day is.
LATE = ("漈下初中", "垟头小学", "望湖幼儿园", "墨舟艺术培训学校")
# Two of them owe a task of an earlier month as well: so many months back.
DEBTS = {"漈下初中": 1, "墨舟艺术培训学校": 2}
# The school that people look at first still has something to do, and something sent back.
SHOWN = "芙蓉小学"
ADHOC = "上报党员活动室使用情况"
ADHOC_DEMAND = "说明面积、使用次数和存在的问题，约需 3 分钟。"
THEMES = (
    "学习党章党规，开好新年第一次主题党日",
    "结合寒假家访谈体会",
    "学雷锋志愿服务进校园",
    "祭扫革命烈士陵园，重温入党誓词",
    "学先进教师事迹，亮党员岗位承诺",
    "党费日：谈党史、忆初心",
    "重温入党志愿书，为党员过政治生日",
    "学习师德师风典型案例",
    "开学第一课：党员先上思政课",
    "参观校史馆，讲教育故事",
    "微心愿认领与结对帮扶",
    "年度学习总结与明年打算",
)
