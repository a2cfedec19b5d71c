"""Where the administrators of systems and of accounts get something else than the auditor.

Everywhere else all three stand before the same closed doors.
"""

TABLE = """
name                                  of              method  sys gov
admin:common_auditentry_changelist    -               GET     404 404
admin:common_auditentry_changelist    -               POST    404 404
admin:common_auditentry_change        entry           GET     404 404
admin:common_auditentry_change        entry           POST    404 404
admin:common_auditentry_add           -               GET     404 404
admin:common_auditentry_add           -               POST    404 404
admin:common_auditentry_export        -               POST    404 404
admin:system                          -               GET     200 403
admin:accounts_user_changelist        -               GET     200 200
admin:accounts_user_changelist        -               POST    200 200
admin:accounts_user_add               -               GET     403 403
admin:accounts_user_add               -               POST    403 403
admin:accounts_user_change            account         GET     200 200
admin:accounts_user_change            account         POST    403 403
admin:accounts_user_export            format          GET     200 200
admin:accounts_user_links             -               POST    200 200
admin:accounts_user_texts             -               POST    403 200
admin:accounts_user_slips             -               POST    403 302
admin:accounts_user_unlock            locked_account  POST    403 302
admin:accounts_user_off               account         GET     403 200
admin:accounts_user_off               account         POST    403 302
admin:accounts_user_on                off_account     POST    403 302
admin:app_list                        room            GET     404 200
admin:people_person_mobile            person          GET     404 403
admin:people_person_mobile            person          POST    404 403
admin:accounts_user_factor            factored        GET     403 200
admin:accounts_user_factor            factored        POST    403 302
admin:people_person_changelist        -               GET     404 200
admin:people_person_changelist        -               POST    404 200
admin:people_person_add               -               GET     404 200
admin:people_person_add               -               POST    404 200
admin:people_person_change            person          GET     404 200
admin:people_person_change            person          POST    404 200
admin:people_person_export            format          GET     404 200
admin:organizations_role_changelist   -               GET     404 200
admin:organizations_role_changelist   -               POST    404 200
admin:organizations_role_add          -               GET     404 200
admin:organizations_role_add          -               POST    404 200
admin:organizations_role_change       role            GET     404 200
admin:organizations_role_change       role            POST    404 403
admin:organizations_role_export       format          GET     404 200
admin:organizations_role_print        -               GET     404 200
admin:organizations_role_print        -               POST    404 302
"""
