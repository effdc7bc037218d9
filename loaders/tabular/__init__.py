"""Tables: our own, lines of JSON, and any other by a mapping."""
