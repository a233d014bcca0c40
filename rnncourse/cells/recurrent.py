"""What the recurrent cells share: checks of what comes in, the gates' biases, the way to torch."""

import math
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from rnncourse.cells.parameters import Trained, check_shape
from rnncourse.cells.starts import chrono, uniform

_TORCH = {"W_ih": "weight_ih", "W_hh": "weight_hh", "b_ih": "bias_ih", "b_hh": "bias_hh"}


class Recurrent(Trained):
    """A recurrent cell whose weights stand in blocks of H rows.

    ``GATES`` has a letter for each block, in order. ``KEEP`` says which gates' biases make the
    state last, and with which sign: ``{"f": 1, "i": -1}`` where f keeps and i writes over.
    """

    NAMES = ("W_ih", "W_hh", "b_ih", "b_hh")
    GATES: str
    KEEP: Mapping[str, int] = MappingProxyType({})

    def _begin(self, input_size, hidden_size, seed, seeds, dtype, **more):
        """Draw every weight from -1/sqrt(H) to 1/sqrt(H); ``more`` are shapes of further ones."""
        self.input_size = D = input_size
        self.hidden_size = H = hidden_size
        self._kept = None
        self._rooms = {}
        R = len(self.GATES) * H
        shapes = {"W_ih": (R, D), "W_hh": (R, H), "b_ih": (R,), "b_hh": (R,), **more}
        self.NAMES = tuple(shapes)

        def draw(seed):
            rng = np.random.default_rng(seed)
            return {name: uniform(shape, H**-0.5, rng) for name, shape in shapes.items()}

        self._start(draw, seed, seeds, dtype)

    def set_bias(self, gate, values):
        """Set one gate's bias: ``values`` into its block of ``b_ih``, 0 into that of ``b_hh``.

        Parameters: ``gate``, its letter; ``values``, a number or (H,); with ``seeds`` also (S, H).
        Raises ``ValueError`` for a letter that this cell has no block for, or another shape.
        """
        if gate not in [*self.GATES]:
            raise ValueError(f"gate is {gate!r}; this cell has {', '.join(self.GATES)}.")
        H = self.hidden_size
        values = np.asarray(values)
        if values.shape not in [(), (H,), (self.seeds, H)]:
            raise ValueError(f"values have shape {values.shape}; here it is one number or ({H},).")
        k = self.GATES.index(gate)
        self.b_ih[..., k * H : (k + 1) * H] = values
        self.b_hh[..., k * H : (k + 1) * H] = 0.0

    def chrono(self, longest, rng=0):
        """Start the gates so that the units keep for about 1 to ``longest`` steps.

        The gate that keeps starts with the biases b of ``starts.chrono``, a gate that writes over
        with -b. With ``seeds`` each network has its own draw, network k's as it is alone with
        ``rng + k``.

        Parameters: ``longest``, the longest distance, in steps, that the task may ask for, above
        2; ``rng``, a seed.
        Raises ``ValueError`` where no gate of the cell keeps, and for a ``longest`` of 2 or less.
        """
        if not self.KEEP:
            raise ValueError("chrono starts the gate that keeps the state; this cell has none.")
        if self.seeds is None:
            b = chrono(self.hidden_size, longest, rng)
        else:
            b = np.stack([chrono(self.hidden_size, longest, rng + k) for k in range(self.seeds)])
        for gate, sign in self.KEEP.items():
            self.set_bias(gate, sign * b)

    def _room(self, name, *shape):
        """An array of this shape to compute in: the memory of the last call, where it is enough.

        Whoever is handed a result must be handed a copy. (New memory at every call would take
        longer than the computing: the system hands it out page by page.)
        """
        size = math.prod(shape)
        if name not in self._rooms or self._rooms[name].size < size:
            self._rooms[name] = np.empty(size, self.dtype)
        return self._rooms[name][:size].reshape(shape)

    def pick(self, k):
        """Network k of the S, as a cell of its own that shares its weights."""
        one = super().pick(k)
        one._rooms = {}
        return one

    def _per_row(self, b):
        """A bias beside rows (B, n): as it is, or with ``seeds`` (S, 1, n)."""
        return b if self.seeds is None else b[..., None, :]

    def _check_features(self, x):
        if x.shape[-1:] != (self.input_size,):
            came = x.shape[-1] if x.ndim else 0
            raise ValueError(f"x has {came} features; this cell was made for {self.input_size}.")

    def _check_step(self, x_t, **states):
        """The input and the states of one step as arrays of this dtype."""
        x_t = np.asarray(x_t, dtype=self.dtype)
        self._check_features(x_t)
        given = []
        for name, state in states.items():
            state = np.asarray(state, dtype=self.dtype)
            if state.shape[-1:] != (self.hidden_size,):
                raise ValueError(
                    f"{name} has shape {state.shape}; this cell has {self.hidden_size} neurons."
                )
            given.append(state)
        return x_t, *given

    def _check_x(self, x):
        """x as an array (T, B, D), with ``seeds`` (T, S or 1, B, D); and B."""
        x = np.asarray(x, dtype=self.dtype)
        several = self.seeds is not None
        if x.ndim != 3 and not (several and x.ndim == 4):
            form = "(T, B, D) or (T, S, B, D)" if several else "(T, B, D)"
            raise ValueError(f"x has shape {x.shape}; this cell takes {form}.")
        self._check_features(x)
        if several and x.ndim == 3:
            x = x[:, None]  # (T, 1, B, D): all networks see the same
        if several and x.shape[1] not in (1, self.seeds):
            raise ValueError(f"x is for {x.shape[1]} networks; this cell is {self.seeds}.")
        return x, x.shape[-2]

    def _check_state(self, name, state, B):
        """A state before the first step, (B, H) or with ``seeds`` (S, B, H); zeros for None."""
        S = () if self.seeds is None else (self.seeds,)
        if state is None:
            return np.zeros((*S, B, self.hidden_size), self.dtype)
        state = np.asarray(state, dtype=self.dtype)
        if S and state.ndim == 2:
            state = np.broadcast_to(state, (*S, *state.shape))
        check_shape(name, state, (*S, B, self.hidden_size))
        return state

    def _check_mask(self, mask, T, B):
        """The mask as (T, B, 1), with ``seeds`` (T, S or 1, B, 1); None stays None."""
        if mask is None:
            return None
        mask = np.asarray(mask, dtype=bool)
        S = () if self.seeds is None else (self.seeds,)
        if S and mask.ndim == 3:
            check_shape("mask", mask, (T, *S, B))
        else:
            check_shape("mask", mask, (T, B))
            mask = mask.reshape(T, *(1 for _ in S), B)
        return mask[..., None]

    def _fill_torch(self, module):
        """The torch module with this cell's weights and dtype."""
        import torch

        if self.seeds is not None:
            raise ValueError(f"This cell is {self.seeds} networks; pick(k) gives one of them.")
        module = module.to(getattr(torch, self.dtype.name))
        with torch.no_grad():
            for name, values in self.parameters.items():
                getattr(module, f"{_TORCH[name]}_l0").copy_(torch.from_numpy(values))
        return module

    @staticmethod
    def _weights_of(module):
        """A torch module's weights by our names, as NumPy arrays."""
        other = module.num_layers != 1 or module.bidirectional or not module.bias
        if other or getattr(module, "proj_size", 0):
            raise ValueError("from_torch takes one layer, one direction, with biases.")
        return {
            name: getattr(module, f"{torch_name}_l0").detach().cpu().numpy()
            for name, torch_name in _TORCH.items()
        }
