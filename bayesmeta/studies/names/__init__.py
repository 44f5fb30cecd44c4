"""What columns are called in other programs; a file a program."""
