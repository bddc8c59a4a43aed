"""Who somebody really is: second factors, sessions that can be ended, and acts of two people."""


def join() -> None:
    """Stand between the password and the session, and look at every session."""
    from app.accounts import login, sessions
    from app.identity import entering

    for listeners, told in (
        (login.checks, entering.is_alive),
        (login.on_entered, entering.note_session),
        (login.detours, entering.detour),
        (sessions.second_steps, entering.has_factor),
    ):
        if told not in listeners:
            listeners.append(told)
