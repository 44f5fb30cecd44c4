"""Run the command line: ``bayesmeta``, or ``python -m bayesmeta``.

Its matrices are small. A second thread of the linear algebra waits for work most of the time, and
waits busily: a tenth of the processor time of a run. With one, numbers are the same whatever the
number of cores, and workers (`--jobs`) have a core each.
"""

import os

_ASKED = "OMP_NUM_THREADS"
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""What says how many threads there are: read once, when NumPy is imported."""


def main() -> None:
    """Run one command with one thread of linear algebra, unless the user asked for more."""
    if _ASKED not in os.environ:
        for variable in _THREADS:
            os.environ.setdefault(variable, "1")
    from bayesmeta.cli import main as command

    command()


if __name__ == "__main__":
    main()
