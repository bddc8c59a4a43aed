"""What the portal keeps of stored bytes beside the bytes: their keys, and what nobody may read."""
