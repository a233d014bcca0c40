# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "06", title: "Why memory fades", part: "I · Memory", minutes: 40}
# ---

# %% [markdown]
# # Why memory fades
#
# **Some ten thousand times the network of lesson 00 was shown a girl, a boy or another guest 16 to 20 sentences back,
# and told the right answer. Why did it not learn?**
#
# (The count: 1,300 updates of 64 stories; in half of them sentences came in between, and in a quarter of those
# 16 to 20. That makes about 10,400.) It is not the reading: every word goes through the network. It must be the *learning*.
# Learning asks of every word: would the answer have been better, had you been a little different? In lesson 05 you
# wrote the way back on which this question travels. Let us follow it to the girl, in the very network of lesson 00.

# %%
import numpy as np
import torch

from rnncourse import cells, check, data, draw, play, train

network = data.teaser.load()
w = {name: array.astype(float) for name, array in network.weights.items()}
story = network.story("girl", fillers=20, seed=0)
words = data.text.tokens(story.split("{")[0])

h, read = np.zeros(48), []  # 48 tanh units, as in lesson 04
for word in words:
    x = w["embedding"][network.words.index(word)]
    h = np.tanh(w["W_ih"] @ x + w["W_hh"] @ h + w["b"])
    read.append(h)
read = np.array(read)  # (T, 48)
girl = len(words) - 1 - words.index("girl")
print(f"{len(words)} words; 'girl' stands {girl} steps before the gap")

# %% [markdown]
# The answer is "miss" rather than "sir" where the score of the one is above the score of the other. So we start with
# the gradient of (score of "miss" − score of "sir"), and carry it back one step at a time: through the bend of tanh
# (slope $1-h^2$), and through $W_{hh}$, transposed. At every step we note its length, its **norm**.


# %%
def norms_back(g, states, W_hh):
    """Norm of the gradient at the last state, one step back, two steps back, ..."""
    norms = []
    for h in states[::-1]:
        norms.append(np.linalg.norm(g))
        g = W_hh.T @ ((1 - h**2) * g)  # lesson 05's way back
    return np.array(norms)


miss, sir = (network.words.index(word) for word in ("miss", "sir"))
norms = norms_back(w["W_out"][miss] - w["W_out"][sir], read, w["W_hh"])
print(*(f"{k} back: {norms[k] / norms[1]:.0e}" for k in (1, 5, 20, 50, girl)), sep="   ")
draw.fading(
    {"the network of lesson 00": norms[1:]},
    title=f"At the girl, {girl} steps back, next to nothing of the gradient arrives",
    subtitle=f"'miss' against 'sir', one story; at the girl {norms[girl] / norms[1]:.0e} of one step back.",
    floor={"beside the near steps float32 rounds it away": 1.2e-7},
    lowest=1e-27,
)

# %% [markdown]
# The question never arrives. Some forty steps back it is so faint that the arithmetic itself drops it beside the near
# steps.
#
# ## What you will be able to do
#
# - **compute** how much a state depends on an earlier one, as a product of matrices;
# - **predict** from a matrix and an activation whether a gradient fades, stays or explodes;
# - **clip** a gradient, and say what that cures and what it does not;
# - **choose** a start with which memory lasts.
#
# ## First, one question on lesson 05
#
# Why does the gradient of $W_{hh}$ have one share for every step?
#
# <details><summary>Think first, then open the answer.</summary>
#
# The same $W_{hh}$ acts at every step. So a change of it changes every step, and the loss feels the sum of all these
# changes. Each share has travelled back from the loss to its own step.
#
# </details>
#
# ## Predict
#
# A guess costs nothing and is not scored.
#
# {{question fading_steps}}

# %%
guess = ...  # a whole number
check.fading_steps.guess(guess)

# %% [markdown] tags=["instructor"]
# **Timing (40 minutes).** The girl and the guess 5 · one factor, the product 6 · eigenvalue against singular value 8
# · slopes, latch, shares 8 · state against gradient 3 · clipping 5 · starts and the three papers 5. The exercises
# take another 40; with one hour in all, set the first five.
#
# **On the board.** Draw a chain of T boxes, write a factor into every gap, and let the room multiply: 0.9 · 0.9 · …
# Then ask what a *matrix* factor adds: direction. Draw the vector (0, 1) and its images under the shear: up and away
# along the first axis, then back.
#
# **Listen for** "the gradient is zero" (it is a sum, and the near shares are fine), "eigenvalue above 1 explodes"
# (the teaser: radius 3.5, and it vanishes) and "clipping makes small gradients larger".

