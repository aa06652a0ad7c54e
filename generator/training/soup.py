"""Several trainings from one start, made into one network (training).

A "model soup" (Wortsman et al. 2022): networks that were trained from the same weights by the same
recipe with other dice lie so near each other that the mean of their weights is a network as well.
It is steadier than each of them (CARD.md), and costs no time when it is used.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch

from generator.training.fit import embed, tell
from generator.training.network import Network
from generator.training.whiten import whiten


def soup(members: Sequence[Network], inputs: npt.NDArray[np.uint8], device: str = "cpu") -> Network:
    """The mean network, whitened; its heads learn what the members say on average.

    members: networks of one shape, not whitened; inputs: uint8 [n, HEIGHT, WIDTH, 3], pictures
    that training has seen.
    """
    states = [member.state_dict() for member in members]
    mean = {
        name: (sum(state[name].double() for state in states) / len(states)).to(first.dtype)
        for name, first in states[0].items()
    }
    answers = [tell(member, embed(member, inputs, device)) for member in members]
    wanted = {
        name: torch.from_numpy(np.mean([answer[name] for answer in answers], axis=0))
        for name in answers[0]
    }
    network = Network(members[0].shape)
    network.load_state_dict(mean)
    network.to(device).eval()
    whiten(network, inputs, device, wanted)
    return network
