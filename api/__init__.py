"""The HTTP API and the web application: thin routes over the same questions."""

from .app import create_app

__all__ = ["create_app"]