# %% [markdown]
# ## One step is one factor
#
# How does $h_t$ change when $h_{t-1}$ changes a little? The sum changes by $W_{hh}$ times the change; then each
# unit's bend passes on its slope's share. All these derivatives together are a matrix, the **Jacobian** of the step:
#
# $$\frac{\partial h_t}{\partial h_{t-1}} = \operatorname{diag}\big(f'(a_t)\big)\,W_{hh},
# \qquad f'(a_t) = 1 - h_t^2 \text{ for tanh.}$$
#
# And from step $k$ to the end? One factor after the other, the latest on the left:
#
# $$\frac{\partial h_{T-1}}{\partial h_k} = \prod_{t=k+1}^{T-1} \operatorname{diag}\big(f'(a_t)\big)\,W_{hh}.$$
#
# Whether a memory can be learned is the question of how long this product is. Build it, and compare with two others:
# torch's automatic derivative, and the backward pass of lesson 05, which never forms a matrix.


# %%
def jacobian(states, W_hh, k):
    J = np.eye(len(W_hh))
    for h in states[k + 1 :]:
        J = (1 - h**2)[:, None] * W_hh @ J  # the new factor stands on the left
    return J


rnn, k = cells.RNN(3, 4, seed=0), 2
x = np.random.default_rng(1).normal(size=(9, 1, 3))
states = rnn.forward(x)
J = jacobian(states[:, 0], rnn.W_hh, k)

goes_on = rnn.to_torch()  # the same layer; from h_k on it reads the inputs k + 1, ...
rest, h_k = torch.tensor(x[k + 1 :]), torch.tensor(states[k]).reshape(1, 1, 4)
automatic = torch.autograd.functional.jacobian(lambda h: goes_on(rest, h)[0][-1, 0], h_k)
d_states = np.zeros_like(states)
d_states[-1, 0] = g = [1.0, -2.0, 0.5, 1.0]  # the gradient arrives at the last state only
back = rnn.backward(d_states)["states"][k, 0]  # dL/dh_k
print("agrees with torch:", np.abs(J - automatic.reshape(4, 4).numpy()).max() < 1e-12)
print("agrees with lesson 05:", np.abs(g @ J - back).max() < 1e-12)

# %% [markdown]
# So nothing is new in the way back: `g @ J` *is* backpropagation, written as one matrix. But now we can ask what a
# product of many matrices does.
#
# ## Without a bend: in the long run the largest eigenvalue decides
#
# In a linear network all slopes are 1, and the product is a power, $W_{hh}^{\,k}$. The **spectral radius** is the
# size of the largest eigenvalue. In the long run every further step multiplies the norm by it. Then the logarithm of
# the norm is a straight line, and its slope is the logarithm of the radius. Measured, for random matrices of 32
# units:


# %%
def with_radius(W, radius):
    return W * radius / np.abs(np.linalg.eigvals(W)).max()


def random_start(radius, seed, units=32):
    return with_radius(np.random.default_rng(seed).normal(size=(units, units)), radius)


print("radius   log of it   slope of the log-norm, steps 100 to 1,000   first step")
for radius in (0.5, 0.9, 1.0, 1.1, 1.5):
    W = random_start(radius, seed=0)
    first, early, late = (np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in (1, 100, 1000))
    slope = np.log(late / early) / 900
    print(f"{radius:6.1f} {np.log(radius):11.3f} {slope:27.3f} {first:28.2f}")

# %% [markdown]
# The two middle columns agree. The last one does not fit in: at the *first* step even the matrix with radius 0.9 can
# stretch a vector, by half as much again. What a single step can do at most is another number, the largest **singular
# value** $\sigma_1$ (the norm of the matrix). An example small enough for a pencil:
#
# {{question nonnormal_growth}}

# %%
guess = ...  # four numbers in a list
check.nonnormal_growth.guess(guess)

