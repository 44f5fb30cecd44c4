"""One question's answer as a folder of tables and figures; a file a question."""
