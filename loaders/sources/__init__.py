"""Public sources in forms of their own: CORDIS, landscapes."""
