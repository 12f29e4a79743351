package io.afterimage.data;

/** Where the channels of a picture stand. */
public enum Layout {
  /** Channel after channel, as PyTorch's exporters expect. */
  NCHW,
  /** Pixel after pixel, as TensorFlow's exporters expect. */
  NHWC
}
