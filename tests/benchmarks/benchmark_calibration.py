"""Time the calibration of a design: 10 000 simulated meta-analyses, each row on its own.

Run as a script. The aim is a minute for the usual rows together.
"""

import sys
import time

from bayesmeta.calibration import calibrate

AIM = 60.0
SIMULATIONS = 10_000
ROWS = ("Bayes (default)", "Bayes (half-normal 0.5 uisd)", "CE", "DL", "REML", "PM", "EB",
        "REML+HKSJ")  # fmt: skip


def timed(k: int, rows: list[str] | None) -> tuple[float, float]:
    """Return wall and processor seconds of one calibration."""
    wall, own = time.perf_counter(), time.process_time()
    calibrate(k, n=40, tau=0.5, rows=rows, simulations=SIMULATIONS)
    return time.perf_counter() - wall, time.process_time() - own


def main() -> None:
    """Print seconds by row for five studies, then for all usual rows of 5, 10 and 30."""
    for row in ROWS:
        wall, own = timed(5, [row])
        print(f"k =  5  {row:30} {wall:6.2f} s, processor {own:6.2f} s")  # noqa: T201 -- a script
    for k in (5, 10, 30):
        wall, own = timed(k, None)
        said = f"k = {k:2}  {'all usual rows':30} {wall:6.2f} s, processor {own:6.2f} s"
        print(f"{said} (aim {AIM:g})")  # noqa: T201 -- a script
        sys.stdout.flush()


if __name__ == "__main__":
    main()