# %%
W = np.array([[0.9, 5.0], [0.0, 0.9]])
stretch = [np.linalg.norm(np.linalg.matrix_power(W, k), 2) for k in range(81)]
print("eigenvalues", np.linalg.eigvals(W), f" largest singular value {stretch[1]:.2f}")
print(*(f"k = {k}: {stretch[k]:.1f}" for k in (1, 5, 10, 20, 50)), sep="   ")
figure, ax = draw.axes(
    f"Both eigenvalues are 0.9, and it grows to {max(stretch):.0f} times before it fades",
    "How much k products with W = [[0.9, 5], [0, 0.9]] can stretch a vector",
    xlabel="products k",
    ylabel="largest stretch",
)
ax.plot(stretch, color=draw.COLOURS["gradient"], lw=2)
ax.plot(0.9 ** np.arange(81), "--", color=draw.COLOURS["muted"], lw=2)
draw.label_end(ax, 80, stretch[80] + 1.2, "W multiplied k times", "gradient")
draw.label_end(ax, 80, 0.0, "0.9 to the power k", "muted")
draw.picture(figure, f"The stretch rises to {max(stretch):.1f} near k = 10, then falls towards 0.")

# %% [markdown]
# The eigenvalue tells the long run, the singular value tells one step, and between them lies all that a network of 20
# or 50 steps lives through. A matrix in which the two differ is called *non-normal*; random starts are.
#
# ## With a bend: the slopes join in
#
# Now every factor is slopes times $W_{hh}$. Let $\gamma$ be the steepest slope of the bend: **1 for tanh, 1/4 for the
# sigmoid**. One factor stretches by at most $\gamma\,\sigma_1$. Pascanu, Mikolov and Bengio (2013, section 2.1) draw
# two conclusions:
#
# - $\sigma_1 < 1/\gamma$ is **sufficient** for the gradient to vanish: $k$ steps leave at most $(\gamma\sigma_1)^k$.
# - $\sigma_1 > 1/\gamma$ is **necessary** for it to explode, and *not* sufficient.
#
# So above $1/\gamma$ the matrix alone does not say. We measure: five radii, 10 random starts each, random inputs. The
# loss sees the last state only. First without a bend.


# %%
def gradients(radius, nonlinearity, starts=10, steps=102):
    """Gradient norms by distance, (steps, starts), and the mean slope of the units."""
    rnn = cells.RNN(8, 32, nonlinearity, seeds=starts)
    rnn.W_hh = np.stack([random_start(radius, seed) for seed in range(starts)])
    states = rnn.forward(np.random.default_rng(1).normal(size=(steps, 1, 8)))
    d_states = np.zeros_like(states)
    d_states[-1] = np.random.default_rng(2).normal(size=d_states[-1].shape)
    back = rnn.backward(d_states)["states"][::-1, :, 0]  # from the last state backwards
    slope = 1.0 if nonlinearity == "linear" else (1 - states**2).mean()
    return np.linalg.norm(back, axis=-1)[1:], slope


radii = (0.5, 0.9, 1.0, 1.1, 1.5)
linear = {f"radius {radius}": gradients(radius, "linear")[0] for radius in radii}
print(*(f"{name}: {10 ** np.log10(g[49] / g[0]).mean():.0e}" for name, g in linear.items()))
draw.fading(
    linear,
    title="Without a bend, 1 is the border between fading and exploding",
    subtitle="Linear layers of 32 units; geometric mean and range of 10 random starts.",
)

# %% [markdown]
# (The printed numbers: 50 steps back, relative to one step back.) Fading below 1, exploding above. **Before you run
# the next cell:** the same matrices, the same inputs, and tanh. Will the gradient with radius 1.1 explode? And with
# 1.5?

# %%
bent = {radius: gradients(radius, "tanh") for radius in radii}
for radius, (g, slope) in bent.items():
    size = np.mean([np.linalg.norm(random_start(radius, seed), 2) for seed in range(10)])
    faint = 10 ** np.log10(g[49] / g[0]).mean()
    print(f"radius {radius}: sigma_1 {size:.2f}, mean slope {slope:.2f}, 50 steps back {faint:.0e}")
draw.fading(
    {f"radius {radius}": g for radius, (g, _) in bent.items()},
    title="With tanh nearly all of them fade: the slopes eat the surplus",
    subtitle="The same matrices and inputs; geometric mean and range of 10 random starts.",
)

