package io.afterimage.report;

import io.afterimage.data.Shape;
import io.afterimage.evidence.Interim;
import io.afterimage.evidence.Pictures;
import io.afterimage.evidence.Pictures.Frame;
import io.afterimage.evidence.Pictures.Panel;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.evidence.Seen;
import io.afterimage.evidence.Stages;
import io.afterimage.evidence.Stages.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Drawn faces, so that a gallery can be looked at: an oval, eyes and a mouth that vary. */
final class SamplePictures {
  static final Frame FRAME = new Frame(28, 24, 1, true, 0, 1);
  private static final int PEOPLE = SampleReport.PEOPLE;

  private SamplePictures() {}

  static Reconstructions rebuilt() {
    double[] confidence = IntStream.range(0, PEOPLE).mapToDouble(i -> .99 - .013 * i).toArray();
    return new Reconstructions(
            new Shape(1, 28, 24),
            faces(.35, 0),
            new float[PEOPLE * FRAME.size()],
            IntStream.range(0, PEOPLE).toArray(),
            SampleReport.report().model().classes(),
            confidence,
            IntStream.range(0, PEOPLE).map(i -> 87 + i).toArray(),
            List.of(new CurvePoint(6_000_000_000L, .5)),
            Map.of(),
            Map.of())
        .along(stages())
        .seeing(Seen.WHOLE_SPHERES)
        .after(new Interim(List.of(7L, 5_000_000_000L), new int[] {0, 3}, interim()));
  }

  private static float[] interim() {
    return Arrays.copyOf(faces(.5, 0), 4 * FRAME.size());
  }

  /** Of all but the last person. */
  private static Stages stages() {
    List<Stage> stages = new ArrayList<>();
    for (int number = 0; number < 6; number++) {
      float[] faces = faces(2.2 - .37 * number, 0);
      for (int person = 0; person < PEOPLE - 1; person++) {
        int from = person * FRAME.size();
        stages.add(
            new Stage(person, 16 * number, Arrays.copyOfRange(faces, from, from + FRAME.size())));
      }
    }
    return Stages.of(stages);
  }

  static Pictures pictures() {
    List<String> none =
        IntStream.range(0, PEOPLE).mapToObj(i -> i == 4 ? "" : "nonmembers:" + i).toList();
    return new Pictures(
        FRAME,
        List.of(
            new Panel("nearest training image", ids("members:"), faces(.06, 0)),
            new Panel("nearest non-member", none, faces(.06, .8)),
            new Panel("class mean", ids("mean of "), faces(0, .2))));
  }

  private static List<String> ids(String prefix) {
    return IntStream.range(0, PEOPLE).mapToObj(i -> prefix + i).toList();
  }

  private static float[] faces(double noise, double turn) {
    float[] pixels = new float[PEOPLE * FRAME.size()];
    for (int person = 0; person < PEOPLE; person++) {
      Random random = new Random(person);
      double eyes = 4 + 3 * random.nextDouble();
      double mouth = 3 + 4 * random.nextDouble();
      double tone = .55 + .35 * random.nextDouble();
      for (int y = 0; y < 28; y++) {
        for (int x = 0; x < 24; x++) {
          pixels[person * FRAME.size() + FRAME.index(y, x, 0)] =
              (float)
                  (face(x - 11.5 - turn, y - 13.5, eyes, mouth, tone)
                      + noise * (random.nextDouble() - .5));
        }
      }
    }
    return pixels;
  }

  private static double face(double x, double y, double eyes, double mouth, double tone) {
    double oval = 1 / (1 + Math.exp(12 * (Math.hypot(x / 9, y / 12.5) - 1)));
    double eye = Math.exp(-(Math.pow(Math.abs(x) - eyes, 2) + Math.pow(y + 3, 2)) / 2.5);
    double lips = Math.exp(-Math.pow(y - 6 + .03 * x * x, 2) / 1.5) * (Math.abs(x) < mouth ? 1 : 0);
    return .12 + oval * (tone - .5 * eye - .35 * lips + .015 * x);
  }
}
