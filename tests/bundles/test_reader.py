from datetime import UTC, datetime

import pytest

from app.bundles.archive import open_bundle
from app.bundles.problems import Problem, Severity
from app.bundles.reader import read_bundle
from tests.bundles.builders import CONFIG, challenge_files, changed, jpeg, png, written, zip_of

META = """\
    submission_meta_attributes:
      - name: GPU
        description: Which one
        type: radio
        options: ["A100", "none"]
        required: True
    default_submission_meta_attributes:
      - name: method_name
        is_visible: True
      - name: project_url
        is_visible: False
    allowed_submission_file_types: ".csv, TXT , *.npz"
"""


@pytest.fixture
def read(tmp_path):
    def _read(config=CONFIG, *, zone="UTC", **files):
        content = zip_of({**challenge_files(config), **files.pop("more", {})})
        opened = open_bundle(written(tmp_path, content), tmp_path / "out")
        return read_bundle(opened, default_zone=zone)

    return _read


def only_error(result):
    errors = [problem for problem in result.problems if problem.severity is Severity.ERROR]
    assert len(errors) == 1, [problem.text() for problem in errors]
    assert result.spec is None
    assert errors[0].line
    assert errors[0].column
    return errors[0]


def said(result, severity):
    return " ".join(problem.text() for problem in result.problems if problem.severity is severity)


def test_a_sound_bundle_gives_the_whole_challenge(read):
    spec = read().spec

    assert spec.title == "Tumour Challenge"
    assert spec.terms_and_conditions.html == "<p>About terms.</p>"
    assert spec.image.media_type == "image/png"
    assert spec.board(1).labels == ("AUC", "F1")
    phase = spec.phase("dev")
    assert phase.start_date == datetime(2026, 1, 19, tzinfo=UTC)
    assert phase.max_submissions_per_day == 5
    assert [split.visibility for split in spec.phase_splits_of(phase)] == [3]
    assert spec.split(1).codename == "test_split"


def test_the_defaults_that_older_bundles_rely_on(read):
    config = CONFIG
    for line in (
        "    max_submissions_per_month: 50\n",
        "    max_submissions_per_day: 5\n",
        "    leaderboard_public: True\n",
        "    is_submission_public: True\n",
        "    visibility: 3\n",
        "    leaderboard_decimal_precision: 4\n",
        "    is_leaderboard_order_descending: True\n",
        "image: logo.png\n",
        "short_description: Which tumours are malignant?\n",
        "published: True\n",
    ):
        config = changed(line, "", config)

    spec = read(config).spec

    phase, split = spec.challenge_phases[0], spec.challenge_phase_splits[0]
    assert (phase.max_submissions_per_month, phase.max_submissions_per_day) == (100, 100_000)
    assert (phase.leaderboard_public, phase.is_submission_public, phase.disable_logs) == (False, False, False)
    assert phase.allowed_submission_file_types == (".json", ".zip", ".txt", ".tsv", ".gz", ".csv", ".h5", ".npy")
    assert (split.visibility, split.leaderboard_decimal_precision, split.is_leaderboard_order_descending) == (
        3,
        2,
        True,
    )
    assert (spec.image, spec.short_description, spec.published, spec.is_registration_open) == (None, "", False, True)


def test_form_fields_and_file_types_are_read(read):
    phase = read(changed("    max_submissions: 100\n", f"    max_submissions: 100\n{META}")).spec.challenge_phases[0]

    assert phase.submission_meta_attributes[0].options == ("A100", "none")
    assert phase.submission_meta_attributes[0].required
    assert [item.is_visible for item in phase.default_submission_meta_attributes] == [True, False]
    assert phase.allowed_submission_file_types == (".csv", ".txt", ".npz")


@pytest.mark.parametrize("kinds", ["“.csv, .txt”", "“.csv”, “.txt”", "[“.csv”, ‘.txt’]"])
def test_file_types_in_curly_quotes_are_read_without_them_and_warned_of(read, kinds):
    result = read(changed("    max_submissions: 100\n", f"    allowed_submission_file_types: {kinds}\n"))

    assert result.spec.challenge_phases[0].allowed_submission_file_types == (".csv", ".txt")
    assert "typographic quotes; it is read as `.csv" in said(result, Severity.WARNING)


def test_a_file_type_that_no_file_can_have_is_warned_of(read):
    result = read(changed("    max_submissions: 100\n", "    allowed_submission_file_types: <csv>\n"))

    assert "`<csv>`, which does not belong here" in said(result, Severity.WARNING)


def test_texts_in_curly_quotes_are_read_without_them_and_warned_of(read):
    config = changed('["AUC", "F1"]', "[“AUC”, “F1”]").replace("title: Tumour", "title: The “best” of")

    result = read(config)

    assert result.spec.board(1).labels == ("AUC", "F1")
    assert result.spec.title == "The “best” of Challenge"
    assert "`“AUC”` is in typographic quotes; it is read as `AUC`." in said(result, Severity.WARNING)


