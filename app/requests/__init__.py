"""Document requests (资料清单): what the evaluated unit hands over, item by item, and when."""


def join() -> None:
    """Listen to the features below."""
    from app.requests import joining

    joining.join()
