"""Spills (涉密或个人信息误传): what must never have come is withheld at once, and destroyed."""
