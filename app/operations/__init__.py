"""Running the portal for years: what is wrong with this machine, what it does, how it is kept."""
