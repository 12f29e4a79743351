"""Trains shadow models on Location-30 one after another, as a plain PyTorch loop does.

    OMP_WAIT_POLICY=PASSIVE peers-env/bin/python bench/peers/shadows.py LOCATION_FOLDER [MODELS] [EPOCHS] [THREADS]

MLP 446-128-30, its weights drawn as Glorot and Bengio do and its biases 0, as bench's ShadowSpeed
has them; each on its own half of the 5,010 rows, batches of 64, SGD with learning rate 0.1 and
momentum 0.9. Prints, for one and for two threads or for THREADS alone, the seconds and the mean
accuracy on the rows that a model did not see.
"""

import csv
import io
import sys
import tarfile
import time
from pathlib import Path

import torch
from torch import nn

BATCH = 64


def location(folder):
    archive = tarfile.open(Path(folder) / "dataset_location.tgz")
    text = archive.extractfile("bangkok").read().decode()
    rows = list(csv.reader(io.StringIO(text)))
    y = torch.tensor([int(row[0]) - 1 for row in rows])
    x = torch.tensor([[float(v) for v in row[1:]] for row in rows])
    return x, y


def train(x, y, epochs, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(446, 128), nn.ReLU(), nn.Linear(128, 30))
    for layer in (model[0], model[2]):
        nn.init.xavier_uniform_(layer.weight)
        nn.init.zeros_(layer.bias)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    order = torch.randperm(len(x))
    half = len(x) // 2
    own, others = order[:half], order[half:]
    for _ in range(epochs):
        shuffled = own[torch.randperm(half)]
        for start in range(0, half, BATCH):
            rows = shuffled[start : start + BATCH]
            loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        return (model(x[others]).argmax(1) == y[others]).float().mean().item()


def main():
    x, y = location(sys.argv[1])
    models = int(sys.argv[2]) if len(sys.argv) > 2 else 64
    epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 30
    for threads in [int(sys.argv[4])] if len(sys.argv) > 4 else (1, 2):
        torch.set_num_threads(threads)
        train(x, y, 1, 0)
        start = time.perf_counter()
        accuracies = [train(x, y, epochs, seed) for seed in range(models)]
        seconds = time.perf_counter() - start
        mean = sum(accuracies) / models
        print(
            f"PyTorch {torch.__version__}, one after another, {threads} thread(s): {models} models, "
            f"{epochs} epochs, {seconds:.2f} s, accuracy on unseen rows {100 * mean:.2f}%",
            flush=True,
        )


if __name__ == "__main__":
    main()
