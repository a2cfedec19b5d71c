"""People, accounts, organisations and roles."""

TABLE = """
name                                           of              method  off lim lea rev aud
admin:people_person_mobile                     person          GET     200 404 200 200 404
admin:people_person_mobile                     person          POST    200 404 200 200 404
admin:accounts_user_links                      -               POST    200 404 200 200 404
admin:accounts_user_texts                      -               POST    200 404 403 200 404
admin:accounts_user_slips                      -               POST    302 404 403 302 404
admin:accounts_user_unlock                     locked_account  POST    302 404 403 302 404
admin:accounts_user_off                        account         GET     200 404 403 200 404
admin:accounts_user_off                        account         POST    302 404 403 302 404
admin:accounts_user_export                     format          GET     200 200 200 200 404
admin:accounts_user_factor                     factored        GET     403 404 403 403 404
admin:accounts_user_factor                     factored        POST    403 404 403 403 404
admin:accounts_user_on                         off_account     POST    302 404 403 302 404
admin:common_auditentry_export                 -               POST    404 404 404 404 200
admin:organizations_organization_grant_role    mine            GET     302 403 403 403 403
admin:organizations_organization_grant_role    mine            POST    302 403 403 403 403
admin:organizations_organization_move          mine            GET     200 403 403 403 403
admin:organizations_organization_move          mine            POST    302 403 403 403 403
admin:organizations_organization_rename        mine            GET     200 403 403 403 403
admin:organizations_organization_rename        mine            POST    302 403 403 403 403
admin:organizations_organization_link_schools  mine            GET     200 403 403 403 403
admin:organizations_organization_link_schools  mine            POST    302 403 403 403 403
admin:organizations_organization_merge         kinder          GET     200 403 403 403 403
admin:organizations_organization_merge         kinder          POST    302 403 403 403 403
admin:organizations_organization_close         mine            GET     200 403 403 403 403
admin:organizations_organization_close         mine            POST    302 403 403 403 403
admin:organizations_organization_reopen        closed          GET     200 403 403 403 403
admin:organizations_organization_reopen        closed          POST    302 403 403 403 403
admin:organizations_role_end                   role            GET     200 403 403 403 403
admin:organizations_role_end                   role            POST    302 403 403 403 403
admin:organizations_role_withdraw              role            GET     200 403 403 403 403
admin:organizations_role_withdraw              role            POST    302 403 403 403 403
admin:organizations_school_close               empty           GET     200 403 403 403 403
admin:organizations_school_close               empty           POST    302 403 403 403 403
admin:people_person_export                     format          GET     200 200 200 200 404
admin:organizations_organization_export        format          GET     200 200 200 200 404
admin:organizations_role_export                format          GET     200 200 200 200 404
admin:organizations_headcount_export           format          GET     200 200 200 200 404
admin:organizations_school_export              format          GET     200 200 200 404 404
admin:organizations_import                     -               GET     200 200 403 403 403
admin:organizations_import                     -               POST    302 302 403 403 403
admin:organizations_import_run                 run             GET     200 404 403 403 403
admin:organizations_import_run                 run             POST    302 404 403 403 403
admin:organizations_import_template            list            GET     200 404 403 403 403
"""
