"""Commands in a data directory that no server has used yet."""

from app import create_app
from tests.conftest import settings_in


def test_a_command_makes_the_tables_it_needs_in_a_new_data_directory(tmp_path):
    app = create_app(settings_in(tmp_path))

    result = app.test_cli_runner().invoke(
        args=["create-admin", "Ada", "ada@example.com"], input="a few unrelated words\n"
    )

    assert "Ada is an administrator now" in result.output
