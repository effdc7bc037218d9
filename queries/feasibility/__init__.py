"""Whether a service partnership is feasible."""
