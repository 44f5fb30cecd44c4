"""Shapes of tables that are not one row a study, brought into that shape."""