# %% [markdown]
# In the mean all five fade. The larger the weights, the larger the states, and the flatter the bend where they stand:
# the *mean slope* falls. Every $\sigma_1$ but the first is above 1, and that turned out *not* to be enough to
# explode. Look at the uppermost band, too: some starts with radius 1.5 fade by many powers of ten, and one does not
# fade at all. Above $1/\gamma$ the matrix alone does not say. A radius of 1 is a border for linear networks only.
#
# ## The girl again, and the latch
#
# Now back to the network of lesson 00, as it is after training. And beside it a *start* of the same kind as its own:
# an orthogonal $W_{hh}$, which shrinks nothing.


# %%
def look(name, states, W_hh):
    norms = norms_back(w["W_out"][miss] - w["W_out"][sir], states, W_hh)
    radius = np.abs(np.linalg.eigvals(W_hh)).max()
    slope = np.median(1 - states**2)
    arrives = norms[girl] / norms[1]
    print(f"{name}: radius {radius:.2f}, median slope {slope:.2f}, at the girl {arrives:.0e}")


rng = np.random.default_rng(0)
start = cells.RNN(24, 48, seed=0)
start.W_hh = np.linalg.qr(rng.normal(size=(48, 48)))[0]  # orthogonal: more on this below
x = rng.normal(size=w["embedding"].shape)[[network.words.index(word) for word in words]]
look("at the start  ", start.forward(x[:, None])[:, 0], start.W_hh)
look("after training", read, w["W_hh"])

held, norms = 1.0, [1.0]  # lesson 02's latch: tanh, w_h = 2
for _ in range(10):
    held = np.tanh(2.0 * held)
    norms.append(norms[-1] * 2.0 * (1 - held**2))
print(f"latch: holds {held:.4f}, slope {2 * (1 - held**2):.3f}, 10 steps back {norms[-1]:.0e}")

# %% [markdown]
# Read it line by line.
#
# - At a start of the same kind the radius is 1, and the slopes below 1 still make the way to the girl fade. There was
#   next to nothing to learn from: the near words shout, the girl whispers.
# - After training the radius is 3.5, and the gradient is *smaller* still: half of all slopes are below 0.05. The
#   units have learned to decide, and a unit that has decided no longer listens.
# - The latch is the same story with one unit. It holds its bit for as long as you like, and the slope at its resting
#   point, 0.166, makes the gradient vanish. The bit is safe *because* nudges die out, and nudges are what learning is
#   made of. That trade-off is the result of Bengio, Simard and Frasconi (1994): a network can latch information for
#   long, or be trained efficiently by gradient descent.
#
# ## What vanishes, and what does not
#
# {{question vanishing_means}}

# %%
guess = ...  # a letter in quotes
check.vanishing_means.guess(guess)

# %%
rnn = cells.RNN(8, 32, seed=0)
rnn.W_hh = random_start(0.9, seed=0)
states = rnn.forward(np.random.default_rng(1).normal(size=(101, 1, 8)))
d_states = np.zeros_like(states)
d_states[-1] = np.random.default_rng(2).normal(size=(1, 32))
grads = rnn.backward(d_states)

delta = (grads["states"] * (1 - states**2))[:, 0]  # dL/da_t, (T, H)
shares = np.array([np.outer(delta[t], states[t - 1, 0]) for t in range(1, 101)])[::-1]
total = shares.sum(axis=0)  # (H, H): this is the gradient of W_hh
print("the shares add up to dL/dW_hh:", np.allclose(total, grads["W_hh"]))
print(f"norm of the whole gradient of W_hh: {np.linalg.norm(total):.1f}")
for k in (0, 1, 5, 10, 20, 50, 80):
    print(f"share of the step {k:2d} back: {np.linalg.norm(shares[k]):.0e}")
far = np.linalg.norm(shares[20:].sum(axis=0)) / np.linalg.norm(total)
print(f"all shares from 20 back on, together: {far:.1%} of the whole")

# %% [markdown]
# The gradient of $W_{hh}$ is healthy. Nobody who prints it sees that anything is missing. It is a sum, and the far
# shares are lost in it beside the near ones. **Vanishing does not mean zero.** It means that the far is not heard for
# the near.
#
# ## The state forgets, the gradient fades: two things
#
# The memory probe of lesson 03 asks what a decoder can still *read* from the state, $k$ steps later. The gradient
# says what *learning* can still reach. The left figure and the right one have the same four networks: do they tell
# the same story?


