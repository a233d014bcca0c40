"""A network learns, its gradients are whole, and nobody sees a progress bar who does not look."""

import io
import sys
import types

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient

from authoring import prove
from rnncourse import cells, train, watching, words


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def network(last=False, seeds=None, seed=0):
    return train.Network(
        cells.RNN(3, 5, seed=seed, seeds=seeds), cells.Linear(5, 2, seed=seed, seeds=seeds), last
    )


def lstm_network(last=False, seeds=None, seed=0):
    return train.Network(
        cells.LSTM(3, 5, seed=seed, seeds=seeds), cells.Linear(5, 2, seed=seed, seeds=seeds), last
    )


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("seeds", [None, 3])
@pytest.mark.parametrize("kind", [network, lstm_network])
def test_every_gradient_of_a_network_equals_difference_quotients(kind, last, seeds):
    net, x, h0 = kind(last, seeds), noise(6, 4, 3), noise(4, 5, seed=1)
    start = (h0, noise(4, 5, seed=3)) if kind is lstm_network else h0
    mask = cells.length_mask([6, 2, 5, 1])
    target = noise(*(() if last else (6,)), 4, 2, seed=2)
    keywords = {} if seeds is None else {"seeds": True}

    def loss_and_dy():
        return train.squared_error(net.forward(x, start, mask), target, **keywords)

    grads = net.backward(loss_and_dy()[1])
    assert grads.keys() == net.parameters.keys()
    given = net.parameters
    if seeds is None:
        d_start = net.d_start
        if kind is lstm_network:
            (d_start, d_c0), c0 = d_start, start[1]
            given, grads = given | {"c0": c0}, grads | {"c0": d_c0}
        given, grads = given | {"x": x, "h0": h0}, grads | {"x": net.d_x, "h0": d_start}
    errors = train.gradient_check(lambda: loss_and_dy()[0], given, grads)
    assert max(errors.values()) < 1e-5, errors


def test_a_cell_that_reads_both_ways_says_itself_where_its_end_is():
    both = cells.Bidirectional(cells.LSTM(3, 5), cells.LSTM(3, 5, seed=1))
    net, x, target = (
        train.Network(both, cells.Linear(10, 2), last=True),
        noise(6, 4, 3),
        noise(4, 2),
    )
    grads = net.backward(train.squared_error(net.forward(x), target)[1])
    np.testing.assert_array_equal(
        net.readout.forward(net.cell.read_end(net.states)), net.forward(x)
    )
    errors = train.gradient_check(
        lambda: train.squared_error(net.forward(x), target)[0], net.parameters, grads
    )
    assert max(errors.values()) < 1e-5, errors
    assert np.abs(net.d_states[0]).min() > 0


def test_the_last_score_is_read_from_the_last_state():
    every, last = network(), network(last=True)
    x, mask = noise(6, 4, 3), cells.length_mask([6, 2, 5, 1])
    np.testing.assert_allclose(last.forward(x, mask=mask), every.forward(x, mask=mask)[-1])
    net, dy = network(last=True), noise(4, 2)
    net.forward(x)
    net.backward(dy)
    np.testing.assert_allclose(net.d_states[-1], dy @ net.readout.W)
    assert np.abs(net.d_states[0]).min() > 0


