"""The ways in, one's own page, reminders, jobs."""

TABLE = """
name                  of      method  off lim lea rev sec dep cle oth aud str ano
bureau:home           -       GET     302 302 302 302 302 302 302 302 302 302 302
bureau:month          -       GET     403 403 403 403 200 200 200 200 403 403 302
bureau:draft          -       POST    200 200 200 200 200 200 200 200 200 200 302
bureau:inbox          -       GET     200 200 200 200 200 200 200 200 200 200 302
bureau:digest         digest  GET     404 404 404 404 200 404 404 404 404 404 302
bureau:job            job     GET     404 404 404 404 200 404 404 404 404 404 302
bureau:job_result     job     GET     404 404 404 404 200 404 404 404 404 404 302
healthz               -       GET     200 200 200 200 200 200 200 200 200 200 200
accounts:login        -       GET     302 302 302 302 302 302 302 302 302 302 200
accounts:login        -       POST    302 302 302 302 302 302 302 302 302 302 302
accounts:logout       -       POST    302 302 302 302 302 302 302 302 302 302 302
accounts:password     -       GET     200 200 200 200 200 200 200 200 200 200 302
accounts:password     -       POST    302 302 302 302 302 302 302 302 302 302 302
accounts:link         token   GET     200 200 200 200 200 200 200 200 200 200 200
accounts:link         token   POST    302 302 302 302 302 302 302 302 302 302 302
accounts:large_text   -       POST    302 302 302 302 302 302 302 302 302 302 302
organizations:mine    -       GET     200 200 200 200 200 200 200 200 200 200 302
organizations:switch  -       POST    404 404 404 404 302 302 302 404 404 404 302
"""
