"""Layers and directions, to torch and back: how torch names and orders them.

``torch.nn.RNN``, ``LSTM`` and ``GRU`` keep layer k's weights as ``weight_ih_lk`` and so on, those
of the direction back with ``_reverse`` behind. Their h_n is (layers · directions, B, H): layer 0
ahead, layer 0 back, layer 1 ahead, ...
"""

_KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def into_torch(layers, dropout=0.0):
    """A torch module with the weights of these layers, cells or ``Bidirectional``, bottom first.

    Raises ``ValueError`` where they are not of one kind and size, or torch has no such cell.
    """
    import torch

    pairs = [(layer.ahead, layer.back) if _both_ways(layer) else (layer,) for layer in layers]
    cells = [cell for pair in pairs for cell in pair]
    first = cells[0]
    alike = {(type(cell), cell.hidden_size, getattr(cell, "nonlinearity", "")) for cell in cells}
    if len(alike) > 1 or len({len(pair) for pair in pairs}) > 1 or not hasattr(first, "to_torch"):
        raise ValueError("torch's layers are all of one kind, size and number of directions.")
    alone = [[cell.to_torch() for cell in pair] for pair in pairs]
    kind = {"nonlinearity": first.nonlinearity} if isinstance(alone[0][0], torch.nn.RNN) else {}
    module = type(alone[0][0])(
        first.input_size,
        first.hidden_size,
        num_layers=len(layers),
        bidirectional=len(pairs[0]) == 2,
        dropout=dropout,
        dtype=alone[0][0].weight_hh_l0.dtype,
        **kind,
    )
    with torch.no_grad():
        for k, pair in enumerate(alone):
            for one, ending in zip(pair, ("", "_reverse"), strict=False):
                for name in _KINDS:
                    getattr(module, f"{name}_l{k}{ending}").copy_(getattr(one, f"{name}_l0"))
    return module


def out_of_torch(module):
    """The cells of a torch module: for each layer a tuple, (ahead,) or (ahead, back).

    Raises ``ValueError`` where the module has no biases, a projection, or another kind of cell.
    """
    import torch

    from rnncourse.cells import GRU, LSTM, RNN

    ours = {torch.nn.RNN: RNN, torch.nn.LSTM: LSTM, torch.nn.GRU: GRU}.get(type(module))
    if ours is None:
        raise ValueError(
            f"from_torch takes a torch.nn.RNN, LSTM or GRU; this is a {type(module).__name__}."
        )
    if not module.bias or getattr(module, "proj_size", 0):
        raise ValueError("from_torch takes layers with biases and without a projection.")
    layers = []
    for k in range(module.num_layers):
        endings = ("", "_reverse") if module.bidirectional else ("",)
        pair = []
        for ending in endings:
            weights = [getattr(module, f"{name}_l{k}{ending}").detach() for name in _KINDS]
            kind = {"nonlinearity": module.nonlinearity} if ours is RNN else {}
            D, H = weights[0].shape[1], weights[1].shape[1]
            one = type(module)(D, H, dtype=weights[0].dtype, **kind)
            with torch.no_grad():
                for name, values in zip(_KINDS, weights, strict=True):
                    getattr(one, f"{name}_l0").copy_(values)
            pair.append(ours.from_torch(one))
        layers.append(tuple(pair))
    return layers


def _both_ways(layer):
    return hasattr(layer, "ahead") and hasattr(layer, "back")
