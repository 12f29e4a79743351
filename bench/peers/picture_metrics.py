"""The values of other tools that the tests of `judge` pin: SimilarityTest, FrechetDistanceTest,
NeighbourhoodsTest, AssignmentTest.

    peers-env/bin/python bench/peers/picture_metrics.py

Numbers come from the generator of C's standard (1103515245, 12345, modulo 2^31), so that the tests draw
the same ones.
"""

import numpy as np
from prdc import compute_prdc
from scipy.linalg import sqrtm
from scipy.optimize import linear_sum_assignment
from skimage.metrics import peak_signal_noise_ratio, structural_similarity


def drawn(seed, *shape):
    state, values = seed, []
    for _ in range(int(np.prod(shape))):
        state = (state * 1103515245 + 12345) % 2**31
        values.append(state / 2**31)
    return np.array(values).reshape(shape)


def frechet(a, b):
    root = sqrtm(np.cov(a, rowvar=False) @ np.cov(b, rowvar=False)).real
    apart = ((a.mean(0) - b.mean(0)) ** 2).sum()
    return apart + np.trace(np.cov(a, rowvar=False) + np.cov(b, rowvar=False) - 2 * root)


def ssim(a, b, width, **axis):
    return structural_similarity(
        a, b, data_range=width, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, **axis
    )


for shape, axis, width in (((16, 13), {}, 1.0), ((3, 14, 12), {"channel_axis": 0}, 2.5)):
    a, b = (drawn(seed, *shape).astype(np.float32).astype(np.float64) for seed in (1, 2))
    b = ((a + b) / 2).astype(np.float32).astype(np.float64)
    print(shape, "psnr", peak_signal_noise_ratio(a, b, data_range=width), "ssim", ssim(a, b, width, **axis))

a, b = drawn(3, 60, 4), drawn(4, 60, 4) ** 2 + 0.1
print("frechet", frechet(a, b))
often = np.arange(60) % 3
print("frechet, rows 0, 1, 2, 0, … times", frechet(np.repeat(a, often, 0), np.repeat(b, often, 0)))
print("frechet, a feature that never varies", frechet(a * [1, 1, 1, 0], b))

real, rebuilt = drawn(5, 24, 3), drawn(6, 30, 3) + 0.3
print(compute_prdc(real, rebuilt, nearest_k=5))

for shape in ((6, 9), (9, 6)):
    rows, columns = linear_sum_assignment(drawn(7, *shape))
    print(shape, dict(zip(rows.tolist(), columns.tolist())))
