"""Where the time of a whole run goes: CPU seconds of `bayesmeta run`, caches warm.

Run as a script from the repository's root. Before each figure was laid out once and a posterior
read once: normand1999 9.2, bangertdrowns2004 18.0, rtms_simulated 28.4 (user and system, second
run, two busy cores). Before letters were drawn unhinted, garbage was looked for seldom and what
shapes and members share was computed once, 9.2 and 34.1 of the first and the last on a machine at
eight times its load; after, in turns with them, 8.6 and 31.6. Goals: normand1999 8,
rtms_simulated 20. Of the last, by a sampling profiler that saw 27.0: files of figures 8.5, their
layout 4, integrals 3.5, imports 3.4, NetCDF 1.2, NUTS 1.2, report 0.8. Half of the files is
letters, which matplotlib lays out twice a file; a canvas of our own saved 2 and was dropped.
Before older garbage was sought seldom too and a report drew no figure that its page does not show,
7.6 and 27.8 at eleven times its load; after, beside them at the same time, 7.5 and 26.8. By CPU
time (24.7 seen): files of figures 7.9 (Agg 4.7, SVG 2.5, packing 0.6), dials and members 3.2,
layout some 3, imports 3.1, examination 2.2, duration 1.6, fits 1.6, NetCDF 1.1.
"""

import resource
import subprocess
import sys
from tempfile import TemporaryDirectory

EXAMPLES = ("normand1999", "bangertdrowns2004", "rtms_simulated")


def cpu(example, folder, jobs):
    """Return CPU seconds of one run, its workers included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "bayesmeta", "run", f"examples/{example}.toml",
               "--output", folder, "--force", "--jobs", str(jobs)]  # fmt: skip
    subprocess.run(command, check=False, capture_output=True)  # 3: a diagnostic failed
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    for example in EXAMPLES:
        for jobs in (1, 2):
            with TemporaryDirectory() as folder:
                first, second = (cpu(example, folder, jobs) for _ in range(2))
            sys.stdout.write(f"{example}, {jobs} jobs: {first:.1f}, then {second:.1f} s of CPU\n")
