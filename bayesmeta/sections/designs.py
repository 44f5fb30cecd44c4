"""Tables and figures of trials beside cohorts."""

import json
from pathlib import Path

from bayesmeta.cohorts import Designs, contract, designs_text
from bayesmeta.cohorts.contract import write_tables


def write(found: Designs, folder: Path, *, title: str = "") -> None:
    """Write every table as CSV, the text, the JSON, and the figures as PNG and SVG."""
    from bayesmeta.plots.designs_dial import plot_designs_dial
    from bayesmeta.plots.designs_forest import plot_designs_forest
    from bayesmeta.plots.designs_ridges import plot_designs_ridges
    from bayesmeta.plots.saving import save_figures

    text = designs_text(found, title=title)
    (folder / "designs.txt").write_text(text + "\n", encoding="utf-8")
    content = json.dumps(contract(found), indent=2, ensure_ascii=False, allow_nan=False)
    (folder / "designs.json").write_text(content + "\n", encoding="utf-8")
    write_tables(found, folder)
    figures = {
        "dial": plot_designs_dial(found, title=title),
        "forest_by_design": plot_designs_forest(found, title=title),
        "ridges": plot_designs_ridges(found, title=title),
    }
    save_figures(figures, folder)
