"""Who publishes here, by the settings."""

from flask import current_app

from app.openness.ocds import Publisher

NOWHERE = "http://localhost"  # a pack that is made where nobody told the portal's address


def publisher_at(address: str) -> Publisher:
    """The publisher; the address counts where the settings name none."""
    told = current_app.config
    return Publisher(
        name=told["BUREAU_NAME"],
        prefix=told["OCID_PREFIX"],
        address=(told["PORTAL_URL"] or address or NOWHERE).rstrip("/"),
        licence=told["OPEN_DATA_LICENCE_URL"],
    )
