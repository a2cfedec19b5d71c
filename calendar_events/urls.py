"""Addresses of tasks and records."""

from django.urls import path

from calendar_events.views import calendar, feed, record_list, records, tasks

app_name = "calendar_events"
urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("mine/calendar/", feed.subscription, name="subscription"),
    path("mine/calendar/revoke/", feed.revoke_subscription, name="revoke_subscription"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/existing/", tasks.existing, name="existing"),
    path("tasks/<int:pk>/not-applicable/", tasks.not_applicable, name="not_applicable"),
    path("tasks/<int:pk>/reopen/", tasks.reopen, name="reopen"),
    path("records/", record_list.records, name="records"),
    path("records/new/", records.new_record, name="new_record"),
    path("records/<int:pk>/", records.record, name="record"),
    path("records/<int:pk>/saved/", records.record_saved, name="record_saved"),
    path("records/<int:pk>/edit/", records.edit_record, name="edit_record"),
    path("records/<int:pk>/withdraw/", records.withdraw_record, name="withdraw_record"),
    path("records/<int:pk>/files/<int:file_id>/", records.record_file, name="record_file"),
]
