"""Questions about a need and changes of its notice (答疑、更正): the answer is for all."""
