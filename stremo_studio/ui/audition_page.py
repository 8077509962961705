"""A page with one clip in front that is seen, heard and answered: what label and review share."""

from stremo_studio.domain.annotation import DISCARDED, Answer
from stremo_studio.domain.clip import Clip
from stremo_studio.media.prefetch import Recording
from stremo_studio.ui.label.picture import SoundPicture
from stremo_studio.ui.label.player_bar import PlayerBar
from stremo_studio.ui.listening import Listening
from stremo_studio.ui.page import Desk, Page
from stremo_studio.ui.speed import next_speed
from trainer.contract.labels import paper_scheme


class AuditionPage(Page):
    """Slots named in the action table are methods here."""

    def __init__(self, desk: Desk, picture: SoundPicture, player: PlayerBar) -> None:
        super().__init__(desk)
        self.listening = Listening(desk, self)
        self.picture, self.player = picture, player
        player.pressed.connect(self._on_player)
        player.speed_chosen.connect(self.play_at)
        picture.seek_requested.connect(self.listening.seek)
        self.listening.drawn.connect(self._on_drawn)
        self.listening.grew.connect(picture.redraw)
        self.listening.moved.connect(self._on_moved)
        self.listening.state_changed.connect(player.show_playing)
        self.listening.failed.connect(picture.show_message)

    @property
    def current(self) -> Clip | None:
        """The clip in front."""
        raise NotImplementedError

    def give(self, answer: Answer) -> None:
        """Someone answered: write it and go on."""
        raise NotImplementedError

    def go_next(self) -> None:
        raise NotImplementedError

    def go_previous(self) -> None:
        raise NotImplementedError

    def answer(self, label: str) -> None:
        self.give(Answer(label))

    def answer_unsure(self, label: str) -> None:
        self.give(Answer(label, sure=False))

    def answer_emotion(self, emotion: str) -> None:
        """The class follows from the paper's map; an emotion outside it is kept, not trained on."""
        self.give(Answer(paper_scheme().class_of(emotion) or DISCARDED, emotion))

    def play_or_pause(self) -> None:
        self.listening.play_or_pause()

    def replay(self) -> None:
        self.listening.replay()

    def toggle_loop(self) -> None:
        self.listening.loop = not self.listening.loop
        self.show_latches()

    def toggle_autoplay(self) -> None:
        self.listening.autoplay = not self.listening.autoplay
        self.show_latches()

    def change_speed(self, way: str) -> None:
        self.play_at(next_speed(self.listening.speed, way))

    def play_at(self, speed: float) -> None:
        """Hear this clip and the next ones slower or faster."""
        if speed != self.listening.speed:
            self.listening.speed = speed
        self.show_latches()

    def show_latches(self) -> None:
        self.player.show_latches(loop=self.listening.loop, autoplay=self.listening.autoplay)
        self.player.show_speed(self.listening.speed)

    def on_heard(self, clip: Clip) -> None:
        """The clip in front is being heard; called many times."""

    def _on_player(self, name: str) -> None:
        slots = {
            "play": self.play_or_pause, "replay": self.replay, "previous": self.go_previous,
            "next": self.go_next, "loop": self.toggle_loop, "autoplay": self.toggle_autoplay,
        }  # fmt: skip
        slots[name]()

    def _on_drawn(self, clip: Clip, recording: Recording) -> None:
        self.picture.show_recording(clip, recording)
        self.picture.setToolTip(self.picture.waveform.text_twin())

    def _on_moved(self, seconds: float) -> None:
        clip = self.listening.clip
        if clip is not None:
            self.player.show_time(seconds - clip.start, clip.duration)
            self.picture.show_position(seconds)
            self.on_heard(clip)
