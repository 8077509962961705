"""Text from outside (names, titles, what was pasted) made fit to stand in a sentence.

Isolated, so that right-to-left text cannot turn the words around it, in one line and cut short.
It is only ever shown: nothing that people paste becomes the name of a file.
"""

import unicodedata

_ISOLATE, _END = "\u2068", "\u2069"
_ACROSS = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_JOINERS = "\u200c\u200d"
"""Format characters that belong to words and emoji, unlike those that turn or hide text."""


def shown(text: str, most: int = 60) -> str:
    """The text on one line, at most `most` characters of it, between isolating marks."""
    plain = "".join(
        " " if unicodedata.category(c) in _ACROSS and c not in _JOINERS else c for c in text
    )
    plain = " ".join(plain.split())
    return f"{_ISOLATE}{plain if len(plain) <= most else plain[: most - 1] + '…'}{_END}"


def quoted(text: str, most: int = 60) -> str:
    """The same between quotation marks."""
    return f"“{shown(text, most)}”"
