"""What keeps the register true: a yearly word, proof with its days, people who move on."""


def look() -> None:
    """Each night: remind of proof that ends, erase what is no longer needed."""
    from flask import current_app

    from app.upkeep import reminding

    reminding.remind_of_proof()
    reminding.erase_contacts(int(current_app.config["PERSONAL_DATA_DAYS"]))


def join() -> None:
    """Speak up on an agency's page and in a person's own file; once a process is enough."""
    from app import agencies
    from app.personal import exporting
    from app.upkeep.joining import named, panel
    from app.upkeep.own_rows import ENTRIES

    exporting.sections["register_entries"] = ENTRIES

    if panel not in agencies.panels:
        agencies.panels.append(panel)
        agencies.namings.append(named)
