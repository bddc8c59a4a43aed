"""Process data (业务数据): site visits, interviews, questionnaires and person-days, as entries."""


def join() -> None:
    """Listen to the features below."""
    from app.fieldwork import joining

    joining.join()
