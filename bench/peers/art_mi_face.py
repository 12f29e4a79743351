"""Times ART's MIFace on the ORL faces: one softmax layer, 40 people, a given number of steps each.

The stop rules are off: with `threshold=1.0` no cost lies above it, so every row stays active for
all `max_iter` steps. Prints one line of JSON a thread count: seconds, steps a second, and the mean
confidence reached, which the other side of the comparison must reach too.

Usage: OMP_WAIT_POLICY=PASSIVE python art_mi_face.py ORL_FOLDER [STEPS]
"""

import json
import os
import sys
import time
from pathlib import Path

if os.environ.get("OMP_WAIT_POLICY") != "PASSIVE":
    sys.exit("set OMP_WAIT_POLICY=PASSIVE: threads that spin against each other would slow this side")

import numpy as np
import torch
from art.attacks.inference.model_inversion import MIFace
from art.estimators.classification import PyTorchClassifier

PEOPLE, WIDTH, HEIGHT, TRAINED = 40, 92, 112, 7


def read_pgm(path: Path) -> np.ndarray:
    pixels = path.read_bytes()[-WIDTH * HEIGHT :]
    return np.frombuffer(pixels, dtype=np.uint8).astype(np.float32) / 255


def read_faces(folder: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Photos 1 to 7 of every person: 280 rows of 10,304 pixels in 0..1."""
    people = sorted(p for p in folder.rglob("s*") if p.is_dir())
    assert len(people) == PEOPLE, f"{folder} holds {len(people)} people, not {PEOPLE}"
    photos = [read_pgm(p / f"{k}.pgm") for p in people for k in range(1, TRAINED + 1)]
    return torch.from_numpy(np.stack(photos)), torch.arange(PEOPLE).repeat_interleave(TRAINED)


def train(photos: torch.Tensor, people: torch.Tensor) -> torch.nn.Module:
    torch.manual_seed(1)
    model = torch.nn.Sequential(torch.nn.Linear(WIDTH * HEIGHT, PEOPLE), torch.nn.Softmax(dim=1))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(300):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(model[0](photos), people).backward()
        optimiser.step()
    return model


def attack(model: torch.nn.Module, steps: int) -> tuple[float, float]:
    """Seconds for one picture of every person, and the mean confidence in them."""
    classifier = PyTorchClassifier(
        model=model,
        loss=torch.nn.NLLLoss(),
        input_shape=(WIDTH * HEIGHT,),
        nb_classes=PEOPLE,
        clip_values=(0.0, 1.0),
        device_type="cpu",
    )
    attacker = MIFace(classifier, max_iter=steps, threshold=1.0, learning_rate=0.1, verbose=False)
    start = time.perf_counter()
    faces = attacker.infer(None, np.arange(PEOPLE))
    seconds = time.perf_counter() - start
    return seconds, float(classifier.predict(faces)[np.arange(PEOPLE), np.arange(PEOPLE)].mean())


def main() -> None:
    folder, steps = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    model = train(*read_faces(folder))
    for threads in (1, 2):
        torch.set_num_threads(threads)
        attack(model, 10)
        seconds, confidence = attack(model, steps)
        rate = PEOPLE * steps / seconds
        print(
            json.dumps(
                {
                    "peer": "ART MIFace 1.20.1",
                    "threads": threads,
                    "steps": steps,
                    "seconds": round(seconds, 2),
                    "faceStepsPerSecond": round(rate),
                    "confidence": round(confidence, 4),
                }
            ),
            flush=True,
        )


if __name__ == "__main__":
    main()
