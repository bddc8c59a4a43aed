"""Framework agreements (框架协议): the first stage on record, the second run here."""
