"""Kinds of files that hold tables, each read into grids of text."""
