"""The pool of experts (绩效监管专家库): who knows what, who stands aside, panels by draw."""


def join() -> None:
    """Speak up where experts are called and in a person's own file; once a process is enough."""
    from app import expert_reviews
    from app.experts import own_rows
    from app.experts.joining import refuse_tied
    from app.personal import exporting

    exporting.sections["expert"] = own_rows.POOL
    exporting.sections["expert_fees"] = own_rows.FEES

    if refuse_tied not in expert_reviews.call_gates:
        expert_reviews.call_gates.append(refuse_tied)
