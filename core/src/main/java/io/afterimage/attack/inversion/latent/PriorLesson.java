package io.afterimage.attack.inversion.latent;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.target.Predictions;
import io.afterimage.target.Target;
import io.afterimage.train.Architecture;
import io.afterimage.train.Examples;
import io.afterimage.train.Guidance;
import io.afterimage.train.Prior;
import io.afterimage.train.PriorSettings;
import io.afterimage.train.Priors;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What priors learn from.
 *
 * @param choice how they learn
 * @param rows the public pictures, in an order drawn by their ids
 * @param shape of one picture, as a prior makes it
 * @param run of all that share the priors; what is trained is kept in its folder
 */
public record PriorLesson(PriorChoice choice, Dataset rows, Shape shape, Run run) {
  /** A prior that knows of no target. */
  Prior plain() {
    return Priors.train(settings(rows.rows()), pictures(), shape, run, folder());
  }

  /**
   * One whose critic learned what a target says of the pictures.
   *
   * @param answers probabilities of its classes for each of {@link #rows}
   */
  public Prior answered(Predictions answers) {
    return Priors.train(settings(rows.rows()), pictures(), shape, answers, run, folder());
  }

  /** A conditional one that learned from pictures by the labels that a target's answers gave. */
  public Prior labelled(PseudoLabels labels, Guidance guidance) {
    return Priors.train(
        settings(labels.rows().length),
        labels.of(pictures(), shape.size()),
        shape,
        labels.classes(),
        labels.count(),
        guidance,
        run,
        folder());
  }

  /** Of all that a target is and said of the pictures: a hash that no other target has. */
  public String hash(Target target, Predictions answers) {
    String said =
        Examples.ofClasses(Architecture.INPUT, pictures(), shape, new int[rows.rows()])
            .taught(answers)
            .sha256();
    return target.architecture().map(model -> model.sha256() + "/" + said).orElse(said);
  }

  private float[] pictures() {
    return ((Column.Array) rows.inputs().get(0)).values();
  }

  private PriorSettings settings(int pictures) {
    PriorSettings usual =
        PriorSettings.of(choice.priorKind(), pictures).withLatent(choice.latent());
    return choice.priorEpochs().isPresent()
        ? usual.withEpochs(choice.priorEpochs().getAsInt())
        : usual;
  }

  private Optional<Path> folder() {
    return run.shared().map(Run.Shared::folder);
  }
}
