"""Attachments: files that belong to a record of an upper feature and are no working paper."""
