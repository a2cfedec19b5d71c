"""What the audit log says after each door was used well, by the first who may.

``-`` means nothing: what is typed is kept without an entry, a preview changes nothing, and the size
of text or the organisation acted for are nobody else's business.
"""

TABLE = """
method  name                                     of              verbs
POST    integrity:section                        self_check/check_section  integrity.save_answers
POST    integrity:rectification                  open_mending    integrity.hand_in_rectification
POST    admin:integrity_selfcheck_rectify        handed_in_check  integrity.open_rectifications
POST    admin:integrity_rectification_close      handed_in_mending  integrity.close_rectification
POST    admin:integrity_rectification_reopen     handed_in_mending  integrity.reopen_rectification
POST    admin:integrity_rectification_cancel     open_mending    integrity.cancel_rectification
GET     admin:integrity_rectification_export     format          integrity.export
POST    integrity:submit                         full_check      integrity.submit_self_check
POST    admin:integrity_edition_add              -               integrity.save_draft
POST    admin:integrity_edition_edit             draft_edition   integrity.save_draft
POST    admin:integrity_edition_publish          draft_edition   integrity.publish_edition
POST    admin:integrity_edition_remove           draft_edition   integrity.remove_draft
POST    admin:integrity_edition_assign           edition         integrity.assign
POST    admin:integrity_edition_withdraw         edition/check_item  integrity.withdraw_item
POST    admin:integrity_assignment_due           assignment      integrity.move_due_date
POST    admin:integrity_assignment_cancel        assignment      integrity.cancel_assignment
POST    admin:integrity_selfcheck_change         handed_in_check  integrity.remark
GET     admin:integrity_selfcheck_export         format          integrity.export

POST    accounts:login                           -               accounts.log_in
POST    accounts:logout                          -               accounts.log_out
POST    accounts:password                        -               accounts.change_password organizations.revoke_tokens
POST    accounts:code                            -               -
POST    accounts:factor_begin                    -               -
POST    accounts:factor_setup                    -               accounts.turn_on_factor
POST    accounts:factor_codes                    -               accounts.renew_recovery_codes
POST    accounts:factor_off                      -               accounts.turn_off_factor
POST    accounts:link                            token           accounts.use_link organizations.revoke_tokens accounts.log_in
POST    accounts:large_text                      -               -
POST    organizations:switch                     -               -
POST    organizations:tokens                     -               organizations.make_token
POST    organizations:revoke_token               api_token       organizations.revoke_token
POST    calendar_events:subscription             -               calendar_events.make_feed
POST    calendar_events:revoke_subscription      -               calendar_events.revoke_feed
POST    bureau:draft                             -               -
POST    calendar_events:task                     task            activities.add_record calendar_events.complete_tasks
POST    calendar_events:existing                 task            calendar_events.complete_tasks
POST    calendar_events:not_applicable           task            calendar_events.mark_not_applicable
POST    calendar_events:reopen                   done_task       calendar_events.reopen_task
POST    calendar_events:new_record               -               activities.add_record
POST    calendar_events:edit_record              record          activities.change_record calendar_events.change_answers
POST    calendar_events:withdraw_record          record          activities.withdraw_record calendar_events.reopen_task
POST    reports:report                           report          reports.submit
POST    reports:prepare                          report          reports.prepare
POST    reports:print                            report          reports.print
POST    reports:correction                       approved        reports.ask_correction

GET     admin:matrix_export                      -               bureau.export_matrix
POST    reports:print_version                    approved/number  reports.print
POST    bureau:print_one_page                    -               bureau.print_one_page
POST    bureau:copied_figure                     -               bureau.copy_figure
POST    admin:matrix_print                       -               bureau.print_matrix
POST    admin:nudge_preview                      -               -
POST    admin:nudge_late                         -               -
POST    admin:send_nudge                         -               calendar_events.nudge
POST    admin:return_task                        done_task       calendar_events.return_task
POST    admin:approve_preview                    -               -
POST    admin:approve_several                    -               reports.approve reports.approve
POST    admin:approve_report                     submitted       reports.approve
POST    admin:return_report                      submitted       reports.return
POST    admin:print_report                       submitted       reports.print
POST    admin:grant_correction                   correction      reports.decide_correction
POST    admin:refuse_correction                  correction      reports.decide_correction
POST    admin:finalise_summary                   period          reports.finalise
POST    admin:print_version                      approved/number  reports.print
POST    admin:print_rulebook                     -               bureau.print_rulebook
POST    admin:print_tree                         -               organizations.print_chart
POST    admin:print_coverage                     -               people.print_coverage
GET     admin:coverage_export                    -               people.export_coverage
GET     admin:coverage_schools_export            -               people.export_coverage
POST    admin:print_summary                      period          reports.print_summary
GET     admin:export_summary                     period          bureau.export_summary
POST    admin:reports_period_due                 period          reports.move_due_date
POST    admin:reports_periodplan_change          plan            reports.change_plan reports.make_periods
POST    admin:call_list                          group_text      bureau.show_call_list
POST    admin:mark_text_sent                     group_text      notifications.mark_sent
POST    admin:logout                             -               accounts.log_out
POST    admin:common_auditentry_export           -               bureau.export_audit_log

POST    admin:notices_notice_add                 -               notices.draft
POST    admin:notices_notice_change              draft_notice    notices.change
POST    admin:print_notice                       draft_notice    notices.print
POST    admin:issue_notice                       printed_notice  notices.issue

POST    admin:calendar_events_calendar_add       -               calendar_events.open_calendar
POST    admin:calendar_events_calendar_line      draft_calendar  calendar_events.add_event
POST    admin:calendar_events_calendar_import    draft_calendar  -
POST    admin:calendar_events_calendar_check     draft_calendar  calendar_events.import_calendar
POST    admin:calendar_events_calendar_sort      draft_calendar  calendar_events.arrange_events
POST    admin:calendar_events_calendar_accept    draft_calendar  calendar_events.sort_events calendar_events.arrange_events
POST    admin:calendar_events_calendar_publish   ready_calendar  calendar_events.publish_calendar
POST    admin:calendar_events_calendar_circular  draft_calendar  notices.draft
POST    admin:calendar_events_calendar_roll_over calendar        calendar_events.roll_over
POST    admin:calendar_events_event_add          -               calendar_events.create_adhoc_task
POST    admin:calendar_events_event_plan         line            calendar_events.plan_event calendar_events.ask_figures
POST    admin:calendar_events_event_revise       event           calendar_events.revise_event
POST    admin:calendar_events_event_split        line            calendar_events.split_event
POST    admin:calendar_events_event_join         split           calendar_events.join_event
POST    admin:calendar_events_event_remove       line            calendar_events.remove_event
POST    admin:calendar_events_event_deadline     event           calendar_events.move_deadline
POST    admin:calendar_events_event_cancel       event           calendar_events.cancel_event
POST    admin:calendar_events_task_return        done_task       calendar_events.return_task
POST    admin:calendar_events_task_extend        task            calendar_events.extend_task
POST    admin:calendar_events_task_reopen        done_task       calendar_events.reopen_task
POST    admin:calendar_events_vacation_add       -               calendar_events.set_vacation
POST    admin:calendar_events_vacation_change    vacation        calendar_events.set_vacation
POST    admin:common_workdayoverride_add         -               calendar_events.set_workday
POST    admin:common_workdayoverride_change      workday         calendar_events.set_workday
POST    admin:common_workdayoverride_clear       workday         calendar_events.clear_workday

POST    admin:people_person_add                  -               people.create_person people.give_user
POST    admin:people_person_change               person          people.change_person
POST    admin:people_person_mobile               person          people.unmask_mobile
GET     admin:people_person_export               format          people.export
POST    people:register                          -               people.enter_standings
POST    people:start_roster                      -               organizations.start_roster organizations.count_roster
POST    people:print_roster                      -               people.print_roster
POST    people:change_standing                   standing        people.change_standing
POST    people:end_standing                      standing        people.end_standing
POST    people:correct                           standing        people.correct_person
POST    people:number                            standing/field  people.unmask
POST    cadres:hold                              -               cadres.hold_class cadres.enrol
POST    cadres:attendance                        training_class  cadres.take_attendance
POST    admin:cadres_cadre_structure_print       -               cadres.print_structure
GET     admin:cadres_cadre_structure_export      -               cadres.export
POST    admin:cadres_cadre_paper                 cadre           cadres.print_file
POST    admin:cadres_cadre_hours                 cadre           cadres.credit_hours
POST    admin:cadres_cadre_state                 cadre/fact_kind cadres.state_facts
POST    admin:cadres_cadre_fact                  fact/fact_step  cadres.withdraw_fact
POST    admin:cadres_cadre_record                hours/fact_step cadres.withdraw_hours
POST    admin:cadres_cadre_print                 -               cadres.print_list
GET     admin:cadres_cadre_export                format          cadres.export
POST    admin:cadres_trainingclass_add           -               cadres.hold_class
POST    admin:cadres_trainingclass_enrol         training_class  cadres.enrol
POST    admin:cadres_trainingclass_paste         training_class  -
POST    admin:cadres_trainingclass_correct       training_class  cadres.correct_class
POST    admin:cadres_trainingclass_withdraw      training_class  cadres.withdraw_class
POST    admin:cadres_trainingclass_print         -               cadres.print_list
GET     admin:cadres_trainingclass_export        format          cadres.export
POST    admin:cadres_target_add                  -               cadres.set_target
POST    admin:cadres_target_change               target          cadres.set_target
POST    honours:report                           -               honours.report
POST    honours:correct                          waiting_honour  honours.correct
POST    honours:withdraw                         waiting_honour  honours.withdraw
POST    admin:honours_honour_add                 -               honours.enter
POST    admin:honours_honour_confirm             waiting_honour  honours.confirm
POST    admin:honours_honour_correct             honour          honours.correct
POST    admin:honours_honour_withdraw            honour          honours.withdraw
POST    admin:honours_honour_print               -               honours.print_list
GET     admin:honours_honour_export              format          honours.export
POST    admin:people_instructor_add              -               people.assign_instructor
POST    admin:people_instructor_end              instructor      people.end_instructor
POST    admin:people_instructor_print            -               people.print_list
GET     admin:people_instructor_export           format          people.export
POST    admin:people_standing_add                -               people.enter_standings
POST    admin:people_standing_change_step        standing        people.change_standing
POST    admin:people_standing_end_step           standing        people.end_standing
POST    admin:people_standing_correct            standing        people.correct_person
POST    admin:people_standing_unmask             standing/field  people.unmask
POST    admin:people_standing_start              -               organizations.start_roster organizations.count_roster
POST    admin:people_standing_print              -               people.print_roster
POST    admin:people_standing_unmasked_export    -               people.unmask_list
GET     admin:people_standing_export             format          people.export
GET     admin:accounts_user_export               format          accounts.export
POST    admin:accounts_user_links                -               -
POST    admin:accounts_user_texts                -               accounts.issue_link
POST    admin:accounts_user_slips                -               people.order_slips
POST    admin:accounts_user_unlock               locked_account  accounts.unlock
POST    admin:accounts_user_off                  account         accounts.switch_off organizations.revoke_tokens calendar_events.revoke_feed
POST    admin:accounts_user_factor               factored        accounts.reset_factor
POST    admin:accounts_user_on                   off_account     accounts.switch_on

POST    admin:organizations_organization_add           -       organizations.found
POST    admin:organizations_organization_change        mine    organizations.change
POST    admin:organizations_organization_grant_role    mine    -
POST    admin:organizations_organization_move          mine    organizations.move
POST    admin:organizations_organization_rename        mine    organizations.rename
POST    admin:organizations_organization_link_schools  mine    organizations.link_schools
POST    admin:organizations_organization_split         mine    organizations.found organizations.split
POST    admin:organizations_organization_merge         kinder  organizations.close organizations.close_school organizations.merge people.carry_standings calendar_events.cancel_closed reports.waive_closed cadres.end_closed integrity.waive_closed
POST    admin:organizations_organization_close         mine    organizations.close people.carry_standings calendar_events.cancel_closed reports.waive_closed cadres.end_closed integrity.waive_closed integrity.cancel_rectification
POST    admin:organizations_organization_reopen        closed  organizations.reopen
GET     admin:organizations_organization_export        format  organizations.export
POST    admin:organizations_organization_print          -       organizations.print_list
POST    admin:organizations_role_add                   -       organizations.grant_role
POST    admin:organizations_role_end                   role    organizations.end_role
POST    admin:organizations_role_withdraw              role    organizations.withdraw_role
GET     admin:organizations_role_export                format  organizations.export
POST    admin:organizations_role_print                  -       organizations.print_list
POST    admin:organizations_tightening_add             -       organizations.tighten_rule
POST    admin:organizations_tightening_end             tightening  organizations.end_tightening
POST    admin:organizations_tightening_withdraw        tightening  organizations.withdraw_tightening
GET     admin:organizations_tightening_export          format  organizations.export
POST    admin:organizations_tightening_print            -       organizations.print_list
POST    admin:organizations_headcount_add              -       organizations.count_heads
GET     admin:organizations_headcount_export           format  organizations.export
POST    admin:organizations_headcount_print             -       organizations.print_list
POST    admin:organizations_school_add                 -       organizations.add_school
POST    admin:organizations_school_change              school  organizations.change_school
POST    admin:organizations_school_count_members       school  organizations.count_school_members
POST    admin:organizations_school_close               empty   organizations.close_school
GET     admin:organizations_school_export              format  organizations.export
POST    admin:organizations_school_print                -       organizations.print_list
POST    admin:organizations_campus_add                 -       organizations.add_campus
POST    admin:organizations_campus_change              campus  organizations.change_campus
POST    admin:organizations_schoolgroup_add            -       organizations.add_group organizations.change_group
POST    admin:organizations_schoolgroup_change         group   organizations.change_group organizations.change_group
POST    admin:organizations_office_add                 -       organizations.add_office
POST    admin:organizations_office_change              office  organizations.change_office
POST    admin:organizations_import                     -       -
POST    admin:organizations_import_run                 run     organizations.import_head_counts
POST    admin:organizations_import_run                 people_run  people.create_person people.give_user organizations.grant_role people.create_person people.give_user organizations.grant_role people.import_secretaries

POST    api:standings-list                       -               people.enter_standings
POST    api:standings-change                     standing        people.change_standing
POST    api:standings-end                        standing        people.end_standing
POST    api:calendars-publish                    ready_calendar  calendar_events.publish_calendar
POST    api:events-list                          -               calendar_events.create_adhoc_task
POST    api:events-move-deadline                 event           calendar_events.move_deadline
POST    api:events-cancel                        event           calendar_events.cancel_event
POST    api:tasks-nudge                          -               calendar_events.nudge
POST    api:tasks-complete                       task            calendar_events.complete_tasks
POST    api:tasks-not-applicable                 task            calendar_events.mark_not_applicable
POST    api:tasks-return                         done_task       calendar_events.return_task
POST    api:tasks-reopen                         done_task       calendar_events.reopen_task
POST    api:tasks-extend                         task            calendar_events.extend_task
POST    api:records-list                         -               activities.add_record calendar_events.complete_tasks
POST    api:records-change                       record          activities.change_record
POST    api:records-withdraw                     record          activities.withdraw_record calendar_events.reopen_task
POST    api:reports-prepare                      report          reports.prepare
POST    api:reports-submit                       report          reports.submit
POST    api:reports-return                       submitted       reports.return
POST    api:reports-approve                      submitted       reports.approve
POST    api:reports-ask-correction               approved        reports.ask_correction
POST    api:corrections-grant                    correction      reports.decide_correction
POST    api:corrections-refuse                   correction      reports.decide_correction
POST    api:notices-list                         -               notices.draft
POST    api:notices-change                       draft_notice    notices.change
POST    api:notices-print                        draft_notice    notices.print
POST    api:notices-issue                        printed_notice  notices.issue
POST    admin:cadres_ledgerrow_start_post        mine            -
POST    admin:cadres_ledgerrow_begin_term        mine            cadres.begin_term
POST    admin:cadres_ledgerrow_extend            mine            cadres.extend_term
POST    admin:cadres_ledgerrow_seats_step        mine            cadres.correct_seats
POST    admin:cadres_ledgerrow_withdraw_term     mine            cadres.withdraw_term
POST    admin:cadres_ledgerrow_check_now         mine            cadres.check
POST    admin:cadres_ledgerrow_print             -               cadres.print_ledger
POST    admin:cadres_ledgerrow_letter            -               notices.draft cadres.draft_reminder
GET     admin:cadres_ledgerrow_export            format          cadres.export
POST    admin:cadres_post_add                    -               cadres.start_post
POST    admin:cadres_post_hand_over              post            cadres.end_post cadres.start_post
POST    admin:cadres_post_end_step               post            cadres.end_post
POST    admin:cadres_post_correct                post            cadres.correct_post
GET     admin:cadres_post_export                 format          cadres.export
POST    admin:cadres_post_print                 -       cadres.print_list
POST    admin:cadres_finding_dismiss             finding         cadres.dismiss_finding
POST    admin:cadres_finding_restore             aside           cadres.restore_finding
POST    admin:cadres_finding_check               -               cadres.order_check
GET     admin:cadres_finding_export              format          cadres.export
POST    admin:cadres_finding_print              -       cadres.print_list
"""
