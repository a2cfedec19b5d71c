"""The API: everybody comes with a token that opens all; who may hold none gets 401.

A verb is sent with ``If-Match: *``, as what stands here is who may, not which version they saw.
"""

TABLE = """
name                      of         method  off lim lea rev sec dep cle oth aud str ano
api:schema                -          GET     200 200 200 200 200 200 200 200 200 200 401
api:docs                  -          GET     200 200 200 200 200 200 200 200 200 200 302
api:me                    -          GET     200 200 200 200 200 200 200 200 401 401 401
api:organizations-list    -          GET     200 200 200 200 200 200 200 200 401 401 401
api:organizations-detail  mine       GET     200 404 200 200 200 200 200 404 401 401 401
api:organizations-detail  kinder     GET     200 200 200 404 404 404 404 404 401 401 401

api:standings-list        -               GET   200 200 200 200 200 200 200 200 401 401 401
api:standings-list        -               POST  201 400 403 403 201 201 403 400 401 401 401
api:standings-detail      standing        GET   200 404 200 200 200 200 200 404 401 401 401
api:standings-detail      other_standing  GET   200 404 200 404 404 404 404 200 401 401 401
api:standings-change      standing        POST  200 404 403 403 200 200 403 404 401 401 401
api:standings-end         standing        POST  200 404 403 403 200 200 403 404 401 401 401

api:calendars-list        -               GET   200 200 200 200 200 200 200 200 401 401 401
api:calendars-detail      calendar        GET   200 200 200 200 200 200 200 200 401 401 401
api:calendars-detail      draft_calendar  GET   200 200 200 404 404 404 404 404 401 401 401
api:calendars-publish     ready_calendar  POST  200 200 403 404 404 404 404 404 401 401 401
api:events-list           -               GET   200 200 200 200 200 200 200 200 401 401 401
api:events-list           -               POST  201 201 403 403 403 403 403 403 401 401 401
api:events-detail         event           GET   200 200 200 200 200 200 200 200 401 401 401
api:events-detail         line            GET   200 200 200 404 404 404 404 404 401 401 401
api:events-move-deadline  event           POST  200 200 403 403 403 403 403 403 401 401 401
api:events-cancel         event           POST  200 200 403 403 403 403 403 403 401 401 401

api:tasks-list            -               GET   200 200 200 200 200 200 200 200 401 401 401
api:tasks-nudge           -               POST  200 400 403 200 400 400 400 400 401 401 401
api:tasks-detail          task            GET   200 404 200 200 200 200 200 404 401 401 401
api:tasks-detail          kinder_task     GET   200 200 200 404 404 404 404 404 401 401 401
api:tasks-complete        task            POST  403 404 403 403 200 200 200 404 401 401 401
api:tasks-not-applicable  task            POST  403 404 403 403 200 200 200 404 401 401 401
api:tasks-return          done_task       POST  200 404 403 200 403 403 403 404 401 401 401
api:tasks-reopen          done_task       POST  200 404 403 200 200 200 200 404 401 401 401
api:tasks-extend          task            POST  200 404 403 403 403 403 403 404 401 401 401

api:records-list          -               GET   200 200 200 200 200 200 200 200 401 401 401
api:records-list          -               POST  403 400 403 403 201 201 201 400 401 401 401
api:records-detail        record          GET   200 404 200 200 200 200 200 404 401 401 401
api:records-detail        other_record    GET   200 404 200 404 404 404 404 200 401 401 401
api:records-change        record          POST  403 404 403 403 200 200 200 404 401 401 401
api:records-withdraw      record          POST  403 404 403 403 200 200 200 404 401 401 401

api:reports-list          -               GET   200 200 200 200 200 200 200 200 401 401 401
api:reports-detail        report          GET   200 404 200 200 200 200 200 404 401 401 401
api:reports-detail        approved        GET   200 404 200 200 200 200 200 404 401 401 401
api:reports-detail        other_report    GET   200 404 200 404 404 404 404 200 401 401 401
api:reports-prepare       report          POST  403 404 403 403 200 200 200 404 401 401 401
api:reports-submit        report          POST  403 404 403 403 200 200 403 404 401 401 401
api:reports-return        submitted       POST  200 404 403 200 403 403 403 404 401 401 401
api:reports-approve       submitted       POST  200 404 403 200 403 403 403 404 401 401 401
api:reports-ask-correction  approved      POST  403 404 403 403 200 200 403 404 401 401 401
api:corrections-list      -               GET   200 200 200 200 200 200 200 200 401 401 401
api:corrections-detail    correction      GET   200 404 200 200 200 200 200 404 401 401 401
api:corrections-grant     correction      POST  200 404 403 200 403 403 403 404 401 401 401
api:corrections-refuse    correction      POST  200 404 403 200 403 403 403 404 401 401 401

api:posts-list            -               GET   200 200 200 200 200 200 200 200 401 401 401
api:posts-detail          post            GET   200 404 200 200 200 200 200 404 401 401 401
api:posts-detail          other_post      GET   200 404 200 404 404 404 404 200 401 401 401
api:terms-list            -               GET   200 200 200 200 200 200 200 200 401 401 401
api:terms-detail          term            GET   200 404 200 200 200 200 200 404 401 401 401
api:terms-detail          other_term      GET   200 404 200 404 404 404 404 200 401 401 401
api:honours-list          -               GET   200 200 200 200 200 200 200 200 401 401 401
api:honours-detail        honour          GET   200 404 200 200 200 200 200 404 401 401 401
api:honours-detail        other_honour    GET   200 404 200 404 404 404 404 200 401 401 401

api:notices-list          -               GET   200 200 200 200 200 200 200 200 401 401 401
api:notices-list          -               POST  201 201 403 403 403 403 403 403 401 401 401
api:notices-detail        notice          GET   200 200 200 200 200 200 200 200 401 401 401
api:notices-detail        draft_notice    GET   200 200 200 404 404 404 404 404 401 401 401
api:notices-change        draft_notice    POST  200 200 403 404 404 404 404 404 401 401 401
api:notices-print         draft_notice    POST  200 200 403 404 404 404 404 404 401 401 401
api:notices-issue         printed_notice  POST  200 200 403 404 404 404 404 404 401 401 401
"""
