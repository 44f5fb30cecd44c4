"""A posterior as tables: one file a table."""
