"""Checklists: the school's self-check, and what the bureau writes, assigns and reads."""

TABLE = """
name                             of                               method  off lim lea rev sec dep cle oth aud str ano
integrity:list                   -                                GET     403 403 403 403 200 200 200 200 403 403 302
integrity:self_check             self_check                       GET     403 403 403 403 200 200 200 404 403 403 302
integrity:self_check             handed_in_check                  GET     403 403 403 403 200 200 200 404 403 403 302
integrity:self_check             other_self_check                 GET     403 403 403 403 404 404 404 200 403 403 302
integrity:section                self_check/check_section         GET     403 403 403 403 200 200 200 404 403 403 302
integrity:section                self_check/check_section         POST    403 403 403 403 302 302 302 404 403 403 302
integrity:section                other_self_check/check_section   GET     403 403 403 403 404 404 404 200 403 403 302
integrity:section                other_self_check/check_section   POST    403 403 403 403 404 404 404 302 403 403 302
integrity:section                handed_in_check/check_section    POST    403 403 403 403 403 403 403 404 403 403 302
integrity:submit                 full_check                       POST    403 403 403 403 302 302 403 404 403 403 302
integrity:submit                 other_self_check                 POST    403 403 403 403 404 404 404 302 403 403 302
integrity:file                   full_check/proof                 GET     200 404 200 200 200 200 200 404 404 404 302
integrity:file                   other_self_check/proof           GET     404 404 404 404 404 404 404 404 404 404 302
integrity:rectification          open_mending                     GET     403 403 403 403 200 200 200 404 403 403 302
integrity:rectification          open_mending                     POST    403 403 403 403 302 302 403 404 403 403 302
integrity:rectification          closed_mending                   GET     403 403 403 403 200 200 200 404 403 403 302
integrity:rectification          other_mending                    GET     403 403 403 403 404 404 404 200 403 403 302
integrity:rectification          other_mending                    POST    403 403 403 403 404 404 404 302 403 403 302
integrity:rectification_file     handed_in_mending/mending_file   GET     200 404 200 200 200 200 200 404 404 404 302
integrity:rectification_file     other_mending/mending_file       GET     404 404 404 404 404 404 404 404 404 404 302
"""

ADMIN = """
name                                     of                  method  off lim lea rev aud
admin:integrity_edition_edit             draft_edition       GET     200 403 403 404 404
admin:integrity_edition_edit             draft_edition       POST    302 403 403 404 404
admin:integrity_edition_publish          draft_edition       GET     200 403 403 404 404
admin:integrity_edition_publish          draft_edition       POST    302 403 403 404 404
admin:integrity_edition_remove           draft_edition       GET     200 403 403 404 404
admin:integrity_edition_remove           draft_edition       POST    302 403 403 404 404
admin:integrity_edition_assign           edition             GET     200 403 403 403 404
admin:integrity_edition_assign           edition             POST    302 403 403 403 404
admin:integrity_edition_withdraw         edition/check_item  GET     200 403 403 403 404
admin:integrity_edition_withdraw         edition/check_item  POST    302 403 403 403 404
admin:integrity_assignment_due           assignment          GET     200 403 403 403 404
admin:integrity_assignment_due           assignment          POST    302 403 403 403 404
admin:integrity_assignment_cancel        assignment          GET     200 403 403 403 404
admin:integrity_assignment_cancel        assignment          POST    302 403 403 403 404
admin:integrity_selfcheck_rectify        handed_in_check     GET     200 404 403 200 404
admin:integrity_selfcheck_rectify        handed_in_check     POST    302 404 403 302 404
admin:integrity_rectification_close      handed_in_mending   GET     200 404 403 200 404
admin:integrity_rectification_close      handed_in_mending   POST    302 404 403 302 404
admin:integrity_rectification_reopen     handed_in_mending   GET     200 404 403 200 404
admin:integrity_rectification_reopen     handed_in_mending   POST    302 404 403 302 404
admin:integrity_rectification_cancel     open_mending        GET     200 404 403 200 404
admin:integrity_rectification_cancel     open_mending        POST    302 404 403 302 404
admin:integrity_rectification_export     format              GET     200 200 200 200 404
admin:integrity_selfcheck_export         format              GET     200 200 200 200 404
"""
