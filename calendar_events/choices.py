"""States and kinds of the calendar, and the transitions that are allowed."""

from django.db.models import TextChoices


class CalendarState(TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"


class EventState(TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    CANCELLED = "cancelled", "已取消"


class Handling(TextChoices):
    """Who does an event; only the schools' own and the optional ones become tasks."""

    UNSORTED = "unsorted", "未分类"
    BUREAU = "bureau", "局办"
    SCHOOL = "school", "校办"
    OPTIONAL = "optional", "选报"
    INFORM = "inform", "知晓"


MAKES_TASKS = (Handling.SCHOOL, Handling.OPTIONAL)


class TaskState(TextChoices):
    OPEN = "open", "待办"
    DONE = "done", "已完成"
    RETURNED = "returned", "已退回"
    NOT_APPLICABLE = "not_applicable", "不适用"
    CANCELLED = "cancelled", "已取消"


# Waiting for the school.
PENDING = (TaskState.OPEN, TaskState.RETURNED)
# Finished as far as the school is concerned.
FINISHED = (TaskState.DONE, TaskState.NOT_APPLICABLE)
# from -> to
TASK_TRANSITIONS = {
    TaskState.OPEN: (TaskState.DONE, TaskState.NOT_APPLICABLE, TaskState.CANCELLED),
    TaskState.RETURNED: (TaskState.DONE, TaskState.NOT_APPLICABLE, TaskState.CANCELLED),
    TaskState.DONE: (TaskState.RETURNED, TaskState.OPEN),
    TaskState.NOT_APPLICABLE: (TaskState.RETURNED, TaskState.OPEN),
    # Its event asks the organisation again.
    TaskState.CANCELLED: (TaskState.OPEN,),
}


class VacationKind(TextChoices):
    WINTER = "winter", "寒假"
    SUMMER = "summer", "暑假"
