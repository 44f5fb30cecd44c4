"""What may be named for roles, the same everywhere."""

from bayesmeta.assembly import ROLES, Roles
from bayesmeta.cli import door
from bayesmeta.random_effects import HETEROGENEITY
from bayesmeta.sampling import SAMPLING

PARTS = (*HETEROGENEITY.values(), *SAMPLING.values())
NAMES = {role.name for part in PARTS for role in part.ROLES}


def test_keywords_of_fit_are_the_roles_of_the_parts():
    """A part with a new role is reached from Python, and no keyword is of no part."""
    assert set(ROLES) == set(Roles.__annotations__) == NAMES


def test_options_of_commands_are_the_roles_of_the_parts():
    """On the command line too; there `outcome` is a value of that column, which is never named."""
    assert set(door.ROLES) == NAMES - {"outcome"}


def test_a_role_says_what_it_is_for():
    """Messages speak of it."""
    assert all(role.says for part in PARTS for role in part.ROLES)


def test_what_serves_in_place_of_a_role_is_one_too():
    """The message of a missing role offers the other."""
    other = {role.unless for part in PARTS for role in part.ROLES} - {""}

    assert other <= NAMES
