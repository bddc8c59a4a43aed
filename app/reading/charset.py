"""How the words of a text file are written."""

TASTED = 1 << 16  # bytes of a text that tell its charset


def charset_of(beginning: bytes) -> str:
    """UTF-8 where the text's beginning is that, else GB 18030, which old exports use."""
    try:
        beginning.decode("utf-8")
    except UnicodeDecodeError as error:
        return "utf-8" if error.end == len(beginning) and error.start > error.end - 4 else "gb18030"
    return "utf-8"
