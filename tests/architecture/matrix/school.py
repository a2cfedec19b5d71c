"""The school's pages: tasks, records, the report, notices."""

TABLE = """
name                             of                 method  off lim lea rev sec dep cle oth aud str ano
calendar_events:calendar         -                  GET     403 403 403 403 200 200 200 200 403 403 302
calendar_events:task             task               GET     403 403 403 403 200 200 200 404 403 403 302
calendar_events:task             task               POST    403 403 403 403 302 302 302 404 403 403 302
calendar_events:task             done_task          GET     403 403 403 403 200 200 200 404 403 403 302
calendar_events:task             other_task         GET     403 403 403 403 404 404 404 200 403 403 302
calendar_events:existing         task               GET     403 403 403 403 200 200 200 404 403 403 302
calendar_events:existing         task               POST    403 403 403 403 302 302 302 404 403 403 302
calendar_events:not_applicable   task               GET     403 403 403 403 200 200 200 404 403 403 302
calendar_events:not_applicable   task               POST    403 403 403 403 302 302 302 404 403 403 302
calendar_events:reopen           done_task          GET     403 403 403 403 200 200 200 404 403 403 302
calendar_events:reopen           done_task          POST    403 403 403 403 302 302 302 404 403 403 302
calendar_events:records          -                  GET     403 403 403 403 200 200 200 200 403 403 302
calendar_events:new_record       -                  GET     403 403 403 403 200 200 200 200 403 403 302
calendar_events:new_record       -                  POST    403 403 403 403 302 302 302 302 403 403 302
calendar_events:record           record             GET     403 403 403 403 200 200 200 404 403 403 302
calendar_events:record           other_record       GET     403 403 403 403 404 404 404 200 403 403 302
calendar_events:record_saved     record             GET     403 403 403 403 200 200 200 404 403 403 302
calendar_events:edit_record      record             GET     403 403 403 403 200 200 200 404 403 403 302
calendar_events:edit_record      record             POST    403 403 403 403 302 302 302 404 403 403 302
calendar_events:withdraw_record  record             GET     403 403 403 403 200 200 200 404 403 403 302
calendar_events:withdraw_record  record             POST    403 403 403 403 302 302 302 404 403 403 302
calendar_events:record_file      record/file        GET     200 404 200 200 200 200 200 404 404 404 302
calendar_events:record_file      record/other_file  GET     404 404 404 404 404 404 404 404 404 404 302
reports:list                     -                  GET     403 403 403 403 200 200 200 200 403 403 302
reports:report                   report             GET     403 403 403 403 200 200 200 404 403 403 302
reports:report                   report             POST    403 403 403 403 302 302 403 404 403 403 302
reports:prepare                  report             GET     403 403 403 403 302 302 302 404 403 403 302
reports:prepare                  report             POST    403 403 403 403 302 302 302 404 403 403 302
reports:report                   approved           GET     403 403 403 403 200 200 200 404 403 403 302
reports:report                   other_report       GET     403 403 403 403 404 404 404 200 403 403 302
reports:print                    report             POST    403 403 403 403 302 302 302 404 403 403 302
reports:correction               approved           GET     403 403 403 403 200 200 403 404 403 403 302
reports:correction               approved           POST    403 403 403 403 302 302 403 404 403 403 302
reports:versions                 approved           GET     403 403 403 403 200 200 200 404 403 403 302
reports:versions                 other_report       GET     403 403 403 403 404 404 404 200 403 403 302
reports:version                  approved/number    GET     403 403 403 403 200 200 200 404 403 403 302
reports:print_version            approved/number    POST    403 403 403 403 302 302 302 404 403 403 302
notices:list                     -                  GET     403 403 403 403 200 200 200 200 403 403 302
notices:notice                   notice             GET     403 403 403 403 200 200 200 200 403 403 302
notices:notice                   draft_notice       GET     403 403 403 403 404 404 404 404 403 403 302
notices:pdf                      notice             GET     200 200 200 200 200 200 200 200 404 404 302
notices:pdf                      draft_notice       GET     404 404 404 404 404 404 404 404 404 404 302
notices:pdf                      printed_notice     GET     200 200 200 404 404 404 404 404 404 404 302
"""
