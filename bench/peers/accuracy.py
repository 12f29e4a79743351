"""Accuracy of the recipes in docs/benchmarks.md, trained with PyTorch.

    OMP_WAIT_POLICY=PASSIVE peers-env/bin/python bench/peers/accuracy.py DATA_FOLDER SET [SEEDS] [own]

SET is mnist, fashion-mnist or adult. Prints the test accuracy of each seed and their mean. Weights
start as Afterimage draws them; with "own" as PyTorch does. bench's Accuracy trains the same
networks with the same recipes: for pictures LeNet-5 with ReLU and max
pooling, Adam 0.001, batches of 64, 4 epochs; for Adult an MLP with 64 hidden units over scaled and
one-hot columns, Adam 0.001, batches of 64, 5 epochs.
"""

import csv
import gzip
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

NUMBERS = (0, 2, 4, 10, 11, 12)


def idx(path):
    data = gzip.open(path).read()
    rank = data[3]
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(rank)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def pictures(folder):
    parts = []
    for part in ("train", "t10k"):
        x = idx(folder / f"{part}-images-idx3-ubyte.gz").astype(np.float32)[:, None] / 255
        parts += [torch.tensor(x), torch.tensor(idx(folder / f"{part}-labels-idx1-ubyte.gz").astype(np.int64))]
    return parts


def table(folder):
    read = lambda name: [
        [v.strip().rstrip(".") for v in row] for row in csv.reader(gzip.open(folder / name, "rt")) if row
    ]
    train, test = read("adult-train.csv.gz"), read("adult-test.csv.gz")
    columns = []
    for c in range(14):
        known = [row[c] for row in train]
        if c in NUMBERS:
            values = np.array(known, dtype=float)
            mean, deviation = values.mean(), values.std()
            columns.append(lambda v, m=mean, d=deviation: [(float(v) - m) / d])
        else:
            levels = sorted(set(known))
            columns.append(lambda v, l=levels: [float(v == level) for level in l])
    encode = lambda rows: torch.tensor(
        [[n for c in range(14) for n in columns[c](row[c])] for row in rows], dtype=torch.float32
    )
    label = lambda rows: torch.tensor([int(row[14] == ">50K") for row in rows])
    return encode(train), label(train), encode(test), label(test)


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )


def draw(model):
    """Afterimage's draws: He's before a ReLU, Glorot's before the softmax, biases 0."""
    layers = [m for m in model if isinstance(m, (nn.Conv2d, nn.Linear))]
    for layer in layers[:-1]:
        nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
    nn.init.xavier_uniform_(layers[-1].weight)
    for layer in layers:
        nn.init.zeros_(layer.bias)


def accuracy(data, make, epochs, seed, own):
    x, y, test_x, test_y = data
    torch.manual_seed(seed)
    model = make()
    if not own:
        draw(model)
    optimiser = torch.optim.Adam(model.parameters(), lr=0.001)
    for _ in range(epochs):
        order = torch.randperm(len(x))
        for start in range(0, len(x), 64):
            rows = order[start : start + 64]
            loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        parts = [model(part).argmax(1) for part in test_x.split(1000)]
    return 100 * (torch.cat(parts) == test_y).float().mean().item()


def main():
    folder, name = Path(sys.argv[1]), sys.argv[2]
    seeds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    own = sys.argv[4:] == ["own"]
    torch.set_num_threads(1)
    if name == "adult":
        data = table(folder / "adult-uci")
        width = data[0].shape[1]
        make, epochs = lambda: nn.Sequential(nn.Linear(width, 64), nn.ReLU(), nn.Linear(64, 2)), 5
    else:
        data, make, epochs = pictures(folder / name), lenet, 4
    found = []
    for seed in range(seeds):
        found.append(accuracy(data, make, epochs, seed, own))
        print(f"{name} seed {seed}: {found[-1]:.2f}%", flush=True)
    print(f"{name} mean of {seeds}: {np.mean(found):.2f}%")


if __name__ == "__main__":
    main()