# %%
def fates(W, bend, lags=range(41)):
    """What the state still tells of an input, and what of the gradient arrives, by distance."""
    rnn = cells.RNN(1, 32, bend, seeds=len(W))
    rnn.W_hh, rnn.b_ih, rnn.b_hh = np.stack(W), 0 * rnn.b_ih, 0 * rnn.b_hh
    u = np.random.default_rng(3).uniform(-1, 1, (150, 60, 1))  # one number a step
    states = rnn.forward(u)
    d_states = np.zeros_like(states)
    d_states[-1] = 1.0
    back = np.linalg.norm(rnn.backward(d_states)["states"], axis=-1)[::-1].mean(axis=-1)
    score = train.memory_probe(states, u, lags).score
    return np.median(score, axis=0), np.median(back / back[0], axis=1)[: len(lags)]


turned = [np.linalg.qr(random_start(1.0, seed))[0] for seed in range(3)]  # orthogonal
nets = {
    "tanh, radius 0.5": fates([random_start(0.5, seed) for seed in range(3)], "tanh"),
    "tanh, radius 0.9": fates([random_start(0.9, seed) for seed in range(3)], "tanh"),
    "tanh, orthogonal": fates(turned, "tanh"),
    "linear, orthogonal": fates(turned, "linear"),
}

# %%
figure, axes = draw.axes(
    "What can be read is one thing, what can be learned from another",
    "One input a step, 32 units; median of 3 starts.",
    xlabel="steps back",
    cols=2,
)
draw.panel(axes[0], "state", "R² of the input k steps back", role="hidden")
draw.panel(axes[1], "gradient", "relative to 0 steps back", role="gradient")
for (name, (score, norms)), style in zip(nets.items(), [":", "--", "-", "-."], strict=True):
    read_7, read_30 = (f"{max(score[k], 0):.2f}" for k in (7, 30))
    print(f"{name:18} R² {read_7}, {read_30}   gradient {norms[7]:.0e}, {norms[30]:.0e}")
    axes[0].plot(score, style, color=draw.COLOURS["hidden"], lw=2)
    axes[1].semilogy(norms, style, color=draw.COLOURS["gradient"], lw=2, label=name)
axes[1].set_ylim(1e-17, 10)
axes[1].legend(frameon=False, loc="lower left")
alt = "State and gradient of four networks: with radius 0.5 both are soon gone; the linear orthogonal "
draw.picture(figure, alt + "one keeps its gradient whole, and its inputs are poorly readable.")

# %% [markdown]
# (Printed: 7 and 30 steps back.) They do not tell the same story.
#
# - With radius 0.5 the input of 7 steps ago can be read almost perfectly, from a trace that is faint but there. Learning
#   hears less than a hundredth of it. With radius 0.9 it is the other way round at 30 steps: nothing can be read, and a hundredth
#   of the gradient still arrives.
# - The linear orthogonal network is the odd one. Its gradient stays whole for ever, and *no* input can be read well,
#   not even the last one: it forgets nothing, so 150 inputs crowd into 32 units. To keep everything is not to
#   remember. A memory also has to let go: lesson 07.
# - And the latch above: it holds its bit for ever, and its gradient is gone after ten steps.
#
# Now turn the knob: radius, bend and start. Left, what is left of a change of the state; right, the gradient. They
# almost always go together: a change and a gradient meet the same factors, the one forwards, the other back. (A change is not a reading: R²
# can stay high while both fade.) Now set the noise to 0, tanh, and a radius of 1.7. What bounds the one and not the other? (Without a kernel
# you see a still picture.)

# %% tags=["nbval-ignore-output"]
play.radius()

# %% [markdown]
# ## When it explodes: clip
#
# An exploding gradient is easy to notice. One update throws the weights far away, and everything that was learned is
# gone. The remedy is four lines long. Take the norm of the *whole* gradient, all arrays together; if it is above a
# threshold, make the arrow shorter, and **keep its direction**. The other way, to cut every entry by itself (*by
# value*), turns it. In the loop clipping stands after backward and before the step.


# %%
def clip_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    factor = min(1.0, max_norm / norm)
    return [factor * g for g in grads]


def angle(one, other):
    one, other = (np.concatenate([np.ravel(g) for g in arrays]) for arrays in (one, other))
    cosine = one @ other / np.linalg.norm(one) / np.linalg.norm(other)
    return np.degrees(np.arccos(min(cosine, 1.0)))


