"""The recording in front: its state, why it is so, and a button for each thing that can be done."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QPushButton, QVBoxLayout

from stremo_studio.domain.source import NOT_FETCHED, QUEUED, READY, UNAVAILABLE, Source
from stremo_studio.domain.source_fault import COOKIES, OFFLINE, RETRY, UPDATE
from stremo_studio.domain.wording import counted
from stremo_studio.project.fetch_settings import BROWSERS
from stremo_studio.project.mapping import Oddity
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.label.sources.source_words import facts_words
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, give_role, label
from trainer.contract.foreign_text import shown

WIDTH = 356
_UPDATE = "pip install --upgrade yt-dlp"
_NO_BROWSER = "No cookies"
_TEXTS = {
    "fetch": ("Fetch", "fetch"),
    "retry_kind": ("Retry all of this kind", "retry_kind"),
    "retry_network": ("Retry all network errors", "retry_network"),
    "confirm": ("Fetch it all the same", "confirm"),
    "link_file": ("Link a local file…", "file"),
    "open_link": ("Look at it in the browser", "open"),
    "show_clips": ("Show its clips", "clips"),
    "whole": ("Make one clip of all of it", "whole"),
    "cancel": ("Take out of the queue", "cancel"),
}


class Details(QFrame):
    """`pressed(str)`: an action of the page; `browser_chosen(str)`: empty for none;
    `mend_asked(Oddity)`."""

    pressed = Signal(str)
    browser_chosen = Signal(str)
    mend_asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        give_role(self, "panel")
        self.setFixedWidth(WIDTH)
        self._name = label(role="heading", wrap=True)
        self._state = label(wrap=True)
        self._state.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._state.setMinimumHeight(5 * GRID)  # two lines: the buttons stand still
        self._advice = label(role="quiet", wrap=True)
        self._facts = label(role="quiet", wrap=True)
        self._said = label(role="quiet", wrap=True)
        self._cookie_hint = label(
            "Cookies for sign-in, read from your browser:", "quiet", wrap=True
        )
        self.browsers = QComboBox()
        self.browsers.setAccessibleName("Browser whose cookies are used")
        self.browsers.addItems([_NO_BROWSER, *(name.capitalize() for name in BROWSERS)])
        self.browsers.activated.connect(self._on_browser)
        self._shown_odd: list[Oddity] = []
        self._buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        for part in (self._name, self._state, self._advice):
            column.addWidget(part)
        for name, (text, _) in _TEXTS.items():
            made = self._buttons[name] = button(text)
            self._say(name, text)
            made.setObjectName(name)
            made.clicked.connect(self._on_pressed)
            column.addWidget(made)
        self._odd = QVBoxLayout()
        self._odd.setSpacing(GRID // 2)
        column.addLayout(self._odd)
        column.addWidget(self._cookie_hint)
        column.addWidget(self.browsers)
        column.addWidget(self._facts)
        column.addWidget(self._said)
        column.addStretch(1)

    def show_browser(self, browser: str) -> None:
        """The browser in use."""
        index = BROWSERS.index(browser) + 1 if browser in BROWSERS else 0
        self.browsers.setCurrentIndex(index)

    def show_sources(
        self, chosen: Sequence[Source], words: str, *, titles: bool, of_kind: int
    ) -> None:
        """Show the first of the chosen recordings and what fits them. `words` is its state,
        `of_kind` how many are unavailable for the same reason."""
        front = chosen[0] if chosen else None
        fault = front.fault if front else None
        more = len(chosen) - 1
        name = shown(front.name) if front else "No recording chosen"
        self._name.setText(f"{name} and {more:,} more" if more > 0 else name)
        self._state.setText(words)
        self._advice.setText(front.advice if front else "")
        self._facts.setText(facts_words(front, title=titles) if front else "")
        self._said.setText(
            f"The site said: {shown(front.said, 200)}" if front and front.said else ""
        )
        self._show_buttons(chosen, of_kind)
        if fault is not None and UPDATE in fault.remedies:
            self._advice.setText(f"{fault.advice} In a terminal: {_UPDATE}")
        wants_cookies = fault is not None and COOKIES in fault.remedies
        cookies = wants_cookies or self.browsers.currentIndex() > 0
        self._cookie_hint.setVisible(cookies)
        self.browsers.setVisible(cookies)
        for text in (self._state, self._advice, self._facts, self._said):
            text.setVisible(bool(text.text()))

    def show_oddities(self, found: Sequence[Oddity]) -> None:
        """What is odd about the clips of the recording in front, each with the step that mends
        it."""
        if list(found) == self._shown_odd:
            return
        self._shown_odd = list(found)
        while (item := self._odd.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for oddity in found:
            self._odd.addWidget(label(oddity.message, "warning", wrap=True))
            mend = button(oddity.offer)
            mend.clicked.connect(partial(self.mend_asked.emit, oddity))
            self._odd.addWidget(mend)

    def offers(self) -> set[str]:
        """What can be done now."""
        return {name for name, made in self._buttons.items() if not made.isHidden()}

    def _show_buttons(self, chosen: Sequence[Source], of_kind: int) -> None:
        front = chosen[0] if chosen else None
        states = {source.state for source in chosen}
        fault = front.fault if front else None
        fetchable = any(s.link and s.state in (NOT_FETCHED, UNAVAILABLE) for s in chosen)
        again = UNAVAILABLE in states
        one = len(chosen) == 1 and front is not None
        offered = {
            "fetch": fetchable,
            "retry_kind": again and fault is not None and RETRY in fault.remedies and of_kind > 1,
            "retry_network": again
            and fault is not None
            and (fault.network or fault.kind == OFFLINE),
            "confirm": fault is not None and "confirm" in fault.remedies,
            "link_file": one,
            "open_link": one and front is not None and bool(front.link),
            "show_clips": one and front is not None and front.clips > 0,
            "whole": one and front is not None and front.clips == 0 and front.state == READY,
            "cancel": bool(states & set(QUEUED)),
        }
        for name, made in self._buttons.items():
            made.setVisible(offered[name])
        verb = "Retry" if again else "Fetch"
        some = f" {counted(len(chosen), 'recording')}" if len(chosen) > 1 else ""
        self._say("fetch", f"{verb}{some}")
        self._say("retry_kind", f"Retry all {of_kind:,} of this kind")
        again = front is not None and front.state == READY
        self._say("link_file", "Link another file…" if again else _TEXTS["link_file"][0])

    def _say(self, name: str, words: str) -> None:
        """On a button, with the key of its action behind."""
        keyed(self._buttons[name], text=f"{words}  {{sources.{_TEXTS[name][1]}}}")

    def _on_pressed(self) -> None:
        self.pressed.emit(self.sender().objectName())

    def _on_browser(self, index: int) -> None:
        self.browser_chosen.emit(BROWSERS[index - 1] if index else "")
