"""The label workspace: joins queue, stage and card. One key labels, saves, and plays the next."""

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter

from stremo_studio.domain.annotation import BY_PEEK, Answer
from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.worklist import UNLABELLED, Counts
from stremo_studio.project.annotators import eye, source_of_key
from stremo_studio.project.changes import Changes
from stremo_studio.project.commands import FlagClips, LabelClips, NoteClip
from stremo_studio.ui.audition_page import AuditionPage
from stremo_studio.ui.banners import INFO
from stremo_studio.ui.key_text import with_keys
from stremo_studio.ui.label.clip_panel import ClipPanel
from stremo_studio.ui.label.cutting import Cutting
from stremo_studio.ui.label.edges import Edges
from stremo_studio.ui.label.history_rail import LENGTH
from stremo_studio.ui.label.pace import Pace
from stremo_studio.ui.label.peek import Peek
from stremo_studio.ui.label.picture import SoundPicture
from stremo_studio.ui.label.queue import Queue
from stremo_studio.ui.label.speaking import Speaking
from stremo_studio.ui.label.stage import Stage
from stremo_studio.ui.page import Desk
from stremo_studio.ui.widgets import line
from stremo_studio.ui.words import audio_words

SETTLE_MS = 300
"""A clip must have been in front this long before an answer counts: a key meant for the clip
before must not label this one."""
PREFETCHED = 3


