"""The project's changes as signals: each at once, counts once a turn, silence after the end."""

from pytestqt.qtbot import QtBot

from stremo_studio.domain.worklist import Counts
from stremo_studio.project.changes import ChangeFeed, Changes
from stremo_studio.ui.notifier import Notifier

COUNTS = Counts(1, 1, 0, 0, 0, {}, 0)


def test_every_change_is_told_and_counting_waits_for_the_last(qtbot: QtBot) -> None:
    feed = ChangeFeed()
    counted: list[Counts] = []
    told: list[Changes] = []
    notifier = Notifier(feed, None, lambda: COUNTS)
    notifier.changed.connect(told.append)
    notifier.counted.connect(counted.append)
    for _ in range(3):
        feed.publish(Changes())
    assert (len(told), counted) == (3, [])
    qtbot.waitUntil(lambda: counted == [COUNTS])


def test_nothing_is_told_after_the_end(qtbot: QtBot) -> None:
    feed = ChangeFeed()
    told: list[Changes] = []
    notifier = Notifier(feed, None, lambda: COUNTS)
    notifier.changed.connect(told.append)
    feed.publish(Changes())
    notifier.stop()
    with qtbot.assertNotEmitted(notifier.counted, wait=20):
        feed.publish(Changes())
    assert len(told) == 1
