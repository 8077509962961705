"""An answer as one word of a file that other programs read and write: `anger`, `positive`,
`cannot_tell`; with ` ?` behind it where the annotator was not sure."""

from dataclasses import dataclass

from trainer.corpora.tally import emotion_and_class

UNLABELLED, DISPUTED = "unlabelled", "disputed"
BESIDE_THE_CLASSES = ("cannot_tell", "unusable", "discarded")
"""What annotators of the studio answer where no class fits."""
_UNSURE = " ?"


@dataclass(frozen=True, slots=True)
class SaidWord:
    """What a word says. `source_label` is it as written, None where it says nothing; `label` is a
    class, one of `BESIDE_THE_CLASSES`, or None for a word that the scheme does not know."""

    source_label: str | None = None
    label: str | None = None
    emotion: str | None = None
    sure: bool = True

    @property
    def is_known(self) -> bool:
        """Whether the label scheme, or the studio, has such a word."""
        return self.label is not None or self.emotion is not None


def answer_word(label: str | None, emotion: str | None, sure: bool) -> str:
    """The word for an answer. A class without a finer emotion is called by itself: `neutral` stands
    for both the class and the emotion."""
    if label is None:
        return UNLABELLED
    return (emotion or label) + ("" if sure else _UNSURE)


def read_word(text: str) -> SaidWord:
    """What a word says; a class or emotion in any of its spellings."""
    word = text.strip()
    if not word or word.lower() in (UNLABELLED, DISPUTED):
        return SaidWord()
    sure = not word.endswith("?")
    plain = word.rstrip("? ")
    beside = plain.lower().replace(" ", "_")
    if beside in BESIDE_THE_CLASSES:
        return SaidWord(plain, beside, None, sure)
    emotion, label = emotion_and_class(plain)
    return SaidWord(plain or word, label, emotion, sure)
