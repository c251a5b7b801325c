"""Commands about the installation itself: a new data directory, one without its database, one of a newer Shiai."""

from sqlalchemy import text

from app.extensions import writing


def test_a_command_makes_the_tables_it_needs_in_a_new_data_directory(empty):
    result = empty.test_cli_runner().invoke(
        args=["create-admin", "Ada", "ada@example.com"], input="a few unrelated words\n"
    )

    assert "Ada is an administrator now" in result.output


def test_a_database_that_cannot_be_reached_is_told_in_a_sentence(make_app):
    app = make_app(database_url="postgresql+psycopg://nobody:a-password@127.0.0.1:1/nothing")

    for arguments in (["prepare"], ["create-admin", "Ada", "ada@example.com"]):
        with app.app_context():
            result = app.test_cli_runner().invoke(args=arguments, input="a few unrelated words\n")

        assert result.exit_code == 1
        assert "The database cannot be reached" in result.output
        assert "SHIAI_DATABASE_URL" in result.output
        assert "Traceback" not in result.output
        assert "a-password" not in result.output


def test_data_of_a_newer_shiai_are_left_alone_with_a_sentence(empty):
    empty.test_cli_runner().invoke(args=["prepare"])
    with writing() as session:
        session.execute(text("update alembic_version set version_num = 'of tomorrow'"))

    result = empty.test_cli_runner().invoke(args=["prepare"])

    assert result.exit_code == 1
    assert "brought up to date by a newer Shiai" in result.output
