package io.afterimage.attack.inversion.picture;

import io.afterimage.evidence.Stages;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Where a search stood on its way: the place it began at, and others evenly spaced over as many
 * steps as it turns out to take. Nobody knows how many that is before it ends: once there are more
 * places than {@link Stages#MOST_OF_EACH}, every other one is let go, and from then on half as many
 * are taken.
 *
 * @param <P> a place, which must not change any more
 */
public final class Trail<P> {
  private final List<P> places = new ArrayList<>();
  private int stride = 1;

  /**
   * Takes the place that so many steps led to, where it is wanted.
   *
   * @param step one more than the last time, from 0
   */
  public void pass(int step, Supplier<P> place) {
    if (step % stride != 0) {
      return;
    }
    if (places.size() == Stages.MOST_OF_EACH) {
      List<P> even =
          IntStream.range(0, places.size()).filter(i -> i % 2 == 0).mapToObj(places::get).toList();
      places.clear();
      places.addAll(even);
      stride *= 2;
    }
    places.add(place.get());
  }

  /** Gives every place and the steps that led there, from the first. */
  public void forEach(ObjIntConsumer<P> taken) {
    for (int i = 0; i < places.size(); i++) {
      taken.accept(places.get(i), i * stride);
    }
  }
}
