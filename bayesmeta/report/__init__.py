"""One document that answers a reviewer: chapters of words, tables and figures, and their pages."""
