package io.afterimage.train;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.BadInputException;
import java.util.List;

/** The built-in architectures by name. */
public enum Blueprint {
  LOGISTIC {
    @Override
    public Architecture of(Head head, Sizes sizes) {
      return Architectures.mlp(head);
    }
  },
  MLP {
    @Override
    public Architecture of(Head head, Sizes sizes) {
      return Architectures.mlp(head, sizes.hidden(128));
    }
  },
  LENET {
    @Override
    public Architecture of(Head head, Sizes sizes) {
      return Architectures.lenet(head);
    }
  },
  RESNET {
    @Override
    public Architecture of(Head head, Sizes sizes) {
      return Architectures.resnet(head, sizes.width(64), sizes.layers(2));
    }
  },
  AUTOENCODER {
    @Override
    public Architecture of(Head head, Sizes sizes) {
      return Architectures.autoencoder(sizes.coins(), sizes.hidden(128, 32));
    }
  },
  GRU {
    @Override
    public Architecture of(Head head, Sizes sizes) {
      return Architectures.gru(head, sizes.width(64), sizes.layers(1), sizes.vocabulary());
    }
  },
  TRANSFORMER {
    @Override
    public Architecture of(Head head, Sizes sizes) {
      int width = sizes.width(64);
      int heads = sizes.heads() == 0 ? 4 : sizes.heads();
      return Architectures.transformer(head, width, heads, sizes.layers(2), sizes.vocabulary());
    }
  },
  MATRIX_FACTORISATION {
    @Override
    public Architecture of(Head head, Sizes sizes) {
      throw new BadInputException("matrix factorisation has layers of its own");
    }
  };

  /**
   * How large a network is; 0 and none leave it to the architecture.
   *
   * @param hidden widths of an MLP's or autoencoder's layers
   * @param width of a ResNet's first stage, a recurrent state or a transformer's step
   * @param layers of a GRU or transformer, blocks in each stage of a ResNet
   * @param heads of a transformer's attention
   * @param vocabulary how many tokens there are; 0 for rows that are no tokens
   * @param factors of a user's and an item's vector
   * @param coins whether an autoencoder answers probabilities
   */
  public record Sizes(
      List<Integer> hidden,
      int width,
      int layers,
      int heads,
      int vocabulary,
      int factors,
      boolean coins) {
    private static final int MOST = 1 << 24;

    public Sizes {
      hidden = List.copyOf(hidden);
      inRange("--width", width, 0, MOST);
      inRange("--layers", layers, 0, MOST);
      inRange("--heads", heads, 0, MOST);
      inRange("--vocabulary", vocabulary, 0, MOST);
      inRange("--factors", factors, 0, MOST);
    }

    /** All left to the architecture. */
    public static final Sizes DEFAULTS = new Sizes(List.of(), 0, 0, 0, 0, 0, false);

    private int[] hidden(int... otherwise) {
      return hidden.isEmpty() ? otherwise : hidden.stream().mapToInt(Integer::intValue).toArray();
    }

    private int width(int otherwise) {
      return width == 0 ? otherwise : width;
    }

    private int layers(int otherwise) {
      return layers == 0 ? otherwise : layers;
    }

    int vectors() {
      return factors == 0 ? 32 : factors;
    }

    Sizes withCoins(boolean on) {
      return new Sizes(hidden, width, layers, heads, vocabulary, factors, on);
    }
  }

  /** The architecture in this size, answering so. */
  public abstract Architecture of(Head head, Sizes sizes);
}