@pytest.mark.parametrize("kind", [network, lstm_network])
def test_training_equals_torchs_training(kind):
    net = kind()
    cell = net.cell.to_torch()
    readout = torch.nn.Linear(5, 2, dtype=torch.float64)
    with torch.no_grad():
        readout.weight.copy_(torch.from_numpy(net.readout.W))
        readout.bias.copy_(torch.from_numpy(net.readout.b))
    leaves = [*cell.parameters(), *readout.parameters()]
    adam, losses, norms = torch.optim.Adam(leaves, 0.02), [], []

    def batch(step):
        x = noise(6, 4, 3, seed=step)
        return x, x[..., :2].cumsum(axis=0)

    for step in range(20):
        x, target = map(torch.from_numpy, batch(step))
        loss = torch.nn.functional.mse_loss(readout(cell(x)[0]), target)
        adam.zero_grad()
        loss.backward()
        norms.append(torch.nn.utils.get_total_norm([leaf.grad for leaf in leaves]).item())
        adam.step()
        losses.append(loss.item())
    history = train.fit(
        net, batch, train.squared_error, train.Adam(net.parameters, 0.02), 20, clip=1e9
    )
    np.testing.assert_allclose(history.loss, losses, rtol=1e-9)
    np.testing.assert_allclose(history.norm, norms, rtol=1e-9)
    assert history.seconds > 0
    for name, leaf in zip(net.parameters, leaves, strict=True):
        np.testing.assert_allclose(net.parameters[name], leaf.detach().numpy(), atol=1e-9)


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("kind", [network, lstm_network])
def test_networks_trained_at_once_equal_each_trained_alone(kind, last):
    together = kind(last, seeds=3, seed=4)
    target = noise(*(() if last else (6,)), 4, 2, seed=1)
    batch = (noise(6, 4, 3), target, cells.length_mask([6, 2, 5, 1]))

    def trained(net):
        adam = train.Adam(net.parameters, 0.02)
        return train.fit(net, lambda step: batch, train.squared_error, adam, 30, clip=0.5)

    history = trained(together)
    assert history.loss.shape == history.norm.shape == (30, 3)
    for k in range(3):
        alone = kind(last, seed=4 + k)
        own = trained(alone)
        np.testing.assert_allclose(history.loss[:, k], own.loss, rtol=1e-10)
        np.testing.assert_allclose(history.norm[:, k], own.norm, rtol=1e-10)
        for name, values in together.pick(k).parameters.items():
            np.testing.assert_allclose(values, alone.parameters[name], rtol=1e-9, atol=1e-12)


def test_a_network_learns_to_repeat_what_came_three_steps_before():
    net = train.Network(cells.RNN(1, 16, dtype=np.float32), cells.Linear(16, 1, dtype=np.float32))

    def batch(step):
        bits = np.random.default_rng(step).choice([-1.0, 1.0], (20, 16, 1)).astype(np.float32)
        target = np.zeros_like(bits)
        target[3:] = bits[:-3]
        return bits, target, np.broadcast_to(np.arange(20)[:, None] >= 3, (20, 16))

    history = train.fit(
        net, batch, train.squared_error, train.Adam(net.parameters, 0.01), 400, clip=1.0
    )
    assert history.loss[0] > 0.9  # chance is 1, the variance of the bits
    assert history.loss[-10:].mean() < 0.05
    assert repr(history).startswith("History(400 steps, loss ")


def test_the_mask_goes_to_the_loss_or_with_a_last_score_to_the_network():
    x, mask = noise(6, 4, 3), cells.length_mask([6, 2, 5, 1])
    seen = []

    def loss(y, target, mask=None):
        seen.append(mask)
        return train.squared_error(y, target, mask)

    every, last = network(), network(last=True)
    train.fit(every, lambda k: (x, noise(6, 4, 2), mask), loss, train.SGD(every.parameters, 0.1), 1)
    train.fit(last, lambda k: (x, noise(4, 2), mask), loss, train.SGD(last.parameters, 0.1), 1)
    train.fit(last, lambda k: (x, noise(4, 2)), loss, train.SGD(last.parameters, 0.1), 1)
    assert seen[0] is mask and seen[1:] == [None, None]
    fresh = network(last=True)
    train.fit(fresh, lambda k: (x, noise(4, 2), mask), loss, train.SGD(fresh.parameters, 0.0), 1)
    np.testing.assert_array_equal(fresh.states[5, 3], fresh.states[0, 3])


def test_a_network_wants_the_same_seeds_in_both_parts():
    with pytest.raises(ValueError, match="cell has seeds=3, readout None; make them equal"):
        train.Network(cells.RNN(3, 5, seeds=3), cells.Linear(5, 2))


# The progress bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def train_a_little(**keywords):
    net = network()
    batch = (noise(6, 4, 3), noise(6, 4, 2))
    optimiser = train.SGD(net.parameters, 0.1)
    return train.fit(net, lambda k: batch, train.squared_error, optimiser, 5, **keywords)


