"""The pool of experts (绩效监管专家库): who knows what, who stands aside, panels by draw."""


def join() -> None:
    """Speak up where experts are called; once a process is enough."""
    from app import expert_reviews
    from app.experts.joining import refuse_tied

    if refuse_tied not in expert_reviews.call_gates:
        expert_reviews.call_gates.append(refuse_tied)
