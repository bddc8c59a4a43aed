"""What a WSGI server imports: wsgi:app."""

import os

from app import create_app
from config import load_config

app = create_app(load_config(os.environ))
