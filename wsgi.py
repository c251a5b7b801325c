"""Where servers and `flask --app wsgi` find the application."""

import sys

import config
from app import create_app

try:
    app = create_app()
except config.ConfigError as problem:
    sys.exit(f"Shiai cannot start. {problem}")
