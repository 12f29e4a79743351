package io.afterimage.attack.inversion;

import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.train.AssistedPrior;
import io.afterimage.train.Critics;
import io.afterimage.train.Examples;
import io.afterimage.train.Loss;
import io.afterimage.train.OpenedPrior;
import io.afterimage.train.Optimiser;
import io.afterimage.train.PictureSpace;
import io.afterimage.train.PriorSettings;
import io.afterimage.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Models that learned a target's labels, and what makes the pictures that they are shown. */
final class Surrogates implements AutoCloseable {
  private static final int AT_ONCE = 1024;
  private static final int BATCH = 64;
  private static final double RATE = 1e-3;

  /** Of the made pictures that models learn from. */
  private static final long MOST_NUMBERS = 1 << 26;

  /** Beyond every score. */
  private static final double FAR = 1e9;

  private final LatentSpace space;
  private final Shape picture;
  private final int classes;
  private final Optional<OpenedPrior> assisted;
  private final List<Interpreter> models = new ArrayList<>();

  private Surrogates(LatentSpace space, int classes, Optional<OpenedPrior> assisted) {
    this.space = space;
    this.picture = PriorChoice.shape(space.raster().planes());
    this.classes = classes;
    this.assisted = assisted;
  }

  /**
   * Learns.
   *
   * @param known the public pictures, as {@link PriorChoice#pictures} gives them
   * @throws BudgetExhaustedException where nothing could be learned
   */
  static Surrogates of(
      CountedLabels labels, LatentSpace space, float[] known, Lokt.Settings settings, Run run) {
    int count = labels.classes().size();
    if (!settings.assisted()) {
      return new Surrogates(space, count, Optional.empty())
          .taughtPublic(labels, known, settings, run);
    }
    AssistedPrior learned = assisted(labels, space, known, settings, run);
    Surrogates all = new Surrogates(space, count, Optional.of(learned.prior().open(run)));
    try {
      all.models.add(Interpreter.of(learned.namer()).heeding(run));
      return all.taughtMade(labels, known, settings, run);
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  /** Teaches models the labels of public pictures, of as many as may be asked about. */
  private Surrogates taughtPublic(
      CountedLabels labels, float[] known, Lokt.Settings settings, Run run) {
    int size = picture.size();
    int most = (int) Math.max(1, Math.min(known.length / size, labels.left()));
    float[] some = Arrays.copyOf(known, most * size);
    return taught(known, some, labels.of(some), settings, run);
  }

  /** Teaches models the labels of made pictures, of as many as may be asked about. */
  private Surrogates taughtMade(
      CountedLabels labels, float[] known, Lokt.Settings settings, Run run) {
    long wished = Math.min((long) settings.lessons() * classes, MOST_NUMBERS / picture.size());
    int most = (int) Math.min(wished, labels.left());
    if (settings.surrogates() == 0 || most < 1) {
      return this;
    }
    int[] wanted = new int[most];
    Arrays.setAll(wanted, i -> i % classes);
    float[] made = made(wanted);
    return taught(known, made, labels.of(made, wanted), settings, run);
  }

  private static AssistedPrior assisted(
      CountedLabels labels, LatentSpace space, float[] known, Lokt.Settings settings, Run run) {
    Shape picture = PriorChoice.shape(space.raster().planes());
    PriorSettings usual =
        PriorSettings.of(PriorSettings.Kind.DCGAN, known.length / picture.size())
            .withLatent(space.prior().latent());
    return AssistedPrior.train(
        usual.withEpochs(settings.epochs().orElse(usual.epochs())),
        known,
        picture,
        labels.classes().size(),
        settings.classWeight(),
        labels::of,
        run.keyed("assisted"));
  }

  /** Teaches so many models what these pictures were named. */
  private Surrogates taught(
      float[] known, float[] pictures, int[] named, Lokt.Settings settings, Run run) {
    PictureSpace spanned = PictureSpace.of(known, picture, classes);
    int filters = PriorSettings.of(PriorSettings.Kind.DCGAN).filters();
    Trainer.Settings course = Trainer.Settings.of(settings.passes(), Math.min(BATCH, named.length));
    for (int i = 0; i < settings.surrogates(); i++) {
      Run own = run.keyed("surrogate/" + i);
      OnnxModel fresh = Critics.classifying(spanned, filters, own);
      Examples examples =
          Examples.ofClasses(fresh.inputs().get(0).name(), pictures, picture, named);
      Loss loss = Loss.crossEntropy(fresh);
      OnnxModel taught =
          Trainer.train(fresh, examples, loss, Optimiser.Adam.of(RATE), course, own).model();
      models.add(Interpreter.of(taught).heeding(run));
    }
    return this;
  }

  /** Pictures of classes, one after the other, each by its number among those of its class. */
  @SuppressWarnings("try") // scope and guard are there to close
  private float[] made(int[] wanted) {
    int size = picture.size();
    float[] made = new float[Math.multiplyExact(wanted.length, size)];
    for (int from = 0; from < wanted.length; from += AT_ONCE) {
      int[] some = Arrays.copyOfRange(wanted, from, Math.min(wanted.length, from + AT_ONCE));
      int[] numbers = new int[some.length];
      int first = from;
      Arrays.setAll(numbers, i -> (first + i) / classes);
      try (TensorScope scope = new TensorScope();
          Autograd.Guard unrecorded = Autograd.noGrad()) {
        float[] part = pictures(space.draw("lesson", some, numbers), some).toFloats();
        System.arraycopy(part, 0, made, from * size, part.length);
      }
    }
    return made;
  }

  /**
   * The pictures that vectors stand for, [rows, ...picture].
   *
   * @param latents [rows, latent]
   * @param wanted the class of each row
   */
  Tensor pictures(Tensor latents, int[] wanted) {
    return assisted
        .map(maker -> maker.pictures(latents, maker.told(wanted)))
        .orElseGet(() -> space.pictures(latents).reshape(picture.batch(wanted.length)));
  }

  /**
   * How far each picture's class leads the strongest other before the softmax, a mean over models,
   * [rows].
   *
   * @param pictures [rows, ...picture]
   * @param wanted the class of each row
   */
  Tensor leads(Tensor pictures, Tensor wanted) {
    Tensor own = Indexing.oneHot(wanted, classes);
    Tensor sum = own.select(1, 0).mul(0);
    for (Interpreter model : models) {
      Tensor logits = model.run(pictures, Critics.LOGITS);
      Tensor strongest = logits.sub(own.mul(FAR)).max(false, 1);
      sum = sum.add(logits.mul(own).sum(false, 1)).sub(strongest);
    }
    return sum.div(models.size());
  }

  @Override
  public void close() {
    models.forEach(Interpreter::close);
    assisted.ifPresent(OpenedPrior::close);
  }
}
