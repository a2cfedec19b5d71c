"""The bureau's calendar, its events and tasks."""

TABLE = """
name                                     of              method  off lim lea rev aud
admin:calendar_events_calendar_line      draft_calendar  GET     200 200 403 404 404
admin:calendar_events_calendar_line      draft_calendar  POST    302 302 403 404 404
admin:calendar_events_calendar_import    draft_calendar  GET     200 200 403 404 404
admin:calendar_events_calendar_import    draft_calendar  POST    302 302 403 404 404
admin:calendar_events_calendar_check     draft_calendar  GET     200 302 403 404 404
admin:calendar_events_calendar_check     draft_calendar  POST    302 302 403 404 404
admin:calendar_events_calendar_sort      draft_calendar  GET     200 200 403 404 404
admin:calendar_events_calendar_sort      draft_calendar  POST    302 302 403 404 404
admin:calendar_events_calendar_accept    draft_calendar  POST    302 302 403 404 404
admin:calendar_events_calendar_publish   draft_calendar  GET     200 200 403 404 404
admin:calendar_events_calendar_publish   ready_calendar  POST    302 302 403 404 404
admin:calendar_events_calendar_circular  draft_calendar  GET     200 200 403 404 404
admin:calendar_events_calendar_circular  draft_calendar  POST    302 302 403 404 404
admin:calendar_events_calendar_roll_over calendar        GET     200 200 403 403 404
admin:calendar_events_calendar_roll_over calendar        POST    302 302 403 403 404
admin:common_workdayoverride_clear       workday         GET     200 200 403 403 404
admin:common_workdayoverride_clear       workday         POST    302 302 403 403 404
admin:calendar_events_event_plan         line            GET     200 200 403 404 404
admin:calendar_events_event_plan         line            POST    302 302 403 404 404
admin:calendar_events_event_revise       event           GET     200 200 403 403 404
admin:calendar_events_event_revise       event           POST    302 302 403 403 404
admin:calendar_events_event_split        line            GET     200 200 403 404 404
admin:calendar_events_event_split        line            POST    302 302 403 404 404
admin:calendar_events_event_join         split           GET     200 200 403 404 404
admin:calendar_events_event_join         split           POST    302 302 403 404 404
admin:calendar_events_event_remove       line            GET     200 200 403 404 404
admin:calendar_events_event_remove       line            POST    302 302 403 404 404
admin:calendar_events_event_deadline     event           GET     200 200 403 403 404
admin:calendar_events_event_deadline     event           POST    302 302 403 403 404
admin:calendar_events_event_cancel       event           GET     200 200 403 403 404
admin:calendar_events_event_cancel       event           POST    302 302 403 403 404
admin:calendar_events_task_return        done_task       GET     200 404 403 200 404
admin:calendar_events_task_return        done_task       POST    302 404 403 302 404
admin:calendar_events_task_extend        task            GET     200 404 403 403 404
admin:calendar_events_task_extend        task            POST    302 404 403 403 404
admin:calendar_events_task_reopen        done_task       GET     200 404 403 200 404
admin:calendar_events_task_reopen        done_task       POST    302 404 403 302 404
"""
