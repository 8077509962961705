"""Learning in the background must not be felt by whoever goes on labelling in front of it."""

import os
import sys

_NICE = 10
_BELOW_NORMAL = 0x4000


def give_way(studio: bool) -> None:
    """Call before torch is imported. With `studio`, everything else on the machine goes first.

    All cores are used all the same: an idle studio needs none. But threads that wait for each
    other must sleep, not spin: on two busy cores that alone made the same work take 2 s, not 18.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if not studio:
        return
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - its windll exists only there

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _BELOW_NORMAL)
    else:
        os.nice(_NICE)
