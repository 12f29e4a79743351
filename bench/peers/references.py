"""Trains reference models on Location-30 with privacy_meter and asks them about everybody.

    OMP_WAIT_POLICY=PASSIVE peers-env/bin/python bench/peers/references.py LOCATION_FOLDER \
        PRIVACY_METER_CHECKOUT [MODELS] [EPOCHS] [THREADS]

The networks, rows and recipe of bench's ReferenceSpeed: MLP 446-128-30, each on its own half of
3,340 people, Adam, batches of 32. Only the trainer is the peer's (`trainers.default_trainer`, with
its own schedule of the learning rate and its own loader of batches); a checkout is needed because
the package of that name in the registry holds an older tool without a trainer. The signals are one pass
over all people in one batch, which favours the peer. Prints, for one and for two threads or for
THREADS alone, the seconds and the mean accuracy on the rows that a model did not see.
"""

import contextlib
import io
import sys
import time

import torch
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset

from shadows import location

PEOPLE = 3340
BATCH = 32


def reference(train, x, y, epochs, seed):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(446, 128), nn.ReLU(), nn.Linear(128, 30))
    order = torch.randperm(len(x))
    own, others = order[: len(x) // 2], order[len(x) // 2 :]
    loader = DataLoader(Subset(TensorDataset(x, y), own.tolist()), batch_size=BATCH, shuffle=True)
    configs = {"optimizer": "Adam", "learning_rate": 2e-3, "epochs": epochs}
    with contextlib.redirect_stdout(io.StringIO()):
        model = train(model, loader, configs)
    model.eval()
    with torch.no_grad():
        signals = torch.softmax(model(x), 1)
    return (signals[others].argmax(1) == y[others]).float().mean().item()


def main():
    sys.path.insert(0, sys.argv[2])
    from trainers.default_trainer import train

    x, y = location(sys.argv[1])
    drawn = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))[:PEOPLE]
    x, y = x[drawn], y[drawn]
    models = int(sys.argv[3]) if len(sys.argv) > 3 else 64
    epochs = int(sys.argv[4]) if len(sys.argv) > 4 else 18
    for threads in [int(sys.argv[5])] if len(sys.argv) > 5 else (1, 2):
        torch.set_num_threads(threads)
        reference(train, x, y, 1, 0)
        start = time.perf_counter()
        accuracies = [reference(train, x, y, epochs, seed) for seed in range(models)]
        seconds = time.perf_counter() - start
        print(
            f"privacy_meter, {threads} thread(s): {models} references, {epochs} epochs, "
            f"{seconds:.2f} s, accuracy on unseen rows {100 * sum(accuracies) / models:.2f}%",
            flush=True,
        )


if __name__ == "__main__":
    main()
