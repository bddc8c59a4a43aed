"""Search in Chinese over posts, policies, cases and the titles of working papers."""
