package io.afterimage.train;

import static io.afterimage.base.Checks.inRange;

/** What a network answers. */
public sealed interface Head {
  /** Ends the graph. */
  void lay(Layers layers);

  /** Probabilities of so many classes. */
  record Classes(int count) implements Head {
    private static final int MOST = 1 << 20;

    public Classes {
      inRange("classes", count, 2, MOST);
    }

    @Override
    public void lay(Layers layers) {
      layers.flatten().dense(count, Layers.Next.NONE).softmax();
    }
  }

  /** One number. */
  record Value() implements Head {
    @Override
    public void lay(Layers layers) {
      layers.flatten().dense(1, Layers.Next.NONE).value();
    }
  }
}
