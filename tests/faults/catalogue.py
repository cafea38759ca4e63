"""All faults of the catalogue, how the tap must take them, and which tests show that it does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TESTS = Path(__file__).parents[1]
CASES = "faults/test_faults.py::test_fault_is_recovered_or_reported"
MODEL = "model/test_model.py::test_destination_equals_vendor_in_every_scenario"


@dataclass(frozen=True)
class FaultCase:
    """One fault."""

    number: str
    fault: str
    outcome: str
    covering_tests: tuple[str, ...]
    """Tests, as `file::function` below `tests/`; one with `[` names its first parameter in part."""


def _row(number: int, fault: str, outcome: str, *covering_tests: str) -> FaultCase:
    own = f"{CASES}[F{number:02} "
    return FaultCase(f"F{number:02}", fault, outcome, covering_tests or (own,))


FAULTS = (
    _row(1, "401 in mid-sync", "one new token, one repeat, then an error"),
    _row(2, "token expires on the way", "renewed early, or after a 401"),
    _row(3, "token endpoint fails", "tried again"),
    _row(
        4,
        "token endpoint resets; TLS on a plain port",
        "tried again; one error in 5 s",
        f"{CASES}[F04 ",
        "faults/test_addresses.py::test_tls_on_a_plain_port_is_one_quick_error",
    ),
    _row(5, "odd answers with tokens", "default lifetime, or an error"),
    _row(6, "token error echoes the request", "nothing of it is told"),
    _row(7, "403 for one stream", "it fails and names the scope, the others go on"),
    _row(8, "CXone throttles with 403", "waited out; one error that names both causes"),
    _row(9, "429 with seconds", "obeyed"),
    _row(10, "429 with dates, or nonsense", "obeyed, or the usual waits"),
    _row(11, "429 for an hour and more", "waited for up to max_wait_minutes, then an error"),
    _row(12, "storm of 5xx", "eight tries, then an error"),
    _row(13, "one 5xx, one reset", "tried again"),
    _row(14, "body breaks off", "tried again"),
    _row(15, "body cut without a length", "tried again"),
    _row(16, "JSON cut", "tried again, then an error"),
    _row(17, "HTML with 200", "tried again, then an error"),
    _row(18, "mislabelled gzip", "tried again, then an error"),
    _row(19, "empty, 204, 304, 301 without Location", "tried again, or an error"),
    _row(20, "an error with 200", "tried again, then an error"),
    _row(21, "list renamed", "an error that names the fields"),
    _row(22, "206", "read like 200"),
    _row(
        23,
        "drip feed",
        "given up after 15 minutes",
        "tap_qa/http/test_transport.py::test_a_dripping_answer_is_given_up_in_time",
    ),
    _row(24, "408, 425, 409", "tried again; an error"),
    _row(
        25,
        "redirect elsewhere",
        "an error; no credentials go there",
        f"{CASES}[F25 ",
        "tap_qa/http/test_transport.py::test_a_redirect_elsewhere_is_refused_and_never_sees_the_token",
    ),
    _row(
        26,
        "bytes that are no UTF-8",
        "tried again, then replaced in that one text",
        "tap_qa/http/test_client.py::test_bytes_that_are_no_utf8_are_replaced_once_they_came_twice",
    ),
    _row(27, "error page of 3 MB", "one short line"),
    _row(30, "empty page in the middle", "followed, and looked at again"),
    _row(31, "next page is this one", "an error"),
    _row(32, "pages go round", "an error"),
    _row(33, "page is ignored", "an error"),
    _row(
        34,
        "next page elsewhere",
        "only its query counts",
        f"{CASES}[F34 ",
        "tap_qa/pagination/test_paginator.py::test_no_link_can_change_the_taps_own_filters",
    ),
    _row(35, "rows move while they are read", "read again until it is whole", f"{CASES}[F35 ", MODEL),
    _row(36, "totals wrong", "a second look; too large for good is an error"),
    _row(37, "rows twice", "upserted"),
    _row(
        38,
        "page size ignored",
        "next pages are followed",
        "tap_qa/vendors/betterworks/test_streams.py::test_many_pages_are_read",
    ),
    _row(
        40,
        "complete without a link",
        "no rows",
        "tap_qa/vendors/maestroqa/test_exports.py::test_exports_without_rows_are_no_failure",
    ),
    _row(41, "jobs fail", "asked for again, halved, then an error"),
    _row(42, "job without an end", "given up after job_timeout_minutes"),
    _row(
        43,
        "tenant busy with another job",
        "outwaited",
        "tap_qa/vendors/cxone/test_jobs.py::test_submit_waits_for_foreign_job",
        "tap_qa/vendors/cxone/test_jobs.py::test_a_foreign_job_without_end_is_an_error",
    ),
    _row(44, "job asked for, answer lost", "no second job while one may run"),
    _row(45, "polling pace", "kept", "tap_qa/jobs/test_scheduler.py::test_polls_keep_their_distance"),
    _row(
        46,
        "request pace",
        "kept",
        "tap_qa/jobs/test_scheduler.py::test_requests_keep_their_distance",
        "tap_qa/http/test_backoff.py::test_a_pacer_keeps_every_rate",
    ),
    _row(
        47,
        "odd words of status",
        "still running",
        f"{CASES}[F47 ",
        "tap_qa/jobs/test_job_status.py::test_an_unknown_word_is_running_and_logged_once",
    ),
    _row(48, "link expired", "a fresh one"),
    _row(
        49,
        "link to somewhere inside",
        "refused",
        "tap_qa/files/test_download.py::test_a_public_vendor_cannot_point_anywhere_else",
        "tap_qa/files/test_download.py::test_a_public_name_that_leads_inside_is_refused",
    ),
    _row(
        50,
        "credentials at the file host",
        "never sent",
        "tap_qa/files/test_download.py::test_no_credentials_travel",
        "tap_qa/vendors/maestroqa/test_access.py::test_the_token_goes_to_the_api_alone",
    ),
    _row(51, "file broken", "fetched again before any row goes out"),
    _row(52, "zip bomb", "not opened", "tap_qa/files/test_csv_table.py::test_a_bomb_is_not_opened"),
    _row(
        53,
        "file under another name",
        "found",
        "tap_qa/files/test_csv_table.py::test_members_are_found_whatever_they_are_called",
        "tap_qa/files/test_csv_table.py::test_a_missing_or_ambiguous_member_is_an_error",
    ),
    _row(
        54,
        "encrypted or further members",
        "told; left alone",
        "tap_qa/files/test_csv_table.py::test_an_encrypted_member_is_told_as_such",
    ),
    _row(
        55,
        "CSV for zip, or zip for CSV",
        "decided by content",
        "tap_qa/files/test_csv_table.py::test_every_form_gives_the_same_record",
        "tap_qa/files/test_csv_table.py::test_a_bare_table_where_a_zip_should_be_is_an_error",
    ),
    _row(56, "byte order mark", "ignored", "tap_qa/files/test_csv_table.py::test_every_form_gives_the_same_record"),
    _row(57, "line breaks in cells", "kept", "tap_qa/files/test_csv_table.py::test_quoted_line_breaks_stay"),
    _row(
        58,
        "NUL in texts",
        "left out",
        "tap_qa/files/test_csv_table.py::test_texts_survive",
        "faults/test_odd_data.py::test_odd_texts_arrive",
    ),
    _row(
        59,
        "short rows",
        "an error before any row",
        "tap_qa/files/test_csv_table.py::test_damage_is_found_before_the_first_row",
    ),
    _row(
        60,
        "long rows",
        "an error before any row",
        "tap_qa/files/test_csv_table.py::test_damage_is_found_before_the_first_row",
    ),
    _row(
        61,
        "header renamed",
        "an error that names the key column",
        "tap_qa/files/test_csv_table.py::test_a_missing_identifying_column_is_an_error_that_names_it",
    ),
    _row(
        62,
        "new column",
        "kept in _unmapped",
        "tap_qa/files/test_csv_table.py::test_a_new_column_is_kept_under_its_own_name",
    ),
    _row(
        63,
        "header twice",
        "no cell is lost",
        "tap_qa/files/test_csv_table.py::test_a_name_that_comes_twice_loses_no_cell",
    ),
    _row(
        64,
        "quote not closed",
        "an error before any row",
        "tap_qa/files/test_csv_table.py::test_damage_is_found_before_the_first_row",
    ),
    _row(
        65,
        "huge cell",
        "taken up to 64 MiB",
        "tap_qa/files/test_csv_table.py::test_a_cell_may_be_large_but_not_endless",
    ),
    _row(
        66, "other encodings", "an error", "tap_qa/files/test_csv_table.py::test_damage_is_found_before_the_first_row"
    ),
    _row(
        67,
        "no bytes; header alone",
        "an error; no rows",
        "tap_qa/files/test_csv_table.py::test_a_header_alone_is_no_rows",
        "tap_qa/files/test_csv_table.py::test_no_bytes_are_no_rows_only_where_that_is_known_and_announced",
    ),
    _row(68, "guards and words for null", "understood", "tap_qa/files/test_csv_table.py::test_words_for_null_are_null"),
    _row(
        69, "words for true and false", "understood, or null and counted", "tap_qa/records/test_convert.py::test_truth"
    ),
    _row(
        70, "cells that look like formulas", "passed on unchanged", "tap_qa/files/test_csv_table.py::test_texts_survive"
    ),
    _row(
        71,
        "window too large for the vendor",
        "halved",
        "tap_qa/vendors/maestroqa/test_exports.py::test_windows_with_too_many_scores_are_halved",
        "tap_qa/vendors/cxone/test_jobs.py::test_too_large_extractions_are_halved",
    ),
    _row(72, "rows in any order", "of no account", MODEL),
    _row(
        73,
        "lookback overlaps",
        "bookmark never moves back",
        MODEL,
        "tap_qa/state/test_bookmarks.py::test_a_bookmark_only_grows_and_never_passes_the_latest",
    ),
    _row(
        74,
        "stamps on borders",
        "read on both sides",
        MODEL,
        "tap_qa/vendors/maestroqa/test_windows.py::test_no_reading_of_the_bounds_loses_a_row",
    ),
    _row(
        75,
        "clocks set back, odd zones",
        "nothing left out",
        MODEL,
        "tap_qa/state/test_windows.py::test_local_bounds_hold_every_instant_of_the_window",
    ),
    _row(76, "forms of stamps", "all read as instants", "tap_qa/records/test_convert.py::test_stamps"),
    _row(
        77,
        "rows of the future",
        "bookmark stays behind the vendor's clock",
        "faults/test_odd_data.py::test_a_row_of_the_future_comes_in_its_time",
    ),
    _row(
        78,
        "this machine's clock wrong",
        "the vendor's counts",
        MODEL,
        "tap_qa/vendors/scorebuddy/test_date_ranges.py::test_the_bookmark_is_of_the_earlier_clock",
    ),
    _row(
        79,
        "late arrivals",
        "read by the lookback",
        MODEL,
        "tap_qa/vendors/cxone/test_windows.py::test_rows_that_appear_half_an_hour_late_are_not_lost",
    ),
    _row(
        80,
        "edits after submission",
        "read by the lookback of 30 days",
        "tap_qa/vendors/cxone/test_windows.py::test_tables_equal_the_tenant_s_truth_also_after_disputes",
    ),
    _row(
        81,
        "rows deleted at the vendor",
        "stay (README); full tables announce versions",
        "faults/test_odd_data.py::test_a_row_that_the_vendor_deleted_stays_and_stops_nothing",
        "tap_qa/test_tap.py::test_a_version_is_announced_once_its_table_was_read_whole",
    ),
    _row(
        82,
        "no replication value",
        "passed on; the bookmark needs none",
        "faults/test_odd_data.py::test_rows_without_a_date_arrive",
    ),
    _row(
        83,
        "no key",
        "an error that names it",
        "tap_qa/records/test_conform.py::test_a_row_without_its_key_is_an_error_that_names_it",
    ),
    _row(84, "SIGKILL", "nothing lost", "e2e/test_kills.py::test_nothing_is_lost_by_kills"),
    _row(
        85,
        "SIGTERM, SIGINT",
        "143, 130 within a second",
        "e2e/test_signals.py::test_a_signal_ends_the_tap_at_once_at_any_moment",
    ),
    _row(
        86,
        "target dies",
        "one line, status 1",
        "tap_qa/singer/test_message_writer.py::test_an_output_that_fails_ends_the_run_in_a_line",
    ),
    _row(87, "disk full", "an error that says so", "tap_qa/files/test_download.py::test_a_full_disk_is_told_as_such"),
    _row(
        88,
        "state broken",
        "an error that says where",
        "tap_qa/config/test_validation.py::test_a_bad_state_is_one_line",
    ),
    _row(
        89,
        "bookmark of the future",
        "set back, with a warning",
        "tap_qa/state/test_bookmarks.py::test_a_bookmark_in_the_future_is_set_back",
    ),
    _row(
        90,
        "leftovers of the SDK in the state",
        "ignored",
        "faults/test_odd_data.py::test_leftovers_in_the_state_are_ignored",
    ),
    _row(
        91,
        "many parents",
        "no state for each",
        "tap_qa/vendors/scorebuddy/test_bookmarks.py::test_the_state_has_the_sdks_shape_and_no_partitions",
    ),
    _row(
        92,
        "one stream fails",
        "the others are complete",
        "tap_qa/test_failures.py::test_a_failed_stream_leaves_the_others_alone",
    ),
    _row(93, "two runs at once", "harmless", "faults/test_odd_data.py::test_two_runs_at_once_do_no_harm"),
    _row(
        94,
        "types drift",
        "null, its text in _unmapped",
        "tap_qa/test_tap.py::test_every_record_keeps_to_its_schema",
        "tap_qa/records/test_conform.py::test_a_cell_that_does_not_fit_becomes_null_and_its_text_is_kept",
    ),
    _row(
        95,
        "huge and long numbers",
        "exact, or in _unmapped",
        "tap_qa/records/test_convert.py::test_numbers_are_exact",
        "tap_qa/records/test_convert.py::test_what_is_no_integer_is_a_misfit",
    ),
    _row(96, "NaN and Infinity", "null", "faults/test_odd_data.py::test_numbers_that_are_none_are_null"),
    _row(97, "lone surrogates, odd characters", "mended", "faults/test_odd_data.py::test_odd_texts_arrive"),
    _row(
        98,
        "huge texts",
        "passed on whole (README: Meltano's limit of a line)",
        "faults/test_odd_data.py::test_a_row_of_many_megabytes_arrives_whole",
        "fuzz/test_round_trips.py::test_a_cell_and_a_text_of_megabytes_arrive_whole",
    ),
    _row(
        99,
        "bad URLs",
        "one line before any call",
        "tap_qa/http/test_url_policy.py::test_bad_urls_and_no_complaint_repeats_one",
    ),
    _row(
        100,
        "http for https",
        "refused",
        "tap_qa/http/test_url_policy.py::test_bad_urls_and_no_complaint_repeats_one",
    ),
    _row(
        101,
        "forms of URLs",
        "all taken",
        "tap_qa/http/test_url_policy.py::test_an_instances_url_is_taken_in_every_form",
    ),
    _row(
        102,
        "settings of the wrong type",
        "named, their values never told",
        "tap_qa/config/test_validation.py::test_a_bad_setting_is_one_clear_line",
    ),
    _row(103, "odd start_date", "one line", "tap_qa/config/test_validation.py::test_a_bad_setting_is_one_clear_line"),
    _row(104, "misspelt setting", "named", "tap_qa/config/test_validation.py::test_a_bad_setting_is_one_clear_line"),
    _row(
        105,
        "secrets in logs and messages",
        "none, at DEBUG too",
        CASES,
        "tap_qa/test_failures.py::test_no_secret_shows_anywhere",
    ),
)


@cache
def _functions(file: str) -> frozenset[str]:
    return frozenset(re.findall(r"^def (test_\w+)", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE))


def covering_tests() -> list[str]:
    """Return all tests that prove anything, as files and functions below `tests/`, each once."""
    return sorted({proof.partition("[")[0] for row in FAULTS for proof in row.covering_tests})


def missing_tests() -> list[str]:
    """Return the proofs that are no test."""
    return [proof for proof in covering_tests() if proof.split("::")[1] not in _functions(proof.split("::")[0])]


def table(outcomes: dict[str, bool]) -> list[str]:
    """Compose the table: a line of titles, then one for each fault.

    Args:
        outcomes: Whether each test that ran passed, by its id below `tests/`.
    """
    return [
        f"{number:5} {fault[:44]:44} {outcome[:58]:58} {result}"
        for number, fault, outcome, result in (
            ("", "fault", "outcome", "pass"),
            *((row.number, row.fault, row.outcome, verdict(row, outcomes)) for row in FAULTS),
        )
    ]


def verdict(row: FaultCase, outcomes: dict[str, bool]) -> str:
    """Return whether all proofs of a row ran and passed."""
    found = [[passed for test, passed in outcomes.items() if test.startswith(proof)] for proof in row.covering_tests]
    if not all(found):
        return "not run" if not any(found) else "not all run"
    passed = [result for results in found for result in results]
    return f"pass ({len(passed)} tests)" if all(passed) else "FAIL"