grads = [np.array([[30.0, -0.5], [0.2, 0.1]]), np.array([2.0, -0.3])]
tensors = [torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in grads]
for tensor, g in zip(tensors, grads, strict=True):
    tensor.grad = torch.tensor(g)
torch.nn.utils.clip_grad_norm_(tensors, 1.0)  # torch's name for it
by_norm, by_value = clip_norm(grads, 1.0), [np.clip(g, -1, 1) for g in grads]
print(f"turned by norm {angle(grads, by_norm):.0f}, by value {angle(grads, by_value):.0f} degrees")
print("agrees with torch:", np.allclose(by_norm[0], tensors[0].grad, atol=1e-5))

# %% [markdown]
# Now a training in which it matters. **Temporal order**: the letters X or Y come twice among 18 others, once near the
# start and once at the middle; at the end the network says in which order (four answers; chance: a loss of ln 4 ≈
# 1.39). Five networks at once, 50 tanh units, SGD with a learning rate of 0.1, 800 updates, with and without clipping
# at norm 1. (Some 10 seconds.)


# %%
def train_order(clip, seeds=5):
    cell = cells.RNN(6, 50, seeds=seeds, dtype=np.float32)
    net = train.Network(cell, cells.Linear(50, 4, seeds=seeds, dtype=np.float32), last=True)
    rng = np.random.default_rng(0)
    for values in net.parameters.values():
        values[:] = rng.normal(0, 0.1, values.shape) if values.ndim == 3 else 0.0

    def batch(step):
        return tuple(data.tasks.temporal_order(20, 20, seed=(1, step), dtype=np.float32))[:2]

    history = train.fit(net, batch, train.cross_entropy, train.SGD(net.parameters, 0.1), 800, clip)
    low, radius = np.median(history.loss[-100:]) < 1.2, np.abs(np.linalg.eigvals(cell.W_hh)).max(-1)
    print(f"clip {clip}: loss below 1.2 {low}, every radius now above 1 {(radius > 1).all()}")
    return history.loss


losses = {"as it is": train_order(None), "clipped at norm 1": train_order(1.0)}
title = "Without clipping every start is thrown back to chance"
note = "Temporal order over 20 steps; median and range of 5 networks."
draw.curves(losses, {"chance": np.log(4)}, title=title, subtitle=note, smooth=25)

# %% [markdown]
# As it is, a network that begins to learn is thrown back to chance by the next long gradient, again and again.
# Clipped, it survives them. The start had a radius of about 0.7, where everything fades; afterwards it is above 1 in
# every network. Learning to remember raises it, and so leads to where gradients can be long.
#
# ## A published result: how far back can it learn?
#
# Pascanu, Mikolov and Bengio (2013, section 4.1) train 50 tanh units on this task and count how often it is solved,
# against its length, with and without clipping. We do it with 10 starts for every length. That takes too long for
# a notebook, so the results are stored; `benchmarks/lesson_06_memory.py` made them.

# %%
stored = data.results("06_order")
solved = stored["accuracy"] >= 0.99  # (ways, lengths, seeds): under 1 % wrong of 1,000
print("length" + " " * 26, *(f"{length:4d}" for length in stored["lengths"]))
for way, row in zip(stored["ways"], solved.mean(axis=2), strict=True):
    print(f"{way:32}", *(f"{share:4.0%}" for share in row))
longest = np.median(stored["largest_norm"][0], axis=-1).round(1)  # over the whole training
print(f"{'longest gradient, as it is':32}", *(f"{norm:4.0f}" for norm in longest))
reach = [max(stored["lengths"][share >= 0.5]) for share in solved.mean(axis=2)]
draw.success(
    dict(zip(stored["ways"].tolist(), stored["accuracy"], strict=True)),
    stored["lengths"],
    chance={"chance": 0.25},
    title=f"Most learn {reach[0]} steps; clipped {reach[1]}; from another start {reach[2]}, the longest tried",
    subtitle="Temporal order; right answers in new sequences, mean and range of 10 networks.",
    ylabel="right answers, %",
)

