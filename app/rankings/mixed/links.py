"""Which agencies can be compared: those that a chain of common raters joins."""

import numpy as np
from scipy import sparse

from app.rankings.mixed.terms import Codes


def parts(agency: Codes, rater: Codes) -> Codes:
    """The connected part (q,) of the agency-rater graph that each agency is in, 0 the largest.

    agency, rater: codes (n,) of each rating. Agencies of different parts share no chain of
    raters: severity and quality can't be told apart between them, so they have no common order.
    Parts are numbered by their agencies, most first, then by their first agency.
    """
    width = int(agency.max()) + 1
    size = width + int(rater.max()) + 1
    graph = sparse.coo_array((np.ones(len(agency)), (agency, width + rater)), shape=(size, size))
    _count, found = sparse.csgraph.connected_components(graph, directed=False)
    labels, first, counts = np.unique(found[:width], return_index=True, return_counts=True)
    numbers = np.empty(labels.max() + 1, dtype=np.intp)
    numbers[labels[np.lexsort((first, -counts))]] = np.arange(len(labels))
    return numbers[found[:width]]
