"""Hand-written forward and backward passes for what a training step spends its time on.

Frozen weights need no gradient and many intermediate results need not be kept; saying so by hand saves about a third
of a CPU step against plain autograd. Each function here has a test that compares it with plain autograd.
"""

from __future__ import annotations

from typing import Any, Protocol

import torch
from torch import Tensor
from torch.autograd import Function
from torch.nn import functional

EXPLICIT_ATTENTION_LIMIT = 640
"""Keys up to which attention is three plain products on CPU: 4 x faster there than the flash kernel's backward."""

_HEAD_CHUNK_ROWS = 128


class WeightSource(Protocol):
    """A frozen [out, in] weight that may be stored in another form (4-bit) and is made dense where it is used."""

    def dense(self, dtype: torch.dtype) -> Tensor: ...


class LoraLinear(Function):
    """y = x W^T + bias, plus scale * dropout(x) A_j^T B_j^T on the columns [start, end) of each adapted part j.

    Shapes: x [T, in]; `a` [parts * rank, in]; each B_j [end - start, rank]; y [T, out]. Several projections of the same
    input (q, k, v) go through as one product. LoRA: Hu et al. 2021, https://arxiv.org/abs/2106.09685.
    """

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: WeightSource, bias: Tensor | None, plan: LoraPlan, a: Tensor, *bs: Tensor
    ) -> Tensor:
        compute_a = a.to(x.dtype)
        compute_bs = [(b * plan.scale).to(x.dtype) for b in bs]
        dropped, mask = _dropout(x, plan.dropout)
        y = functional.linear(x, weight.dense(x.dtype), bias)
        u = functional.linear(dropped, compute_a)
        for part, (start, end) in enumerate(plan.ranges):
            y[:, start:end].addmm_(u[:, part * plan.rank : (part + 1) * plan.rank], compute_bs[part].t())
        ctx.weight, ctx.plan = weight, plan
        ctx.save_for_backward(dropped, mask, u, compute_a, *compute_bs)
        return y

    @staticmethod
    def backward(ctx: Any, gy: Tensor) -> tuple[Tensor | None, ...]:
        x, mask, u, a, *bs = ctx.saved_tensors
        plan: LoraPlan = ctx.plan
        gu = torch.empty_like(u)
        gradient_bs = []
        for part, (start, end) in enumerate(plan.ranges):
            columns = slice(part * plan.rank, (part + 1) * plan.rank)
            g = gy[:, start:end]
            gu[:, columns] = g @ bs[part]
            gradient_bs.append((g.t() @ u[:, columns]).float().mul_(plan.scale))
        gradient_x = None
        if ctx.needs_input_grad[0]:
            gradient_x = gy @ ctx.weight.dense(gy.dtype)
            if mask is None:
                gradient_x.addmm_(gu, a)
            else:
                gradient_x.add_((gu @ a).mul_(mask))
        return gradient_x, None, None, None, (gu.t() @ x).float(), *gradient_bs


class LoraPlan:
    """What a fused projection's LoRA needs to know: column ranges of the adapted parts, rank, scale, dropout."""

    def __init__(self, ranges: list[tuple[int, int]], rank: int, scale: float, dropout: float) -> None:
        self.ranges = ranges
        self.rank = rank
        self.scale = scale
        self.dropout = dropout


class FrozenLinear(Function):
    """y = x W^T + bias without adapters and without a weight gradient; a 4-bit weight is not kept dense."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: WeightSource, bias: Tensor | None) -> Tensor:
        ctx.weight = weight
        return functional.linear(x, weight.dense(x.dtype), bias)

    @staticmethod
    def backward(ctx: Any, gy: Tensor) -> tuple[Tensor | None, ...]:
        return gy @ ctx.weight.dense(gy.dtype), None, None


class RmsNorm(Function):
    """x / rms(x) * weight over the last dimension, in fp32 inside (Zhang & Sennrich 2019)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
        wide = x.float() if x.dtype != torch.float32 else x.clone()
        inverse = torch.linalg.vecdot(wide, wide).mul_(1 / x.shape[-1]).add_(epsilon).rsqrt_().unsqueeze_(-1)
        normal = wide.mul_(inverse).to(x.dtype)
        ctx.save_for_backward(normal, inverse, weight)
        return normal * weight

    @staticmethod
    def backward(ctx: Any, gy: Tensor) -> tuple[Tensor | None, ...]:
        normal, inverse, weight = ctx.saved_tensors
        gradient_weight = None
        if ctx.needs_input_grad[1]:
            gradient_weight = (gy * normal).flatten(0, -2).sum(0, dtype=torch.float32).to(weight.dtype)
        g = (gy * weight).float()
        wide = normal.float()
        mean = torch.linalg.vecdot(g, wide).mul_(-1 / g.shape[-1]).unsqueeze_(-1)
        return g.addcmul_(wide, mean).mul_(inverse).to(gy.dtype), gradient_weight, None


