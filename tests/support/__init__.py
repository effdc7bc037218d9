"""What several tests need; conftest.py makes fixtures of it."""
