"""Recordings are taken in order, when their site may be asked; its faults concern all of it."""

from dataclasses import dataclass

import pytest

from stremo_studio.downloader.faults import Complaint
from stremo_studio.downloader.line import Job, Line
from stremo_studio.downloader.messages import Fetch
from stremo_studio.downloader.pace import LONGEST_WAIT, Pace


@dataclass
class Clock:
    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(interval_s=4.0, backoff_s=10.0, now=clock)


@pytest.fixture
def line(pace: Pace, clock: Clock) -> Line:
    return Line(pace, now=clock)


def add(line: Line, *ids: int, site: str = "a.example") -> None:
    for id_ in ids:
        line.add(Fetch(id_, f"https://{site}/{id_}", str(id_)))


def take(line: Line) -> Job:
    job = line.take()
    assert job is not None
    return job


def test_the_first_to_come_is_the_first_to_go(line: Line, clock: Clock) -> None:
    add(line, 3, 1, 2)
    taken = []
    for _ in range(3):
        taken.append(take(line).fetch.id)
        clock.seconds += 6
    assert taken == [3, 1, 2]


def test_asked_twice_is_queued_once(line: Line, clock: Clock) -> None:
    add(line, 1, 1)
    job = take(line)
    add(line, 1)
    line.done(job)
    assert line.is_empty


def test_a_site_is_left_alone_between_two_recordings(line: Line, pace: Pace, clock: Clock) -> None:
    add(line, 1, 2)
    take(line)
    assert 2 <= pace.wait("a.example") <= 6


def test_workers_that_were_held_up_still_ask_one_after_another(pace: Pace, clock: Clock) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.seconds += seconds

    line = Line(pace, now=clock, sleep=sleep)
    add(line, 1, 2, 3)
    add(line, 4, site="b.example")
    jobs = []
    for _ in range(4):
        jobs.append(take(line))
        clock.seconds += 7
    for job in sorted(jobs, key=lambda job: job.fetch.id):
        line.wait_for_turn(job)
    assert slept == [0, 2, 2, 0]


def test_another_site_does_not_wait(line: Line) -> None:
    add(line, 1, 2)
    add(line, 3, site="b.example")
    assert [take(line).fetch.id, take(line).fetch.id] == [1, 3]


def test_a_fault_of_one_recording_is_tried_again_later(line: Line, clock: Clock) -> None:
    add(line, 1)
    for tries, (low, high) in enumerate([(10, 15), (20, 30)]):
        job = take(line)
        assert job.tries == tries
        wait, given_up = line.failed(job, Complaint("server", "500"))
        assert wait is not None
        assert low <= wait <= high
        assert given_up == []
        clock.seconds += wait
    job = take(line)
    assert line.failed(job, Complaint("server", "500")) == (None, [job])
    assert line.is_empty


def test_a_fault_for_good_is_not_tried_again(line: Line) -> None:
    add(line, 1)
    job = take(line)
    assert line.failed(job, Complaint("private", "no")) == (None, [job])


def test_a_site_that_wants_rest_gets_as_much_as_it_says(
    line: Line, pace: Pace, clock: Clock
) -> None:
    add(line, 1, 2)
    add(line, 3, site="b.example")
    first = take(line)
    wait, given_up = line.failed(first, Complaint("rate", "429", 90.0))
    assert (wait, given_up) == (90.0, [])
    assert take(line).fetch.id == 3
    clock.seconds += 91
    assert take(line).fetch.id == 2


def test_a_site_that_wants_too_much_rest_is_left_to_a_person(line: Line) -> None:
    add(line, 1, 2)
    job = take(line)
    wait, given_up = line.failed(job, Complaint("rate", "429", LONGEST_WAIT + 1))
    assert wait is None
    assert [gone.fetch.id for gone in given_up] == [1, 2]
    assert line.is_empty


def test_all_of_a_site_fail_together_when_it_keeps_saying_no(line: Line, clock: Clock) -> None:
    add(line, 1, 2, 3)
    add(line, 4, site="b.example")
    for _ in range(2):
        job = take(line)
        wait, given_up = line.failed(job, Complaint("bot", "Sign in"))
        clock.seconds += 100
    assert wait is None
    assert {gone.fetch.id for gone in given_up} == {1, 2, 3}
    assert take(line).fetch.id == 4


def test_two_that_asked_at_once_count_as_one_fault(line: Line, pace: Pace, clock: Clock) -> None:
    add(line, 1, 2)
    first = take(line)
    clock.seconds += 7
    second = take(line)
    clock.seconds += 1
    assert line.failed(first, Complaint("bot", "Sign in"))[0] is not None
    assert line.failed(second, Complaint("bot", "Sign in"))[0] is not None


def test_a_full_disk_ends_everything(line: Line) -> None:
    add(line, 1, 2)
    add(line, 3, site="b.example")
    job = take(line)
    _, given_up = line.failed(job, Complaint("full", "no space"))
    assert [gone.fetch.id for gone in given_up] == [1, 2, 3]


def test_an_answer_makes_a_site_well_again(line: Line, clock: Clock) -> None:
    add(line, 1, 2, 3)
    for id_ in (1, 2):
        job = take(line)
        wait, _ = line.failed(job, Complaint("offline", "no route"))
        assert wait is not None, id_
        clock.seconds += 100
    line.done(take(line))
    clock.seconds += 100
    assert line.failed(take(line), Complaint("offline", "no route"))[0] is not None


def test_what_is_cancelled_is_gone_or_unwanted(line: Line) -> None:
    add(line, 1, 2)
    job = take(line)
    assert line.cancel(2)
    assert not line.cancel(1)
    assert line.is_unwanted(1)
    line.dropped(job)
    assert line.is_empty
    assert not line.is_unwanted(1)


def test_a_closed_line_gives_nothing_more(line: Line) -> None:
    add(line, 1)
    line.close()
    assert line.take() is None
    assert line.is_unwanted(1)
