"""The contract's money: instalments, invoices, payments, and the days within which to pay."""


def join() -> None:
    """Listen to the features below."""
    from app.payments import joining

    joining.join()