@pytest.mark.parametrize(
    ("written_as", "read_as"),
    [
        ("2026-01-02 03:04:05", datetime(2026, 1, 1, 18, 4, 5, tzinfo=UTC)),
        ("2026-1-2 3:04:05", datetime(2026, 1, 1, 18, 4, 5, tzinfo=UTC)),
        ('"2026-01-2 03:04:05"', datetime(2026, 1, 1, 18, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05Z", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04:05 +09:00", datetime(2026, 1, 1, 18, 4, 5, tzinfo=UTC)),
        ('"2026-01-02 03:04:05 UTC"', datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04:05 JST", datetime(2026, 1, 1, 18, 4, 5, tzinfo=UTC)),
        ("2026-01-02 23:59:59 AoE", datetime(2026, 1, 3, 11, 59, 59, tzinfo=UTC)),
        ('"2026-01-02 03:04 +0530"', datetime(2026, 1, 1, 21, 34, tzinfo=UTC)),
        ("2026/1/2 03:04", datetime(2026, 1, 1, 18, 4, tzinfo=UTC)),
        ("2026年1月2日 03:04", datetime(2026, 1, 1, 18, 4, tzinfo=UTC)),
        ("2026-01-02", datetime(2026, 1, 1, 15, 0, tzinfo=UTC)),
    ],
)
def test_dates_in_every_form_become_utc(read, written_as, read_as):
    result = read(changed("start_date: 2026-01-01 00:00:00", f"start_date: {written_as}"), zone="Asia/Tokyo")

    assert result.spec.start_date == read_as


def test_a_bare_end_date_means_the_end_of_that_day(read):
    result = read(changed("end_date: 2099-05-31 23:59:59", "end_date: 2099-05-31"))

    assert result.spec.end_date == datetime(2099, 5, 31, 23, 59, 59, tzinfo=UTC)
    assert "2099-05-31 23:59:59" in said(result, Severity.NOTE)


def test_times_without_a_zone_are_said_back_with_theirs(read):
    assert "The dates name no time zone (4 of them); they are read as local times of Asia/Tokyo" in said(
        read(zone="Asia/Tokyo"), Severity.NOTE
    )


@pytest.mark.parametrize(
    ("local", "utc", "words"),
    [
        ("2026-03-29 02:30:00", datetime(2026, 3, 29, 1, 30, tzinfo=UTC), "put forward"),
        ("2026-10-25 02:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "occurs twice"),
    ],
)
def test_a_time_in_a_change_of_clocks_is_read_by_a_rule_and_said(read, local, utc, words):
    result = read(changed("start_date: 2026-01-01 00:00:00", f"start_date: {local}"), zone="Europe/Berlin")

    assert result.spec.start_date == utc
    assert words in said(result, Severity.WARNING)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("2026-02-30 00:00:00", "no such date"),
        ("0001-01-01 00:00:00", "year 1"),
        ("9999-12-31 00:00:00", "year 9999"),
        ("10000-01-01 00:00:00", "not a date"),
        ("1/1/2026 10:00", "not a date"),
        ("soon", "not a date"),
        ("[2026]", "not a date"),
        ("2026-01-01 25:00:00", "date"),
        ("'2026-01-01 10:00 +99:99'", "not a date"),
    ],
)
def test_a_date_that_cannot_be_is_refused(read, value, sentence):
    assert sentence in only_error(read(changed("start_date: 2026-01-01 00:00:00", f"start_date: {value}"))).text()


def test_an_end_before_the_start_is_refused(read):
    problem = only_error(read(changed("end_date: 2099-04-25 23:59:59", "end_date: 2020-04-25 23:59:59")))

    assert problem.path == "challenge_phases[0].end_date"
    assert problem.line == 25


@pytest.mark.parametrize(
    ("before", "after", "path", "sentence"),
    [
        ("title: Tumour Challenge", "title: ''", "title", "is empty"),
        ("title: Tumour Challenge", "title:", "title", "has no value"),
        ("title: Tumour Challenge", f"title: {'x' * 300}", "title", "300 characters"),
        ("title: Tumour Challenge", 'title: "a\\u202eb"', "title", "U+202E"),
        ("title: Tumour Challenge\n", "", "title", "is missing"),
        ("title: Tumour Challenge", "title: [a, b]", "title", "does not belong here"),
        ("published: True", "published: maybe", "published", "does not belong here"),
        ("published: True", "published: 7", "published", "does not belong here"),
        ("published: True", "published: []", "published", "does not belong here"),
        ("max_submissions: 100", "max_submissions: many", "challenge_phases[0].max_submissions", "does not belong here"),
        ("max_submissions: 100", "max_submissions: -1", "challenge_phases[0].max_submissions", "between 0"),
        ("max_submissions: 100", "max_submissions: 99999999999", "challenge_phases[0].max_submissions", "between 0"),
        ("max_submissions: 100", "max_submissions: True", "challenge_phases[0].max_submissions", "does not belong here"),
        ("visibility: 3", "visibility: 4", "challenge_phase_splits[0].visibility", "not one of: 1, 2, 3"),
        ("visibility: 3", "visibility: True", "challenge_phase_splits[0].visibility", "not one of: 1, 2, 3"),
        ("codename: dev", "codename: ../x", "challenge_phases[0].codename", "cannot be used in an address"),
        ("codename: dev", "codename: <b>", "challenge_phases[0].codename", "cannot be used in an address"),
        ("codename: dev", "codename: ''", "challenge_phases[0].codename", "is empty"),
        ("codename: dev", f"codename: {'x' * 500}", "challenge_phases[0].codename", "500 characters"),
        ("    codename: dev\n", "", "challenge_phases[0].codename", "is missing"),
        ("leaderboard_id: 1", "leaderboard_id: 8", "challenge_phase_splits[0].leaderboard_id", "no entry of `leaderboard`"),
        ("dataset_split_id: 1", "dataset_split_id: 8", "challenge_phase_splits[0].dataset_split_id", "no entry of"),
        ('"default_order_by": "AUC"', '"default_order_by": "auc"', "leaderboard[0].schema.default_order_by", "not one of the labels"),
        ('"labels": ["AUC", "F1"]', '"labels": []', "leaderboard[0].schema.labels", "no metric"),
        ('"labels": ["AUC", "F1"]', '"labels": ["AUC", "AUC"]', "leaderboard[0].schema.labels[1]", "listed twice"),
        ('"labels": ["AUC", "F1"], ', "", "leaderboard[0].schema.labels", "is missing"),
        ('schema: {"labels": ["AUC", "F1"], "default_order_by": "AUC"}', "schema: AUC", "leaderboard[0].schema", "does not belong here"),
        ("dataset_splits:\n  - id: 1\n    name: Test Split\n    codename: test_split\n", "dataset_splits:\n", "dataset_splits", "no value"),
        ("dataset_splits:\n  - id: 1\n    name: Test Split\n    codename: test_split\n", "dataset_splits: []\n", "dataset_splits", "empty list"),
        ("dataset_splits:\n  - id: 1\n    name: Test Split\n    codename: test_split\n", "dataset_splits: {id: 1}\n", "dataset_splits", "not a list"),
        ("dataset_splits:\n  - id: 1\n    name: Test Split\n    codename: test_split\n", "dataset_splits: [x]\n", "dataset_splits[0]", "no keys"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_path_and_a_cure(read, before, after, path, sentence):
    problem = only_error(read(changed(before, after)))

    assert problem.path == path
    assert sentence in problem.text()
    assert problem.advice()


def test_fifty_metrics_are_the_most(read):
    labels = ", ".join(f'"M{number}"' for number in range(300))

    problem = only_error(read(changed('"AUC", "F1"', labels)))

    assert "300 metrics" in problem.text()


@pytest.mark.parametrize("label", ["rank", "team", "__class__", '"<b>"', "Acc (%)", "F1@10", "精度"])
def test_a_metric_may_have_any_name(read, label):
    spec = read(changed('"labels": ["AUC", "F1"]', f'"labels": ["AUC", {label}]')).spec

    assert spec.board(1).labels == ("AUC", label.strip('"'))


@pytest.mark.parametrize(
    ("value", "read_as"),
    [("yes", True), ("'False'", False), ("0", False), ("1", True), ("'no'", False), ("true", True)],
)
def test_a_boolean_is_parsed_and_never_guessed_from_truth(read, value, read_as):
    assert read(changed("published: True", f"published: {value}")).spec.published is read_as


def test_numbers_in_quotes_are_numbers_and_said_back(read):
    result = read(changed("leaderboard_id: 1", "leaderboard_id: '1'"))

    assert result.spec.challenge_phase_splits[0].leaderboard_id == 1
    assert "`1` is read as 1" in said(result, Severity.NOTE)


def test_a_number_as_a_codename_keeps_its_digits(read):
    assert read(changed("codename: test_split", "codename: 010")).spec.split(1).codename == "010"


def test_ids_may_start_anywhere(read):
    config = changed("  - id: 1\n    name: Test Split", "  - id: 333\n    name: Test Split")

    assert read(changed("dataset_split_id: 1", "dataset_split_id: 333", config)).spec.split(333).name == "Test Split"


def test_repeated_ids_and_codenames_name_both_lines(read):
    second = "  - id: 1\n    name: Other\n    codename: test_split\nchallenge_phase_splits:\n"

    result = read(changed("challenge_phase_splits:\n", second))

    texts = [problem.text() for problem in result.problems if problem.severity is Severity.ERROR]
    assert texts == ["The id `1` is already used in line 32.", "The codename `test_split` is already used in line 34."]


def test_a_repeated_phase_split_is_refused(read):
    again = "  - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1, visibility: 1}\n"

    assert "already in line" in only_error(read(CONFIG + again)).text()


def test_two_leaderboards_on_one_split_are_fine(read):
    config = changed(
        "challenge_phases:\n", "  - id: 2\n    schema: {labels: [F1], default_order_by: F1}\nchallenge_phases:\n"
    )

    result = read(config + "  - {challenge_phase_id: 1, leaderboard_id: 2, dataset_split_id: 1}\n")

    assert len(result.spec.challenge_phase_splits) == 2
    assert "written to both" in said(result, Severity.NOTE)


def test_unknown_keys_are_kept_and_noted_with_a_suggestion(read):
    result = read(
        changed("    visibility: 3\n", "    visibility: 3\n    showeceution_time: False\n    mine: 2026-01-01\n")
    )

    assert result.spec.challenge_phase_splits[0].unknown == {"showeceution_time": False, "mine": "2026-01-01"}
    assert "did you mean `show_execution_time`?" in said(result, Severity.NOTE)


@pytest.mark.parametrize("written", ["“labels”:", 'labels":', "‘labels’:"])
def test_a_key_in_quotation_marks_that_are_none_is_read_without_them(read, written):
    result = read(changed('"labels":', written))

    [problem] = [it for it in result.problems if it.severity is Severity.WARNING]
    assert "it is read as `labels`" in problem.text()
    assert '"default_order_by"' in problem.excerpt[1].text
    assert result.spec.leaderboard[0].labels == ("AUC", "F1")


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('["AUC", "F1"]', '["AUC", F1"]', "leaderboard[0].schema.labels[1]"),
        ("name: Dev Phase", 'name: Dev Phase"', "challenge_phases[0].name"),
    ],
)
def test_a_quotation_mark_that_lost_its_other_is_left_out_with_a_warning(read, before, after, key):
    result = read(changed(before, after))

    [problem] = [it for it in result.problems if it.severity is Severity.WARNING]
    assert "ends with a quotation mark that nothing opens" in problem.text()
    assert problem.path == key
    assert result.spec.leaderboard[0].labels == ("AUC", "F1")
    assert result.spec.challenge_phases[0].name == "Dev Phase"


@pytest.mark.parametrize(("written", "name"), [("""'24"'""", '24"'), ('On a 24" screen', 'On a 24" screen')])
def test_a_quotation_mark_that_belongs_to_the_text_stays(read, written, name):
    assert read(changed("name: Dev Phase", f"name: {written}")).spec.challenge_phases[0].name == name


def test_a_text_with_lines_indented_below_it_is_told_so(read):
    problem = only_error(read(changed("    name: Dev Phase\n", "    name:\n      text: Dev Phase\n")))

    assert problem.text() == "`name` has keys of its own, because the lines below it are indented further."


@pytest.mark.parametrize(
    ("before", "after", "meant"),
    [
        ("evaluation_details:", "evaluation_detail:", "evaluation_details"),
        ("title:", "Title:", "title"),
        ("start_date: 2026-01-01", "start date: 2026-01-01", "start_date"),
        ("dataset_splits:", "dataset-splits:", "dataset_splits"),
        ("challenge_phases:", "phases:", "challenge_phases"),
        ("    codename: dev", "    code_name: dev", "codename"),
        ("    start_date:", "    start_data:", "start_date"),
        ("leaderboard_id:", "leaderboardId:", "leaderboard_id"),
        ('"labels":', "lables:", "labels"),
    ],
)
def test_a_misspelt_key_that_is_required_gives_one_problem_and_is_read_on(read, before, after, meant):
    problem = only_error(read(changed(before, after)))

    assert f"did you mean `{meant}`, which is missing?" in problem.text()
    assert problem.excerpt[1].text.strip().startswith(after.strip()[:6]) or meant in {"title", "labels"}


def test_what_stands_below_a_misspelt_key_is_checked_as_well(read):
    config = changed("challenge_phases:", "challenge_phase:").replace("max_submissions: 100", "max_submissions: many")

    errors = [problem for problem in read(config).problems if problem.severity is Severity.ERROR]

    assert [problem.path for problem in errors] == ["challenge_phase", "challenge_phase[0].max_submissions"]


def test_a_value_behind_a_hash_is_told_as_the_comment_it_is(read):
    problem = only_error(read(changed("title: Tumour Challenge", "title: #1 in tumours")))

    assert problem.text() == "`title` has no value, because `#` begins a comment."


@pytest.mark.parametrize(
    ("typo", "key"),
    [
        ("blocked_emails_domains", "blocked_email_domains"),
        ("allowed_email_domain", "allowed_email_domains"),
        ("tittle", "title"),
    ],
)
def test_a_misspelt_key_is_recognised(read, typo, key):
    assert f"did you mean `{key}`?" in said(read(CONFIG + f"{typo}: [a]\n"), Severity.NOTE)


@pytest.mark.parametrize(
    ("typo", "key", "owner"),
    [
        ("showeceution_time", "show_execution_time", "challenge_phase_splits"),
        ("max_submission_per_day", "max_submissions_per_day", "challenge_phases"),
    ],
)
def test_a_misspelt_key_is_recognised_in_the_wrong_place_too(read, typo, key, owner):
    notes = said(read(CONFIG + f"{typo}: 1\n"), Severity.NOTE)

    assert f"did you mean `{key}`, a key of the entries of `{owner}`?" in notes


def test_the_word_none_is_no_value_and_locks_nobody_out(read):
    config = changed(
        "    codename: dev\n", "    codename: dev\n    allowed_email_ids: None\n    max_submissions_per_day: none\n"
    )
    config = changed("    max_submissions_per_day: 5\n", "", config)

    result = read(config + "allowed_email_domains: None\nmax_team_members: None\n")

    phase = result.spec.phase("dev")
    assert (result.spec.allowed_email_domains, result.spec.max_team_members) == ((), None)
    assert (phase.allowed_email_ids, phase.max_submissions_per_day) == ((), 100_000)
    assert "`allowed_email_ids: None` is read as no value" in said(result, Severity.NOTE)


def test_metadata_that_is_no_map_is_passed_over(read):
    schema = '{"labels": ["AUC", "F1"], "default_order_by": "AUC"'

    result = read(changed(schema, schema + ', "metadata": [{"AUC": {sort_ascending: False}}]'))

    assert result.spec.board(1).metadata == {}
    assert "`metadata` is not a map and is ignored." in said(result, Severity.WARNING)


def test_a_hundred_strange_default_attributes_give_one_note(read):
    names = "".join(f"      - {{name: field_{number}, is_visible: True}}\n" for number in range(100))

    result = read(
        changed("    codename: dev\n", f"    codename: dev\n    default_submission_meta_attributes:\n{names}")
    )

    [note] = [problem for problem in result.problems if "not default attributes" in problem.text()]
    assert "field_0, field_1" in note.text()
    assert note.path == "challenge_phases[0].default_submission_meta_attributes[0].name"


def test_what_is_kept_and_acted_on_by_nothing_yet_is_said_and_warned_of_where_hosts_count_on_it(read):
    result = read(CONFIG + "require_complete_profile: True\nforum_url: https://forum.example\ndomain: TAB\n")

    assert "`require_complete_profile` is kept, but this server does not act on it yet." in said(
        result, Severity.WARNING
    )
    assert "nothing acts on them yet: forum_url, domain." in said(result, Severity.NOTE)


def test_a_kept_key_that_says_what_holds_anyway_is_passed_over(read):
    result = read(CONFIG + "require_complete_profile: False\nenable_forum: True\n")

    assert "act on" not in said(result, Severity.WARNING)
    assert "acts on" not in said(result, Severity.NOTE)


@pytest.mark.parametrize("key", ["max_submissions", "max_submissions_per_day", "max_concurrent_submissions_allowed"])
def test_a_limit_of_nothing_is_warned_of(read, key):
    result = read(
        CONFIG.replace("    max_submissions", "    # ").replace("    codename", f"    {key}: 0\n    codename")
    )

    assert f"`{key}` is 0: nobody can submit" in said(result, Severity.WARNING)


def test_known_keys_without_effect_are_kept_and_noted_once(read):
    config = changed("    is_public: True\n", "    is_public: True\n    challenge: 1\n    is_active: True\n")

    result = read(f"{config}category: [Paper]\nvpc_cidr: 10.0.0.0/8\n")

    assert result.spec.ignored == {"category": ["Paper"], "vpc_cidr": "10.0.0.0/8"}
    assert result.spec.challenge_phases[0].ignored == {"challenge": 1, "is_active": True}
    assert "no effect here: category, vpc_cidr" in said(result, Severity.NOTE)


@pytest.mark.parametrize(
    "key", ["tags", "domain", "allowed_email_domains", "prizes", "sponsors", "image", "max_team_members"]
)
def test_a_key_left_blank_counts_as_absent(read, key):
    config = CONFIG.replace("image: logo.png\n", "")

    assert read(f"{config}{key}:\n").spec is not None


@pytest.mark.parametrize(("written", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), ("JST-9", ""), ("[a]", "")])
def test_the_zone_of_limits_is_read_and_one_that_does_not_exist_is_left_out(read, written, zone):
    result = read(f"{CONFIG}timezone: {written}\n")

    assert result.spec.timezone == zone
    assert ("which is not a time zone" in said(result, Severity.WARNING)) == (zone == "")


@pytest.mark.parametrize(
    ("choice", "place", "words"),
    [
        ("admitted_email_ids: [anna@example.com, anna]", "top", "`anna` is not an e-mail address."),
        ("final_picks: 3", "phase", "must be between 0 and 2"),
        ("max_file_mb: 0", "phase", "must be between 1 and"),
        ("share_percent: 101", "board", "must be between 1 and 100"),
        ("hidden_until: soon", "board", "`hidden_until`"),
        ("public_board: {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1}", "board", "with itself"),
        ("public_board: {challenge_phase_id: 9, leaderboard_id: 1, dataset_split_id: 1}", "board", "no entry of"),
    ],
)
def test_what_the_forms_refuse_is_refused_under_shiai_too(read, choice, place, words):
    assert words in only_error(read(with_choice(choice, place))).text()


def with_choice(choice, place):
    """Return a configuration with one key under `shiai`."""
    after = {"top": "published: True", "phase": "    codename: dev", "board": "    visibility: 3"}[place]
    indent = "" if place == "top" else "    "
    return changed(after, f"{after}\n{indent}shiai: {{{choice}}}")


def test_logs_that_a_bundle_opens_to_participants_are_warned_of(read):
    result = read(with_choice("show_logs: True", "phase"))

    assert result.spec.phase("dev").shiai.show_logs
    assert "lets participants read whatever the script prints" in said(result, Severity.WARNING)


def test_a_choice_that_stands_beside_the_keys_of_evalai_is_told_where_it_belongs(read):
    result = read(changed("    codename: dev", "    codename: dev\n    final_picks: 2"))

    assert "`final_picks` does not belong here but in the entries of `shiai`." in said(result, Severity.NOTE)


def test_prizes_and_sponsors_are_read(read):
    spec = read(
        CONFIG + "prizes:\n  - {rank: 1, amount: 100.00USD, description: first}\nsponsors:\n  - {name: Us}\n"
    ).spec

    assert (spec.prizes[0].rank, spec.prizes[0].amount, spec.sponsors[0].name) == (1, "100.00USD", "Us")


class TestFiles:
    def test_a_missing_page_says_which_and_what_would_cure_it(self, read):
        problem = only_error(read(changed("templates/phase.html", "templates/other.html")))

        assert problem.text() == "The file `templates/other.html`, named by `description`, is not in the bundle."
        assert problem.supply == "templates/other.html"

    def test_a_file_in_another_folder_is_suggested(self, read):
        assert (
            only_error(read(changed("templates/phase.html", "phase.html"))).advice()
            == "Did you mean `templates/phase.html`?"
        )

    def test_a_name_in_other_capitals_is_taken_with_a_warning(self, read):
        result = read(changed("templates/phase.html", "Templates/Phase.html"))

        assert result.spec.challenge_phases[0].description.path == "templates/phase.html"
        assert "templates/phase.html" in said(result, Severity.WARNING)

    @pytest.mark.parametrize(
        "name", ["./templates/phase.html", "templates//phase.html", "templates\\\\phase.html", "/templates/phase.html"]
    )
    def test_a_path_may_be_written_in_several_ways(self, read, name):
        assert read(changed("description: templates/phase.html", f'description: "{name}"')).spec is not None

    @pytest.mark.parametrize("name", ["../../etc/passwd", "..", "https://eval.ai/web/1", "templates/../../x.html"])
    def test_a_path_out_of_the_bundle_is_refused(self, read, name):
        assert "not a file of the bundle" in only_error(read(changed("templates/phase.html", name))).text()

    def test_a_folder_is_not_a_file(self, read):
        assert "names the folder" in only_error(read(changed("annotations/dev.csv", "annotations"))).text()

    def test_an_empty_annotation_is_refused(self, read):
        problem = only_error(read(more={"annotations/dev.csv": b""}))

        assert "is empty" in problem.text()
        assert problem.supply == "annotations/dev.csv"

    @pytest.mark.parametrize("content", [b"\x80\x04K\x01.", b"\x93NUMPY\x01\x00", bytes(range(256))])
    def test_an_annotation_may_be_of_any_kind(self, read, content):
        assert (
            read(more={"annotations/dev.csv": content}).spec.challenge_phases[0].test_annotation_file
            == "annotations/dev.csv"
        )

    def test_a_phase_without_annotation_is_warned_of(self, read):
        result = read(changed("    test_annotation_file: annotations/dev.csv\n", ""))

        assert result.spec.challenge_phases[0].test_annotation_file is None
        assert "names no `test_annotation_file`" in said(result, Severity.WARNING)

    def test_html_in_place_of_a_path_is_explained(self, read):
        assert (
            "should be the path of a file" in only_error(read(changed("templates/phase.html", "<p>Do it.</p>"))).text()
        )

    def test_a_page_must_be_html(self, read):
        assert "not an HTML file" in only_error(read(changed("templates/phase.html", "annotations/dev.csv"))).text()

    def test_an_empty_page_is_only_warned_of(self, read):
        assert "is empty" in said(read(more={"templates/phase.html": " \n"}), Severity.WARNING)

    def test_a_page_too_long_is_refused(self, read):
        assert "1048577 bytes" in only_error(read(more={"templates/phase.html": "x" * 1048577})).text()

    def test_pages_too_long_in_all_are_refused(self, read):
        pages = {f"p{number}.html": "x" * 1024**2 for number in range(17)}
        phases = "".join(f"  - {{id: {number + 2}, description: p{number}.html}}\n" for number in range(17))

        result = read(changed("dataset_splits:\n", f"{phases}dataset_splits:\n"), more=pages)

        assert "With `p15.html` the pages are too long in all." in said(result, Severity.ERROR)

    def test_a_page_in_shift_jis_is_read_with_a_warning(self, read):
        result = read(more={"templates/phase.html": "<p>画像分類のコンペです</p>".encode("cp932")})

        assert "画像分類" in result.spec.challenge_phases[0].description.html
        assert "Shift-JIS" in said(result, Severity.WARNING)

    @pytest.mark.parametrize(("content", "kind"), [(png(300, 200), "image/png"), (jpeg(300, 200), "image/jpeg")])
    def test_a_logo_is_what_its_bytes_are(self, read, content, kind):
        logo = read(more={"logo.png": content}).spec.image

        assert (logo.media_type, logo.width, logo.height) == (kind, 300, 200)

    @pytest.mark.parametrize(
        "content",
        [b"<svg onload=alert(1)>", b"<html>", b"", png(50_000, 50_000), png(0, 5), png()[:20], jpeg()[:12], b"GIF89a"],
    )
    def test_a_logo_that_cannot_be_shown_is_left_out_with_a_warning(self, read, content):
        result = read(more={"logo.png": content})

        assert result.spec.image is None
        assert "logo.png" in said(result, Severity.WARNING)

    def test_a_missing_logo_does_not_stop_the_import(self, read):
        result = read(changed("image: logo.png", "image: none.png"))

        assert result.spec.image is None
        assert [problem.supply for problem in result.problems if problem.supply] == ["none.png"]


class TestConfiguration:
    def test_an_oddly_named_yaml_is_found(self, tmp_path):
        files = challenge_files()
        files["zip_challenge.yaml"] = files.pop("challenge_config.yaml")

        assert read_bundle(open_bundle(written(tmp_path, zip_of(files)), tmp_path / "o"), default_zone="UTC").spec

    def test_a_configuration_in_a_folder_is_the_base_of_its_paths(self, tmp_path):
        files = {f"example2/{name}": content for name, content in challenge_files().items()} | {"README.md": "x"}

        spec = read_bundle(open_bundle(written(tmp_path, zip_of(files)), tmp_path / "o"), default_zone="UTC").spec

        assert spec.challenge_phases[0].test_annotation_file == "example2/annotations/dev.csv"

    def test_the_sensible_yaml_is_chosen_among_others(self, tmp_path):
        files = challenge_files()
        files["config.yml"] = files.pop("challenge_config.yaml")
        files |= {"docker-compose.yml": "services: {}\n", "environment.yaml": "name: x\n"}

        result = read_bundle(open_bundle(written(tmp_path, zip_of(files)), tmp_path / "o"), default_zone="UTC")

        assert result.configuration == "config.yml"

    @pytest.mark.parametrize(
        ("files", "sentence"),
        [
            ({"readme.txt": "x"}, "no configuration"),
            ({"a.yaml": CONFIG, "b.yaml": CONFIG}, "a.yaml, b.yaml"),
            ({"challenge_config.yaml": CONFIG, "challenge_config.yml": CONFIG}, "Several files"),
        ],
    )
    def test_none_or_several_are_explained(self, tmp_path, files, sentence):
        opened = open_bundle(written(tmp_path, zip_of(files)), tmp_path / "o")

        result = read_bundle(opened, default_zone="UTC")

        assert sentence in result.problems[0].text()
        assert result.problems[0].advice()


class TestDirection:
    """Rule: docs/bundles.md, "Which direction is better"."""

    def descending(self, read, label, metadata, split, default="AUC"):
        config = changed('"default_order_by": "AUC"', f'"default_order_by": "{default}", "metadata": {metadata}')
        config = changed('"AUC", "F1"', '"AUC", "F1", "RMSE", "Metric1"', config)
        result = read(changed("order_descending: True", f"order_descending: {split}", config))
        return result.spec.descending_for(result.spec.challenge_phase_splits[0], label), said(result, Severity.WARNING)

    @pytest.mark.parametrize("split", [True, False])
    def test_without_metadata_the_phase_split_says_it(self, read, split):
        assert self.descending(read, "Metric1", "{}", split, default="Metric1") == (split, "")

    def test_an_error_that_would_rank_the_largest_first_for_want_of_a_word_is_told(self, read):
        descending, warning = self.descending(read, "RMSE", "{}", True, default="RMSE")

        assert descending
        assert "lower is better for `RMSE`; but the highest value ranks first" in warning

    def test_a_score_that_would_rank_the_smallest_first_is_told(self, read):
        assert (
            "more is better for `AUC`, `F1`; the lowest value ranks first"
            in self.descending(read, "AUC", "{}", False)[1]
        )

    def test_an_order_that_is_said_needs_no_word(self, read):
        assert self.descending(read, "RMSE", "{RMSE: {sort_ascending: False}}", True, default="RMSE") == (True, "")

    def test_of_a_metric_that_does_not_rank_it_is_a_note(self, read):
        result = read(changed('"AUC", "F1"', '"AUC", "F1", "LogLoss"'))

        (note,) = [it for it in result.problems if "lower is better for `LogLoss`" in it.text()]
        assert note.severity is Severity.NOTE
        assert "`LogLoss: {sort_ascending: True}`" in note.advice()

    @pytest.mark.parametrize(("ascending", "split"), [(True, False), (False, True)])
    def test_where_both_agree_nothing_is_said(self, read, ascending, split):
        assert self.descending(read, "AUC", f"{{AUC: {{sort_ascending: {ascending}}}}}", split) == (split, "")

    def test_an_entry_without_a_direction_leaves_it_to_the_phase_split(self, read):
        assert self.descending(read, "AUC", "{AUC: {description: area}}", True) == (True, "")

    def test_a_contradiction_about_a_score_ranks_the_highest_first_and_warns(self, read):
        descending, warning = self.descending(read, "AUC", "{AUC: {sort_ascending: True}}", True)

        assert descending
        assert "contradict each other for `AUC`; the highest value ranks first" in warning

    def test_a_contradiction_about_an_error_ranks_the_lowest_first_and_warns(self, read):
        descending, warning = self.descending(read, "RMSE", "{RMSE: {sort_ascending: True}}", True, default="RMSE")

        assert not descending
        assert "the lowest value ranks first" in warning

    def test_a_contradiction_about_an_unknown_name_follows_evalai(self, read):
        assert not self.descending(read, "Metric1", "{Metric1: {sort_ascending: True}}", True, default="Metric1")[0]

    def test_other_metrics_follow_their_own_entry(self, read):
        metadata = "{AUC: {sort_ascending: False}, RMSE: {sort_ascending: True}}"

        assert self.descending(read, "RMSE", metadata, True) == (False, "")

    def test_where_the_ranking_metric_was_overruled_its_sisters_are_judged_by_name(self, read):
        metadata = "{AUC: {sort_ascending: True}, F1: {sort_ascending: True}, RMSE: {sort_ascending: True}}"

        assert self.descending(read, "F1", metadata, True)[0]

    def test_the_other_sisters_keep_theirs(self, read):
        metadata = "{AUC: {sort_ascending: True}, F1: {sort_ascending: True}, RMSE: {sort_ascending: True}}"

        assert not self.descending(read, "RMSE", metadata, True)[0]


def test_a_hundred_wrong_phases_give_a_readable_list(read):
    phases = "".join(f"  - id: {n}\n    name: P\n    codename: c{n}\n    max_submissions: x\n" for n in range(2, 102))

    result = read(changed("dataset_splits:\n", f"{phases}dataset_splits:\n"))

    errors = [problem for problem in result.problems if problem.severity is Severity.ERROR]
    assert len(errors) == 400
    assert errors == sorted(errors, key=lambda it: (it.line, it.column))


def test_a_problem_is_told_as_json():
    problem = Problem(
        severity=Severity.ERROR,
        message="`%(key)s` is wrong.",
        hint="100%% sure.",
        values={"key": "a"},
        file="f",
        line=1,
    )

    assert problem.to_json() == {
        "severity": "error", "file": "f", "line": 1, "column": None, "path": None,
        "message": "`a` is wrong.", "hint": "100% sure.",
    }  # fmt: skip
