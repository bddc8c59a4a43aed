"""A web scanner over the running portal: `make scan`."""
