"""Tracks: clips that overlap lie beside each other, and names tell what a track is."""

from hypothesis import given
from hypothesis import strategies as st

from stremo_studio.formats.rows import stems, unique
from stremo_studio.formats.tracks import tracks
from tests.formats.exported import TALK, VIDEO, clip
from trainer.corpora.tracks import ANNOTATOR, CLIPS, LABEL, TrackName, read_track_name

spans = st.lists(
    st.tuples(st.floats(0, 60), st.floats(0.002, 9)).map(lambda p: (p[0], p[0] + p[1])), max_size=12
)


@given(spans)
def test_marks_of_a_track_never_overlap(found: list[tuple[float, float]]) -> None:
    clips = [clip(n, *span, ("Ann", "neutral")) for n, span in enumerate(sorted(found), start=1)]
    made = tracks(clips)
    for track in made:
        pairs = zip(track.marks, track.marks[1:], strict=False)
        assert all(first.end <= second.start for first, second in pairs)
    for kind in (CLIPS, ANNOTATOR, LABEL):
        marks = [mark for track in made if track.name.kind == kind for mark in track.marks]
        assert sorted((m.start, m.end) for m in marks) == sorted(found)


def test_a_clip_has_one_number_on_all_its_tracks() -> None:
    made = tracks([clip(1, 0, 2, ("Ann", "neutral")), clip(2, 1, 3, ("Ben", "positive"))])
    assert [str(track.name) for track in made] == [
        *("clips (made)", "clips (made) [2]", "groups (made)", "groups (made) [2]"),
        *("label", "label [2]", "Ann", "Ben [2]"),
    ]


@given(st.builds(TrackName, st.sampled_from([CLIPS, ANNOTATOR]), st.text(min_size=1),
                 st.integers(1, 9)))  # fmt: skip
def test_a_track_is_known_by_its_name(name: TrackName) -> None:
    read = read_track_name(str(name))
    if name.kind == CLIPS or (name.of != LABEL and not name.of.endswith(")")):
        assert read == name


def test_an_annotator_called_like_a_numbered_track_stays_one() -> None:
    assert read_track_name(str(TrackName(ANNOTATOR, "Ann [2]"))) == TrackName(ANNOTATOR, "Ann [2]")


def test_files_are_named_so_that_every_system_takes_them() -> None:
    assert stems([TALK, VIDEO]) == {1: "talk", 2: "youtube [-aaaaaaaaaa]"}
    taken: dict[str, int] = {}
    assert [unique(name, taken) for name in ("a/b:c", "A_B_C", "..", "")] == [
        *("a_b_c", "A_B_C (2)", "recording", "recording (2)")
    ]
