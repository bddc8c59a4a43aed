"""What everybody may know without signing in: the register, published rankings, their data."""
