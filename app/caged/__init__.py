"""Programs that read foreign files, each started by its path in a process of its own (`cage`)."""
