"""Who somebody really is: second factors, sessions that can be ended, and acts of two people."""


def join() -> None:
    """Stand between the password and the session, and look at every session."""
    from app.accounts import login, services, sessions
    from app.identity import places, powers
    from app.identity.entering import detour, has_factor, is_alive, note_session
    from app.personal import erasing, exporting

    if is_alive not in login.checks:
        login.checks.append(is_alive)
        login.on_entered.append(note_session)
        login.detours.append(detour)
        sessions.second_steps.append(has_factor)
        services.on_power.append(powers.tell)
        erasing.erasers.append(places.erase_places)
        exporting.sections["sign_ins"] = places.SIGN_INS
