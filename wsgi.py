"""Where servers and `flask --app wsgi` find the application."""

import os
import sys

import config
from app.factory import create_app

# what the commands write is for this account only
os.umask(0o077)

try:
    app = create_app()
except config.ConfigError as problem:
    sys.exit(f"Shiai cannot start. {problem}")