class LabelPage(AuditionPage):
    """Slots named in the action table are methods here. `sources_asked`: where recordings come
    from."""

    sources_asked = Signal()

    def __init__(self, desk: Desk, *, settle_ms: int = SETTLE_MS) -> None:
        picture = SoundPicture(desk.theme, movable=True)
        stage = Stage(desk, picture)
        super().__init__(desk, picture, stage.player)
        self.stage = stage
        self.settle_ms = settle_ms
        self._shown = QElapsedTimer()
        self._pace = Pace()
        self._stale = False
        self.queue = Queue(desk)
        self.panel = ClipPanel(desk.theme)
        self.peeking = Peek(desk, picture)
        self._cutting = Cutting(desk, self)
        self._edges = Edges(desk, self.listening, self)
        self.speaking = Speaking(desk, self.panel, self)
        self._lay_out()
        self._connect()
        self.queue.show_filter("all")

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(self.queue)
        split.addWidget(self.stage)
        split.setStretchFactor(1, 1)
        split.setSizes([448, 488])
        self.queue.setMinimumWidth(320)
        self.stage.setMinimumWidth(360)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(split, 1)
        row.addWidget(line(vertical=True))
        row.addWidget(self.speaking.place)

    def _connect(self) -> None:
        self.desk.notifier.changed.connect(self._on_changes)
        self.desk.notifier.counted.connect(self._on_counted)
        self.queue.clip_shown.connect(self._on_clip_shown)
        self.queue.sources.clicked.connect(self.sources_asked)
        self.panel.card.answered.connect(self.answer)
        self.panel.card.emotion_chosen.connect(self.answer_emotion)
        self.panel.flag_pressed.connect(self.toggle_flag)
        self.panel.note_written.connect(self._on_note)
        self.panel.speaker.button.clicked.connect(self.describe_speaker)
        self.speaking.left.connect(self.leave_field)
        self.stage.history.clip_chosen.connect(self._on_history)
        self._cutting.cut_done.connect(self._on_history)
        self.picture.edges_moved.connect(self._on_edges_moved)

    # The page

    def enter(self) -> None:
        self.listening.take()
        self.show_latches()
        if self._stale:
            self._stale = False
            self.queue.take(Changes(worklist=True))
        self.desk.notifier.count()
        self._on_clip_shown(self.queue.current())
        self.queue.view.setFocus()  # last: a list that was empty cannot take it

    def leave(self) -> None:
        self.peeking.leave()

    def exit(self) -> None:
        self.peeking.let_go()
        self.picture.narrow()
        self.panel.keep_note()
        self.listening.leave()

    def leave_field(self) -> None:
        self.panel.keep_note()
        self.speaking.close()
        self.queue.view.setFocus()

    def show_prefix(self, prefix: str) -> None:
        self.panel.card.show_waiting(prefix == "E")

    def show_undone(self, changes: Changes) -> None:
        if changes.clips and not changes.worklist:
            self.queue.seek(min(changes.clips))

    # Answers

    def give(self, answer: Answer) -> None:
        clip_ids = self.queue.selected()
        if not clip_ids or (self._shown.isValid() and self._shown.elapsed() < self.settle_ms):
            return
        self.panel.keep_note()
        heard = self.listening.heard_ms if len(clip_ids) == 1 else None
        source = BY_PEEK if self.peeking.take_seen(clip_ids) else source_of_key(self.desk.project)
        self.desk.project.do(LabelClips(clip_ids, answer, source, heard))
        self._pace.count(len(clip_ids))
        self.queue.view.flash(clip_ids[-1])
        self._advance()

    def _advance(self) -> None:
        row = max(self.queue.view.selected_rows(), default=-1)
        if self.queue.table.worklist.show == UNLABELLED:
            self.go_next_unlabelled()
        elif not self.queue.go_to(row + 1):
            self.desk.banners.show_note("That was the last clip of this list.")

    # Moving

    @property
    def current(self) -> Clip | None:
        return self.queue.current()

    def go_next(self) -> None:
        self.queue.go_to(self.queue.row() + 1)

    def go_previous(self) -> None:
        self.queue.go_to(self.queue.row() - 1)

    def go_next_unlabelled(self) -> None:
        """The next clip without a label; where there is none, say what to do next."""
        if not self.queue.go_to(self.queue.table.next_unlabelled(self.queue.row())):
            self._say_done()

    def go_to(self) -> None:
        self.search()

    def search(self) -> None:
        self.queue.search.setFocus()
        self.queue.search.selectAll()

    def look_for(self, name: str) -> None:
        """List the clips that bear this name, e.g. those of a recording."""
        self.queue.look_for(name)
        self.desk.notifier.count()

    def show_sources(self) -> None:
        self.sources_asked.emit()

    def select_all(self) -> None:
        self.queue.view.selectAll()

    def show_filter(self, name: str) -> None:
        self.queue.show_filter(name)
        self.desk.notifier.count()

    # Looking

    def widen_context(self) -> None:
        self.picture.widen()

    def narrow_context(self) -> None:
        self.picture.narrow()

    def zoom(self, way: str) -> None:
        view = self.picture.waveform
        ways = {"in": view.zoom_in, "out": view.zoom_out, "clip": view.zoom_to_clip}
        ways[way]()

    def pan(self, way: str) -> None:
        self.picture.waveform.pan(-0.5 if way == "back" else 0.5)

    def peek(self) -> None:
        self.peeking.look(self.queue.current())

    def stop_peeking(self) -> None:
        self.peeking.let_go()

    # The clip

    def toggle_flag(self) -> None:
        clip, clip_ids = self.queue.current(), self.queue.selected()
        if clip is not None and clip_ids:
            self.desk.project.do(FlagClips(clip_ids, not clip.flagged))

    def write_note(self) -> None:
        self.panel.note.setFocus()

    def describe_speaker(self) -> None:
        self.speaking.describe()

    def give_to_speaker(self) -> None:
        self.speaking.give(self.queue.selected())

    def cut_at_pauses(self) -> None:
        self._cutting.cut(self.queue.current())

    def set_edge(self, which: str) -> None:
        ways = {"start": self._edges.set_start, "end": self._edges.set_end}
        ways[which](self.queue.current())

    def nudge_edge(self, way: str) -> None:
        self._edges.nudge(self.queue.current(), way)

    # What the parts say

    def _on_clip_shown(self, clip: Clip | None) -> None:
        self.panel.show_clip(clip)
        self.speaking.show_clip(clip)
        self.stage.show_clip(clip)
        if clip is None or not self.listening.has(clip):
            self.peeking.let_go()
            self._shown.start()
            self.picture.show_message(_state_words(clip))
            self.player.show_time(0.0, clip.duration if clip else 0.0)
            self.listening.open(clip, self.queue.upcoming(PREFETCHED))
        else:
            self.picture.retime(clip)
            self.listening.retime(clip)

    def _on_edges_moved(self, start: float, end: float) -> None:
        """By hand."""
        clip = self.queue.current()
        if clip is not None and self._edges.move(clip, start, end) is None:
            self.picture.retime(clip)

    def _on_changes(self, changes: Changes) -> None:
        if changes.worklist and not self.isVisible():
            self._stale = True  # an import shows its clips at once; the list is made when seen
        else:
            self.queue.take(changes)

    def _on_counted(self, counts: Counts) -> None:
        self.queue.show_counts(counts)
        self.stage.balance.show_counts(counts)
        project = self.desk.project
        self.stage.history.show_answers(project.standing_annotations(LENGTH, eye(project)))
        self.stage.show_remaining(counts.unlabelled, self._pace.per_minute())
        if counts.unlabelled:
            self.desk.banners.dismiss("done")

    def _say_done(self) -> None:
        counts = self.desk.project.counts(eye(self.desk.project))
        if counts.all:
            self.desk.banners.show_banner(
                "done", INFO, f"All {counts.all:,} labelled.",
                with_keys("Next: Retrain ({window.retrain}), then audition the misclassified clips"
                          " ({window.review})."),
            )  # fmt: skip

    def _on_note(self, clip_id: int, note: str) -> None:
        self.desk.project.do(NoteClip(ClipId(clip_id), note))

    def _on_history(self, clip_id: int) -> None:
        self.queue.seek(ClipId(clip_id))


def _state_words(clip: Clip | None) -> str:
    """What stands in place of the waveform until there is one."""
    if clip is None:
        return "No clip in front. Choose another filter, or import some recordings."
    if clip.path is None:
        return f"{audio_words(clip)}\n{with_keys('Sources: {label.sources}')}"
    return audio_words(clip) or "Opening…"
