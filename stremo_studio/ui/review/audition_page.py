"""The hearing half of the review page: its player keys, and what the sound tells the stage."""

from stremo_studio.domain.clip import Clip
from stremo_studio.media.prefetch import Recording
from stremo_studio.ui.listening import Listening
from stremo_studio.ui.page import Desk, Page
from stremo_studio.ui.review.stage import ReviewStage


class AuditionPage(Page):
    """A page with one clip in front that is seen and heard."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.listening = Listening(desk, self)
        self.stage = ReviewStage(desk.theme)
        self.stage.player.pressed.connect(self._on_player)
        self.listening.drawn.connect(self._on_drawn)
        self.listening.moved.connect(self._on_moved)
        self.listening.state_changed.connect(self.stage.player.show_playing)
        self.listening.failed.connect(self.stage.picture.show_message)
        self.stage.picture.seek_requested.connect(self.listening.seek)

    @property
    def current(self) -> Clip | None:
        """The clip in front."""
        raise NotImplementedError

    def go_next(self) -> None:
        raise NotImplementedError

    def go_previous(self) -> None:
        raise NotImplementedError

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

    def show_latches(self) -> None:
        latches = self.listening
        self.stage.player.show_latches(loop=latches.loop, autoplay=latches.autoplay)

    def on_heard(self, clip: Clip) -> None:
        """The clip in front is being heard; called many times."""

    def _on_player(self, name: str) -> None:
        slots = {
            "play": self.play_or_pause, "replay": self.replay, "previous": self.go_previous,
            "next": self.go_next, "loop": self.toggle_loop, "autoplay": self.toggle_autoplay,
        }  # fmt: skip
        slots[name]()

    def _on_drawn(self, clip: Clip, recording: Recording) -> None:
        self.stage.picture.show_recording(clip, recording)

    def _on_moved(self, seconds: float) -> None:
        clip = self.current
        if clip is not None:
            self.stage.player.show_time(seconds - clip.start, clip.duration)
            self.stage.picture.show_position(seconds)
            self.on_heard(clip)
