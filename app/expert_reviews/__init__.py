"""Expert reviews (评审会): experts judge a paper apart, and every opinion of theirs is answered."""


def join() -> None:
    """Listen to the features below."""
    from app.expert_reviews import joining

    joining.join()
