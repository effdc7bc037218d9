"""The alliance portfolio of a firm: what it is made of, who depends on whom, how it came about."""
