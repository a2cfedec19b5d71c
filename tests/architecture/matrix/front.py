"""The ways in, one's own page, reminders, jobs."""

TABLE = """
name                  of      method  off lim lea rev sec dep cle oth aud str ano
bureau:home           -       GET     302 302 302 302 302 302 302 302 302 302 302
bureau:month          -       GET     403 403 403 403 200 200 200 200 403 403 302
bureau:one_page       -       GET     200 200 200 200 403 403 403 403 403 403 302
bureau:one_page_records -     GET     200 200 200 200 403 403 403 403 403 403 302
bureau:print_one_page -       POST    302 302 302 302 403 403 403 403 403 403 302
bureau:copied_figure  -       POST    200 200 200 200 403 403 403 403 403 403 302
bureau:draft          -       POST    200 200 200 200 200 200 200 200 200 200 302
bureau:inbox          -       GET     200 200 200 200 200 200 200 200 200 200 302
bureau:digest         digest  GET     404 404 404 404 200 404 404 404 404 404 302
bureau:job            job     GET     404 404 404 404 200 404 404 404 404 404 302
bureau:job_result     job     GET     404 404 404 404 200 404 404 404 404 404 302
healthz               -       GET     200 200 200 200 200 200 200 200 200 200 200
accounts:login        -       GET     302 302 302 302 302 302 302 302 302 302 200
accounts:login        -       POST    302 302 302 302 302 302 302 302 302 302 302
accounts:code         -       GET     302 302 302 302 302 302 302 302 302 302 302
accounts:code         -       POST    302 302 302 302 302 302 302 302 302 302 302
accounts:factor       -       GET     200 200 200 200 200 200 200 200 200 200 302
accounts:factor_begin -       POST    302 302 302 302 302 302 302 302 302 302 302
accounts:factor_setup -       GET     302 302 302 302 200 302 302 302 302 302 302
accounts:factor_setup -       POST    302 302 302 302 200 302 302 302 302 302 302
accounts:factor_codes -       GET     404 404 404 404 404 200 404 404 404 404 302
accounts:factor_codes -       POST    404 404 404 404 404 200 404 404 404 404 302
accounts:factor_off   -       GET     404 404 404 404 404 200 404 404 404 404 302
accounts:factor_off   -       POST    404 404 404 404 404 302 404 404 404 404 302
accounts:logout       -       POST    302 302 302 302 302 302 302 302 302 302 302
accounts:password     -       GET     200 200 200 200 200 200 200 200 200 200 302
accounts:password     -       POST    302 302 302 302 302 302 302 302 302 302 302
accounts:link         token   GET     200 200 200 200 200 200 200 200 200 200 200
accounts:link         token   POST    302 302 302 302 302 302 302 302 302 302 302
accounts:session      -       GET     200 200 200 200 200 200 200 200 200 200 200
accounts:session_back -       GET     200 200 200 200 200 200 200 200 200 200 302
accounts:large_text   -       POST    302 302 302 302 302 302 302 302 302 302 302
organizations:mine    -       GET     200 200 200 200 200 200 200 200 200 200 302
calendar_events:subscription         -           GET     200 200 200 200 200 200 200 200 403 403 302
calendar_events:subscription         -           POST    200 200 200 200 200 200 200 200 403 403 302
calendar_events:revoke_subscription  -           GET     404 404 404 404 200 404 404 404 404 404 302
calendar_events:revoke_subscription  -           POST    404 404 404 404 302 404 404 404 404 404 302
bureau:feed                          feed_token  GET     200 200 200 200 200 200 200 200 200 200 200
organizations:switch  -       POST    404 404 404 404 302 302 302 404 404 404 302
organizations:tokens        -          GET     200 200 200 200 200 200 200 200 403 403 302
organizations:tokens        -          POST    200 200 200 200 200 200 200 200 403 403 302
organizations:revoke_token  api_token  GET     404 404 404 404 200 404 404 404 404 404 302
organizations:revoke_token  api_token  POST    404 404 404 404 302 404 404 404 404 404 302
"""
