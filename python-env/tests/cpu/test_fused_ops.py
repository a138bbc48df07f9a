"""Hand-written passes against plain autograd; the optimiser's kernel against its formula."""

import pytest
import torch
from torch.nn import functional

from forge_worker.backends.torch.flat_optimiser import FlatOptimiser
from forge_worker.backends.torch.fused_ops import AnswerLoss, LoraLinear, LoraPlan, RmsNorm, Rotary, SwiGlu
from forge_worker.backends.torch.projections import DenseWeight, FourBitWeight


def leaf(*shape, scale=1.0):
    return (torch.randn(*shape) * scale).requires_grad_()


def same_gradients(ours, plain, leaves):
    """Compare two computations' values and the gradients of a random projection of them."""
    direction = torch.randn_like(plain)
    expected = torch.autograd.grad((plain * direction).sum(), leaves)
    found = torch.autograd.grad((ours * direction).sum(), leaves)
    torch.testing.assert_close(ours, plain, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def test_rms_norm_swiglu_and_rotary_differentiate_as_autograd_does():
    torch.manual_seed(1)
    x, weight = leaf(7, 16), leaf(16)
    plain = x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * weight
    same_gradients(RmsNorm.apply(x, weight, 1e-5), plain, [x, weight])
    gate_up = leaf(7, 24)
    gate, up = gate_up.chunk(2, -1)
    same_gradients(SwiGlu.apply(gate_up), functional.silu(gate) * up, [gate_up])
    q, angles = leaf(5, 3, 8), torch.randn(5, 1, 4)
    first, second = q.chunk(2, -1)
    cosine, sine = angles.cos(), angles.sin()
    plain = torch.cat([first * cosine - second * sine, second * cosine + first * sine], -1)
    same_gradients(Rotary.apply(q, cosine, sine), plain, [q])


@pytest.mark.parametrize("dropout", [0.0, 0.25])
def test_fused_lora_is_the_sum_of_its_parts(dropout):
    torch.manual_seed(2)
    x, a, b0, b1 = leaf(9, 16), leaf(8, 16), leaf(6, 4), leaf(5, 4)
    weight, bias = torch.randn(14, 16), torch.randn(14)
    plan = LoraPlan([(0, 6), (9, 14)], 4, 2.0, dropout)
    state = torch.get_rng_state()
    ours = LoraLinear.apply(x, DenseWeight(weight), bias, plan, a, b0, b1)
    torch.set_rng_state(state)
    dropped = x
    if dropout:
        words = torch.empty(-(-x.numel() // 8), dtype=torch.int64).random_(-(2**63), None)
        dropped = x * (words.view(torch.uint8)[: x.numel()].view(x.shape) >= 64) * (256 / 192)
    low = dropped @ a.t()
    added = torch.cat([low[:, :4] @ b0.t(), torch.zeros(9, 3), low[:, 4:] @ b1.t()], 1)
    same_gradients(ours, functional.linear(x, weight, bias) + 2.0 * added, [x, a, b0, b1])


def test_dropout_drops_the_share_it_was_asked_for():
    torch.manual_seed(3)
    x, a, b = torch.ones(400, 64), torch.eye(64), torch.eye(64)
    out = LoraLinear.apply(x, DenseWeight(torch.zeros(64, 64)), None, LoraPlan([(0, 64)], 64, 1.0, 0.1), a, b)
    assert float((out == 0).float().mean()) == pytest.approx(26 / 256, abs=0.005)
    assert float(out.mean()) == pytest.approx(1.0, abs=0.01)


def test_the_loss_and_both_gradients_are_those_of_cross_entropy():
    torch.manual_seed(4)
    hidden, head, weights = leaf(300, 8), leaf(50, 8), torch.rand(300)
    targets = torch.randint(50, (300,))
    plain = (functional.cross_entropy(hidden @ head.t(), targets, reduction="none") * weights).sum()
    same_gradients(AnswerLoss.apply(hidden, head, targets, weights), plain, [hidden, head])


def test_four_bit_weights_are_close_and_small():
    torch.manual_seed(5)
    weight = torch.randn(128, 256, dtype=torch.bfloat16)
    packed = FourBitWeight(weight)
    assert packed.stored_bytes == weight.numel() // 2
    error = (packed.dense(torch.float32) - weight.float()).norm() / weight.float().norm()
    assert 0.02 < float(error) < 0.12


def test_the_fused_optimiser_is_adamw(monkeypatch):
    torch.manual_seed(6)
    matrix, vector = torch.randn(6, 4), torch.randn(5)
    ours = {"matrix": torch.nn.Parameter(matrix.clone()), "vector": torch.nn.Parameter(vector.clone())}
    theirs = [torch.nn.Parameter(matrix.clone()), torch.nn.Parameter(vector.clone())]
    groups = [{"params": theirs[:1], "weight_decay": 0.1}, {"params": theirs[1:], "weight_decay": 0.0}]
    reference = torch.optim.AdamW(groups, lr=0.05)
    optimiser = FlatOptimiser(ours, weight_decay=0.1)
    for step in range(6):
        if step == 3:
            monkeypatch.delattr("torch._fused_adamw_")
        optimiser.clear()
        optimiser.learning_rate = 0.05
        for parameter, other in zip(ours.values(), theirs):
            gradient = torch.randn_like(parameter)
            parameter.grad.copy_(gradient)
            other.grad = gradient
        optimiser.step()
        reference.step()
    torch.testing.assert_close([p.data for p in ours.values()], [p.data for p in theirs], rtol=1e-5, atol=1e-6)