class SwiGlu(Function):
    """silu(gate) * up, where the input is [gate, up] side by side."""

    @staticmethod
    def forward(ctx: Any, gate_up: Tensor) -> Tensor:
        gate, up = gate_up.chunk(2, -1)
        activated = functional.silu(gate)
        ctx.save_for_backward(gate_up, activated)
        return activated * up

    @staticmethod
    def backward(ctx: Any, gy: Tensor) -> Tensor:
        gate_up, activated = ctx.saved_tensors
        gate, up = gate_up.chunk(2, -1)
        out = torch.empty_like(gate_up)
        gradient_gate, gradient_up = out.chunk(2, -1)
        torch.mul(gy, activated, out=gradient_up)
        gradient_gate.copy_(torch.ops.aten.silu_backward(gy * up, gate))
        return out


class Rotary(Function):
    """Rotary position embedding of [T, heads, D] by half-rotation (Su et al. 2021); cosine and sine [T, 1, D / 2]."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
        ctx.save_for_backward(cosine, sine)
        return _rotate(x, cosine, sine, 1)

    @staticmethod
    def backward(ctx: Any, gy: Tensor) -> tuple[Tensor | None, ...]:
        cosine, sine = ctx.saved_tensors
        return _rotate(gy, cosine, sine, -1), None, None


class ExplicitAttention(Function):
    """softmax(scale * q k^T + mask) v for short sequences; q [N, G * Lq, D], k and v [N, Lk, D], mask [n, Lq, Lk].

    N = batch x key heads (n divides it: the mask is the same for the heads of one row), G query heads share a key head.
    """

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, scale: float) -> Tensor:
        scores = torch.bmm(q, k.transpose(1, 2)).mul_(scale)
        rows, query_length, keys = mask.shape
        scores.view(rows, -1, query_length, keys).add_(mask.unsqueeze(1))
        probabilities = torch.softmax(scores, -1)
        ctx.save_for_backward(q, k, v, probabilities)
        ctx.scale = scale
        return torch.bmm(probabilities, v)

    @staticmethod
    def backward(ctx: Any, gy: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, probabilities = ctx.saved_tensors
        gradient_v = torch.bmm(probabilities.transpose(1, 2), gy)
        gradient_p = torch.bmm(gy, v.transpose(1, 2))
        dtype = probabilities.dtype
        gradient_s = torch.ops.aten._softmax_backward_data(gradient_p, probabilities, -1, dtype).mul_(ctx.scale)
        return torch.bmm(gradient_s, k), torch.bmm(gradient_s.transpose(1, 2), q), gradient_v, None, None


class AnswerLoss(Function):
    """Weighted sum of cross-entropies of `hidden @ head^T` against `targets`, in chunks so that logits stay small.

    hidden [N, H]; head [V, H]; targets [N]; weights [N] (fp32). The gradient is made together with the loss.
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, head: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        wants_hidden, wants_head = ctx.needs_input_grad[:2]
        gradient_hidden = torch.empty_like(hidden) if wants_hidden else None
        gradient_head = torch.zeros(head.shape, dtype=torch.float32, device=head.device) if wants_head else None
        for start in range(0, len(targets), _HEAD_CHUNK_ROWS):
            chunk = slice(start, start + _HEAD_CHUNK_ROWS)
            rows, goal, weight = hidden[chunk], targets[chunk].unsqueeze(1), weights[chunk].unsqueeze(1)
            logits = functional.linear(rows, head).float()
            normal = logits.logsumexp(-1, keepdim=True)
            total += ((normal - logits.gather(1, goal)) * weight).sum()
            if not (wants_hidden or wants_head):
                continue
            g = logits.sub_(normal).exp_()
            g.scatter_add_(1, goal, torch.full_like(weight, -1.0)).mul_(weight)
            g = g.to(hidden.dtype)
            if gradient_hidden is not None:
                torch.mm(g, head, out=gradient_hidden[chunk])
            if gradient_head is not None:
                gradient_head += g.t() @ rows
        ctx.save_for_backward(gradient_hidden, gradient_head)
        ctx.head_dtype = head.dtype
        return total

    @staticmethod
    def backward(ctx: Any, gy: Tensor) -> tuple[Tensor | None, ...]:
        gradient_hidden, gradient_head = ctx.saved_tensors
        for_hidden = None if gradient_hidden is None else gradient_hidden * gy
        for_head = None if gradient_head is None else (gradient_head * gy).to(ctx.head_dtype)
        return for_hidden, for_head, None, None


def _rotate(x: Tensor, cosine: Tensor, sine: Tensor, direction: int) -> Tensor:
    half = x.shape[-1] // 2
    first, second = x[..., :half], x[..., half:]
    out = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    out_first, out_second = out[..., :half], out[..., half:]
    torch.mul(first, cosine, out=out_first)
    out_first.addcmul_(second, sine, value=-direction)
    torch.mul(second, cosine, out=out_second)
    out_second.addcmul_(first, sine, value=direction)
    return out


def _dropout(x: Tensor, rate: float) -> tuple[Tensor, Tensor | None]:
    """x with a share `rate` of entries zeroed and the rest scaled up, and the scaled mask (None when rate is 0).

    One random byte decides an entry (the rate is rounded to 1/256): eight times fewer draws from the slow, exactly
    resumable generator than one draw an entry.
    """
    threshold = round(rate * 256)
    if threshold == 0:
        return x, None
    count = x.numel()
    words = torch.empty(-(-count // 8), dtype=torch.int64, device=x.device).random_(-(2**63), None)
    keep = words.view(torch.uint8)[:count].view(x.shape) >= threshold
    mask = keep.to(x.dtype).mul_(256 / (256 - threshold))
    return x * mask, mask
