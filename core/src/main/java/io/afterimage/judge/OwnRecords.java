package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Split;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.Similarity.Ssim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Says how alike reconstructions and the very records behind them are, beside a picture that knows
 * nothing of any record.
 *
 * @param mean the population's mean picture
 * @param width of the range that pixels take
 */
record OwnRecords(Split split, float[] mean, float width, Optional<Planes> planes, Run run) {

  /** The names of what is answered or refused; none where no records stand behind pictures. */
  static List<String> answers(Reconstructions attack) {
    return attack.origins().count() == 0
        ? List.of()
        : List.of(
            Reconstructions.RECORD_PSNR,
            Reconstructions.RECORD_SSIM,
            Reconstructions.RECORD_PSNR + Reconstructions.OF_POPULATION_MEAN,
            Reconstructions.RECORD_SSIM + Reconstructions.OF_POPULATION_MEAN);
  }

  /** Writes into the opinion how alike each is to its record. */
  void judge(Reconstructions attack, Opinion opinion) {
    List<float[]> records = records(attack);
    if (records.size() < attack.origins().count()) {
      none("some records behind the pictures are not in the data", attack, opinion);
    } else if (width == 0) {
      none("all pixels of the members are alike", attack, opinion);
    } else if (!records.isEmpty()) {
      compare(attack, records, opinion);
    }
  }

  private static void none(String reason, Reconstructions attack, Opinion opinion) {
    answers(attack).forEach(name -> opinion.none(name, reason));
  }

  /** Those behind the reconstructions, in order, but for such as are not in the data. */
  private List<float[]> records(Reconstructions attack) {
    Map<String, Integer> trained = places(split.members());
    Map<String, Integer> others = places(split.nonMembers());
    Origins origins = attack.origins();
    List<float[]> records = new ArrayList<>();
    for (int i = 0; i < origins.count(); i++) {
      Dataset rows = origins.isMember(i) ? split.members() : split.nonMembers();
      Integer place = (origins.isMember(i) ? trained : others).get(origins.id(i));
      if (place != null) {
        Dataset one = rows.select(new int[] {place});
        records.addAll(Pictures.of(one, attack.shape(), attack.classNames(), run).pixels());
      }
    }
    return records;
  }

  private static Map<String, Integer> places(Dataset rows) {
    Map<String, Integer> places = new HashMap<>();
    for (int row = 0; row < rows.rows(); row++) {
      places.put(rows.id(row), row);
    }
    return places;
  }

  private void compare(Reconstructions attack, List<float[]> records, Opinion opinion) {
    put(
        Reconstructions.RECORD_PSNR,
        attack.count(),
        i -> psnr(attack.picture(i), records.get(i)),
        i -> psnr(mean, records.get(i)),
        opinion);
    planes
        .flatMap(p -> Ssim.of(p, width))
        .ifPresentOrElse(
            ssim ->
                put(
                    Reconstructions.RECORD_SSIM,
                    attack.count(),
                    i -> ssim.between(attack.picture(i), records.get(i)),
                    i -> ssim.between(mean, records.get(i)),
                    opinion),
            () -> none(Ssim.tooSmall(attack.shape()), attack, opinion));
  }

  private double psnr(float[] picture, float[] record) {
    return Math.min(Likeness.MOST_DECIBELS, Similarity.psnr(picture, record, width));
  }

  private static void put(
      String name,
      int count,
      IntToDoubleFunction rebuilt,
      IntToDoubleFunction unknowing,
      Opinion opinion) {
    opinion.put(name, IntStream.range(0, count).mapToDouble(rebuilt).toArray());
    opinion.put(
        name + Reconstructions.OF_POPULATION_MEAN,
        IntStream.range(0, count).mapToDouble(unknowing).toArray());
  }
}