# %% [markdown]
# | | the paper | ours |
# |---|---|---|
# | network, start | 50 tanh units, normal weights (0, 0.1), biases 0 ("basic tanh") | the same (0.1 read as the standard deviation) |
# | training | SGD, rate 0.01, batches of 20, at most **5 million** updates | SGD, rate **0.1**, batches of 20, **3,000** updates |
# | clipping | norm 1 | norm 1 |
# | solved is | under 1 % wrong of 10,000 sequences; 5 runs | under 1 % wrong of 1,000; 10 runs |
# | finding | "As the length of the sequence increases, using clipping becomes more important" | the same: at 10 steps all 10 networks succeed either way, at 20 steps 1 without clipping and 10 with it |
# | further | one network for all lengths from 50 to 200, right in 5 of 5 runs; and then for 5,000 steps | not tried; instead an orthogonal start |
#
# *What is unequal.* Mostly patience: ours has a thousandth of the updates, and so gives up at far shorter lengths.
# The paper shows its success rates as curves (figure 7), so there is no number to put beside each of ours.
#
# Clipping doubled the reach. It is no remedy for vanishing: at 50 steps nine of ten clipped networks stay at chance.
# From a start with radius 0.7 too little arrives, and nothing explodes, either. The third line has the same clipping,
# and only another start.
#
# ## Start where nothing fades
#
# If every factor kept every length, nothing would fade or explode. A matrix that keeps all lengths is called
# **orthogonal**: its eigenvalues *and* its singular values all have the size 1. The simplest is the **identity**. A
# random one comes out of the QR decomposition of random numbers.


# %%
def orthogonal(n, rng):
    Q, R = np.linalg.qr(rng.normal(size=(n, n)))
    return Q * np.sign(np.diag(R))  # makes every rotation equally likely


rng = np.random.default_rng(0)
matrices = {
    "torch's own start": rng.uniform(-1 / np.sqrt(64), 1 / np.sqrt(64), (64, 64)),
    "orthogonal": orthogonal(64, rng),
    "identity": np.eye(64),
}
for name, W in matrices.items():
    lengths = [np.linalg.norm(np.linalg.matrix_power(W, k)[:, 0]) for k in (1, 10, 100)]
    print(f"{name:18} a unit vector after 1, 10, 100 steps:", *(f"{n:.0e}" for n in lengths))
draw.eigenvalues(
    matrices, title="Torch's start has radius 0.6; an orthogonal one lies on the circle"
)

# %% [markdown]
# (In torch: `torch.nn.init.orthogonal_` and `torch.nn.init.eye_`.) Two papers, two tasks, one start each.
#
# ## A published result: the identity
#
# Le, Jaitly and Hinton (2015) take ReLU units, and the identity for $W_{hh}$. While a unit is on, ReLU has the slope
# 1, so each factor is the identity: state and gradient are handed on as they are. **ReLU alone is not enough**: its
# slope of 1 leaves all to $W_{hh}$. The task is **adding**: 150 numbers from 0 to 1, two of them marked; say the sum
# of the two. Who always says 1 has a squared error of 1/6 ≈ 0.167. (Stored results, by the same script.)

# %%
stored = data.results("06_adding")
for kind, error in zip(stored["kinds"], stored["error"], strict=True):
    below = error < 0.01  # (evaluations, seeds)
    when = sorted(stored["at"][below.argmax(axis=0)][below.any(axis=0)].tolist())
    print(f"{kind:21} below 0.01: {len(when)} of {error.shape[1]}, first at update {when}")
    print(f"{'':21} at the end: {np.sort(error[-1]).round(4)}")
draw.curves(
    dict(zip(stored["kinds"].tolist(), stored["error"], strict=True)),
    baselines={"always 1": 1 / 6},
    x=stored["at"],
    title="From the identity it learns to add over 150 steps",
    subtitle="100 units; squared error on new sequences, median and range of 5 networks.",
    ylabel="squared error",
    log=True,
)

