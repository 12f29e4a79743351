"""The nearest points of L1 balls as a solver of any smooth problem finds them, pinned by L1BallTest.

    peers-env/bin/python bench/peers/l1_ball.py

Numbers come from the generator of C's standard (1103515245, 12345, modulo 2^31), so that the test draws the
same ones. A number is the difference of two that are not negative: the sum of all these is the size.
"""

import numpy as np
from scipy.optimize import minimize

state = 1
row = []
for _ in range(8):
    state = (state * 1103515245 + 12345) % 2**31
    row.append(4 * state / 2**31 - 2)
row = np.array(row)

for radius in (1.0, 3.0, 20.0):
    found = minimize(
        lambda x: ((x[:8] - x[8:] - row) ** 2).sum(),
        np.zeros(16),
        jac=lambda x: np.concatenate([2 * (x[:8] - x[8:] - row), -2 * (x[:8] - x[8:] - row)]),
        bounds=[(0, None)] * 16,
        constraints={"type": "ineq", "fun": lambda x: radius - x.sum(), "jac": lambda x: -np.ones(16)},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    print(radius, found.success, np.round(found.x[:8] - found.x[8:], 6).tolist())
