"""Q, held: what the active model says of the clip in front. Hidden until asked for.

People label blind; an answer given after a look is kept as such (`source` is `peek`), so that it
can be told from the others. A look counts once probabilities were shown.
"""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY
from stremo_studio.domain.run import Run
from stremo_studio.project.active_model import active_run, model_choice
from stremo_studio.ui.bars import ProbabilityBars
from stremo_studio.ui.key_text import with_keys
from stremo_studio.ui.page import Desk
from stremo_studio.ui.served_run import ServedRun
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import give_role, label
from stremo_studio.ui.words import audio_words

_WIDTH = 40 * GRID
NO_MODEL = "There is no model yet: train first ({window.retrain})."


class Peek(QFrame):
    """A card over the top of `room`, there for as long as the key is held."""

    def __init__(self, desk: Desk, room: QWidget) -> None:
        super().__init__(room)
        give_role(self, "scrim")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.seen: set[tuple[str, ClipId]] = set()
        """To which annotator the probabilities of which clips were shown since they last answered
        them."""
        self._desk, self._room = desk, room
        self._served: ServedRun | None = None
        self._clip: Clip | None = None
        self._number = self._ticket = 0
        self._name = label(role="heading")
        self._words = label(role="quiet", wrap=True)
        self.bars = ProbabilityBars(desk.theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        for part in (self._name, self._words, self.bars):
            column.addWidget(part)
        self.hide()

    @property
    def words(self) -> str:
        return self._words.text()

    def look(self, clip: Clip | None) -> None:
        """Ask about a clip, and show what comes."""
        if clip is None:
            return
        self._clip = clip
        self._show("", f"Asking about {clip.name} …")
        if clip.audio != READY or clip.path is None:
            self._show("", audio_words(clip) or "It cannot be heard.")
            return
        project = self._desk.project
        runs, choice = project.runs(), model_choice(project)
        self._ticket = self._desk.background.run(
            lambda: active_run(project, runs, choice), self._on_run_found
        )

    def let_go(self) -> None:
        """Hide again, and want no answer any more."""
        self._desk.background.forget(self._ticket)
        if self._served is not None:
            self._served.forget(self._number)
        self._clip = None
        self._number = 0
        self.hide()

    def leave(self) -> None:
        """The project closes: end the process."""
        self.let_go()
        if self._served is not None:
            self._served.leave()
            self._served = None

    def take_seen(self, clip_ids: tuple[ClipId, ...]) -> bool:
        """Whether one of these clips, which are answered now, was looked at before."""
        me = self._desk.project.annotator
        looked_at = self.seen.intersection((me, clip_id) for clip_id in clip_ids)
        self.seen -= looked_at
        return bool(looked_at)

    @Slot(object)
    def _on_run_found(self, run: Run | None) -> None:
        clip = self._clip
        if clip is None or clip.path is None:
            return
        if run is None:
            self._show("", with_keys(NO_MODEL))
            return
        folder = self._desk.project.run_folder(run)
        if self._served is None or self._served.folder != folder:
            if self._served is not None:
                self._served.leave()
            self._served = ServedRun(folder, self)
            self._served.answered.connect(self._on_answered)
            self._served.failed.connect(self._on_failed)
        self._show(run.name, "Listening …")
        self._number = self._served.ask(clip.path, clip.start, clip.end)

    @Slot(int, list)
    def _on_answered(self, number: int, probabilities: list[float]) -> None:
        if number == self._number and self._clip is not None:
            self.seen.add((self._desk.project.annotator, self._clip.id))
            self._show(self._name.text(), "", probabilities)

    @Slot(int, str)
    def _on_failed(self, number: int, reason: str) -> None:
        if number == self._number:
            self._show(self._name.text(), reason)

    def _show(self, name: str, words: str, probabilities: list[float] | None = None) -> None:
        self._name.setText(name or "Model")
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.bars.show_probabilities(probabilities or ())
        self.bars.setVisible(probabilities is not None)
        width = min(_WIDTH, self._room.width() - 2 * GRID)
        self.resize(width, max(self.heightForWidth(width), self.sizeHint().height()))
        self.move((self._room.width() - width) // 2, 2 * GRID)
        self.show()
        self.raise_()
