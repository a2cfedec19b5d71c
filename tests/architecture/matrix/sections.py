"""The lists of the admin: who opens the list, a row, the form of a new one; who saves a row.

``add`` holds for opening and for sending the form. What isn't said here is the same everywhere: rows
are never deleted (403), the history of Django's admin is closed (404).
"""

TABLE = """
section                     of          page  off lim lea rev aud
common_auditentry           -           list  404 404 404 404 200
common_auditentry           -           add   404 404 404 404 403
common_auditentry           entry       page  404 404 404 404 200
common_auditentry           entry       save  404 404 404 404 403

calendar_events_calendar    -           list  200 200 200 200 404
calendar_events_calendar    -           add   200 200 403 403 404
calendar_events_calendar    calendar    page  200 200 200 200 404
calendar_events_calendar    calendar    save  405 405 405 405 405

calendar_events_vacation    -           list  200 200 200 200 404
calendar_events_vacation    -           add   200 200 403 403 404
calendar_events_vacation    vacation    page  200 200 403 403 404
calendar_events_vacation    vacation    save  200 200 403 403 404

common_workdayoverride      -           list  200 200 200 200 404
common_workdayoverride      -           add   200 200 403 403 404
common_workdayoverride      workday     page  200 200 403 403 404
common_workdayoverride      workday     save  200 200 403 403 404

calendar_events_event       -           list  200 200 200 200 404
calendar_events_event       -           add   200 200 403 403 404
calendar_events_event       event       page  200 200 200 200 404
calendar_events_event       event       save  405 405 405 405 405

calendar_events_task        -           list  200 200 200 200 404
calendar_events_task        -           add   403 403 403 403 404
calendar_events_task        task        page  200 404 200 200 404
calendar_events_task        task        save  405 405 405 405 405

honours_honour              -              list  200 200 200 200 404
honours_honour              -              add   200 200 403 403 404
honours_honour              waiting_honour  page  200 404 200 200 404
honours_honour              waiting_honour  save  403 404 403 403 404
honours_honour              kinder_honour  page  200 200 200 404 404

cadres_cadre                -           list  200 200 200 200 404
cadres_cadre                -           add   403 403 403 403 404
cadres_cadre                cadre       page  200 404 200 200 404
cadres_cadre                cadre       save  405 404 405 405 404
cadres_cadre                kinder_cadre  page  200 200 200 404 404

cadres_trainingclass        -           list  200 200 200 200 404
cadres_trainingclass        -           add   200 200 403 403 404
cadres_trainingclass        training_class  page  200 404 200 200 404
cadres_trainingclass        training_class  save  403 404 403 403 404

cadres_target               -           list  200 200 200 404 404
cadres_target               -           add   200 403 403 404 404
cadres_target               target      page  200 200 200 404 404
cadres_target               target      save  200 403 403 404 404

people_person               -           list  200 200 200 200 404
people_person               -           add   200 403 403 403 404
people_person               person      page  200 404 200 200 404
people_person               person      save  200 404 403 200 404

people_standing             -           list  200 200 200 200 404
people_standing             -           add   200 200 403 403 404
people_standing             standing    page  200 404 200 200 404
people_standing             standing    save  403 404 403 403 404

cadres_ledgerrow            -           list  200 200 200 200 404
cadres_ledgerrow            -           add   403 403 403 403 404
cadres_ledgerrow            mine        page  200 404 200 200 404
cadres_ledgerrow            mine        save  403 404 403 403 404

cadres_post                 -           list  200 200 200 200 404
cadres_post                 -           add   200 200 403 200 404
cadres_post                 post        page  200 404 200 200 404
cadres_post                 post        save  403 404 403 403 404

cadres_finding              -           list  200 200 200 200 404
cadres_finding              -           add   403 403 403 403 404
cadres_finding              finding     page  200 404 200 200 404
cadres_finding              finding     save  403 404 403 403 404
people_instructor           -           list  200 200 200 200 404
people_instructor           -           add   200 403 403 403 404
people_instructor           instructor  page  200 404 200 200 404
people_instructor           instructor  save  403 404 403 403 404

accounts_user               -           list  200 200 200 200 404
accounts_user               -           add   403 403 403 403 404
accounts_user               account     page  200 404 200 200 404
accounts_user               account     save  403 404 403 403 404

notices_notice              -           list  200 200 200 200 404
notices_notice              -           add   200 200 403 403 404
notices_notice              notice      page  200 200 200 200 404
notices_notice              notice      save  403 403 403 403 404

organizations_headcount     -           list  200 200 200 200 404
organizations_headcount     -           add   200 200 403 403 404
organizations_headcount     head_count  page  200 404 200 200 404
organizations_headcount     head_count  save  403 404 403 403 404

organizations_organization  -           list  200 200 200 200 404
organizations_organization  -           add   200 403 403 403 404
organizations_organization  mine        page  200 404 200 200 404
organizations_organization  mine        save  200 404 403 403 404

organizations_role          -           list  200 200 200 200 404
organizations_role          -           add   200 403 403 403 404
organizations_role          role        page  200 404 200 200 404
organizations_role          role        save  403 404 403 403 404

organizations_tightening    -           list  200 200 200 200 404
organizations_tightening    -           add   200 403 403 403 404
organizations_tightening    tightening  page  200 200 200 200 404
organizations_tightening    tightening  save  403 403 403 403 404

organizations_school        -           list  200 200 200 404 404
organizations_school        -           add   200 403 403 404 404
organizations_school        school      page  200 404 200 404 404
organizations_school        school      save  200 404 403 404 404

organizations_campus        -           list  200 200 200 404 404
organizations_campus        -           add   200 403 403 404 404
organizations_campus        campus      page  200 404 200 404 404
organizations_campus        campus      save  200 404 403 404 404

organizations_schoolgroup   -           list  200 200 200 404 404
organizations_schoolgroup   -           add   200 403 403 404 404
organizations_schoolgroup   group       page  200 200 200 404 404
organizations_schoolgroup   group       save  200 403 403 404 404

organizations_office        -           list  200 200 200 404 404
organizations_office        -           add   200 403 403 404 404
organizations_office        office      page  200 200 200 404 404
organizations_office        office      save  200 403 403 404 404

integrity_edition           -           list  200 200 200 200 404
integrity_edition           -           add   200 403 403 403 404
integrity_edition           edition     page  200 200 200 200 404
integrity_edition           edition     save  405 405 405 405 405

integrity_assignment        -           list  200 200 200 200 404
integrity_assignment        -           add   403 403 403 403 404
integrity_assignment        assignment  page  200 200 200 200 404
integrity_assignment        assignment  save  405 405 405 405 405

integrity_selfcheck         -           list  200 200 200 200 404
integrity_selfcheck         -           add   403 403 403 403 404
integrity_selfcheck         handed_in_check  page  200 404 200 200 404
integrity_selfcheck         handed_in_check  save  302 404 403 302 404

integrity_rectification     -           list  200 200 200 200 404
integrity_rectification     -           add   403 403 403 403 404
integrity_rectification     open_mending  page  200 404 200 200 404
integrity_rectification     open_mending  save  405 405 405 405 405

reports_period              -           list  200 200 200 200 404
reports_period              -           add   403 403 403 403 404
reports_period              period      page  200 200 200 200 404
reports_period              period      save  403 403 403 403 404

reports_periodplan          -           list  200 200 404 404 404
reports_periodplan          -           add   403 403 404 404 404
reports_periodplan          plan        page  200 403 404 404 404
reports_periodplan          plan        save  302 403 404 404 404
"""
