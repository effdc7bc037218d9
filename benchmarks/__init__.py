"""How fast the product is, beside what else could be used. `python -m benchmarks --help`."""
