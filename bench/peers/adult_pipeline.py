"""Exports a scikit-learn pipeline over Adult's raw columns, texts among them, for bench's ScoreSpeed.

    peers-env/bin/python bench/peers/adult_pipeline.py ADULT_FOLDER adult.onnx

Scaled numbers and one-hot texts into a logistic regression, without ZipMap. Columns are called c1
to c14, as Afterimage calls those of a table without a header.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

names = [f"c{i}" for i in range(1, 16)]
rows = pd.read_csv(Path(sys.argv[1]) / "adult-train.csv.gz", header=None, names=names, skipinitialspace=True)
rows = rows.dropna()
numbers = ["c1", "c3", "c5", "c11", "c12", "c13"]
texts = [name for name in names[:14] if name not in numbers]
rows[numbers] = rows[numbers].astype(np.float32)
columns = ColumnTransformer(
    [("numbers", StandardScaler(), numbers), ("texts", OneHotEncoder(handle_unknown="ignore"), texts)],
    sparse_threshold=0,
)
model = LogisticRegression(max_iter=500)
pipeline = make_pipeline(columns, model).fit(rows[names[:14]], rows["c15"])
types = [(n, FloatTensorType([None, 1]) if n in numbers else StringTensorType([None, 1])) for n in names[:14]]
graph = to_onnx(pipeline, initial_types=types, options={id(model): {"zipmap": False}})
Path(sys.argv[2]).write_bytes(graph.SerializeToString())
