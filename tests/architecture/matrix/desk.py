"""The bureau's own pages: matrix, review, summary, texts for groups, notices."""

TABLE = """
name                        of               method  off lim lea rev aud
admin:index                 -                GET     200 200 200 200 200
admin:search                -                GET     200 200 200 200 200
admin:matrix                -                GET     200 200 200 200 403
admin:matrix_export         -                GET     200 200 200 200 403
admin:nudge_preview         -                POST    200 200 403 200 403
admin:send_nudge            -                POST    302 302 403 302 403
admin:return_task           done_task        POST    302 404 403 302 403
admin:review                -                GET     200 200 200 200 403
admin:approve_several       -                POST    302 302 403 302 403
admin:review_report         submitted        GET     200 404 200 200 403
admin:review_report         other_submitted  GET     200 404 200 404 403
admin:review_report         kinder_submitted GET     200 200 200 404 403
admin:approve_report        submitted        POST    302 404 403 302 403
admin:approve_report        other_submitted  POST    302 404 403 404 403
admin:approve_report        kinder_submitted POST    302 302 403 404 403
admin:return_report         submitted        POST    302 404 403 302 403
admin:corrections           -                GET     200 200 200 200 403
admin:grant_correction      correction       POST    302 404 403 302 403
admin:refuse_correction     correction       POST    302 404 403 302 403
admin:summary_newest        -                GET     302 302 302 302 403
admin:summary               period           GET     200 200 200 200 403
admin:summary               planned_period   GET     404 404 404 404 403
admin:finalise_summary      period           POST    302 403 403 403 403
admin:print_summary         period           POST    302 302 302 302 403
admin:export_summary        period           GET     200 200 200 200 403
admin:reports_period_due    period           GET     200 403 403 403 403
admin:reports_period_due    period           POST    302 403 403 403 403
admin:texts                 -                GET     200 200 403 403 403
admin:text                  group_text       GET     200 200 403 403 403
admin:call_list             group_text       POST    200 200 403 403 403
admin:mark_text_sent        group_text       POST    302 302 403 403 403
admin:login                 -                GET     302 302 302 302 302
admin:logout                -                POST    302 302 302 302 302
admin:password_change       -                GET     302 302 302 302 302
admin:password_change_done  -                GET     200 200 200 200 200
admin:autocomplete          -                GET     200 200 200 200 403
admin:jsi18n                -                GET     200 200 200 200 200
admin:app_list              room             GET     200 200 200 200 404
admin:view_on_site          kind/account     GET     404 404 404 404 404
admin:print_notice          draft_notice     POST    302 302 403 404 404
admin:issue_notice          printed_notice   POST    302 302 403 404 404
"""
