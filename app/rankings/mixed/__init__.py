"""The crossed mixed model of a table of ratings: fit, fair scores, ranks and their doubt.

Sources: Patterson & Thompson, Biometrika 58 (1971) for REML; Henderson, Biometrics 31 (1975) for
the equations; Gilmour, Thompson & Cullis, Biometrics 51 (1995) for average information; Bates et
al., J. Stat. Softw. 67(1) (2015) for the criterion that is printed.

Import its modules only where the calculation runs: a page must not wait for numpy.
"""

import os

# Read when numpy or scipy is first loaded. One thread: sums keep their order, so that a published
# figure can be re-computed to the last digit, and two jobs don't fight for two cores.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
