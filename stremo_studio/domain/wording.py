"""Numbers in sentences."""


def counted(number: int, thing: str) -> str:
    """`1 clip`, `3,000 clips`."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
