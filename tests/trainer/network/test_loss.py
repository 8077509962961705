"""The loss and what balances the classes in it."""

import numpy as np
import pytest
import torch

from trainer.contract.config import FinetuneConfig
from trainer.network.loss import Loss, class_weights, log_prior, loss_for

LABELS = np.array([0, 0, 0, 1, 1, 1, 2, 2])
CPU = torch.device("cpu")


def test_rare_classes_weigh_more() -> None:
    assert class_weights(LABELS, True).tolist() == pytest.approx([8 / 9, 8 / 9, 8 / 6])
    assert class_weights(LABELS, False).tolist() == [1, 1, 1]


def test_the_logits_learnt_under_a_prior_are_free_of_it() -> None:
    """Of clips that sound alike, the best logits with adjustment 1 are equal, whatever the
    classes' frequencies; without, they are the log frequencies."""
    labels = np.repeat([0, 1, 2], [70, 20, 10])
    for tau, expected in ((0.0, [0.0, -1.2528, -1.9459]), (1.0, [0.0, 0.0, 0.0])):
        loss = loss_for(FinetuneConfig(class_weights=False, logit_adjustment=tau), labels, CPU)
        answer = torch.zeros(3, requires_grad=True)
        descent = torch.optim.LBFGS([answer], max_iter=60)

        def again(answer: torch.Tensor = answer, loss: Loss = loss) -> torch.Tensor:
            answer.grad = None
            found = loss(answer.expand(100, 3), torch.from_numpy(labels))
            found.backward()
            return found

        descent.step(again)
        found = answer.detach() - answer.detach()[0]
        torch.testing.assert_close(found, torch.tensor(expected), atol=1e-3, rtol=0)


def test_a_class_without_clips_has_a_finite_prior() -> None:
    assert log_prior(np.array([0, 0, 1])).isfinite().all()


def test_smoothing_spreads_a_part_of_each_label() -> None:
    logits, labels = torch.tensor([[2.0, 0.5, -1.0]]), torch.tensor([0])
    smooth = Loss(torch.ones(3), smoothing=0.3)(logits, labels)
    spread = -(torch.tensor([0.8, 0.1, 0.1]) * logits.log_softmax(dim=1)).sum()
    torch.testing.assert_close(smooth, spread)
