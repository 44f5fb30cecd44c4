"""On its way to the forest plot a posterior is read once."""

import sys
from collections import Counter

import xarray as xr

from bayesmeta.plots.forest import plot_forest
from bayesmeta.summaries.view import View

MOST = 28


def stops(posterior):
    """Return how often each function of the package is handed the posterior, or its view.

    What the view does itself is no stop: there the tree is read.
    """
    seen = Counter()

    def watch(frame, event, _argument):
        code = frame.f_code
        if event != "call" or "/bayesmeta/" not in code.co_filename.replace("\\", "/"):
            return
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        handed = [frame.f_locals.get(name) for name in names if name != "self"]
        kinds = [type(value) for value in handed if isinstance(value, xr.DataTree | View)]
        seen.update((code.co_qualname, kind.__name__) for kind in kinds[:1])

    sys.setprofile(watch)
    try:
        plot_forest(posterior)
    finally:
        sys.setprofile(None)
    return seen


def test_few_functions_are_handed_the_posterior(exact):
    """All of them together, each call counted."""
    assert stops(exact).total() <= MOST


def test_the_tree_itself_is_handed_on_to_the_view_alone(exact):
    """The plot gives it to its plan, and that makes the view."""
    found = {name: count for (name, kind), count in stops(exact).items() if kind == "DataTree"}

    assert found == {"plot_forest": 1, "plan": 1, "view_of": 1}


def test_each_group_and_the_attributes_are_read_once(exact, monkeypatch):
    """Nothing goes back to the tree for what was read already."""
    read = Counter()
    whole = xr.DataTree.__getitem__

    def counted(tree, name):
        read[name] += 1
        return whole(tree, name)

    monkeypatch.setattr(xr.DataTree, "__getitem__", counted)
    plot_forest(exact)

    assert set(read.values()) == {1}
    assert "mixture" in read