# %% [markdown]
# | | the paper | ours |
# |---|---|---|
# | claim | ReLU from the identity is "comparable to a standard implementation of LSTMs" on four benchmarks, two of them toy problems with long ranges (abstract) | five of five learn it; LSTM waits for lesson 07 |
# | our training | | Adam, rate 0.001, clipping at norm 1, batches of 16, 2,000 updates, input weights from torch's start |
#
# *What is unequal.* We quote the paper's abstract. Its figures for single lengths we could not check, so none stands here. Ours are one
# recipe and one budget. And it is a start, not a law: the first updates move $W_{hh}$ off the identity, and the
# error of some networks rises above chance before it falls (the figure's left edge). At 300 steps a trial with the same rate ended
# in numbers that were no longer finite.
#
# ## A published result: the orthogonal start
#
# Henaff, Szlam and LeCun (2016) take a *linear* recurrence, and find that a random orthogonal start suits **copying**
# (keep ten symbols, wait, say them in order), and the identity adding. The baseline, from which a network without memory never
# gets away: know all but the ten symbols, a loss of $10 \ln 8/(T+20)$. For a wait of $T = 100$ that is 0.173. Ours:
# 128 units, the same orthogonal starts, once without and once with tanh.

# %%
stored = data.results("06_copying")
for kind, loss, right in zip(stored["kinds"], stored["loss"], stored["right"], strict=True):
    there = right >= 0.995  # (evaluations, seeds)
    when = sorted(stored["at"][there.argmax(axis=0)][there.any(axis=0)].tolist())
    print(f"{kind}: 99.5 % right in {len(when)} of {right.shape[1]}, first at update {when}")
    print(f"   at the end right {np.sort(right[-1]).round(3)}, loss {np.sort(loss[-1]).round(4)}")
draw.curves(
    dict(zip(stored["kinds"].tolist(), stored["loss"], strict=True)),
    baselines={"without memory": 10 * np.log(8) / 120},
    x=stored["at"],
    title="Copying over 100 steps: solved without tanh, not even begun with it",
    subtitle="128 units, one set of orthogonal starts; median and range of 5 networks.",
    ylabel="loss in nats a step",
    log=True,
)

# %% [markdown]
# | | the paper | ours |
# |---|---|---|
# | finding | linear recurrence: copying from a random orthogonal start, adding from the identity | the same pairings (adding with ReLU) |
# | copying, $T = 100$ | its figures we could not check | linear: all five networks reach 99.5 % of the symbols; tanh: none leaves the baseline |
#
# *What is unequal:* Adam with rate 0.001, batches of 64, clipping at norm 1, 800 updates. The linear networks leap
# back now and then, as the last printed line of theirs shows: with this rate they arrive and do not rest. And "not
# with tanh" means: not within this budget.
#
# A tidy lesson, and a price. Without its bend a network is a filter: it can carry, and it cannot decide. What we want
# is a state that is handed on *linearly*, and units that decide what goes in and what comes out. That is the memory
# cell of lesson 07.
#
# ## Three questions before you go
#
# Answer from memory, then open.
#
# **1.** All eigenvalues of $W_{hh}$ are 0.9. Can a gradient be larger ten steps back than at the loss?
# <details><summary>Answer</summary>Yes: the radius speaks of the long run. A non-normal matrix can stretch for a while, up to its largest singular value at each step.</details>
#
# **2.** The gradient of $W_{hh}$ has a healthy size at every update. Does that rule out that gradients vanish?
# <details><summary>Answer</summary>No. It is a sum over steps, and the near shares make up its size. Look at the shares by distance.</details>
#
# **3.** Why does clipping by norm not help a network that forgets?
# <details><summary>Answer</summary>It multiplies all shares by the same number, at most 1. The far ones stay as small beside the near ones as they were.</details>
#
# ## Exercises
#
# They are in [a notebook of their own](../exercises/06_why_memory_fades_exercises.ipynb): eleven, from two minutes to
# seven. You compute the Jacobian product, clip, build a start, and choose remedies for ailing networks.
#
# ## To read on
#
# - Y. Bengio, P. Simard, P. Frasconi (1994), *Learning long-term dependencies with gradient descent is difficult*,
#   IEEE Transactions on Neural Networks 5: 157–166.
# - R. Pascanu, T. Mikolov, Y. Bengio (2013), *On the difficulty of training recurrent neural networks*, ICML,
#   [arXiv:1211.5063](https://arxiv.org/abs/1211.5063): clipping, and the two conditions.
# - Q. V. Le, N. Jaitly, G. E. Hinton (2015), *A simple way to initialize recurrent networks of rectified linear
#   units*, [arXiv:1504.00941](https://arxiv.org/abs/1504.00941).
# - M. Henaff, A. Szlam, Y. LeCun (2016), *Recurrent orthogonal networks and long-memory tasks*, ICML,
#   [arXiv:1602.06662](https://arxiv.org/abs/1602.06662).
