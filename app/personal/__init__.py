"""Personal data: few, hidden in part, encrypted at rest, shown to their owner and corrected."""
