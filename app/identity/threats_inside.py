"""What those could try who run the portal, its files or its database."""

from flask_babel import lazy_gettext as _

from app.identity.threats import Attacker, End, Threat

ATTACKERS: tuple[Attacker, ...] = (
    Attacker(
        _("An administrator inside"),
        (
            Threat(
                _("Gives themselves a role in the business"),
                _(
                    "Nobody grants a role to themselves; every grant is in the log that another"
                    " administrator reads"
                ),
                (
                    "accounts/test_services.py::test_nobody_grants_a_role_to_oneself",
                    "test_policy.py::test_the_three_administrators_touch_no_business",
                ),
            ),
            Threat(
                _(
                    "Opens an account, prints a slip, resets a password or links a sign-on, to come"
                    " in as somebody else"
                ),
                _(
                    "The owner is told, and of accounts of the bureau the other administrators; the"
                    " log names who did it, and a second factor is asked all the same"
                ),
                (
                    "identity/test_identity.py::test_nobody_is_given_a_way_in_unseen",
                    "identity/test_identity.py::test_the_password_alone_opens_nothing_any_more",
                ),
                end=End.SHOWN,
            ),
            Threat(
                _("Has messages of others sent to a system of their own"),
                _(
                    "Each target is entered under a name, with the password given again, and "
                    "stands in the log"
                ),
                ("notifications/test_choices.py::test_a_target_is_kept_changed_tried_and_retired",),
                end=End.SHOWN,
            ),
            Threat(
                _("Opens bids before their time, or chooses the winner of a draw"),
                _(
                    "The portal has neither the halves of the key nor the secret of a draw; a draw"
                    " is computed again from its record"
                ),
                (
                    "procurement/test_sealing.py::test_whoever_holds_database_and_secrets_reads_no_bid",
                    "procurement/test_services.py::test_the_portal_keeps_no_secret",
                    "procurement/test_services.py::test_a_draw_is_computed_again_from_its_record",
                ),
            ),
            Threat(
                _("Reads papers with the system administrator's account"),
                _("The three administrators have no permission on business records at all"),
                (
                    "accounts/test_views.py::test_the_system_administrator_sees_accounts_but_no_business_and_no_log",
                ),
            ),
            Threat(
                _("Changes the key that signs the log, to sign a history of their own"),
                _(
                    "It takes two people; the old key must vouch for the new one, which a "
                    "verification from outside asks for"
                ),
                (
                    "identity/test_acts.py::test_nobody_confirms_what_they_asked_for",
                    "identity/test_acts.py::test_nobody_else_puts_a_key_into_the_chain",
                ),
            ),
            Threat(
                _("Destroys evidence under a hold"),
                _("Ending a hold takes two people, and the database itself wants two"),
                (
                    "custody/test_holds.py::test_its_end_takes_two_people_as_well",
                    "custody/test_holds.py::test_the_database_itself_wants_two_people",
                ),
            ),
            Threat(
                _("Uses an unwatched screen of somebody else"),
                _(
                    "Sessions end when idle; dangerous steps ask for the password again; "
                    "guessing there ends the session"
                ),
                (
                    "accounts/test_views.py::test_a_session_ends_when_it_is_not_used",
                    "identity/test_identity.py::test_a_dangerous_step_asks_for_an_old_password_again",
                    "identity/test_identity.py::test_guessing_at_an_unwatched_screen_ends_the_session",
                ),
            ),
        ),
    ),
    Attacker(
        _("The operator of the file store"),
        (
            Threat(
                _("Reads the files"),
                _("Each file may be sealed under a key of its own that the store does not have"),
                ("storage/test_sealed.py::test_the_disk_holds_no_plain_byte",),
            ),
            Threat(
                _("Changes or swaps a file"),
                _(
                    "Content is addressed by its SHA-256 and read through it; one changed bit "
                    "is noticed"
                ),
                (
                    "storage/test_sealed.py::test_one_bit_changed_anywhere_is_noticed",
                    "storage/test_sealed.py::test_neither_another_key_nor_another_name_opens",
                ),
                end=End.SHOWN,
            ),
            Threat(
                _("Deletes an archived paper"),
                _(
                    "A locking bucket refuses; behind the portal's back it is noticed the next "
                    "night"
                ),
                (
                    "custody/test_locks.py::test_the_store_refuses_to_delete_an_archived_paper",
                    "custody/test_locks.py::test_a_deletion_behind_the_portals_back_is_noticed_whatever_is_deleted",
                ),
                end=End.SHOWN,
            ),
            Threat(
                _("Claims to lock and does not"),
                _(
                    "Before it is trusted the store must refuse a deletion in front of the "
                    "portal, each night again"
                ),
                (
                    "custody/test_proving.py::test_a_bucket_that_only_pretends_is_said_loudly_each_time",
                ),
                end=End.SHOWN,
            ),
        ),
    ),
    Attacker(
        _("The operator of the database"),
        (
            Threat(
                _("Changes or removes an entry of the log"),
                _(
                    "Triggers refuse; behind them the tree of hashes and the signed heads name "
                    "the first bad entry"
                ),
                (
                    "audit/test_guard.py::test_no_row_can_be_changed_or_removed",
                    "audit/test_verifying.py::test_tampering_is_found_at_its_first_entry",
                ),
                end=End.SHOWN,
            ),
            Threat(
                _("Rewrites the whole log, holding the key as well"),
                _(
                    "Only a checkpoint that was kept outside shows it: keep one with another "
                    "authority"
                ),
                ("audit/test_verifying.py::test_only_the_anchor_tells",),
                end=End.SHOWN,
            ),
            Threat(
                _("Changes a star or a published ranking"),
                _(
                    "Rows of reviews are only added; a ranking is computed anew from what was "
                    "kept, to the last digit"
                ),
                (
                    "reviews/test_frozen.py::test_submitted_reviews_stay",
                    "rankings/test_services.py::test_computed_again_from_what_was_kept_it_is_the_same_to_the_last_digit",
                ),
                end=End.SHOWN,
            ),
            Threat(
                _("Reads stars before they are opened"),
                _(
                    "The database holds them in plain, as the ranking is computed there: its"
                    " operator must be nobody's rater or agency. The log holds only commitments,"
                    " and a star that was changed no longer fits its own"
                ),
                (
                    "reviews/test_services.py::test_the_log_keeps_a_commitment_and_no_star_no_word_and_no_party",
                    "reviews/test_services.py::test_the_commitment_binds_every_answer",
                ),
                end=End.LEFT,
            ),
            Threat(
                _("Reads ID numbers, telephones, addresses or targets' secrets from a copy"),
                _(
                    "They are encrypted with keys outside the database, which two people change "
                    "while everybody works"
                ),
                (
                    "personal/test_personal.py::test_the_database_and_the_log_hold_neither",
                    "personal/test_personal.py::test_an_address_of_mails_and_a_targets_secret_are_sealed_too",
                    "identity/test_acts.py::test_the_key_of_personal_data_takes_two_people",
                ),
            ),
            Threat(
                _("Takes a backup from the disk on which it lies"),
                _("With a key a backup shows no word of what is in it, and a changed one is found"),
                (
                    "operations/test_backup.py::test_a_sealed_backup_shows_no_word_of_it",
                    "operations/test_backup.py::test_a_changed_backup_is_found",
                ),
            ),
            Threat(
                _("Takes a copy and guesses passwords or second factors"),
                _(
                    "argon2 hashes; secrets of second factors are sealed with a key that the "
                    "database lacks"
                ),
                ("identity/test_identity.py::test_a_secret_is_sealed_for_its_owner",),
            ),
        ),
    ),
)
