"""Applications for the register (名录): an agency tells of itself, and proves it item by item."""
