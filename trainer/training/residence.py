"""Where the features of a corpus stay between epochs: on the graphics card when all of them fit
beside the training itself, else in main memory as far as that goes; the rest is computed anew."""

from dataclasses import dataclass

import torch

PART_OF_DEVICE = 0.4
"""Of a card's free memory: gradients, the optimiser and a batch's activations need the rest."""
PART_OF_MEMORY = 0.25
"""Of the main memory that is free: other cells of a grid may be at work beside this one."""
MOST_IN_MEMORY = 16 << 30


@dataclass(frozen=True, slots=True)
class Residence:
    """`room` in bytes; what does not fit there is not kept."""

    on_device: bool
    room: int


def residence(needed: int, free_on_device: int | None, free_in_memory: int) -> Residence:
    """Where so many bytes of features stay. `free_on_device` None: it computes in main memory."""
    if free_on_device is not None and needed <= free_on_device * PART_OF_DEVICE:
        return Residence(on_device=True, room=round(free_on_device * PART_OF_DEVICE))
    room = min(round(free_in_memory * PART_OF_MEMORY), MOST_IN_MEMORY)
    return Residence(on_device=False, room=room)


def free_on(device: torch.device) -> int | None:
    """Bytes free on a graphics card, counting what torch holds of it and does not use."""
    if device.type != "cuda":
        return None
    unused = torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    return int(torch.cuda.mem_get_info(device)[0]) + unused