def in_a_kernel(monkeypatch, **content):
    kernel = types.SimpleNamespace(get_parent=lambda: {"content": content})
    shell = types.SimpleNamespace(kernel=kernel)
    ipython = types.SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)


def test_a_quick_training_writes_nothing_at_all(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    monkeypatch.setattr(sys, "stderr", Terminal())
    train_a_little()
    assert sys.stderr.getvalue() == ""


@pytest.mark.parametrize("seeds", [None, 3])
def test_every_gradient_of_a_network_with_an_embedding_equals_difference_quotients(seeds):
    table = words.Embedding(7, 3, padding=0, seeds=seeds)
    net = train.Network(
        cells.LSTM(3, 4, seeds=seeds), cells.Linear(4, 7, seeds=seeds), embedding=table
    )
    ids = np.random.default_rng(0).integers(1, 7, (6, 4))
    keywords = {} if seeds is None else {"seeds": True}

    def loss_and_dy():
        return train.cross_entropy(net.forward(ids[:-1]), ids[1:], **keywords)

    grads = net.backward(loss_and_dy()[1])
    assert grads.keys() == net.parameters.keys() and "embedding.W" in grads
    errors = train.gradient_check(lambda: loss_and_dy()[0], net.parameters, grads)
    assert max(errors.values()) < 1e-6


def test_a_frozen_embedding_is_not_trained():
    table = words.Embedding.pretrained(noise(7, 3))
    net = train.Network(cells.RNN(3, 4), cells.Linear(4, 7), embedding=table)
    ids = np.random.default_rng(0).integers(0, 7, (6, 4))
    before = table.W.copy()
    optimiser = train.Adam(net.parameters, 0.1)
    train.fit(net, lambda step: (ids[:-1], ids[1:]), train.cross_entropy, optimiser, 5)
    assert "embedding.W" not in net.parameters and np.array_equal(table.W, before)


def test_a_picked_network_has_its_own_table():
    table = words.Embedding(7, 3, seeds=2)
    net = train.Network(cells.RNN(3, 4, seeds=2), cells.Linear(4, 7, seeds=2), embedding=table)
    ids = np.random.default_rng(0).integers(0, 7, (6, 4))
    assert np.allclose(net.pick(1).forward(ids), net.forward(ids)[:, 1])
    assert "Embedding(7, 3" in repr(net.pick(1))
    with pytest.raises(ValueError, match="embedding None"):
        train.Network(
            cells.RNN(3, 4, seeds=2), cells.Linear(4, 7, seeds=2), embedding=words.Embedding(7, 3)
        )


def test_a_terminal_shows_a_bar_and_a_file_does_not(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    monkeypatch.setattr(watching, "DELAY", 0)
    for stream, seen in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        train_a_little()
        assert ("steps" in stream.getvalue()) == seen


def test_a_bar_can_be_declined(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    train_a_little(progress=False)
    assert sys.stderr.getvalue() == ""


@pytest.mark.parametrize("content", [{}, {"allow_stdin": False}])
def test_a_notebook_that_a_program_runs_shows_no_bar(monkeypatch, content):
    in_a_kernel(monkeypatch, **content)
    monkeypatch.setattr(sys, "stderr", Terminal())
    train_a_little()
    assert sys.stderr.getvalue() == ""


def test_a_notebook_in_use_shows_a_bar(monkeypatch):
    in_a_kernel(monkeypatch, allow_stdin=True)
    assert watching.watched()


def test_a_bar_leaves_no_output_in_a_notebook_run_by_a_program(tmp_path):
    code = """
import numpy as np
from rnncourse import cells, train, watching
net = train.Network(cells.RNN(3, 5), cells.Linear(5, 2))
batch = (np.ones((6, 4, 3)), np.ones((6, 4, 2)))
done = train.fit(net, lambda k: batch, train.squared_error, train.SGD(net.parameters, 0.1), 300)
print(watching.watched())
"""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    NotebookClient(notebook, kernel_name="python3", timeout=60).execute()
    assert [output.text for output in notebook.cells[0].outputs] == ["False\n"]
    nbformat.write(notebook, tmp_path / "bar.ipynb")
    home = tmp_path / "home"
    home.mkdir()
    assert prove.nbval_faults(tmp_path / "bar.ipynb", home) == []
