"""What sources write, put right: values, countries, who a firm is, rows of one node."""
