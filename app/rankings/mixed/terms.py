"""What all parts of the calculation speak of."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]  # a level's place, 0..levels-1


class CannotFit(ValueError):
    """This table can't answer the question; the message says why, in plain words."""
