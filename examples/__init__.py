"""Case data from published studies, one folder of tables each; README.md says what they are."""
