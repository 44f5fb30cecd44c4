"""What all tests share."""

from hypothesis import settings

# The same examples on every machine and day: a change breaks a law, chance does not.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")
