"""The bureau's quality assessment (质量考核): jobs, years, and what follows for an agency."""
